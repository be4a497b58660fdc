//! What of the sign-ins is asked for, as data, and its `$filter`.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::client::odata::{self, refuse};
use crate::{ApiVersion, Result, SignInEventType};

/// One test of one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Is(String),
    StartsWith(String),
    Number(i32),
}

impl Test {
    fn clause(&self, property: &str) -> Result<String> {
        Ok(match self {
            Self::Is(value) => format!("{property} eq {}", odata::text(value)?),
            Self::StartsWith(prefix) if prefix.is_empty() => {
                return Err(refuse(format!("the prefix of {property} is empty")));
            }
            Self::StartsWith(prefix) => format!("startsWith({property},{})", odata::text(prefix)?),
            Self::Number(value) => format!("{property} eq {value}"),
        })
    }
}

/// The earliest time, itself included or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    At(OffsetDateTime),
    After(OffsetDateTime),
}

/// Everything that `$filter` is made from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) from: Option<From>,
    pub(crate) before: Option<OffsetDateTime>,
    /// Properties in the order in which they were first named, each with its tests.
    tests: Vec<(&'static str, Vec<Test>)>,
    pub(crate) kinds: BTreeSet<SignInEventType>,
    pub(crate) raw: Vec<String>,
}

impl Filter {
    /// Adds a test; the tests of one property are alternatives.
    pub(crate) fn test(&mut self, property: &'static str, test: Test) {
        match self.tests.iter_mut().find(|(other, _)| *other == property) {
            Some((_, tests)) => tests.push(test),
            None => self.tests.push((property, vec![test])),
        }
    }

    /// The lowest version that can answer it.
    pub(crate) fn version(&self) -> ApiVersion {
        let others = self.kinds.iter().any(|kind| *kind != SignInEventType::InteractiveUser);
        if others { ApiVersion::Beta } else { ApiVersion::V1 }
    }

    /// The filter's text; None for everything.
    pub(crate) fn text(&self) -> Result<Option<String>> {
        let mut clauses = Vec::new();
        match self.from {
            Some(From::At(time)) => {
                clauses.push(format!("createdDateTime ge {}", odata::time(time)?));
            }
            Some(From::After(time)) => {
                clauses.push(format!("createdDateTime gt {}", odata::time(time)?));
            }
            None => {}
        }
        if let Some(time) = self.before {
            clauses.push(format!("createdDateTime lt {}", odata::end(time)?));
        }
        for (property, tests) in &self.tests {
            let tests = tests.iter().map(|test| test.clause(property));
            clauses.push(any_of(&tests.collect::<Result<Vec<_>>>()?));
        }
        if self.version() == ApiVersion::Beta {
            let kinds = self.kinds.iter().map(|kind| format!("t eq '{}'", kind.as_str()));
            let kinds: Vec<_> = kinds.collect();
            clauses.push(format!("signInEventTypes/any(t: {})", kinds.join(" or ")));
        }
        for raw in &self.raw {
            if raw.trim().is_empty() || raw.chars().any(char::is_control) {
                return Err(refuse("the raw filter is empty or holds a control character"));
            }
            clauses.push(format!("({raw})"));
        }
        Ok((!clauses.is_empty()).then(|| clauses.join(" and ")))
    }

    /// Refuses a range that no record can be in.
    pub(crate) fn check(&self) -> Result<()> {
        match (self.from, self.before) {
            (Some(From::At(from) | From::After(from)), Some(before)) if from >= before => {
                Err(refuse("the range of time ends before it begins"))
            }
            _ => Ok(()),
        }
    }
}

fn any_of(clauses: &[String]) -> String {
    match clauses {
        [one] => one.clone(),
        several => format!("({})", several.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(change: impl FnOnce(&mut Filter)) -> Option<String> {
        let mut filter = Filter::default();
        change(&mut filter);
        filter.text().unwrap()
    }

    #[test]
    fn p5_values_are_quoted_and_tests_of_one_property_are_alternatives() {
        assert_eq!(text(|_| {}), None);
        let filter = text(|filter| {
            filter.test("userId", Test::Is("a".into()));
            filter.test("appDisplayName", Test::StartsWith("O'Neil & Sons".into()));
            filter.test("userId", Test::Is("x' or 1 eq 1 or '".into()));
            filter.test("status/errorCode", Test::Number(-1));
            filter.raw.push("a eq 1 or b eq 2".into());
        });
        assert_eq!(
            filter.unwrap(),
            "(userId eq 'a' or userId eq 'x'' or 1 eq 1 or ''') \
             and startsWith(appDisplayName,'O''Neil & Sons') and status/errorCode eq -1 \
             and (a eq 1 or b eq 2)"
        );
    }

    #[test]
    fn only_kinds_that_are_not_listed_anyway_need_beta() {
        let kinds = |kinds: &[SignInEventType]| {
            let filter = Filter { kinds: kinds.iter().copied().collect(), ..Filter::default() };
            (filter.version(), filter.text().unwrap())
        };
        assert_eq!(kinds(&[]), (ApiVersion::V1, None));
        assert_eq!(kinds(&[SignInEventType::InteractiveUser]), (ApiVersion::V1, None));
        let all = "signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser' \
                   or t eq 'servicePrincipal' or t eq 'managedIdentity')";
        assert_eq!(kinds(&SignInEventType::ALL), (ApiVersion::Beta, Some(all.into())));
    }

    #[test]
    fn p5_what_is_no_test_is_refused() {
        let refused = |change: &dyn Fn(&mut Filter)| {
            let mut filter = Filter::default();
            change(&mut filter);
            assert_eq!(filter.text().unwrap_err().kind(), crate::ErrorKind::Argument);
        };
        refused(&|filter| filter.test("appDisplayName", Test::StartsWith(String::new())));
        refused(&|filter| filter.test("userId", Test::Is("a\nb".into())));
        for raw in ["", " ", "a\nb"] {
            refused(&|filter| filter.raw.push(raw.into()));
        }
    }

    #[test]
    fn a_range_of_time_that_holds_nothing_is_refused() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let tick = time::Duration::nanoseconds(100);
        let check = |from, before| Filter { from, before, ..Filter::default() }.check();
        for from in [From::At(now), From::After(now)] {
            assert!(check(Some(from), Some(now + tick)).is_ok(), "{from:?}");
            assert!(check(Some(from), None).is_ok(), "{from:?}");
            for before in [now, now - tick] {
                let error = check(Some(from), Some(before)).unwrap_err();
                assert_eq!(error.kind(), crate::ErrorKind::Argument, "{from:?} {before}");
            }
        }
        assert!(check(None, Some(now)).is_ok());
    }
}
