//! What a source refers to of its own crate, by the text of the paths that begin with `crate` or
//! `super`: comments, texts and macros' `$crate` apart.

/// A path from the crate's root.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The line that its last name stands in, from 1.
    pub(super) line: usize,
    /// Its names, without `crate`.
    pub(super) path: Vec<String>,
}

/// A word or a sign of a source, with its line.
type Token<'t> = (usize, &'t str);

/// The paths of a source whose module has this path. In lib.rs, whose is empty, those of imports
/// begin with any name.
pub(super) fn references(text: &str, module: &[String]) -> Vec<Reference> {
    let code = code(text);
    let tokens = tokens(&code);
    let mut found = Vec::new();
    let mut module = module.to_vec();
    let is_root = module.is_empty();
    // Whether each brace that is open is that of a module.
    let mut braces = Vec::new();
    for (at, (_, token)) in tokens.iter().enumerate() {
        let before =
            |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map(|it| it.1);
        let after = |on: usize| tokens.get(at + on).map(|it| it.1);
        let rest = tokens.get(at..).unwrap_or_default();
        match *token {
            "{" => {
                let name = before(1).filter(|_| before(2) == Some("mod"));
                module.extend(name.map(str::to_owned));
                braces.push(name.is_some());
            }
            "}" if braces.pop() == Some(true) => drop(module.pop()),
            "crate" | "super" | "self"
                if after(1) == Some("::")
                    && !matches!(before(1), Some("$" | "::"))
                    // In the imports of the root they are read below.
                    && !(is_root && is_in_import(&tokens, at)) =>
            {
                paths(&mut &*rest, &module, &[], &mut found);
            }
            "use" if is_root => {
                paths(&mut tokens.get(at + 1..).unwrap_or_default(), &module, &[], &mut found);
            }
            _ => {}
        }
    }
    found
}

/// Whether a token is of an import: no semicolon stands between `use` and it.
fn is_in_import(tokens: &[Token<'_>], at: usize) -> bool {
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    before.map(|(_, token)| *token).find(|token| ["use", ";"].contains(token)) == Some("use")
}

/// Reads a path, or the list of paths that it ends in.
fn paths(
    tokens: &mut &[Token<'_>],
    module: &[String],
    before: &[String],
    found: &mut Vec<Reference>,
) {
    let mut path = before.to_vec();
    let mut is_first = before.is_empty();
    let mut last = 0;
    while let [(line, token), rest @ ..] = *tokens {
        *tokens = rest;
        last = *line;
        match *token {
            "{" => {
                while !matches!(tokens.first(), None | Some((_, "}"))) {
                    paths(tokens, module, &path, found);
                    if let [(_, ","), rest @ ..] = *tokens {
                        *tokens = rest;
                    }
                }
                *tokens = tokens.get(1..).unwrap_or_default();
                return;
            }
            "crate" if is_first => path.clear(),
            "self" if is_first => path = module.to_vec(),
            "super" if is_first || before.is_empty() && path.len() < module.len() => {
                if is_first {
                    path = module.to_vec();
                }
                path.pop();
            }
            name => path.push(name.to_owned()),
        }
        is_first = false;
        match *tokens {
            [(_, "::"), (_, "<"), ..] => break,
            [(_, "::"), rest @ ..] => *tokens = rest,
            [(_, "as"), (_, name), rest @ ..] => {
                path.pop();
                path.push((*name).to_owned());
                *tokens = rest;
                break;
            }
            _ => break,
        }
    }
    found.push(Reference { line: last, path });
}

/// Words, `::` and single signs.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (at, mut rest) in code.lines().enumerate() {
        while let Some(first) = rest.chars().next() {
            let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
            let length = match first {
                _ if is_word(first) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
                _ if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            if !first.is_whitespace() {
                tokens.push((at + 1, token));
            }
            rest = behind;
        }
    }
    tokens
}

/// The source without comments and without what texts hold, line for line.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest);
        let (part, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if length == 0 {
            // A word is taken whole, so that its end opens no raw text.
            let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
            let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            let (word, behind) =
                rest.split_at_checked(end.max(first.len_utf8())).unwrap_or((rest, ""));
            code.push_str(word);
            rest = behind;
        } else {
            code.push(' ');
            code.extend(part.chars().filter(|letter| *letter == '\n'));
            rest = behind;
        }
    }
    code
}

