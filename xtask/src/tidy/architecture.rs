//! What ARCHITECTURE.md says, held against the tree: the tables that say of each vendor what its
//! crate does and which test shows it, and the files of the core.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const FILE: &str = "ARCHITECTURE.md";
/// The section with a table for each vendor.
const VENDORS: &str = "## Vendors\n";

/// The section that names the core's files.
const CORE: &str = "## The core\n";

/// What the table says of every vendor.
const ASPECTS: [&str; 7] =
    ["parameters", "access", "paging", "resuming", "limits", "errors", "traps"];

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
struct Row<'t> {
    vendor: &'t str,
    aspect: &'t str,
    /// Tests by name, some with their crate before them.
    tests: Vec<&'t str>,
}

/// Every breach below `root`: what the tables lack, tests that do not exist, files of the core that
/// are not named.
pub(super) fn check(root: &Path, vendors: &[&str], findings: &mut Vec<String>) {
    match fs::read_to_string(root.join(FILE)) {
        Ok(text) => {
            check_vendors(root, section(&text, VENDORS), vendors, findings);
            check_core(root, section(&text, CORE), findings);
        }
        Err(error) => findings.push(format!("{FILE}: {error}")),
    }
}

/// A section's text without its heading; empty if it is not there.
pub(super) fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let behind = text.split_once(heading).map_or("", |(_, rest)| rest);
    behind.split("\n## ").next().unwrap_or_default()
}

fn check_core(root: &Path, section: &str, findings: &mut Vec<String>) {
    let entries = match fs::read_dir(root.join("crates/signin-core/src")) {
        Ok(entries) => entries,
        Err(error) => return findings.push(format!("crates/signin-core/src: {error}")),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if entry.path().is_dir() { format!("{name}/") } else { name };
        if name != "lib.rs" && !section.contains(&format!("`{name}`")) {
            findings.push(format!("{FILE}: the core's {name} is not named"));
        }
    }
}

fn check_vendors(root: &Path, section: &str, vendors: &[&str], findings: &mut Vec<String>) {
    let rows = rows(section);
    for vendor in vendors {
        for aspect in ASPECTS {
            if !rows.iter().any(|row| row.vendor == *vendor && row.aspect == aspect) {
                findings.push(format!("{FILE}: the table of {vendor} has no row `{aspect}`"));
            }
        }
    }
    let mut known = BTreeMap::new();
    for Row { vendor, aspect, tests } in &rows {
        if tests.is_empty() {
            findings.push(format!("{FILE}: a row `{aspect}` of {vendor} names no test"));
        }
        for test in tests {
            let (krate, name) = test.split_once("::").unwrap_or((vendor, test));
            let tests = known.entry(krate).or_insert_with(|| tests_of(root, krate));
            if !tests.contains(name) {
                findings.push(format!("{FILE}: {krate} has no test {name}"));
            }
        }
    }
}

/// The rows of the section's tables, without their headings.
fn rows(section: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for table in section.split("\n### ").skip(1) {
        let vendor = table.lines().next().unwrap_or_default().trim();
        // The first two lines of a table are its heading.
        for line in table.lines().filter(|line| line.starts_with('|')).skip(2) {
            let cells: Vec<&str> = line.trim_matches(['|', ' ']).split('|').collect();
            let aspect = cells.first().map_or("", |cell| cell.trim());
            let shown = cells.last().unwrap_or(&"");
            rows.push(Row { vendor, aspect, tests: shown.split('`').skip(1).step_by(2).collect() });
        }
    }
    rows
}

/// The names of a crate's tests, or of the house tools' own.
pub(super) fn tests_of(root: &Path, krate: &str) -> BTreeSet<String> {
    let folder = if krate == "xtask" { root.join(krate) } else { root.join("crates").join(krate) };
    let files = super::files(&[folder], "rs").unwrap_or_default();
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    texts.flat_map(|text| tests_in(&text)).collect()
}

/// The names of the functions that stand behind a test's attribute and are not left out of a run,
/// or that the vendors' contract runs as a test of each.
fn tests_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for line in text.lines().map(str::trim_start) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        is_ignored |= line.starts_with("#[ignore")
            || (line.starts_with("#[cfg_attr(") && line.contains("ignore"));
        let behind = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "));
        if let Some(behind) = behind {
            let name = behind.split(['(', '<']).next().unwrap_or_default();
            let was_ignored = std::mem::take(&mut is_ignored);
            if std::mem::take(&mut is_test) && !was_ignored {
                names.push(name.to_owned());
            }
        }
        let case = line.strip_prefix("pub async fn ").and_then(|rest| rest.split_once("<V: "));
        names.extend(case.map(|(name, _)| name.to_owned()));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
# A\n\n| x | y |\n|---|---|\n| `no` | `row` |\n
## Vendors\n\nWords with `code`.\n
### one\n\n| what | of | shown by |\n|---|---|---|\n| limits | all `x` | `a_test`, `core::b` |\n| traps | all | nothing |\n
### two\n\n| what | of | shown by |\n|---|---|---|\n| paging | `all` | `c` |\n
## Next\n\n### three\n\n| w | s |\n|---|---|\n| limits | `d` |\n";

    #[test]
    fn the_rows_of_the_section_are_found_and_no_others() {
        let row =
            |vendor, aspect, tests: &[&'static str]| Row { vendor, aspect, tests: tests.to_vec() };
        let expected = [
            row("one", "limits", &["a_test", "core::b"]),
            row("one", "traps", &[]),
            row("two", "paging", &["c"]),
        ];
        assert_eq!(rows(section(TABLE, VENDORS)), expected);
        assert_eq!(rows(section("# Nothing", VENDORS)), []);
    }

    #[test]
    fn only_what_has_the_attribute_and_the_vendors_cases_are_tests() {
        let text = r#"
            fn helper() {}
            #[test]
            fn one() {}
            async fn other() {}
            #[tokio::test(start_paused = true)]
            #[cfg(unix)]
            async fn two(\n) {}
            // fn three() {}
            #[test]
            #[ignore = "prints"]
            fn four() {}
            #[ignore]
            #[test]
            fn five() {}
            #[tokio::test]
            #[cfg_attr(windows, ignore = "slow")]
            async fn six() {}
            #[test]
            fn seven() {}
            pub async fn each_vendors<V: Vendor>() {}
            pub async fn nobodys() {}"#;
        assert_eq!(tests_in(text), ["one", "two", "seven", "each_vendors"]);
    }

    #[test]
    fn a_table_that_is_not_there_or_says_too_little_is_a_finding() {
        let mut findings = Vec::new();
        check(Path::new("/nowhere/at/all"), &["one"], &mut findings);
        assert_eq!(findings.len(), 1);
        findings.clear();
        check(crate::root(), &["nobody"], &mut findings);
        assert_eq!(findings.len(), ASPECTS.len());
        findings.clear();
        check_core(crate::root(), "`lib.rs`, `walk/`, `client.rs`", &mut findings);
        assert!(findings.iter().any(|finding| finding.ends_with("oauth/ is not named")));
        assert!(!findings.iter().any(|finding| finding.contains("walk/")), "{findings:?}");
    }
}
