//! What must hold of any input: the properties that the fuzz targets check, and the inputs that
//! they start from. Each check panics when its property is broken.
//!
//! No fuzzer is needed to run them: the tests of this crate give every check its seeds, and a
//! fixed number of damaged ones.

mod address;
mod api;
mod checkpoints;
mod decode;
mod events;
mod exports;
mod filters;
mod ip;
mod left_over;
mod pagers;
mod retry_after;
mod samples;
mod seeds;
mod times;
mod tree;
mod vendors;

pub use self::seeds::{fixtures, here};
pub use self::vendors::{VENDORS, Vendor};

/// One fuzz target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its file in `fuzz_targets/` and of its folder in `corpus/`.
    pub name: &'static str,
    /// Panics if this input breaks a property. Says whether anything took the input, so that it
    /// was held to more than the first refusal.
    pub check: fn(&[u8]) -> bool,
    /// Where a fuzzer starts.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "address", check: address::check, seeds: address::seeds },
    Target { name: "checkpoints", check: checkpoints::check, seeds: checkpoints::seeds },
    Target { name: "decode", check: decode::vendor, seeds: decode::seeds },
    Target { name: "events", check: events::check, seeds: events::seeds },
    Target { name: "exports", check: exports::check, seeds: exports::seeds },
    Target { name: "filters_odata", check: filters::odata, seeds: filters::seeds },
    Target { name: "filters_scim", check: filters::scim, seeds: filters::seeds },
    Target { name: "ip", check: ip::check, seeds: ip::seeds },
    Target { name: "left_over", check: left_over::check, seeds: left_over::seeds },
    Target { name: "retry_after", check: retry_after::check, seeds: retry_after::seeds },
    Target { name: "samples", check: samples::check, seeds: samples::seeds },
    Target { name: "times", check: times::check, seeds: times::seeds },
    Target { name: "pagers", check: pagers::check, seeds: pagers::seeds },
];

/// Gives an input to the target of this name.
///
/// # Panics
/// If a property is broken, or there is no such target.
pub fn check(target: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|known| known.name == target);
    (target.expect("the target is in the list").check)(input);
}