/// How long the comment, text or letter is that stands here; 0 if none does.
fn skipped(text: &str) -> usize {
    let up_to = |end: &str| {
        text.get(2..).and_then(|rest| rest.find(end)).map_or(text.len(), |at| at + 2 + end.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return up_to("*/");
    }
    let raw = text
        .trim_start_matches('b')
        .strip_prefix('r')
        .filter(|_| text.len() - text.trim_start_matches('b').len() < 2);
    if let Some(raw) = raw {
        let quoted = raw.trim_start_matches('#');
        let hashes = raw.len() - quoted.len();
        if let Some(inner) = quoted.strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let length = inner.find(&end).map_or(inner.len(), |at| at + end.len());
            return text.len() - inner.len() + length;
        }
    }
    let plain = text.strip_prefix('b').unwrap_or(text);
    match plain.chars().next() {
        Some('"') => text.len() - plain.len() + quoted(plain),
        // A lifetime has no second quote; a letter has one after it, or is escaped.
        Some('\'') => {
            let mut letters = plain.chars().skip(1);
            match (letters.next(), letters.next()) {
                (Some('\\'), _) => text.len() - plain.len() + quoted(plain),
                (Some(letter), Some('\'')) => text.len() - plain.len() + 2 + letter.len_utf8(),
                _ => 0,
            }
        }
        _ => 0,
    }
}

/// How long a text is that begins with its quote, up to the next such that is not escaped.
fn quoted(text: &str) -> usize {
    let quote = text.chars().next();
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if Some(letter) == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, module: &[&str]) -> Vec<(usize, String)> {
        let module: Vec<_> = module.iter().map(|name| (*name).to_owned()).collect();
        let references = references(text, &module).into_iter();
        references.map(|Reference { line, path }| (line, path.join("::"))).collect()
    }

    fn expected(paths: &[(usize, &str)]) -> Vec<(usize, String)> {
        paths.iter().map(|(line, path)| (*line, (*path).to_owned())).collect()
    }

    #[test]
    fn paths_are_found_in_imports_and_in_code_and_nowhere_else() {
        let text = r##"//! `crate::a`
            use crate::{b::{C, d}, e};
            use crate::f::*;
            /* crate::g */ fn f<'a>(x: &'a crate::h::I) -> char { '"' }
            const T: &str = "crate::j \" crate::k"; const B: &[u8] = b"crate::l";
            const R: &str = r#"crate::m "crate::n" "#; const C: char = '\''; // crate::o
            macro_rules! m { () => { $crate::p::q() } }
            pub(crate) fn g() { for_crate::r(); crate::s::t::<u8>() }
            pub use crate::u::V as W;
        "##;
        let paths = [
            (2, "b::C"),
            (2, "b::d"),
            (2, "e"),
            (3, "f::*"),
            (4, "h::I"),
            (8, "s::t"),
            (9, "u::W"),
        ];
        assert_eq!(found(text, &["z"]), expected(&paths));
    }

    #[test]
    fn super_is_resolved_in_files_and_in_the_modules_within() {
        let text = "use super::a;\nuse super::super::b::C;\nuse self::d;\n\
            mod tests {\n    use super::*;\n    use super::super::e;\n}\nfn f() { super::g() }\n";
        let paths =
            [(1, "x::a"), (2, "b::C"), (3, "x::y::d"), (5, "x::y::*"), (6, "x::e"), (8, "x::g")];
        assert_eq!(found(text, &["x", "y"]), expected(&paths));
    }

    #[test]
    fn imports_of_the_root_begin_with_any_name() {
        let text = "pub use a::b::C;\npub use {\n    self::d::E,\n    f::{self, G},\n};\nfn h() { crate::i() }\n";
        let paths = [(1, "a::b::C"), (3, "d::E"), (4, "f::self"), (4, "f::G"), (6, "i")];
        assert_eq!(found(text, &[]), expected(&paths));
    }
}
