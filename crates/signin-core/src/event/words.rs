//! Words that stand where a vendor knows nothing.

/// In small letters.
const NOTHING: [&str; 6] = ["unknown", "unknownfuturevalue", "undefined", "null", "n/a", "-"];

/// Whether a word of a vendor's, such as a member of an enum or the name of a place, says nothing:
/// white space, `unknown`, `unknownFutureValue` (Graph's word for a member that is not disclosed),
/// `undefined`, `null`, `n/a` or `-`, in whatever case. An event is not made of it; it stays in
/// `unmapped`.
///
/// Not meant for what people choose, such as their names: somebody may be called so.
///
/// ```
/// use signin_core::event::says_nothing;
///
/// assert!(says_nothing("unknownFutureValue") && says_nothing("Unknown") && says_nothing(""));
/// assert!(!says_nothing("none") && !says_nothing("oAuth2"));
/// ```
pub fn says_nothing(word: &str) -> bool {
    let word = word.trim();
    word.is_empty() || NOTHING.iter().any(|nothing| nothing.eq_ignore_ascii_case(word))
}
