//! Text that others chose, made fit for a terminal: cleaned, measured, cut.

use signin_core::vendor::is_unsafe_to_show;

/// What stands in the place of a character that must not reach a terminal.
const REPLACEMENT: char = '\u{fffd}';

/// The text without anything that a terminal obeys or that hides or turns what is shown: control
/// characters, escapes, direction marks, zero-width characters, line separators.
pub(crate) fn clean(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(|c| if is_unsafe_to_show(c) { REPLACEMENT } else { c })
}

/// The cleaned text, at most `columns` wide; where it is cut, `…` says so.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    let mut fitted = String::new();
    // Where the text is cut, should it be too long: room for the mark is left there.
    let (mut used, mut cut) = (0, 0);
    for c in clean(text) {
        used += width(c);
        if used > columns {
            fitted.truncate(cut);
            if columns > 0 {
                fitted.push('…');
            }
            return fitted;
        }
        fitted.push(c);
        if used < columns {
            cut = fitted.len();
        }
    }
    fitted
}

/// How many columns the text takes at most.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Two columns for everything that may take two (wide scripts, pictures), one for the rest: an
/// upper bound, so that a row never breaks.
fn width(c: char) -> usize {
    let wide = matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{2e80}'..='\u{a4cf}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{16fe0}'..='\u{1b2ff}' | '\u{1f000}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}');
    if wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        let hostile = "a\u{1b}[31mb\r\n\t\u{7f}\u{9b}1m\u{202e}c\u{2066}\u{200b}\u{2028}d\u{feff}";
        let cleaned: String = clean(hostile).collect();
        assert_eq!(cleaned, "a�[31mb�����1m�c���d�");
        assert_eq!(clean("été 日本語 🛰").collect::<String>(), "été 日本語 🛰");
    }

    #[test]
    fn text_is_cut_to_columns_and_the_cut_is_marked() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abcde…");
        assert_eq!(fit("日本語", 6), "日本語");
        assert_eq!(fit("日本語x", 6), "日本…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本", 2), "…");
        assert_eq!(fit("ab", 0), "");
        assert_eq!(fit("", 4), "");
        assert_eq!(fit("\u{1b}\u{1b}\u{1b}", 2), "�…");
    }

    #[test]
    fn a_cut_text_is_never_wider_than_asked() {
        for asked in 0..12 {
            assert!(columns(&fit("a日b本c🛰d語e", asked)) <= asked, "{asked}");
        }
    }
}
