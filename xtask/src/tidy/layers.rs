//! The layers of the core: each of its folders uses those below it only. And what a crate's lib.rs
//! compiles for a feature alone, says so nowhere else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::source::{Reference, references};

/// The core's sources.
const CORE: &str = "crates/signin-core/src";

/// Its layers, the lowest first: files and folders by their names as modules.
const LAYERS: [&str; 9] =
    ["text", "error", "record", "page", "http", "send", "auth", "client", "pager"];

/// The layer that stands beside the others: it uses what is up to `page`, and no layer uses it.
const BESIDE: (&str, &str) = ("event", "page");

/// What stands above all layers.
const ABOVE: [&str; 3] = ["lib", "vendor", "testing"];

/// Where a file uses what is above it all the same, and why.
const EXCEPTIONS: [(&str, &str, &str); 3] = [
    ("crates/signin-core/src/client/client.rs", "testing", "its tests are answered from a script"),
    ("crates/signin-core/src/error.rs", "pager", "an error says from where to resume"),
    ("crates/signin-core/src/error.rs", "record", "an error holds the record that was rejected"),
];

/// Files that repeat what lib.rs says of their folder, and why.
const REPEATED: [(&str, &str); 0] = [];

/// Every breach below `root`.
pub(super) fn check(root: &Path, findings: &mut Vec<String>) {
    check_layers(root, &EXCEPTIONS, findings);
    for folder in super::folders(&root.join("crates")).unwrap_or_default() {
        check_features(root, &folder.join("src"), &REPEATED, findings);
    }
}

/// Each file of the core with what it uses.
fn check_layers(root: &Path, exceptions: &[(&str, &str, &str)], findings: &mut Vec<String>) {
    let source = root.join(CORE);
    let exported = match fs::read_to_string(source.join("lib.rs")) {
        Ok(text) => exports(&text),
        Err(error) => return findings.push(format!("{CORE}/lib.rs: {error}")),
    };
    let mut open: Vec<_> = exceptions.iter().collect();
    for file in super::files(std::slice::from_ref(&source), "rs").unwrap_or_default() {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let module = module_of(&super::relative(&source, &file));
        let file = super::relative(root, &file);
        let Some(layer) = module.first().map(String::as_str) else { continue };
        if !is_known(layer) {
            findings.push(format!("{file}: {layer} is none of the core's layers"));
            continue;
        }
        for (line, used) in used(&text, &module, &exported) {
            if may_use(layer, &used) {
                continue;
            }
            let is_excepted =
                |(other, layer, _): &(&str, &str, &str)| *other == file && *layer == used;
            if exceptions.iter().any(is_excepted) {
                open.retain(|exception| !is_excepted(exception));
            } else {
                findings.push(format!("{file}:{line}: {layer} uses {used}, which is above it"));
            }
        }
    }
    for (file, layer, _) in open {
        findings.push(format!("{file}: does not use {layer} any more: take the exception away"));
    }
}

/// What of the core's root a file uses: lines and layers.
fn used(
    text: &str,
    module: &[String],
    exported: &BTreeMap<String, String>,
) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    for Reference { line, path } in references(text, module) {
        // `crate::*` and what lib.rs defines itself are of lib.rs.
        let Some(first) = path.first() else { continue };
        let layer = match exported.get(first) {
            _ if is_known(first) => first,
            Some(layer) => layer,
            None => "lib",
        };
        used.push((line, layer.to_owned()));
    }
    used.dedup();
    used
}

fn is_known(layer: &str) -> bool {
    LAYERS.contains(&layer) || ABOVE.contains(&layer) || layer == BESIDE.0
}

fn may_use(layer: &str, used: &str) -> bool {
    let rank = |layer: &str| LAYERS.iter().position(|other| *other == layer);
    match (rank(layer), rank(used)) {
        _ if layer == used || ABOVE.contains(&layer) => true,
        (Some(layer), Some(used)) => used < layer,
        (None, Some(used)) if layer == BESIDE.0 => Some(used) <= rank(BESIDE.1),
        _ => false,
    }
}

