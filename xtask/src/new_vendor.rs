//! `cargo xtask new-vendor NAME`: the skeleton of a vendor, of the plain files in
//! `xtask/skeleton/`.
//!
//! There the vendor is `newvendor` in code, `NewVendor` in prose and types, and `NEWVENDOR` in
//! variables. What it does is invented, and small: a list, read by a cursor, with a token.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::cargo;
use crate::{bench, codegen, say, tidy};

/// Where the templates are.
const TEMPLATES: &str = "xtask/skeleton";

/// Folders of the templates, and where what they hold goes to.
const FOLDERS: [(&str, &str); 5] = [
    ("fixtures", "fixtures/newvendor"),
    ("crate", "crates/newvendor"),
    ("simulator", "crates/signin-sim/src/newvendor"),
    ("program", "crates/signin-cli/src/vendors/newvendor"),
    ("mapping", "crates/signin-cli/tests/it/mapping"),
];

/// Lines that other files get: before which line each, by its beginning, or at the end.
const LINES: [(&str, Option<&str>, &str); 19] = [
    ("budgets.toml", Some("# Those that are no vendor's"), "[newvendor]\npackage-kib = 50\n\n"),
    (
        "Cargo.toml",
        Some("signin-contract = "),
        "newvendor = { version = \"0.1.0\", path = \"crates/newvendor\", default-features = false }\n",
    ),
    (
        "fuzz/checks/Cargo.toml",
        Some("signin-contract = "),
        "newvendor = { path = \"../../crates/newvendor\", default-features = false, \
         features = [\"client\", \"events\"] }\n",
    ),
    (
        "fuzz/checks/src/vendors.rs",
        Some("];"),
        "    Vendor { name: \"newvendor\", decode: newvendor::decode, event: newvendor::event, \
         pages: 1 },\n",
    ),
    ("fuzz/checks/src/vendors.rs", None, include_str!("../skeleton/lines/fuzz-vendor.txt")),
    (
        "crates/signin-cli/Cargo.toml",
        Some("pingone = "),
        "newvendor = { workspace = true, \
         features = [\"client\", \"events\", \"gzip\", \"rustls\", \"tracing\"] }\n",
    ),
    (
        "crates/signin-cli/src/vendors/mod.rs",
        Some("pub(crate) mod pingone;"),
        "pub(crate) mod newvendor;\n",
    ),
    (
        "crates/signin-cli/src/vendors/mod.rs",
        Some("    Msgraph => msgraph,"),
        "    NewVendor => newvendor,\n",
    ),
    ("crates/signin-cli/tests/it/mapping.rs", Some("mod lists;"), "mod newvendor;\n"),
    (
        "crates/signin-cli/tests/it/mapping.rs",
        Some("    Vendor { name: \"tines\""),
        "    Vendor { name: \"newvendor\", lists: newvendor::lists, tables: &[] },\n",
    ),
    (
        "crates/signin-contract/fixtures/earlier/checkpoints.txt",
        None,
        include_str!("../skeleton/lines/checkpoints.txt"),
    ),
    ("crates/signin-sim/src/lib.rs", Some("pub mod oauth;"), "pub mod newvendor;\n"),
    ("crates/signin-sim/src/simulator.rs", Some("use crate::{avepoint"), "use crate::newvendor;\n"),
    (
        "crates/signin-sim/src/simulator.rs",
        Some("    tines: \""),
        "    newvendor: \"NewVendor\",\n",
    ),
    (
        "crates/signin-sim/examples/serve.rs",
        Some("use signin_sim::{"),
        "use signin_sim::newvendor;\n",
    ),
    (
        "crates/signin-sim/examples/serve.rs",
        Some("        .tines("),
        "        .newvendor(newvendor::Settings::default().newest(newest))\n",
    ),
    (
        "crates/signin-sim/examples/serve.rs",
        Some("        sim.tines()"),
        "        sim.newvendor().map(of_newvendor),\n",
    ),
    ("crates/signin-sim/examples/serve.rs", None, include_str!("../skeleton/lines/serve.txt")),
    ("docs/mapping.md", None, include_str!("../skeleton/lines/mapping-page.txt")),
];

/// Files that are the same in every crate.
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Writes the skeleton, and says what is to be done by hand.
pub(crate) fn write(root: &Path, name: &str) -> Result<(), String> {
    check_name(root, name)?;
    let files = skeleton(root, name)?;
    for (path, text) in &files {
        write_file(&root.join(path), text)?;
    }
    for license in LICENSES {
        link_license(root, name, license)?;
    }
    for (file, before, lines) in LINES {
        let path = root.join(file);
        let text = inserted(&read(&path)?, before, &sealed(&named(lines, name)))
            .ok_or_else(|| format!("{file}: has no line that begins as {before:?} says"))?;
        write_file(&path, &text)?;
    }
    let models = codegen::generate(root, name)?.write()?;
    // Names are of different lengths. And Cargo.lock has every crate of the workspace.
    for folder in [root, &root.join("fuzz")] {
        cargo(folder, &["fmt", "--all"])?;
        cargo(folder, &["update", "--workspace", "--offline"])?;
    }
    // It says who was not measured.
    if let [error, ..] = &*bench::render(root) {
        return Err(error.clone());
    }
    for (path, _) in &files {
        say(&format!("wrote {}", path.display()));
    }
    let mut changed: Vec<_> = LINES.iter().map(|(file, ..)| *file).collect();
    changed.dedup();
    for file in changed.into_iter().chain(["BENCHMARKS.md", "Cargo.lock", "fuzz/Cargo.lock"]) {
        say(&format!("changed {file}"));
    }
    say(&format!("wrote crates/{name}/src/generated: {models} files"));
    Ok(())
}

