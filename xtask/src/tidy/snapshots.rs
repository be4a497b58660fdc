//! Snapshots show what people see, and are read by people: none holds a secret of the tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::Lit;

/// What the constants of tests that hold a marked secret are called, or end in.
const NAMES: [&str; 6] = ["ISSUED", "KEY", "MARKED", "PASSWORD", "SECRET", "TOKEN"];

/// A piece this long is a good part of a secret, and nothing else.
const PIECE: usize = 12;

/// What secrets are filled up with, and samples are too.
const FILLING: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Every breach below `root`.
pub(super) fn check(root: &Path, findings: &mut Vec<String>) {
    let folders = [root.join("crates")];
    let files = |ending| super::files(&folders, ending).unwrap_or_default();
    let mut marks = BTreeSet::new();
    let mut shown = Vec::new();
    for file in files("rs") {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let Ok(tokens) = text.parse::<TokenStream>() else { continue };
        let (mut secrets, mut inline) = (BTreeSet::new(), Vec::new());
        read(tokens, &mut secrets, &mut inline);
        if is_of_tests(&super::relative(root, &file)) {
            marks.append(&mut secrets);
        }
        shown.push((file, inline.join("\n")));
    }
    for file in files("snap") {
        let text = fs::read_to_string(&file).unwrap_or_default();
        shown.push((file, text));
    }
    if marks.is_empty() {
        findings.push("crates: no test has a marked secret".to_owned());
    }
    for (file, text) in shown {
        if let Some(piece) = piece_of(&marks, &text) {
            let file = super::relative(root, &file);
            findings.push(format!("{file}: a snapshot shows {piece:?}, of a marked secret"));
        }
    }
}

/// The secrets that constants hold, and the snapshots that stand in the source after an `@`.
fn read(tokens: TokenStream, marks: &mut BTreeSet<String>, inline: &mut Vec<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let text = |place: Option<&TokenTree>| match place {
            Some(TokenTree::Literal(literal)) => match Lit::new(literal.clone()) {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        };
        match token {
            TokenTree::Group(group) => read(group.stream(), marks, inline),
            TokenTree::Punct(sign) if sign.as_char() == '@' => {
                inline.extend(text(tokens.get(at + 1)));
            }
            TokenTree::Ident(word) if word == "const" || word == "static" => {
                let is_secret = tokens.get(at + 1).is_some_and(|name| is_secret(&name.to_string()));
                let mut rest = tokens.iter().skip(at + 2);
                let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if ['=', ';'].contains(&sign.as_char()));
                rest.by_ref().take_while(|token| !is_end(token)).for_each(drop);
                // An answer with a token is called so too.
                let fits = |text: &String| text.chars().count() >= PIECE && !text.starts_with('{');
                marks.extend(text(rest.next()).filter(fits).filter(|_| is_secret));
            }
            _ => {}
        }
    }
}

/// Whether tests alone read a source, which is where secrets are marked.
fn is_of_tests(path: &str) -> bool {
    path.contains("/tests/") || path.starts_with("crates/signin-contract/")
}

/// Whether a constant of this name holds a secret.
fn is_secret(name: &str) -> bool {
    name.rsplit('_').next().is_some_and(|last| NAMES.contains(&last))
}

/// Twelve characters in a row of a secret that a text shows, in letters of either case.
fn piece_of(marks: &BTreeSet<String>, text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let pieces = marks.iter().flat_map(|mark| {
        let mark: Vec<_> = mark.to_lowercase().chars().collect();
        mark.windows(PIECE).map(String::from_iter).collect::<Vec<_>>()
    });
    pieces.into_iter().find(|piece| text.contains(piece) && !FILLING.contains(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_inline_snapshots_are_found_wherever_they_stand() {
        let source = r##"
            pub(crate) const KEY: &str = "key-0123456789";
            const SHORT_KEY: &str = "key";
            const NO_TOKEN: &str = r#"{"access_token":"x"}"#;
            const KEYS: [&str; 1] = ["keys-0123456789"];
            fn test() {
                const API_TOKEN: &'static str =
                    "token/\"0123456789";
                insta::assert_snapshot!(text(), @r#"one "line""#);
                assert_debug_snapshot!(value, @"two\nlines");
            }"##;
        let (mut marks, mut inline) = (BTreeSet::new(), Vec::new());
        read(source.parse().unwrap(), &mut marks, &mut inline);
        assert_eq!(marks.into_iter().collect::<Vec<_>>(), ["key-0123456789", "token/\"0123456789"]);
        assert_eq!(inline, ["one \"line\"", "two\nlines"]);
    }

    #[test]
    fn a_snapshot_that_shows_a_good_part_of_a_secret_is_a_finding() {
        let marks = BTreeSet::from(["Marked-0123456789".to_owned()]);
        assert_eq!(piece_of(&marks, "bearer MARKED-01234"), Some("marked-01234".into()));
        assert_eq!(piece_of(&marks, "a marked key: 012345678"), None);
        let filled = BTreeSet::from(["key-0123456789abcdef".to_owned()]);
        assert_eq!(piece_of(&filled, "id: 0123456789abcdef"), None);

        let root = std::env::temp_dir().join(format!("tidy-snapshots-{}", std::process::id()));
        let folder = root.join("crates/a/tests/snapshots");
        fs::create_dir_all(&folder).unwrap();
        let of = |source: &str, snapshot: &str| {
            fs::write(root.join("crates/a/tests/it.rs"), source).unwrap();
            fs::write(root.join("crates/a/hint.rs"), "const TOKEN: &str = \"error: [secret]\";")
                .unwrap();
            fs::write(folder.join("it__a.snap"), snapshot).unwrap();
            let mut findings = Vec::new();
            check(&root, &mut findings);
            findings
        };
        let constant = "const MARKED: &str = \"Marked-0123456789\";";
        assert_eq!(of(constant, "error: [secret]"), [""; 0]);
        assert_eq!(of(constant, "error: Marked-0123456789").len(), 1);
        let inline =
            format!("{constant} fn a() {{ insta::assert_snapshot!(a, @\"marked-01234\"); }}");
        assert_eq!(of(&inline, "error: [secret]").len(), 1);
        assert_eq!(of("", "error: [secret]").len(), 1, "nothing to look for");
        fs::remove_dir_all(root).unwrap();
    }
}
