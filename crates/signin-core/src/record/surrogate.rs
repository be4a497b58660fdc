//! Half a surrogate: what JSON can write in a text and no text can hold, such as `"\ud800"`.

use std::borrow::Cow;

/// The JSON text with each half of a surrogate replaced. All else stays as it is.
pub(crate) fn replace_halves(json: &str, with: impl Fn(&str, &mut String)) -> Cow<'_, str> {
    let mut out = String::new();
    // Up to here everything is in `out`.
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        let escape = json.get(at..).unwrap_or_default();
        match half(escape) {
            Escape::Half => {
                out.push_str(json.get(done..at).unwrap_or_default());
                with(escape.get(..HALF).unwrap_or_default(), &mut out);
                at += HALF;
                done = at;
            }
            Escape::Whole(length) => at += length,
        }
    }
    if done == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(json.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// Replaces each half by the text of its escape: `"\ud800"` becomes `"\\ud800"`, a text of six
/// characters. Any reader of JSON takes that, and what was sent can still be seen.
#[cfg(feature = "events")]
pub(crate) fn spell_halves(json: &str) -> Cow<'_, str> {
    replace_halves(json, |half, out| {
        out.push('\\');
        out.push_str(half);
    })
}

/// The length of one escape of four digits.
const HALF: usize = 6;

enum Escape {
    /// Half a surrogate.
    Half,
    /// An escape that text can hold, and its length.
    Whole(usize),
}

/// What a text that begins with a backslash begins with.
fn half(escape: &str) -> Escape {
    let unit = |text: Option<&str>| {
        let digits = text?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    match unit(escape.get(..HALF)) {
        Some(0xd800..=0xdbff) => match unit(escape.get(HALF..2 * HALF)) {
            Some(0xdc00..=0xdfff) => Escape::Whole(2 * HALF),
            _ => Escape::Half,
        },
        Some(0xdc00..=0xdfff) => Escape::Half,
        Some(_) => Escape::Whole(HALF),
        // `\\`, `\"` and the like.
        None => Escape::Whole(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_replaced_wherever_they_stand() {
        for (json, expected) in [
            (r#"{"a":"b"}"#, r#"{"a":"b"}"#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud800""#, r#""?""#),
            (r#""\uD800x\uDFFF""#, r#""?x?""#),
            (r#""\ude00\ud83d""#, r#""??""#),
            (r#""\ud800\ud83d\ude00""#, r#""?\ud83d\ude00""#),
            (r#""\ud800\u0041""#, r#""?\u0041""#),
            (r#""\\ud800""#, r#""\\ud800""#),
            (r#""\\\ud800\n""#, r#""\\?\n""#),
            (r#"{"\udead":["\ud83d"]}"#, r#"{"?":["?"]}"#),
            (r#""ü\ud800ü""#, r#""ü?ü""#),
            ("\"\\ud80", "\"\\ud80"),
            ("\\", "\\"),
        ] {
            let replaced = replace_halves(json, |half, out| {
                assert_eq!(half.len(), HALF);
                out.push('?');
            });
            assert_eq!(replaced, expected, "{json}");
        }
    }

    #[cfg(feature = "events")]
    #[test]
    fn a_half_is_spelled_as_it_was_sent() {
        assert_eq!(spell_halves(r#"{"\uD800":"a\udfFf"}"#), r#"{"\\uD800":"a\\udfFf"}"#);
        let text: String = serde_json::from_str(&spell_halves(r#""\ud800""#)).unwrap();
        assert_eq!(text, r"\ud800");
    }
}
