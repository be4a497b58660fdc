//! Where a fuzzer starts: the documented samples, and what the checks' own files say.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of this crate in the tree that is worked on: two checkouts may share what is built.
#[must_use]
pub fn here() -> PathBuf {
    let run_by_cargo = std::env::var_os("CARGO_MANIFEST_DIR");
    run_by_cargo.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_owned(), PathBuf::from)
}

/// The files of a vendor's samples, in order.
pub(crate) fn samples(vendor: &str) -> Vec<Vec<u8>> {
    let folder = here().join("../../fixtures").join(vendor);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|ending| ending == "json" || ending == "jsonc" || ending == "http")
    });
    files.sort();
    let read = |file: &PathBuf| fs::read(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    files.iter().map(read).collect()
}

/// A vendor's samples as bodies of answers.
#[must_use]
pub fn fixtures(vendor: &str) -> Vec<Vec<u8>> {
    let texts = samples(vendor).into_iter().filter_map(|sample| String::from_utf8(sample).ok());
    texts.map(|text| signin_contract::samples::body(&text).into_bytes()).collect()
}

/// Texts as seeds.
pub(crate) fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