/// A name is a crate's, a module's and the beginning of variables' names, and is not taken.
fn check_name(root: &Path, name: &str) -> Result<(), String> {
    let is_letter = |letter: char| letter.is_ascii_lowercase();
    let is_plain = name.starts_with(is_letter)
        && name.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit());
    if !is_plain {
        return Err(format!("{name:?} is no name: give small letters and digits, a letter first"));
    }
    let taken = ["crates", "fixtures"].map(|folder| root.join(folder).join(name));
    match taken.iter().find(|folder| folder.exists()) {
        Some(folder) => Err(format!("{} is there already", folder.display())),
        None => Ok(()),
    }
}

/// The files of the templates as they are written for this name: paths below the root, and texts.
fn skeleton(root: &Path, name: &str) -> Result<Vec<(PathBuf, String)>, String> {
    let mut files = Vec::new();
    for (folder, target) in FOLDERS {
        let source = root.join(TEMPLATES).join(folder);
        let say = |error: std::io::Error| format!("{}: {error}", source.display());
        for file in tidy::all_files(&source).map_err(say)? {
            let inner = file.strip_prefix(&source).unwrap_or(&file);
            let path = format!("{target}/{}", inner.display());
            files.push((PathBuf::from(named(&path, name)), named(&read(&file)?, name)));
        }
    }
    Ok(files)
}

/// A text of the templates with the vendor's name in it.
fn named(text: &str, name: &str) -> String {
    let capital: String = name
        .char_indices()
        .map(|(at, letter)| if at == 0 { letter.to_ascii_uppercase() } else { letter })
        .collect();
    text.replace("newvendor", name)
        .replace("NewVendor", &capital)
        .replace("NEWVENDOR", &name.to_ascii_uppercase())
}

/// The text with these lines before the first line that begins so, or at its end; None if no line
/// does.
fn inserted(text: &str, before: Option<&str>, lines: &str) -> Option<String> {
    let at = match before {
        None => text.len(),
        Some(before) if text.starts_with(before) => 0,
        Some(before) => text.find(&format!("\n{before}"))? + 1,
    };
    let (head, tail) = text.split_at_checked(at)?;
    Some([head, lines, tail].concat())
}

/// Checkpoints with their checksums, in place of the word that stands there: a vendor's name is a
/// part of what is summed.
fn sealed(lines: &str) -> String {
    let seal = |line: &str| {
        let marked =
            line.split_once("\"mark\":").and_then(|(_, rest)| rest.split_once(",\"check\":"));
        match marked {
            Some((mark, _)) => {
                let check = crc32fast::hash(mark.as_bytes());
                line.replace("newcheck", &format!("{check:08x}"))
            }
            None => line.to_owned(),
        }
    };
    lines.split_inclusive('\n').map(seal).collect()
}

/// A license as the other crates have it: a link to that of the workspace.
fn link_license(root: &Path, name: &str, license: &str) -> Result<(), String> {
    let path = root.join("crates").join(name).join(license);
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(Path::new("../..").join(license), &path);
    #[cfg(not(unix))]
    let made = fs::copy(root.join(license), &path).map(drop);
    made.map_err(|error| format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write_file(path: &Path, text: &str) -> Result<(), String> {
    let say = |error: std::io::Error| format!("{}: {error}", path.display());
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(say)?;
    fs::write(path, text).map_err(say)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_or_no_word_is_refused() {
        let root = crate::root();
        assert_eq!(check_name(root, "acme2"), Ok(()));
        for name in ["", "2acme", "Acme", "acme-sdk", "acme_sdk", "../acme", "ssojet"] {
            assert!(check_name(root, name).is_err(), "{name}");
        }
        // One whose crate has another name.
        assert!(check_name(root, "tines").is_err());
    }

    #[test]
    fn lines_stand_before_the_line_that_they_are_given() {
        assert_eq!(inserted("a\nb c\nb\n", Some("b"), "x\n").unwrap(), "a\nx\nb c\nb\n");
        assert_eq!(inserted("b\n", Some("b"), "x\n").unwrap(), "x\nb\n");
        assert_eq!(inserted("b\n", None, "x\n").unwrap(), "b\nx\n");
        assert_eq!(inserted("a b\n", Some("b"), "x\n"), None);
        for (file, before, _) in LINES {
            let text = read(&crate::root().join(file)).unwrap();
            assert!(inserted(&text, before, "").is_some(), "{file}: {before:?}");
        }
    }

    #[test]
    fn checkpoints_get_their_checksums() {
        let lines = "text\nacme.0 {\"v\":1,\"mark\":{\"a\":1},\"check\":\"newcheck\"}\n";
        let expected = "text\nacme.0 {\"v\":1,\"mark\":{\"a\":1},\"check\":\"561bacaf\"}\n";
        assert_eq!(sealed(lines), expected);
    }

    #[test]
    fn the_skeleton_names_the_vendor_and_no_other() {
        let files = skeleton(crate::root(), "acme").unwrap();
        let has = |path: &str| files.iter().any(|(file, _)| file == Path::new(path));
        for path in ["fixtures/acme/model.toml", "crates/acme/src/client/mod.rs"] {
            assert!(has(path), "{path}");
        }
        for (path, text) in &files {
            let text = format!("{}\n{text}", path.display()).to_lowercase();
            assert!(!text.contains("newvendor"), "{}", path.display());
        }
        assert_eq!(named("NEWVENDOR_TOKEN of NewVendor", "acme"), "ACME_TOKEN of Acme");
    }
}
