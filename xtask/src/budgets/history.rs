//! What the budgets were before: each version of their file that was ever committed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::{Budget, FILE, parse};

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

/// What each budget was, by crate and by what is counted.
pub(super) fn past(root: &Path) -> Result<BTreeMap<(String, String), Past>, String> {
    if git(root, &["rev-parse", "--is-shallow-repository"])?.trim() != "false" {
        return Err("the history is not all here".to_owned());
    }
    let mut past = BTreeMap::<_, Past>::new();
    for commit in git(root, &["log", "--reverse", "--format=%H", "--", FILE])?.lines() {
        // Where a commit took the file away, there is none.
        let Ok(text) = git(root, &["show", &format!("{commit}:{FILE}")]) else { continue };
        for (name, budgets) in parse(&text).unwrap_or_default() {
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
    use super::*;

    #[test]
    fn what_budgets_were_is_told_in_the_order_of_the_versions_and_where_there_is_none_it_is_said() {
        let folder = std::env::temp_dir().join(format!("budgets-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        assert!(past(&folder).is_err());
        git(&folder, &["init", "--quiet"]).unwrap();
        let raised = |at: u64, why: &str| format!("{{ at = {at}, because = \"{why}\" }}");
        for figure in ["9".into(), "6".into(), raised(8, "HTTP/3"), raised(7, "HTTP/3")] {
            std::fs::write(folder.join(FILE), format!("[a]\nclient = {figure}\n")).unwrap();
            git(&folder, &["add", FILE]).unwrap();
            let author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
            let commit = ["-c", "commit.gpgsign=false", "commit", "--quiet", "-m", &figure];
            git(&folder, &[&author[..], &commit].concat()).unwrap();
        }
        let told = past(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let since = BTreeMap::from([("HTTP/3".to_owned(), 7)]);
        let client = ("a".to_owned(), "client".to_owned());
        assert_eq!(told, BTreeMap::from([(client, Past { lowest: 6, since })]));
    }
}
