//! Text for people's eyes and for pointers: cleaned of what a hostile sender may put in.

/// Adds one step to a JSON pointer, escaped by RFC 6901.
pub(crate) fn push_pointer(pointer: &mut String, step: &str) {
    pointer.push('/');
    for c in step.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// A line of at most `most` characters; the cut is marked.
pub(crate) fn cut(line: &str, most: usize) -> String {
    match line.char_indices().nth(most) {
        None => line.to_owned(),
        Some(_) => line.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// One line of at most `most` characters: markup left out, control and direction characters and
/// runs of white space turned into one space, the cut marked.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    let mut gap = false;
    let mut chars = without_markup(text).peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() || is_unsafe_to_show(c) {
            gap = !line.is_empty();
            continue;
        }
        let needed = 1 + usize::from(gap);
        let last = chars.peek().is_none();
        if length + needed > most.saturating_sub(usize::from(!last)) {
            line.push('…');
            return line;
        }
        if gap {
            line.push(' ');
        }
        gap = false;
        line.push(c);
        length += needed;
    }
    line
}

/// Whether a character must not reach a terminal or a page as it is: control characters, escapes,
/// direction marks, separators, and characters that nobody sees. Sign-in data is an attacker's
/// text: programs that show it replace these.
pub fn is_unsafe_to_show(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with `<tag …>` turned into a space. A `<` that opens no tag stays.
fn without_markup(text: &str) -> impl Iterator<Item = char> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.chars();
        let c = chars.next()?;
        let after = chars.as_str();
        let opens =
            c == '<' && after.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        if let Some((_, behind)) = opens.then(|| after.split_once('>')).flatten() {
            rest = behind;
            return Some(' ');
        }
        rest = after;
        Some(c)
    })
}

/// A duration in the largest unit that keeps it exact enough to act on: `2.1 s`, `3 min`, `2 h`.
pub(crate) fn duration(span: std::time::Duration) -> String {
    let seconds = span.as_secs_f64();
    if seconds < 10.0 && span.subsec_millis() >= 100 {
        format!("{seconds:.1} s")
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else if seconds < 7200.0 {
        format!("{:.0} min", seconds / 60.0)
    } else if seconds < 172_800.0 {
        format!("{:.0} h", seconds / 3600.0)
    } else {
        format!("{:.0} days", seconds / 86_400.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p8_a_line_has_no_control_character_no_markup_and_is_cut() {
        assert_eq!(one_line("a\r\n\tb\u{1b}[31mred\u{7}", 80), "a b [31mred");
        assert_eq!(
            one_line("<html><body class=\"x\">Bad <b>gateway</b></body>", 80),
            "Bad gateway"
        );
        assert_eq!(one_line("1 < 2 and 3 > 2", 80), "1 < 2 and 3 > 2");
        assert_eq!(one_line("left\u{202e}right", 80), "left right");
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdefg", 6), "abcde…");
        assert_eq!(one_line("   ", 6), "");
        assert_eq!(one_line("<unclosed tag", 80), "<unclosed tag");
    }

    #[test]
    fn pointers_are_escaped() {
        let mut pointer = String::new();
        push_pointer(&mut pointer, "admin/login~activities");
        push_pointer(&mut pointer, "0");
        assert_eq!(pointer, "/admin~1login~0activities/0");
    }
}