/// A file below the sources as the path of its module: `send/retry.rs` is `send`, `retry`.
fn module_of(file: &str) -> Vec<String> {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').map(str::to_owned).collect()
}

/// The names that lib.rs exports, and the layer that each is from.
fn exports(lib: &str) -> BTreeMap<String, String> {
    let of_lib = references(lib, &[]).into_iter();
    let paths =
        of_lib.filter(|reference| reference.path.first().is_some_and(|name| is_known(name)));
    let ends = paths
        .filter_map(|Reference { path, .. }| Some((path.last()?.clone(), path.first()?.clone())));
    ends.collect()
}

/// What lib.rs compiles for a feature alone: no file of it says the same again.
fn check_features(
    root: &Path,
    source: &Path,
    repeated: &[(&str, &str)],
    findings: &mut Vec<String>,
) {
    let lib = fs::read_to_string(source.join("lib.rs")).unwrap_or_default();
    for (module, attribute) in gated(&lib) {
        let folder = source.join(module);
        let mut files = super::files(std::slice::from_ref(&folder), "rs").unwrap_or_default();
        files.push(folder.with_extension("rs"));
        for file in files {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let file = super::relative(root, &file);
            if repeated.iter().any(|(other, _)| *other == file) {
                continue;
            }
            for (at, line) in text.lines().enumerate() {
                if line.trim_start().starts_with(attribute) {
                    let line = at + 1;
                    findings.push(format!(
                        "{file}:{line}: repeats {attribute}, which lib.rs says of {module}"
                    ));
                }
            }
        }
    }
}

