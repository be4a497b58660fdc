//! The parameters of requests: those of every list, and those of each.

use std::collections::BTreeSet;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::errors;
use crate::answer::Answer;
use crate::query;

const DEFAULT_PER_PAGE: u64 = 20;
const MAX_PER_PAGE: u64 = 500;

/// Which page is asked for.
#[derive(Debug)]
pub(super) struct PageRequest {
    pub(super) per_page: u64,
    pub(super) page: u64,
    /// The rest of the query as it was sent, for the links: all but `per_page` and `page`.
    pub(super) kept: String,
}

impl PageRequest {
    /// Reads a query; `other` takes the name and value of each of the rest.
    fn read(
        query: &str,
        mut other: impl FnMut(&str, &str) -> Result<(), Answer>,
    ) -> Result<Self, Answer> {
        let (mut per_page, mut page) = (DEFAULT_PER_PAGE, 1);
        let mut kept = Vec::new();
        for pair in query::pairs(query) {
            match pair.name.as_str() {
                "per_page" => per_page = number("per_page", &pair.value)?.min(MAX_PER_PAGE),
                "page" => page = number("page", &pair.value)?,
                name => {
                    kept.push(pair.raw);
                    other(name, &pair.value)?;
                }
            }
        }
        Ok(Self { per_page, page, kept: kept.join("&") })
    }
}

/// Between which instants, both of them outside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bounds {
    pub(super) after: Option<OffsetDateTime>,
    pub(super) before: Option<OffsetDateTime>,
}

impl Bounds {
    fn take(&mut self, name: &str, value: &str) -> Result<(), Answer> {
        match name {
            "after" => self.after = Some(timestamp("after", value)?),
            "before" => self.before = Some(timestamp("before", value)?),
            _ => {}
        }
        Ok(())
    }
}

/// What a request for sign-in activities asks for.
#[derive(Debug)]
pub(super) struct SigninActivities {
    pub(super) place: PageRequest,
    pub(super) bounds: Bounds,
}

impl SigninActivities {
    pub(super) fn read(query: &str) -> Result<Self, Answer> {
        let mut bounds = Bounds::default();
        let place = PageRequest::read(query, |name, value| bounds.take(name, value))?;
        Ok(Self { place, bounds })
    }
}

/// What a request for users asks for.
#[derive(Debug)]
pub(super) struct Users {
    pub(super) place: PageRequest,
    /// Owners of the tenant only.
    pub(super) owners: bool,
    /// With their teams.
    pub(super) teams: bool,
}

impl Users {
    pub(super) fn read(query: &str) -> Result<Self, Answer> {
        let (mut owners, mut teams) = (false, false);
        let place = PageRequest::read(query, |name, value| {
            match name {
                "filter" => owners = is_only("filter", value, "TENANT_OWNER")?,
                "include" => teams = is_only("include", value, "team_memberships")?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(Self { place, owners, teams })
    }
}

/// What a request for the audit log asks for.
#[derive(Debug)]
pub(super) struct AuditLogs {
    pub(super) place: PageRequest,
    pub(super) bounds: Bounds,
    /// The ids of the users, or all users; what is no number is nobody's.
    pub(super) users: Option<BTreeSet<u64>>,
    /// The names of the operations, or all operations.
    pub(super) operations: Option<BTreeSet<String>>,
}

impl AuditLogs {
    pub(super) fn read(query: &str) -> Result<Self, Answer> {
        let mut bounds = Bounds::default();
        let (mut users, mut operations) = (Choice::default(), Choice::default());
        let place = PageRequest::read(query, |name, value| {
            match name {
                "user_id" => users.one = Some(value.to_owned()),
                "user_id[]" => users.many.push(value.to_owned()),
                "operation_name" => operations.one = Some(value.to_owned()),
                "operation_name[]" => operations.many.push(value.to_owned()),
                _ => bounds.take(name, value)?,
            }
            Ok(())
        })?;
        let users = users.values();
        let users = users.map(|ids| ids.iter().filter_map(|id| digits(id)).collect());
        Ok(Self { place, bounds, users, operations: operations.values() })
    }
}

/// A filter that can be sent as `name` or as any number of `name[]`.
#[derive(Default)]
struct Choice {
    one: Option<String>,
    many: Vec<String>,
}

impl Choice {
    fn values(self) -> Option<BTreeSet<String>> {
        let values: BTreeSet<_> = self.many.into_iter().chain(self.one).collect();
        (!values.is_empty()).then_some(values)
    }
}

/// True, or a refusal: the parameter has one documented value.
fn is_only(name: &str, value: &str, documented: &str) -> Result<bool, Answer> {
    if value == documented { Ok(true) } else { Err(errors::bad_choice(name, documented)) }
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
    use super::{AuditLogs, SigninActivities, Users, digits};

    #[test]
    fn the_documented_defaults_hold_and_per_page_is_clamped() {
        let read = SigninActivities::read("").unwrap().place;
        assert_eq!((read.per_page, read.page), (20, 1));
        let read = SigninActivities::read("per_page=501&page=3&page=4").unwrap().place;
        assert_eq!((read.per_page, read.page), (500, 4));
    }

    #[test]
    fn all_but_the_paging_is_kept_as_it_was_sent() {
        let query = "after=2026-01-01T00%3A00%3A00%2B02:00&page=2&x=%20y&per_page=5";
        let read = SigninActivities::read(query).unwrap();
        assert_eq!(read.place.kept, "after=2026-01-01T00%3A00%3A00%2B02:00&x=%20y");
        assert_eq!(read.bounds.after.unwrap().unix_timestamp(), 1_767_218_400);
    }

    #[test]
    fn bad_values_are_refused() {
        let status = |query| SigninActivities::read(query).unwrap_err().status.as_u16();
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

    #[test]
    fn a_filter_is_one_value_or_many_and_the_last_of_a_plain_one_counts() {
        let read = |query| {
            let read = AuditLogs::read(query).unwrap();
            let users = read.users.map(|ids| ids.into_iter().collect::<Vec<_>>());
            (users, read.operations.map(|names| names.into_iter().collect::<Vec<_>>()))
        };
        assert_eq!(read("x=1"), (None, None));
        assert_eq!(read("user_id=1&user_id=2").0, Some(vec![2]));
        assert_eq!(read("user_id%5B%5D=1&user_id[]=2&user_id[]=1").0, Some(vec![1, 2]));
        assert_eq!(read("user_id[]=1&user_id=2").0, Some(vec![1, 2]));
        assert_eq!(read("user_id=ada").0, Some(vec![]));
        assert_eq!(read("operation_name=a&operation_name[]=B").1.unwrap(), ["B", "a"]);
    }

    #[test]
    fn users_take_the_documented_choices_only() {
        let read = Users::read("filter=TENANT_OWNER&include=team_memberships").unwrap();
        assert!(read.owners && read.teams);
        let status = |query| Users::read(query).unwrap_err().status.as_u16();
        assert_eq!(status("filter=tenant_owner"), 422);
        assert_eq!(status("include="), 422);
        assert!(Users::read("before=yesterday").is_ok(), "no parameter of users");
    }
}
