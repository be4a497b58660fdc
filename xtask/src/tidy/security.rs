//! What SECURITY.md says, held against the tree: each row of what is defended names the tests and
//! files that show it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::conformance::{section, tests_of};

const FILE: &str = "SECURITY.md";

/// The section with a table for each thing that an attacker may own.
const DEFENDED: &str = "## What is defended\n";

/// Every breach below `root`.
pub(super) fn check(root: &Path, findings: &mut Vec<String>) {
    match fs::read_to_string(root.join(FILE)) {
        Ok(text) => check_rows(root, section(&text, DEFENDED), findings),
        Err(error) => findings.push(format!("{FILE}: {error}")),
    }
}

fn check_rows(root: &Path, section: &str, findings: &mut Vec<String>) {
    let rows = rows(section);
    if rows.is_empty() {
        findings.push(format!("{FILE}: there is no table of what is defended"));
    }
    let mut known = BTreeMap::new();
    for (what, shown) in rows {
        if shown.is_empty() {
            findings.push(format!("{FILE}: nothing shows: {what}"));
        }
        for name in shown {
            let is_there = match name.split_once("::") {
                Some((krate, test)) => {
                    known.entry(krate).or_insert_with(|| tests_of(root, krate)).contains(test)
                }
                None => root.join(name).is_file(),
            };
            if !is_there {
                findings.push(format!("{FILE}: there is no {name}"));
            }
        }
    }
}

/// What each row says, and the names after it.
fn rows(section: &str) -> Vec<(&str, Vec<&str>)> {
    let mut rows = Vec::new();
    for table in section.split("\n### ").skip(1) {
        // The first two lines of a table are its heading.
        for line in table.lines().filter(|line| line.starts_with('|')).skip(2) {
            let cells = line.trim().trim_start_matches('|');
            let cells = cells.strip_suffix('|').unwrap_or(cells);
            let (what, shown) = cells.rsplit_once('|').unwrap_or((cells, ""));
            rows.push((what.trim(), shown.split('`').skip(1).step_by(2).collect()));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_shows_nothing_and_a_test_or_file_that_is_not_there_are_findings() {
        let of = |row: &str| {
            let text = format!("\n### One\n\n| he cannot | shown by |\n|---|---|\n{row}");
            let mut findings = Vec::new();
            check_rows(crate::root(), &text, &mut findings);
            findings
        };
        assert_eq!(of("| `x` | `deny.toml`, `xtask::the_house_is_tidy` |\n"), [""; 0]);
        assert_eq!(of("| do `x` | |\n"), ["SECURITY.md: nothing shows: do `x`"]);
        assert_eq!(of("| x | `xtask::nobody`, `no.toml` |\n").len(), 2);
        assert_eq!(of("| x | `nobody::the_house_is_tidy` |\n").len(), 1);
        assert_eq!(of("").len(), 1);
    }

    #[test]
    fn a_page_that_is_not_there_is_a_finding() {
        let mut findings = Vec::new();
        check(Path::new("/nowhere/at/all"), &mut findings);
        assert_eq!(findings.len(), 1);
    }
}
