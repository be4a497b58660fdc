//! What a JSON value of the input is: an envelope, a page, or a record.

use super::envelope::Envelope;
use super::walk::{elements, members};
use crate::vendor::{Endpoint, Vendor};

/// The most lists that a page may have: one that is sent has one.
const MOST_LISTS: usize = 16;

/// What a value is.
#[derive(Debug)]
pub(super) enum Unit<'a> {
    /// An envelope of this program.
    Envelope(Box<Envelope<'a>>),
    /// A page as a vendor sends it: its lists. Two lists of one page are both taken.
    Page(Vec<Rows<'a>>),
    /// A record, or what is to be taken for one.
    Record,
}

/// One list of a page.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    /// None where the page does not say which of several it is.
    pub(super) endpoint: Option<&'static Endpoint>,
    pub(super) list: &'a str,
}

impl<'a> Unit<'a> {
    /// Says what a JSON value is.
    pub(super) fn of(json: &'a str, vendor: Vendor) -> Self {
        let mut envelope = Envelope::default();
        let (mut lists, mut has_id) = (Vec::new(), false);
        for (name, value) in members(json) {
            has_id |= name == "id";
            add_lists(&name, value, vendor, &mut lists);
            envelope.add(name, value);
        }
        if envelope.is_one() {
            Self::Envelope(Box::new(envelope))
        } else if has_id || lists.is_empty() || lists.len() > MOST_LISTS {
            // A record may have a new member of a page's name; a page never has an id.
            Self::Record
        } else {
            Self::Page(lists)
        }
    }
}

/// Adds what this member holds of the lists of a page.
fn add_lists<'a>(name: &str, value: &'a str, vendor: Vendor, lists: &mut Vec<Rows<'a>>) {
    let paths = || vendor.endpoints().iter().flat_map(|endpoint| endpoint.lists);
    if !paths().any(|path| path.first() == Some(&name)) || lists.len() > MOST_LISTS {
        return;
    }
    if let Some(rows) = rows(&[name], value, vendor) {
        return lists.push(rows);
    }
    for (inner, value) in members(value) {
        if lists.len() <= MOST_LISTS {
            lists.extend(rows(&[name, &*inner], value, vendor));
        }
    }
}

/// The list at this path, if it is one that pages have.
fn rows<'a>(path: &[&str], list: &'a str, vendor: Vendor) -> Option<Rows<'a>> {
    let has = |endpoint: &&Endpoint| endpoint.lists.contains(&path);
    let mut endpoints = vendor.endpoints().iter().filter(has);
    let first = endpoints.next().filter(|_| elements(list).is_some())?;
    let only = endpoints.next().is_none();
    Some(Rows { endpoint: only.then_some(first), list })
}

/// Which of a vendor's endpoints a record without further word is of: the one that alone knows
/// some of its members.
///
/// # Errors
/// None, or several: what to say of that.
pub(super) fn tell(record: &str, vendor: Vendor) -> Result<&'static Endpoint, &'static str> {
    const NONE: &str = "nothing says what the record is";
    if is_failure(record, vendor) {
        return Err("it looks like an error that the service answered, not like a record");
    }
    let mut told: Option<&'static Endpoint> = None;
    for (name, _) in members(record) {
        let mut knowing = vendor.endpoints().iter().filter(|e| knows(e, &name));
        let (Some(endpoint), None) = (knowing.next(), knowing.next()) else { continue };
        if told.is_some_and(|told| told.name != endpoint.name) {
            return Err("the record may be of several types");
        }
        told = Some(endpoint);
    }
    told.ok_or(NONE)
}

/// Whether it has the members of an error that a service answers, known to none of its records:
/// some of them have an id too.
fn is_failure(record: &str, vendor: Vendor) -> bool {
    let has = |name: &str| members(record).any(|(member, _)| member == name);
    let is_known = |name: &str| vendor.endpoints().iter().any(|endpoint| knows(endpoint, name));
    let speaks_of = |name: &str| has(name) && !is_known(name);
    speaks_of("error") || speaks_of("errors") || (speaks_of("code") && speaks_of("message"))
}

fn knows(endpoint: &Endpoint, name: &str) -> bool {
    (endpoint.table)().find(name, 0).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(record: &str, vendor: Vendor) -> Result<&'static str, &'static str> {
        tell(record, vendor).map(|endpoint| endpoint.name)
    }

    #[test]
    fn a_record_is_told_by_members_that_only_one_type_has() {
        let sign_in = "{\"id\":1,\"ip\":\"192.0.2.1\"}";
        assert_eq!(told(sign_in, Vendor::Tines), Ok("signin_activities"));
        let entry = "{\"id\":1,\"operation_name\":\"Login\"}";
        assert_eq!(told(entry, Vendor::Tines), Ok("audit_logs"));
        assert_eq!(told("{\"email\":null,\"new\":1}", Vendor::Tines), Ok("users"));
        assert_eq!(told("{\"IpAddress\":\"\"}", Vendor::Ssojet), Ok("login_logs"));
        assert_eq!(told("{\"id\":\"\"}", Vendor::Msgraph), Ok("sign_ins"));
    }

    #[test]
    fn a_record_that_fits_several_types_or_none_is_not_guessed() {
        for (record, vendor) in [
            ("{\"id\":1,\"created_at\":\"2026-03-02T09:30:00Z\",\"user_id\":7}", Vendor::Tines),
            ("{\"ip\":\"192.0.2.1\",\"operation_name\":\"Login\"}", Vendor::Tines),
            ("{\"error\":{\"code\":\"TooManyRequests\"}}", Vendor::Msgraph),
            ("{\"id\":\"1\",\"code\":\"ACCESS_FAILED\",\"message\":\"\"}", Vendor::Pingone),
            ("{}", Vendor::Msgraph),
            ("7", Vendor::Msgraph),
        ] {
            assert!(told(record, vendor).is_err(), "{record}");
        }
    }

    #[test]
    fn pages_are_told_by_their_lists() {
        let lists = |json: &str, vendor| match Unit::of(json, vendor) {
            Unit::Page(lists) => {
                lists.iter().map(|rows| rows.endpoint.map(|endpoint| endpoint.name)).collect()
            }
            _ => Vec::new(),
        };
        assert_eq!(lists("{\"meta\":{},\"audit_logs\":[]}", Vendor::Tines), [Some("audit_logs")]);
        assert_eq!(lists("{\"data\":[{}]}", Vendor::Avepoint), [None]);
        let twice = "{\"_embedded\":{\"activities\":[],\"userActivities\":[1]}}";
        let both = [Some("activities"), Some("user_activities")];
        assert_eq!(lists(twice, Vendor::Pingone), both);
        // A record with a new member is no page.
        assert_eq!(lists("{\"id\":1,\"value\":[{}]}", Vendor::Msgraph), []);
        // An answer without its list is never an empty page.
        for json in ["{\"value\":null}", "{\"value\":{}}", "{}", "{\"_embedded\":{\"value\":[]}}"] {
            assert_eq!(lists(json, Vendor::Msgraph), [], "{json}");
        }
    }
}
