//! What the budgets were before: each version of their file that was ever committed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::{Budget, FILE, by_crate, parse};

/// What a budget was, over all versions.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) lowest: u64,
    /// By each reason that was ever given, the lowest since it was given first.
    pub(super) since: BTreeMap<String, u64>,
}

impl Default for Past {
    fn default() -> Self {
        Self { lowest: u64::MAX, since: BTreeMap::new() }
    }
}

impl Past {
    /// The next version.
    pub(super) fn then(&mut self, budget: &Budget) {
        let at = budget.at();
        if let Some(reason) = budget.reason() {
            self.since.entry(reason.to_owned()).or_insert(at);
        }
        for lowest in self.since.values_mut().chain([&mut self.lowest]) {
            *lowest = at.min(*lowest);
        }
    }
}

/// What each budget was, by crate and by what is counted. What the shared section said counts for
/// each of these vendors' crates.
pub(super) fn past(
    root: &Path,
    vendors: &[String],
) -> Result<BTreeMap<(String, String), Past>, String> {
    if git(root, &["rev-parse", "--is-shallow-repository"])?.trim() != "false" {
        return Err("the history is not all here".to_owned());
    }
    let mut past = BTreeMap::<_, Past>::new();
    for commit in git(root, &["log", "--reverse", "--format=%H", "--", FILE])?.lines() {
        // Where a commit took the file away, there is none.
        let Ok(text) = git(root, &["show", &format!("{commit}:{FILE}")]) else { continue };
        for (name, budgets) in by_crate(parse(&text).unwrap_or_default(), vendors) {
            for (what, budget) in budgets {
                past.entry((name.clone(), what)).or_default().then(&budget);
            }
        }
    }
    Ok(past)
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").args(arguments).current_dir(root).output();
    let output = output.map_err(|error| format!("git: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err("this is no git repository".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::raised;
    use super::*;

    #[test]
    fn what_budgets_were_is_told_in_the_order_of_the_versions_and_where_there_is_none_it_is_said() {
        let folder = folder("in-order");
        assert!(past(&folder, &[]).is_err());
        let raised = |at: u64| format!("[a]\nclient = {{ at = {at}, because = \"HTTP/3\" }}");
        let first = ["[a]\nclient = 9", "[a]\nclient = 6"].map(str::to_owned);
        commit(&folder, &[&first[..], &[raised(8), raised(7)]].concat());
        let told = past(&folder, &[]).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let since = BTreeMap::from([("HTTP/3".to_owned(), 7)]);
        let client = ("a".to_owned(), "client".to_owned());
        assert_eq!(told, BTreeMap::from([(client, Past { lowest: 6, since })]));
    }

    #[test]
    fn a_figure_that_moves_to_the_shared_section_keeps_its_past() {
        let folder = folder("shared");
        let versions = [
            "[a]\nclient = 6\n[b]\nclient = 9\n[core]\nclient = 3",
            "[vendor]\nclient = 8\n[b]\nclient = 9\n[core]\nclient = 3",
            "[vendor]\nclient = 7\n[core]\nclient = 3",
        ];
        commit(&folder, &versions.map(str::to_owned));
        let vendors = ["a", "b", "new"].map(str::to_owned);
        let past = past(&folder, &vendors).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let lowest = ["a", "b", "new", "core"]
            .map(|name| past[&(name.to_owned(), "client".to_owned())].lowest);
        assert_eq!(lowest, [6, 7, 7, 3]);
        assert!(!past.keys().any(|(name, _)| name == "vendor"), "{past:?}");
        // What one crate had before is not forgotten: it rises only with a reason.
        let found = |now: &str| raised(&by_crate(parse(now).unwrap(), &vendors), &past);
        let rose = found("[vendor]\nclient = 7");
        assert!(rose.len() == 1 && rose[0].starts_with("a: client: was 6 once"), "{rose:?}");
        assert_eq!(found("[vendor]\nclient = 7\n[a]\nclient = 6"), [""; 0]);
        assert_eq!(found("[vendor]\nclient = { at = 8, because = \"HTTP/3\" }"), [""; 0]);
        assert_eq!(found("[vendor]\nclient = 8\n[a]\nclient = 6").len(), 2);
    }

    fn folder(name: &str) -> PathBuf {
        let name = format!("budgets-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        folder
    }

    /// A repository of these versions of the file.
    fn commit(folder: &Path, versions: &[String]) {
        git(folder, &["init", "--quiet"]).unwrap();
        for version in versions {
            std::fs::write(folder.join(FILE), version).unwrap();
            git(folder, &["add", FILE]).unwrap();
            let author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
            let commit = ["-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "version"];
            git(folder, &[&author[..], &commit].concat()).unwrap();
        }
    }
}
