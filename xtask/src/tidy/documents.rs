//! The pages for people, held against the tree: what they link to and the files that they name are
//! there, and the one that everybody reads first stays short.

use std::fs;
use std::path::Path;

use super::{files, folders, relative};

/// The page that shows the whole.
const ARCHITECTURE: &str = "ARCHITECTURE.md";

/// What is read in ten minutes.
const MOST_BYTES: usize = 12 * 1024;

/// The folders whose pages are looked at, beside the pages at the root.
const FOLDERS: [&str; 4] = ["crates", "docs", "fuzz", "xtask"];

/// Endings of names that are taken for files of this tree, where a folder stands before.
const ENDINGS: [&str; 6] = [".rs", ".toml", ".md", ".py", ".json", "/"];

/// Every breach below `root`.
pub(super) fn check(root: &Path, findings: &mut Vec<String>) {
    match fs::metadata(root.join(ARCHITECTURE)) {
        Ok(file) if file.len() > MOST_BYTES as u64 => findings.push(format!(
            "{ARCHITECTURE}: has {} bytes, over {MOST_BYTES}: say it in the module that it is about",
            file.len()
        )),
        Ok(_) => {}
        Err(error) => findings.push(format!("{ARCHITECTURE}: {error}")),
    }
    let mut pages = files(&FOLDERS.map(|folder| root.join(folder)), "md").unwrap_or_default();
    let top = fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path());
    pages.extend(top.filter(|path| path.extension().is_some_and(|its| its == "md")));
    for page in pages {
        // A skeleton's pages are true once they are written out.
        if page.starts_with(root.join("xtask/skeleton")) {
            continue;
        }
        match fs::read_to_string(&page) {
            Ok(text) => check_page(root, &page, &text, findings),
            Err(error) => findings.push(format!("{}: {error}", relative(root, &page))),
        }
    }
}

fn check_page(root: &Path, page: &Path, text: &str, findings: &mut Vec<String>) {
    let name = relative(root, page);
    let folder = page.parent().unwrap_or(root);
    for target in links(text) {
        let (path, heading) = target.split_once('#').unwrap_or((target, ""));
        let file = if path.is_empty() { page.to_owned() } else { folder.join(path) };
        if !file.exists() {
            findings.push(format!("{name}: links to {target}, which is not there"));
        } else if !heading.is_empty() && !has_heading(&file, heading) {
            findings.push(format!("{name}: links to {target}, and there is no such heading"));
        }
    }
    // What a changelog names may be gone by now.
    if page.ends_with("CHANGELOG.md") {
        return;
    }
    for path in paths(text) {
        // A path is of the page's own folder, of a crate, of the core's or the program's sources, or
        // of the whole tree.
        let sources = ["signin-core", "signin-cli"].map(|name| root.join("crates").join(name));
        let mut places = vec![folder.to_owned(), root.to_owned()];
        places.extend(sources.map(|krate| krate.join("src")));
        places.extend(folders(&root.join("crates")).unwrap_or_default());
        if !places.iter().any(|place| place.join(path).exists()) {
            findings.push(format!("{name}: names `{path}`, which is not there"));
        }
    }
}

/// The targets of a page's links within the tree.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

/// The files that a page names in backticks, with their folders.
fn paths(text: &str) -> Vec<&str> {
    // Blocks of code are no names.
    let prose = text.split("```").step_by(2);
    let spans = prose.flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let is_path = |span: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        span.trim_end_matches('/').contains('/')
            && span.chars().all(plain)
            && !span.starts_with('/')
            && ENDINGS.iter().any(|ending| span.ends_with(ending))
    };
    spans.filter(is_path).collect()
}

/// Whether a page has a heading that is linked to so.
fn has_heading(page: &Path, anchor: &str) -> bool {
    let text = fs::read_to_string(page).unwrap_or_default();
    let mut headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings.any(|heading| slug(heading.trim_start_matches('#').trim()) == anchor)
}

/// A heading as links name it.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        let (root, mut findings) = (crate::root(), Vec::new());
        check_page(root, &root.join("README.md"), text, &mut findings);
        findings
    }

    #[test]
    fn a_link_that_leads_nowhere_is_a_finding() {
        assert_eq!(
            findings("[a](CONTRIBUTING.md) [b](https://x.example/no.md) [c](docs)"),
            [""; 0]
        );
        assert_eq!(findings("[a](NOWHERE.md)").len(), 1);
        assert_eq!(findings("[a](SECURITY.md#what-is-defended)"), [""; 0]);
        assert_eq!(findings("[a](SECURITY.md#what-is-not-there)").len(), 1);
    }

    #[test]
    fn a_file_that_is_named_and_not_there_is_a_finding() {
        assert_eq!(findings("`xtask/src/main.rs` and `send/retry.rs`, `pager/windows/`"), [""; 0]);
        assert_eq!(findings("`xtask/src/nobody.rs` and `pager/nothing/`").len(), 2);
        // Media types, addresses, patterns and what blocks of code say are no files.
        let others = "`application/json` `/api/v1/users/` `crates/<vendor>/src/lib.rs` `main.rs`\n\
            ```sh\ncat `a/b.rs`\n```\n";
        assert_eq!(findings(others), [""; 0]);
    }

    #[test]
    fn a_page_that_shows_the_whole_and_is_too_long_is_a_finding() {
        let root = std::env::temp_dir().join(format!("tidy-documents-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let of = |bytes: usize| {
            let mut findings = Vec::new();
            fs::write(root.join(ARCHITECTURE), "x".repeat(bytes)).unwrap();
            check(&root, &mut findings);
            findings.len()
        };
        assert_eq!((of(MOST_BYTES), of(MOST_BYTES + 1)), (0, 1));
        fs::remove_dir_all(root).unwrap();
    }
}