/// The modules that lib.rs compiles under an attribute `cfg`, each with it.
fn gated(lib: &str) -> Vec<(&str, &str)> {
    let pairs = lib.lines().zip(lib.lines().skip(1));
    let gated = pairs.filter_map(|(attribute, module)| {
        let attribute = attribute.trim().strip_prefix("#[cfg(").map(|_| attribute.trim())?;
        let module = module.trim().strip_prefix("pub ").unwrap_or(module.trim());
        Some((module.strip_prefix("mod ")?.strip_suffix(';')?, attribute))
    });
    gated.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a core of these files.
    fn found(name: &str, files: &[(&str, &str)], exceptions: &[(&str, &str, &str)]) -> Vec<String> {
        let root = tree(name, files);
        let mut findings = Vec::new();
        check_layers(&root, exceptions, &mut findings);
        fs::remove_dir_all(root).unwrap();
        findings
    }

    fn tree(name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
        let root = std::env::temp_dir().join(format!("tidy-{name}-{}", std::process::id()));
        for (file, text) in files {
            let file = root.join(CORE).join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        root
    }

    #[test]
    fn a_layer_uses_what_is_below_it_and_nothing_above() {
        let above = "//! A page.\nuse crate::record::Json;\nuse crate::{\n    error::Error,\n    pager::Items,\n};\n\
            fn f() { crate::http::send() }\n";
        let below = "//! Pages.\nuse crate::page::Page;\nuse crate::{record::Json, http};\n";
        let findings = found(
            "layers",
            &[("lib.rs", ""), ("page/page.rs", above), ("pager/mod.rs", below)],
            &[],
        );
        let file = "crates/signin-core/src/page/page.rs";
        let expected = [
            format!("{file}:5: page uses pager, which is above it"),
            format!("{file}:7: page uses http, which is above it"),
        ];
        assert_eq!(findings, expected);
    }

    #[test]
    fn a_name_that_lib_exports_is_of_its_own_layer() {
        let lib = "pub use pager::{items::Items, report};\npub use self::http::secret::Secret as Hidden;\npub struct Own;\n";
        let send = "use crate::{Hidden, Items};\nuse crate::Own;\n";
        let findings = found("exports", &[("lib.rs", lib), ("send/mod.rs", send)], &[]);
        let file = "crates/signin-core/src/send/mod.rs";
        let expected = [
            format!("{file}:1: send uses pager, which is above it"),
            format!("{file}:2: send uses lib, which is above it"),
        ];
        assert_eq!(findings, expected);
    }

    #[test]
    fn the_way_out_of_a_layer_by_super_is_a_way_too() {
        let text = "use super::super::auth;\nuse super::retry;\n\
            mod tests { use super::super::retry; use super::super::super::pager::Items; }\n";
        let findings = found("super", &[("lib.rs", ""), ("send/attempts.rs", text)], &[]);
        let file = "crates/signin-core/src/send/attempts.rs";
        let expected = [
            format!("{file}:1: send uses auth, which is above it"),
            format!("{file}:3: send uses pager, which is above it"),
        ];
        assert_eq!(findings, expected);
    }

    #[test]
    fn events_stand_beside_and_the_root_above() {
        let allowed = "use crate::record::Json;\nuse crate::page::Page;\n";
        let event = format!("{allowed}use crate::http::Origin;\n");
        let everything = "use crate::pager::Items;\nuse crate::event::SignIn;\n";
        let files = [
            ("lib.rs", ""),
            ("event/mod.rs", &*event),
            ("vendor.rs", everything),
            ("testing.rs", everything),
            ("pager/mod.rs", "use crate::event::SignIn;\nuse crate::vendor;\n"),
            ("error.rs", "use crate::text::line;\nuse crate::record::Json;\n"),
            ("other.rs", ""),
        ];
        let src = "crates/signin-core/src";
        let mut expected = vec![
            format!("{src}/error.rs:2: error uses record, which is above it"),
            format!("{src}/event/mod.rs:3: event uses http, which is above it"),
            format!("{src}/other.rs: other is none of the core's layers"),
            format!("{src}/pager/mod.rs:1: pager uses event, which is above it"),
            format!("{src}/pager/mod.rs:2: pager uses vendor, which is above it"),
        ];
        assert_eq!(found("beside", &files, &[]), expected);
        let exceptions = [
            ("crates/signin-core/src/error.rs", "record", "it has to"),
            ("crates/signin-core/src/text.rs", "record", "it had to"),
        ];
        expected.remove(0);
        expected
            .push(format!("{src}/text.rs: does not use record any more: take the exception away"));
        assert_eq!(found("excepted", &files, &exceptions), expected);
    }

    #[test]
    fn what_lib_says_of_a_folder_no_file_of_it_repeats() {
        let lib = "#[cfg(feature = \"client\")]\nmod client;\n#[cfg(feature = \"events\")]\npub mod event;\nmod page;\n";
        let root = tree(
            "features",
            &[
                ("lib.rs", lib),
                (
                    "client/mod.rs",
                    "//! A.\n#[cfg(feature = \"client\")]\nmod a;\n#[cfg(feature = \"gzip\")]\nmod b;\n",
                ),
                ("client/a.rs", "//! #[cfg(feature = \"client\")]\n"),
                ("event.rs", "fn f() {\n    #[cfg(feature = \"events\")]\n    g();\n}\n"),
                ("page/mod.rs", "#[cfg(feature = \"client\")]\nmod a;\n"),
            ],
        );
        let mut findings = Vec::new();
        check_features(&root, &root.join(CORE), &[], &mut findings);
        let src = "crates/signin-core/src";
        let expected = [
            format!(
                "{src}/client/mod.rs:2: repeats #[cfg(feature = \"client\")], which lib.rs says of client"
            ),
            format!(
                "{src}/event.rs:2: repeats #[cfg(feature = \"events\")], which lib.rs says of event"
            ),
        ];
        assert_eq!(findings, expected);
        let event = format!("{src}/event.rs");
        findings.clear();
        check_features(&root, &root.join(CORE), &[(&event, "it has to")], &mut findings);
        assert_eq!(findings, expected[..1]);
        fs::remove_dir_all(root).unwrap();
    }
}
