//! What is so: the crates in each tree, those that are there twice, and the size of each package.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::cargo::cargo;
use crate::vendors::published;

/// The platform that most collectors run on.
pub(crate) const LINUX: &str = "x86_64-unknown-linux-gnu";

/// Packages are measured in steps, so that not every line of code changes a figure.
const STEP_KIB: u64 = 50;

/// A crate and its figures, by name.
pub(super) type Figures = (String, Vec<(&'static str, u64)>);

/// The figures of all published crates.
pub(super) fn of_all(root: &Path, vendors: &[String]) -> Result<Vec<Figures>, String> {
    let ours = published(root)?;
    let figures = |name: &String| match vendors.contains(name) {
        true => of_vendor(root, name),
        false => of_other(root, name, &ours),
    };
    ours.iter().map(figures).collect()
}

fn of_vendor(root: &Path, name: &str) -> Result<Figures, String> {
    let models = ["--no-default-features"];
    let events = ["--no-default-features", "--features", "events"];
    let of = |platform: &str, flags: &[&str]| {
        tree(root, &[&["--package", name, "--target", platform], flags].concat())
    };
    let (models, events) = (of(LINUX, &models)?, of(LINUX, &events)?);
    let (client, anywhere) = (of(LINUX, &[])?, of("all", &[])?);
    let figures = vec![
        ("models", count(&models)),
        ("events", count(&events)),
        ("client", count(&client)),
        ("client-anywhere", count(&anywhere)),
        ("twice", twice(&client)),
        ("twice-anywhere", twice(&anywhere)),
        ("package-kib", package(root, name)?),
    ];
    Ok((name.to_owned(), figures))
}

/// Our own crates are left out: with each vendor there is one more.
fn of_other(root: &Path, name: &str, ours: &[String]) -> Result<Figures, String> {
    let mut crates = tree(root, &["--package", name, "--target", LINUX])?;
    let is_ours =
        |line: &str| line.split(' ').next().is_some_and(|name| ours.iter().any(|it| it == name));
    crates.retain(|line| !is_ours(line));
    let figures = vec![
        ("crates", count(&crates)),
        ("twice", twice(&crates)),
        ("package-kib", package(root, name)?),
    ];
    Ok((name.to_owned(), figures))
}

/// The crates, with their versions, that are compiled for a package: itself, its dependencies, and
/// those of build scripts. By Cargo.lock.
pub(crate) fn tree(folder: &Path, flags: &[&str]) -> Result<BTreeSet<String>, String> {
    let fixed =
        ["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let text = cargo(folder, &[&fixed, flags].concat())?;
    // A line is a name, a version, and sometimes what kind of crate it is, or where.
    let named = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    Ok(text.lines().filter(|line| !line.is_empty()).map(named).collect())
}

fn count(crates: &BTreeSet<String>) -> u64 {
    u64::try_from(crates.len()).unwrap_or(u64::MAX)
}

/// How many crates are there in more than one version.
fn twice(crates: &BTreeSet<String>) -> u64 {
    let mut versions = BTreeMap::<&str, u64>::new();
    for name in crates.iter().filter_map(|line| line.split(' ').next()) {
        *versions.entry(name).or_default() += 1;
    }
    count(
        &versions
            .into_iter()
            .filter(|(_, versions)| *versions > 1)
            .map(|(name, _)| name.into())
            .collect(),
    )
}

/// The size of what a crate's package holds, unpacked, in KiB and rounded up to a step.
fn package(root: &Path, name: &str) -> Result<u64, String> {
    let listed = cargo(root, &["package", "--list", "--allow-dirty", "--package", name])?;
    let folder = root.join("crates").join(name);
    let mut bytes = 0;
    for file in listed.lines() {
        if let Some(part) = superfluous(file) {
            return Err(format!("{name}: its package holds {file}: {part} stay at home"));
        }
        // Cargo adds files of its own, which are not in the folder.
        bytes += fs::metadata(folder.join(file)).map_or(0, |file| file.len());
    }
    Ok(bytes.div_ceil(1024 * STEP_KIB) * STEP_KIB)
}

/// What nobody who depends on a crate needs: it cannot even run from the package.
fn superfluous(file: &str) -> Option<&'static str> {
    match file {
        _ if file.starts_with("tests/") || file.starts_with("benches/") => Some("tests"),
        _ if file.starts_with("fixtures/") => Some("fixtures"),
        _ if file.ends_with(".snap") => Some("snapshots"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_in_two_versions_is_there_twice() {
        let crates = ["syn v2.0.1", "syn v3.0.1", "synstructure v0.1.0", "url v2.5.8"];
        assert_eq!(twice(&crates.map(str::to_owned).into()), 1);
    }

    #[test]
    fn what_stays_at_home_is_found_by_its_place() {
        for file in ["tests/it/main.rs", "fixtures/a.json", "src/snapshots/a.snap"] {
            assert!(superfluous(file).is_some(), "{file}");
        }
        for file in ["src/testing.rs", "src/fixtures.rs", "README.md"] {
            assert!(superfluous(file).is_none(), "{file}");
        }
    }

    /// The design's own lines: what a models-only tree must never hold.
    #[test]
    fn a_client_has_an_http_stack_and_models_have_none() {
        let stack = ["tokio ", "reqwest ", "rustls ", "hyper ", "url "];
        let holds = |crates: &BTreeSet<String>, name: &&str| {
            crates.iter().any(|line| line.starts_with(*name))
        };
        let models = ["--package", "tines-admin", "--target", "all", "--no-default-features"];
        let models = tree(crate::root(), &models).unwrap();
        assert!(!stack.iter().any(|name| holds(&models, name)), "{models:?}");
        let client = tree(crate::root(), &["--package", "tines-admin", "--target", "all"]).unwrap();
        assert!(stack.iter().all(|name| holds(&client, name)), "{client:?}");
    }
}
