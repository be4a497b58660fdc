//! What `CONFORMANCE.md` says of each vendor's API and how its crate meets it, held against the
//! tests that show it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The page of each vendor's crate.
const FILE: &str = "CONFORMANCE.md";

/// The sections that each page has.
const ASPECTS: [&str; 7] =
    ["Parameters", "Access", "Paging", "Resuming", "Limits", "Errors", "Traps"];

/// What stands before an item's tests.
const SHOWN: &str = "Shown by ";

/// What is known of one thing.
#[derive(Debug, PartialEq, Eq)]
struct Item<'t> {
    aspect: &'t str,
    /// Tests by name, some with their crate before them.
    tests: Vec<&'t str>,
}

/// Every breach below `root`: pages and sections that lack, items that name no test, tests that do
/// not exist.
pub(super) fn check(root: &Path, vendors: &[&str], findings: &mut Vec<String>) {
    let mut known = BTreeMap::new();
    for vendor in vendors {
        let page = format!("crates/{vendor}/{FILE}");
        match fs::read_to_string(root.join(&page)) {
            Ok(text) => check_page(root, vendor, &items(&text), &page, &mut known, findings),
            Err(error) => findings.push(format!("{page}: {error}")),
        }
    }
}

fn check_page(
    root: &Path,
    vendor: &str,
    items: &[Item<'_>],
    page: &str,
    known: &mut BTreeMap<String, BTreeSet<String>>,
    findings: &mut Vec<String>,
) {
    for aspect in ASPECTS {
        if !items.iter().any(|item| item.aspect == aspect) {
            findings.push(format!("{page}: says nothing under `## {aspect}`"));
        }
    }
    for Item { aspect, tests } in items {
        if tests.is_empty() {
            findings.push(format!("{page}: an item under `## {aspect}` names no test"));
        }
        for test in tests {
            let (krate, name) = test.split_once("::").unwrap_or((vendor, test));
            let tests = known.entry(krate.to_owned()).or_insert_with(|| tests_of(root, krate));
            if !tests.contains(name) {
                findings.push(format!("{page}: {krate} has no test {name}"));
            }
        }
    }
}

/// The items of a page's sections.
fn items(text: &str) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    for section in text.split("\n## ").skip(1) {
        let aspect = section.lines().next().unwrap_or_default().trim();
        for item in section.split("\n- ").skip(1) {
            let (_, shown) = item.split_once(SHOWN).unwrap_or_default();
            items.push(Item { aspect, tests: shown.split('`').skip(1).step_by(2).collect() });
        }
    }
    items
}

/// A section's text without its heading; empty if it is not there.
pub(super) fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let after = text.split_once(heading).map_or("", |(_, rest)| rest);
    after.split("\n## ").next().unwrap_or_default()
}

/// The names of a crate's tests, or of the house tools' own.
pub(super) fn tests_of(root: &Path, krate: &str) -> BTreeSet<String> {
    let folder = if krate == "xtask" { root.join(krate) } else { root.join("crates").join(krate) };
    let files = super::files(&[folder], "rs").unwrap_or_default();
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    texts.flat_map(|text| tests_in(&text)).collect()
}

/// The names of the functions that stand after a test's attribute and are not left out of a run,
/// or that the vendors' contract runs as a test of each.
fn tests_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for line in text.lines().map(str::trim_start) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        is_ignored |= line.starts_with("#[ignore")
            || (line.starts_with("#[cfg_attr(") && line.contains("ignore"));
        let after = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "));
        if let Some(after) = after {
            let name = after.split(['(', '<']).next().unwrap_or_default();
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

    const PAGE: &str = "\
# Conformance\n\n- no `item`\n
## Limits\n\nWords with `code`.\n
- all `x` are kept.\n  Shown by `a_test`,\n  `core::b`.\n- all `y`.\n
## Traps\n\n- `z`: none. Shown by `c`.\n";

    #[test]
    fn the_items_of_each_section_are_found_with_their_tests() {
        let item = |aspect, tests: &[&'static str]| Item { aspect, tests: tests.to_vec() };
        let expected =
            [item("Limits", &["a_test", "core::b"]), item("Limits", &[]), item("Traps", &["c"])];
        assert_eq!(items(PAGE), expected);
        assert_eq!(items("# Nothing"), []);
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
    fn a_page_that_is_not_there_or_says_too_little_is_a_finding() {
        let mut findings = Vec::new();
        check(Path::new("/nowhere/at/all"), &["one"], &mut findings);
        assert_eq!(findings.len(), 1);
        findings.clear();
        let page = "crates/xtask/CONFORMANCE.md";
        let mut known = BTreeMap::new();
        check_page(crate::root(), "xtask", &items(PAGE), page, &mut known, &mut findings);
        // Five sections lack, an item has no test, and three tests do not exist.
        assert_eq!(findings.len(), ASPECTS.len() - 2 + 1 + 3, "{findings:#?}");
        findings.clear();
        let good: String = ASPECTS
            .map(|aspect| format!("\n## {aspect}\n\n- x. Shown by `the_house_is_tidy`.\n"))
            .concat();
        check_page(crate::root(), "xtask", &items(&good), page, &mut known, &mut findings);
        assert_eq!(findings, [""; 0]);
    }
}
