//! The house rules that no compiler knows.

mod conformance;
mod documents;
mod layers;
mod security;
mod snapshots;
mod source;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::vendors;

/// The files that each vendor crate has, by the places where they may stand. Who knows one of these
/// crates knows all.
const VENDOR_FILES: [&[&str]; 5] = [
    &["lib.rs"],
    &["client/mod.rs"],
    &["client/error.rs"],
    &["decode.rs"],
    &["event.rs", "event/mod.rs"],
];

/// Names that say nothing of what a file holds.
const EMPTY_NAMES: [&str; 5] = ["utils.rs", "util.rs", "common.rs", "helpers.rs", "misc.rs"];

/// What each published crate brings along.
const CRATE_FILES: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// The folders that hold packages of ours.
const FOLDERS: [&str; 4] = ["bench", "crates", "fuzz", "xtask"];

/// The one file that names reqwest.
const TRANSPORT: &str = "crates/signin-core/src/http/reqwest_transport.rs";

/// Every breach of the rules below `root`, a line each.
pub(crate) fn check(root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    let folders = FOLDERS.map(|folder| root.join(folder));
    match files(&folders, "rs") {
        Ok(files) => {
            for file in files {
                match fs::read_to_string(&file) {
                    Ok(text) => check_source(&relative(root, &file), &text, &mut findings),
                    Err(error) => findings.push(format!("{}: {error}", file.display())),
                }
            }
        }
        Err(error) => findings.push(format!("{}: {error}", root.display())),
    }
    check_crates(root, &mut findings);
    for manifest in files(&folders, "toml").unwrap_or_default() {
        if let Some(folder) = manifest.parent().filter(|_| manifest.ends_with("Cargo.toml")) {
            check_build_script(&relative(root, folder), folder, &mut findings);
        }
    }
    match vendors::all(root) {
        Ok(vendors) => {
            let crates: Vec<_> = vendors.iter().map(|vendor| vendor.krate.as_str()).collect();
            crates.iter().for_each(|name| check_vendor(root, name, &mut findings));
            conformance::check(root, &crates, &mut findings);
        }
        Err(error) => findings.push(error),
    }
    documents::check(root, &mut findings);
    layers::check(root, &mut findings);
    security::check(root, &mut findings);
    snapshots::check(root, &mut findings);
    findings
}

/// The rules for one source file.
fn check_source(path: &str, text: &str, findings: &mut Vec<String>) {
    // A lib.rs may take its README in place of the line.
    if !["//!", "#![", "// @generated"].iter().any(|opening| text.starts_with(opening)) {
        findings.push(format!("{path}: does not open with a //! line that says what lives there"));
    }
    if EMPTY_NAMES.iter().any(|name| path.ends_with(&format!("/{name}"))) {
        findings.push(format!("{path}: the name says nothing of what the file holds"));
    }
    let names_reqwest =
        |line: &str| line.contains("reqwest::") && !line.trim_start().starts_with("//");
    if path.starts_with("crates/") && path != TRANSPORT && text.lines().any(names_reqwest) {
        findings.push(format!("{path}: names reqwest, which only {TRANSPORT} may"));
    }
}

/// The rules for each crate's folder.
fn check_crates(root: &Path, findings: &mut Vec<String>) {
    let crates = match folders(&root.join("crates")) {
        Ok(crates) => crates,
        Err(error) => return findings.push(format!("crates: {error}")),
    };
    for folder in crates {
        for file in CRATE_FILES {
            if !folder.join(file).is_file() {
                findings.push(format!("{}: has no {file}", relative(root, &folder)));
            }
        }
    }
}

/// The rules for a vendor's crate.
fn check_vendor(root: &Path, name: &str, findings: &mut Vec<String>) {
    let source = root.join("crates").join(name).join("src");
    for places in VENDOR_FILES {
        if !places.iter().any(|place| source.join(place).is_file()) {
            let places = places.join(" or src/");
            findings.push(format!("crates/{name}: has no src/{places}, which its siblings have"));
        }
    }
}

