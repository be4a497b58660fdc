//! What must hold of any input: the properties that the fuzz targets check, and the inputs that
//! they start from. Each check panics when its property is broken.
//!
//! No fuzzer is needed to run them: the tests of this crate give every check its seeds, and a
//! fixed number of damaged ones.

mod decode;
mod seeds;
mod tree;

/// One fuzz target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its file in `fuzz_targets/` and of its folder in `corpus/`.
    pub name: &'static str,
    /// Panics if this input breaks a property.
    pub check: fn(&[u8]),
    /// Where a fuzzer starts.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "decode_avepoint", check: decode::avepoint, seeds: || seeds::fixtures("avepoint") },
    Target { name: "decode_msgraph", check: decode::msgraph, seeds: || seeds::fixtures("msgraph") },
    Target { name: "decode_pingone", check: decode::pingone, seeds: || seeds::fixtures("pingone") },
    Target { name: "decode_ssojet", check: decode::ssojet, seeds: || seeds::fixtures("ssojet") },
    Target { name: "decode_tines", check: decode::tines, seeds: || seeds::fixtures("tines") },
];

/// Gives an input to the target of this name.
///
/// # Panics
/// If a property is broken, or there is no such target.
pub fn check(target: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|known| known.name == target);
    (target.expect("the target is in the list").check)(input);
}
