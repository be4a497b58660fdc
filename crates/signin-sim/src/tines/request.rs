//! The parameters of a request for sign-in activities.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::errors;
use crate::answer::Answer;
use crate::query;

const DEFAULT_PER_PAGE: u64 = 20;
const MAX_PER_PAGE: u64 = 500;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) after: Option<OffsetDateTime>,
    pub(super) before: Option<OffsetDateTime>,
    pub(super) per_page: u64,
    pub(super) page: u64,
    /// The rest of the query as it was sent, for the links: all but `per_page` and `page`.
    pub(super) kept: String,
}

impl Parameters {
    /// Reads a query.
    pub(super) fn read(query: &str) -> Result<Self, Answer> {
        let (mut after, mut before) = (None, None);
        let (mut per_page, mut page) = (DEFAULT_PER_PAGE, 1);
        let mut kept = Vec::new();
        for pair in query::pairs(query) {
            match pair.name.as_str() {
                "per_page" => per_page = number("per_page", &pair.value)?.min(MAX_PER_PAGE),
                "page" => page = number("page", &pair.value)?,
                name => {
                    kept.push(pair.raw);
                    match name {
                        "after" => after = Some(timestamp("after", &pair.value)?),
                        "before" => before = Some(timestamp("before", &pair.value)?),
                        _ => {}
                    }
                }
            }
        }
        Ok(Self { after, before, per_page, page, kept: kept.join("&") })
    }
}

fn timestamp(name: &str, value: &str) -> Result<OffsetDateTime, Answer> {
    OffsetDateTime::parse(value, &Rfc3339).map_err(|_| errors::bad_timestamp(name))
}

fn number(name: &str, value: &str) -> Result<u64, Answer> {
    digits(value).filter(|number| *number > 0).ok_or_else(|| errors::bad_number(name))
}

/// Digits only: `u64::from_str` would take a sign as well.
pub(super) fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Parameters, digits};

    #[test]
    fn the_documented_defaults_hold_and_per_page_is_clamped() {
        let read = Parameters::read("").unwrap();
        assert_eq!((read.per_page, read.page), (20, 1));
        let read = Parameters::read("per_page=501&page=3&page=4").unwrap();
        assert_eq!((read.per_page, read.page), (500, 4));
    }

    #[test]
    fn all_but_the_paging_is_kept_as_it_was_sent() {
        let query = "after=2026-01-01T00%3A00%3A00%2B02:00&page=2&x=%20y&per_page=5";
        let read = Parameters::read(query).unwrap();
        assert_eq!(read.kept, "after=2026-01-01T00%3A00%3A00%2B02:00&x=%20y");
        assert_eq!(read.after.unwrap().unix_timestamp(), 1_767_218_400);
    }

    #[test]
    fn bad_values_are_refused() {
        let status = |query| Parameters::read(query).unwrap_err().status.as_u16();
        assert_eq!(status("page=0"), 422);
        assert_eq!(status("page=+1"), 422);
        assert_eq!(status("per_page="), 422);
        assert_eq!(status("per_page=99999999999999999999"), 422);
        assert_eq!(status("before=yesterday"), 400);
        assert_eq!(status("after="), 400);
        // An unescaped plus is a space.
        assert_eq!(status("after=2026-01-01T00:00:00+02:00"), 400);
        assert_eq!(digits("-1"), None);
    }
}