/// A build script runs on the machine of whoever builds: none is ours.
fn check_build_script(name: &str, folder: &Path, findings: &mut Vec<String>) {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let is_named = |line: &str| line.split('=').next().is_some_and(|key| key.trim() == "build");
    if folder.join("build.rs").exists() || manifest.lines().any(is_named) {
        findings.push(format!("{name}: has a build script"));
    }
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string().replace('\\', "/")
}

fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Every file with this ending below these folders, in order.
fn files(folders: &[PathBuf], ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        found.extend(all_files(folder)?);
    }
    found.retain(|file| file.extension().is_some_and(|its| its == ending));
    found.sort();
    Ok(found)
}

/// Every file below a folder, but for what cargo builds, in order.
pub(crate) fn all_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut open = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if !path.is_dir() {
                files.push(path);
            } else if !path.ends_with("target") {
                open.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let mut findings = Vec::new();
        check_source(path, text, &mut findings);
        findings
    }

    #[test]
    fn the_house_is_tidy() {
        let findings = check(crate::root());
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }

    #[test]
    fn each_rule_finds_its_breach() {
        assert_eq!(
            findings("crates/a/src/lib.rs", "//! Fine.\n// reqwest::Client is not used.\n"),
            [""; 0]
        );
        assert_eq!(findings("crates/a/src/lib.rs", "use std::fmt;\n").len(), 1);
        assert_eq!(findings("crates/a/src/utils.rs", "//! Things.\n").len(), 1);
        assert_eq!(findings("crates/a/src/lib.rs", "//! Leaks.\nuse reqwest::Client;\n").len(), 1);
        assert_eq!(findings(TRANSPORT, "//! The transport.\nuse reqwest::Client;\n"), [""; 0]);
    }

    #[test]
    fn a_vendors_crate_has_the_files_of_its_siblings() {
        let root = std::env::temp_dir().join(format!("tidy-vendor-{}", std::process::id()));
        let source = root.join("crates/acme/src");
        fs::create_dir_all(source.join("client")).unwrap();
        for file in ["lib.rs", "client/mod.rs", "client/error.rs", "decode.rs"] {
            fs::write(source.join(file), "").unwrap();
        }
        let mut findings = Vec::new();
        check_vendor(&root, "acme", &mut findings);
        let expected =
            ["crates/acme: has no src/event.rs or src/event/mod.rs, which its siblings have"];
        assert_eq!(findings, expected);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn no_crate_has_a_build_script() {
        let folder = std::env::temp_dir().join(format!("tidy-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let findings = |file: &str, text: &str| {
            let mut findings = Vec::new();
            fs::write(folder.join(file), text).unwrap();
            check_build_script("a", &folder, &mut findings);
            fs::remove_file(folder.join(file)).unwrap();
            findings
        };
        assert_eq!(findings("build.rs", ""), ["a: has a build script"]);
        let manifest = |line: &str| format!("[package]\nname = \"a\"\n{line}\n");
        assert_eq!(findings("Cargo.toml", &manifest("build = \"make.rs\"")).len(), 1);
        assert_eq!(findings("Cargo.toml", &manifest("[build-dependencies]")), [""; 0]);
        fs::remove_dir(folder).unwrap();
    }

    #[test]
    fn every_package_is_looked_at_for_a_build_script() {
        let root = std::env::temp_dir().join(format!("tidy-packages-{}", std::process::id()));
        let packages = ["bench/peer", "crates/a", "fuzz", "fuzz/checks", "xtask"];
        for package in packages {
            fs::create_dir_all(root.join(package)).unwrap();
            fs::write(root.join(package).join("Cargo.toml"), "build = \"make.rs\"\n").unwrap();
        }
        let findings = check(&root);
        for package in packages {
            let expected = format!("{package}: has a build script");
            assert!(findings.contains(&expected), "{package}: {findings:#?}");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_finding_not_a_pass() {
        assert!(!check(Path::new("/nowhere/at/all")).is_empty());
    }
}
