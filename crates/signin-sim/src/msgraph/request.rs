//! What a request for a list asks for, and the links and skip tokens that go on with it.

use std::fmt::Write as _;

use super::errors;
use super::filter::Filter;
use crate::answer::Answer;
use crate::query;
use crate::seed::Seed;

const MOST_ON_A_PAGE: u64 = 1000;

/// What a request for a list asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) filter: Option<Filter>,
    pub(super) top: u64,
    pub(super) oldest_first: bool,
    pub(super) select: Option<Vec<String>>,
    pub(super) at: Option<SkipToken>,
    /// The options as they were sent, decoded, for the link; all but the skip token.
    options: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn read(query: &str, seed: Seed) -> Result<Self, Answer> {
        let mut asked = Self {
            filter: None,
            top: MOST_ON_A_PAGE,
            oldest_first: false,
            select: None,
            at: None,
            options: Vec::new(),
        };
        let mut token = None;
        for pair in query::pairs(query) {
            let refuse = || errors::bad_option(&pair.name);
            match pair.name.as_str() {
                "$filter" => {
                    let filter = Filter::parse(&pair.value).ok_or_else(errors::bad_filter)?;
                    asked.filter = Some(filter);
                }
                "$top" => {
                    asked.top = pair.value.parse().map_err(|_| refuse())?;
                    if !(1..=MOST_ON_A_PAGE).contains(&asked.top) {
                        return Err(refuse());
                    }
                }
                "$orderby" => {
                    asked.oldest_first = match pair.value.as_str() {
                        "createdDateTime" | "createdDateTime asc" => true,
                        "createdDateTime desc" => false,
                        _ => return Err(refuse()),
                    };
                }
                "$select" => {
                    asked.select = Some(pair.value.split(',').map(str::to_owned).collect());
                }
                "$skiptoken" => {
                    token = Some(pair.value);
                    continue;
                }
                // `$skip` among them.
                name if name.starts_with('$') => return Err(refuse()),
                _ => {}
            }
            asked.options.push((pair.name, pair.value));
        }
        if let Some(token) = token {
            let token = SkipToken::read(&token, asked.check(seed));
            asked.at = Some(token.ok_or_else(errors::dead_skip_token)?);
        }
        Ok(asked)
    }

    /// What binds a skip token to its list.
    fn check(&self, seed: Seed) -> u64 {
        let options = self.options.iter();
        options.fold(seed, |seed, (name, value)| seed.branch(name).branch(value)).bits() >> 32
    }

    /// The query of the next page, written as the real service does: `$`, `(` and `'` are not
    /// escaped alike, and a space is a plus.
    pub(super) fn next_query(&self, next: &SkipToken, seed: Seed) -> String {
        let mut query = String::new();
        for (name, value) in &self.options {
            let _ = write!(query, "{name}={}&", escaped(value));
        }
        let _ = write!(query, "$skiptoken={}", next.text(self.check(seed)));
        query
    }
}

fn escaped(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars() {
        match c {
            ' ' => out.push('+'),
            c if c.is_ascii_alphanumeric() || "-_.~$():,/".contains(c) => out.push(c),
            c => {
                for byte in c.to_string().bytes() {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
        }
    }
    out
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SkipToken {
    /// The first row of all that is not yet passed over: from above, or from below.
    pub(super) next: u64,
    /// The row that was yielded last.
    pub(super) last: Option<u64>,
    /// How many pages there were.
    pub(super) step: u64,
    /// After how many requests it was made.
    pub(super) issued: u64,
}

impl SkipToken {
    fn text(&self, check: u64) -> String {
        let last = self.last.map_or_else(|| "x".to_owned(), |last| last.to_string());
        format!("{}_{last}_{}_{}_{check:08x}", self.next, self.step, self.issued)
    }

    fn read(text: &str, check: u64) -> Option<Self> {
        let parts: Vec<&str> = text.split('_').collect();
        let [next, last, step, issued, sum] = parts.as_slice() else { return None };
        let token = Self {
            next: next.parse().ok()?,
            last: last.parse().ok(),
            step: step.parse().ok()?,
            issued: issued.parse().ok()?,
        };
        (*sum == format!("{check:08x}") && token.text(check) == text).then_some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, SkipToken};
    use crate::seed::Seed;

    #[test]
    fn a_link_asks_for_the_same_list_and_no_other() {
        let seed = Seed::new(1);
        let query = "%24filter=userDisplayName%20eq%20%27a%26b%2B%27&$top=5";
        let asked = Asked::read(query, seed).unwrap();
        let token = SkipToken { next: 7, last: Some(8), step: 1, issued: 3 };
        let link = asked.next_query(&token, seed);
        assert!(
            link.starts_with(
                "$filter=userDisplayName+eq+%27a%26b%2B%27&$top=5&$skiptoken=7_8_1_3_"
            )
        );
        let again = Asked::read(&link, seed).unwrap();
        assert_eq!(again.at, Some(token));
        assert_eq!(again.filter, asked.filter);
        assert!(Asked::read(&link.replace("%26", "%25"), seed).is_err());
        assert!(Asked::read(&link.replace("=7_", "=6_"), seed).is_ok(), "only the list is bound");
    }

    #[test]
    fn bad_values_are_refused() {
        for query in [
            "$top=0",
            "$top=1001",
            "$top=x",
            "$skip=5",
            "$orderby=id",
            "$filter=x",
            "$skiptoken=1",
            "$count=true",
        ] {
            assert_eq!(
                Asked::read(query, Seed::new(1)).unwrap_err().status.as_u16(),
                400,
                "{query}"
            );
        }
    }
}
