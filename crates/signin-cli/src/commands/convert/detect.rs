//! What a JSON value of the input is: an envelope, a page, or a record.

use std::fmt;

use msgraph_signins::export::NotASignIn;

use super::envelope::Envelope;
use super::members::{elements, members};
use crate::reporting::text::fit;
use crate::vendors::{Endpoint, Vendor, one_of};

/// The most lists that a page may have: one that is sent has one.
pub(super) const MOST_LISTS: usize = 16;

/// What a value is.
#[derive(Debug)]
pub(super) enum Detected<'a> {
    /// An envelope of this program.
    Envelope(Box<Envelope<'a>>),
    /// A page as a vendor sends it: its lists. Two lists of one page are both taken.
    Page(Vec<Rows<'a>>),
    /// An answer of a query: its tables.
    Tables(&'a str),
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

impl<'a> Detected<'a> {
    /// Says what a JSON value is.
    pub(super) fn of(json: &'a str, vendor: Vendor) -> Self {
        let mut envelope = Envelope::default();
        let (mut lists, mut has_id, mut tables) = (Vec::new(), false, None);
        for (name, value) in members(json) {
            has_id |= name == "id";
            if vendor.profile().has_exports && name == "tables" {
                tables = Some(value);
            }
            add_lists(&name, value, vendor, &mut lists);
            envelope.add(name, value);
        }
        if envelope.is_one() {
            Self::Envelope(Box::new(envelope))
        } else if let (Some(tables), true, false) = (tables, lists.is_empty(), has_id)
            && elements(tables).is_some()
        {
            Self::Tables(tables)
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
    if !may_hold_lists(name, vendor) || lists.len() > MOST_LISTS {
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
    let endpoint = list_at(path, vendor).filter(|_| elements(list).is_some())?;
    Some(Rows { endpoint, list })
}

/// Whether a page has a list at this member, or in it.
pub(super) fn may_hold_lists(name: &str, vendor: Vendor) -> bool {
    let mut paths = vendor.endpoints().iter().flat_map(|endpoint| endpoint.lists);
    paths.any(|path| path.first() == Some(&name))
}

/// Whose records stand at this path of a page, if any do: None within, where the page does not say
/// which of several it is.
pub(super) fn list_at(path: &[&str], vendor: Vendor) -> Option<Option<&'static Endpoint>> {
    let mut having = vendor.endpoints().iter().filter(|endpoint| endpoint.lists.contains(&path));
    let first = having.next()?;
    Some(having.next().is_none().then_some(first))
}

/// Whether a value is a page.
pub(super) fn is_page(json: &str, vendor: Vendor) -> bool {
    matches!(Detected::of(json, vendor), Detected::Page(_))
}

/// Whether a page says by one of its members that it failed, such as a service that had begun its
/// answer already.
pub(super) fn is_failed(page: &str) -> bool {
    members(page).any(|(name, value)| is_failure_named(&name) && is_failure_said(value))
}

/// Whether a page's member of this name is for what failed, in any vendor's errors.
pub(super) fn is_failure_named(name: &str) -> bool {
    matches!(
        name,
        "error"
            | "errors"
            | "odata.error"
            | "error_code"
            | "error_description"
            | "status_code"
            | "statusCode"
            | "code"
            | "details"
    )
}

/// Whether the value of such a member says that anything did.
pub(super) fn is_failure_said(value: &str) -> bool {
    let is_empty = members(value).next().is_none()
        && elements(value).is_none_or(|mut elements| elements.next().is_none());
    match value.as_bytes() {
        [b'{' | b'[', ..] => !is_empty,
        _ => {
            let is_good = value.parse().is_ok_and(|status: u16| (200..300).contains(&status));
            !is_good && !matches!(value, "null" | "false" | "\"\"" | "0")
        }
    }
}

/// Why it cannot be known what a value is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Untold {
    /// An error that the service answered.
    Failure,
    /// A record of one of these endpoints.
    OneOf(Vec<&'static str>),
    /// Something else that has a name, or another form of the vendor's records that is not known.
    Foreign(NotASignIn),
    /// No record of the vendor's: the names of its members.
    Nothing(Vendor, Vec<String>),
}

/// The most members of a foreign value that are named, and of how many characters each.
const MOST_NAMED: usize = 8;
const LONGEST_NAME: usize = 40;

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failure => f.write_str(
                "it is an error that the service answered, not a record: look at what it says",
            ),
            Self::Foreign(why) => why.fmt(f),
            Self::OneOf(endpoints) => {
                let names = one_of(endpoints);
                write!(f, "nothing says what the record is: say it by --endpoint {names}")
            }
            Self::Nothing(vendor, names) => {
                let has = match names.as_slice() {
                    [] => "no members".to_owned(),
                    names => names.join(", "),
                };
                let product = vendor.product();
                write!(f, "nothing in it is of a record of {product}: it has {has}")
            }
        }
    }
}

/// Which of a vendor's endpoints a record is of: the one that the caller `asked` for, else the one
/// that alone knows some of its members.
///
/// # Errors
/// It is no record, or may be of several.
pub(super) fn tell(
    record: &str,
    vendor: Vendor,
    asked: Option<&'static Endpoint>,
) -> Result<&'static Endpoint, Untold> {
    if is_failure(record, vendor) {
        return Err(Untold::Failure);
    }
    if let Some(endpoint) = asked {
        return Ok(endpoint);
    }
    let mut told: Option<&'static Endpoint> = None;
    for (name, _) in members(record) {
        let mut knowing = vendor.endpoints().iter().filter(|e| knows(e, &name));
        let (Some(endpoint), None) = (knowing.next(), knowing.next()) else { continue };
        if told.is_some_and(|told| told.name != endpoint.name) {
            return Err(undecided(record, vendor));
        }
        told = Some(endpoint);
    }
    told.ok_or_else(|| undecided(record, vendor))
}

/// What to say of a record that no endpoint alone knows: only what leads on.
fn undecided(record: &str, vendor: Vendor) -> Untold {
    let fitting = vendor.endpoints().iter().filter(|e| (e.table)().identifies(record));
    let known = |endpoint: &Endpoint| members(record).filter(|it| knows(endpoint, &it.0)).count();
    let fitting: Vec<_> = fitting.map(|endpoint| (endpoint.name, known(endpoint))).collect();
    if let Some(most) = fitting.iter().map(|(_, known)| *known).max() {
        // One that knows less of it would make less of it.
        let best = fitting.into_iter().filter(|(_, known)| *known == most);
        return Untold::OneOf(best.map(|(name, _)| name).collect());
    }
    let names = members(record).take(MOST_NAMED + 1);
    let mut names: Vec<_> = names.map(|(name, _)| fit(&name, LONGEST_NAME)).collect();
    if names.len() > MOST_NAMED {
        names.truncate(MOST_NAMED);
        names.push("others".to_owned());
    }
    Untold::Nothing(vendor, names)
}

/// Whether it has the members of an error that a service answers, known to none of its records:
/// some of them have an id too.
fn is_failure(record: &str, vendor: Vendor) -> bool {
    let (mut code, mut message) = (false, false);
    for (name, value) in members(record) {
        let of_failures = matches!(&*name, "error" | "errors" | "odata.error" | "code" | "message");
        if !of_failures || vendor.endpoints().iter().any(|endpoint| knows(endpoint, &name)) {
            continue;
        }
        match &*name {
            "code" => code = true,
            "message" => message = true,
            _ if value != "null" => return true,
            _ => {}
        }
    }
    code && message
}

fn knows(endpoint: &Endpoint, name: &str) -> bool {
    (endpoint.table)().find(name, 0).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(record: &str, vendor: Vendor) -> Result<&'static str, Untold> {
        tell(record, vendor, None).map(|endpoint| endpoint.name)
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
        let lists = |json: &str, vendor| match Detected::of(json, vendor) {
            Detected::Page(lists) => {
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
