//! What the budgets were before: each version of their file that was ever committed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::{FILE, parse};

/// The lowest that each budget ever was, by crate and by what is counted.
pub(super) fn lowest(root: &Path) -> Result<BTreeMap<(String, String), u64>, String> {
    if git(root, &["rev-parse", "--is-shallow-repository"])?.trim() != "false" {
        return Err("the history is not all here".to_owned());
    }
    let mut lowest = BTreeMap::new();
    for commit in git(root, &["log", "--format=%H", "--", FILE])?.lines() {
        // Where a commit took the file away, there is none.
        let Ok(text) = git(root, &["show", &format!("{commit}:{FILE}")]) else { continue };
        for (name, budgets) in parse(&text).unwrap_or_default() {
            for (what, budget) in budgets {
                let least = lowest.entry((name.clone(), what)).or_insert(u64::MAX);
                *least = budget.at().min(*least);
            }
        }
    }
    Ok(lowest)
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
    fn the_lowest_of_all_versions_is_found_and_where_there_is_none_it_is_said() {
        let folder = std::env::temp_dir().join(format!("budgets-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        assert!(lowest(&folder).is_err());
        git(&folder, &["init", "--quiet"]).unwrap();
        for figure in ["9", "7", "{ at = 8, because = \"it is worth it\" }"] {
            std::fs::write(folder.join(FILE), format!("[a]\nclient = {figure}\n")).unwrap();
            git(&folder, &["add", FILE]).unwrap();
            let author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
            let commit = ["-c", "commit.gpgsign=false", "commit", "--quiet", "-m", figure];
            git(&folder, &[&author[..], &commit].concat()).unwrap();
        }
        let least = lowest(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(least, BTreeMap::from([(("a".to_owned(), "client".to_owned()), 7)]));
    }
}
