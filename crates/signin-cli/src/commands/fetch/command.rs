//! The command line of this run with other values of some options: what to run next.

use std::path::{Path, PathBuf};

/// Flags of one letter, which may stand before `-o` in one argument.
const FLAGS: &[char] = &['q', 'v'];

/// An option that takes a value, by its names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change<'a> {
    Since(&'a str),
    Output(&'a str),
}

/// This run's command line with these changes, for a shell; None where it is no text. There is no
/// secret in it: no option takes one.
pub(crate) fn with(changes: &[Change<'_>]) -> Option<String> {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.into_string().ok());
    Some(changed(&arguments.collect::<Option<Vec<_>>>()?, changes))
}

fn changed(arguments: &[String], changes: &[Change<'_>]) -> String {
    let mut line = "signin".to_owned();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let found = changes.iter().find_map(|change| change.found_in(argument));
        let (argument, value) = match found {
            None => (argument.as_str(), None),
            Some((argument, value, is_here)) => {
                // The value that stood there goes.
                let _old = if is_here { None } else { arguments.next() };
                (argument, Some(value))
            }
        };
        for part in [Some(argument), value].into_iter().flatten() {
            line.push(' ');
            line.push_str(&quoted(part));
        }
    }
    line
}

impl<'a> Change<'a> {
    /// The option's name in an argument that is it, its new value, and whether the old one is in
    /// the same argument.
    fn found_in<'b>(self, argument: &'b str) -> Option<(&'b str, &'a str, bool)> {
        let (long, value) = match self {
            Self::Since(value) => ("--since", value),
            Self::Output(value) => ("--output", value),
        };
        let (name, is_here) = match argument.split_once('=') {
            Some((name, _)) => (name, true),
            None => (argument, false),
        };
        if name == long {
            return Some((name, value, is_here));
        }
        let letters = argument.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
        let place = letters.find(|letter| !FLAGS.contains(&letter))?;
        let is_output = letters.get(place..).is_some_and(|letters| letters.starts_with('o'));
        let (name, rest) = argument.split_at_checked(place + "-o".len())?;
        let found = is_output && matches!(self, Self::Output(_));
        found.then_some((name, value, !rest.is_empty()))
    }
}

/// An argument as a POSIX shell reads it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}

/// A name beside a file's own that nothing has yet: `sign-ins-rest.ndjson`.
pub(crate) fn beside(place: &Path) -> PathBuf {
    let text =
        |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (text(place.file_stem()), text(place.extension()));
    let ending = if ending.is_empty() { ending } else { format!(".{ending}") };
    let names = (1_u32..).map(|n| match n {
        1 => place.with_file_name(format!("{stem}-rest{ending}")),
        n => place.with_file_name(format!("{stem}-rest-{n}{ending}")),
    });
    names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(arguments: &[&str], changes: &[Change<'_>]) -> String {
        let arguments: Vec<_> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        changed(&arguments, changes)
    }

    #[test]
    fn a_value_is_replaced_however_it_was_given_and_all_else_stays() {
        let changes = [Change::Since("T"), Change::Output("new one")];
        for (arguments, expected) in [
            (&["fetch", "tines", "--since", "24h"][..], "signin fetch tines --since T"),
            (&["fetch", "tines", "--since=24h", "-q"], "signin fetch tines --since T -q"),
            (&["fetch", "-o", "a", "--since", "1h"], "signin fetch -o 'new one' --since T"),
            (
                &["fetch", "-oa", "-qoa", "-qo", "a"],
                "signin fetch -o 'new one' -qo 'new one' -qo 'new one'",
            ),
            (
                &["fetch", "--output=a", "--output", "b"],
                "signin fetch --output 'new one' --output 'new one'",
            ),
            (&["-q", "fetch", "--user", "it's", ""], "signin -q fetch --user 'it'\\''s' ''"),
            (&["fetch", "--filter", "a eq \"b\""], "signin fetch --filter 'a eq \"b\"'"),
        ] {
            assert_eq!(line(arguments, &changes), expected);
        }
        assert_eq!(line(&["fetch", "-o", "a"], &[Change::Since("T")]), "signin fetch -o a");
    }
}
