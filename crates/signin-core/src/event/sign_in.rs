//! The shape that the sign-ins of all products share.

use std::net::IpAddr;

use serde::{Serialize, Serializer};

use crate::record::json::Json;
use crate::record::timestamp::Timestamp;
use crate::text::is_unsafe_to_show;

/// One sign-in, or one attempt at it: who, when, from where, to what, how, and what came of it.
///
/// Made by `Default` and assignment; vendor crates make it by
/// [`Record::to_event`](crate::Record::to_event). What is not known is None. Serialised, absent
/// members are left out; `unmapped` keeps the record's own text, so use `serde_json`.
///
/// ```
/// use signin_core::Timestamp;
/// use signin_core::event::{Outcome, SignIn};
///
/// let mut sign_in = SignIn::default();
/// sign_in.time = Timestamp::parse("2026-01-02T03:04:05Z");
/// sign_in.principal.name = Some("ada@example.com".to_owned());
/// sign_in.outcome = Outcome::Failure;
/// sign_in.code = Some("50126".to_owned());
/// assert!(matches!(sign_in.outcome, Outcome::Failure | Outcome::Interrupted));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignIn {
    /// The event's id: the same for every revision of one record, in every run
    /// ([`event_id`](super::event_id)). A UUID, lower-case with hyphens.
    pub id: String,
    /// The SHA-256 of the record's text without white space between tokens
    /// ([`revision`](super::revision)): 64 lower-case hexadecimal digits.
    pub revision: String,
    /// Where the record is from.
    pub product: Product,
    /// The tenant that the record is of: an id, a domain or a host, by the vendor's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The customer whose tenant it is, where a provider reads for many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The vendor's own id of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_id: Option<String>,
    /// When it happened, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// The time as the vendor wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_time: Option<String>,
    /// What was done.
    pub activity: Activity,
    /// Who signed in, or tried to.
    pub principal: Principal,
    /// From where.
    pub origin: Origin,
    /// The application that was signed in to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<Named>,
    /// The resource that the application asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Named>,
    /// The protocol, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// The kinds of sign-in by the vendor's own words, such as `interactiveUser`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// What the principal proved who it is by, or tried to, in the order in which the record has it: one that
    /// failed is in it. Proofs that an earlier sign-in gave are not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<Factor>,
    /// Whether it was multi-factor authentication. None where the vendor does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa: Option<bool>,
    /// What came of it.
    pub outcome: Outcome,
    /// The vendor's code of the outcome, such as `50126`; for a success often `0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The vendor's reason for the outcome, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How risky the vendor holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// The session that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// What joins it with the vendor's other records of one transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// The policies that were looked at, and what each decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
    /// All members of the record that say something and are not covered in full by the fields above:
    /// an object of the record's own structure and spelling. With what [`mapped`](Self::mapped)
    /// names, it is the whole record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmapped: Option<Json>,
    /// The record's own text, if [`Context::keep_raw`](super::Context::keep_raw) asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The members of the record that the fields above tell in full: JSON pointers (RFC 6901) by
    /// their documented names. A list is one member. It is not serialised.
    #[serde(skip)]
    pub mapped: Vec<&'static str>,
}

/// The product and the list of it that a record is from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Product {
    /// The name that this family has for the product's vendor, such as `msgraph`: a part of the
    /// event's id.
    #[serde(rename = "vendor")]
    pub id: &'static str,
    /// The vendor's own name, such as `Microsoft`.
    #[serde(rename = "vendor_name")]
    pub vendor: &'static str,
    /// The product's name, such as `Entra ID`.
    pub name: &'static str,
    /// The list that the record stood in, such as `sign_ins`: a part of the event's id.
    pub endpoint: &'static str,
    /// The vendor's own name of that list, such as `auditLogs/signIns`; empty where it has none.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub log: &'static str,
    /// The object of an ECS document that holds what is left over of the record, such as `entra`;
    /// empty where that is `signin.unmapped`. It is not serialised.
    #[serde(skip)]
    pub namespace: &'static str,
}

impl Product {
    /// A list of a product. Each vendor crate has its own.
    pub const fn new(
        id: &'static str,
        vendor: &'static str,
        name: &'static str,
        endpoint: &'static str,
    ) -> Self {
        Self { id, vendor, name, endpoint, log: "", namespace: "" }
    }

    /// The same list with the vendor's own name of it.
    #[must_use]
    pub const fn with_log(self, log: &'static str) -> Self {
        Self { log, ..self }
    }

    /// The same list with the vendor's own object in ECS documents. No field set of ECS may have this
    /// name, since the object would take its place.
    #[must_use]
    pub const fn with_namespace(self, namespace: &'static str) -> Self {
        Self { namespace, ..self }
    }

    /// The vendor's own name of the list; the family's where the vendor has none.
    pub const fn log_name(&self) -> &'static str {
        if self.log.is_empty() { self.endpoint } else { self.log }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Activity {
    /// Somebody signed in, or tried to.
    #[default]
    SignIn,
    /// One step of a sign-in was taken, such as a password that was right. The sign-in itself is
    /// another event: count one of the two.
    Step,
    /// Somebody signed out.
    SignOut,
}

/// Who signed in. At least one of `id`, `name`, `email` and `full_name` is there in every event that
/// a vendor's record was converted to; as a rule one of the first three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Principal {
    /// What it is.
    pub kind: PrincipalKind,
    /// The vendor's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name that it signs in by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The domain that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Its name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
}

impl Principal {
    /// Sets the name that it signs in by and, where that is an e-mail address, `email` and
    /// `domain`. The name of a guest in another tenant (`ada_example.com#EXT#@tenant`, in capitals
    /// or not) looks like an address and is none.
    pub fn set_name(&mut self, name: Option<String>) {
        if let Some(domain) = name.as_deref().and_then(domain_of) {
            self.domain = Some(domain.to_owned());
            self.email.clone_from(&name);
        }
        self.name = name;
    }

    /// Whether it says who it is, if only by the name for people.
    pub fn is_known(&self) -> bool {
        let names = [&self.id, &self.name, &self.email, &self.full_name];
        names.into_iter().any(Option::is_some)
    }
}

/// The domain of an e-mail address; None if the text is none.
pub(super) fn domain_of(address: &str) -> Option<&str> {
    let (local, domain) = address.split_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !is_unsafe_to_show(c) && c != '@';
    let is_one = !local.is_empty()
        && local.chars().all(plain)
        && !local.to_ascii_uppercase().contains("#EXT#")
        && domain.split('.').count() > 1
        && domain.split('.').all(|label| !label.is_empty())
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    is_one.then_some(domain)
}

/// What kind of principal signed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PrincipalKind {
    /// The vendor does not say.
    #[default]
    Unknown,
    /// A person's account.
    User,
    /// An application's own identity.
    ServicePrincipal,
    /// An identity that the cloud manages for a resource.
    ManagedIdentity,
    /// An agent that acts for itself or for somebody.
    Agent,
}

/// Where a sign-in came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Origin {
    /// The address. An IPv4 address mapped into IPv6 is IPv4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<IpAddr>,
    /// The port, where the vendor tells one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The place that the vendor looked up for the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The autonomous system that the address is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autonomous_system: Option<AutonomousSystem>,
    /// What the client called itself (User-Agent): chosen by the client, so clean it before
    /// showing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
}

/// A place on earth, as looked up for an address: often wrong by a city, at times by a country.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Location {
    /// The city's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The state, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The country by its ISO 3166-1 alpha-2 code, in capitals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'static str>,
    /// Latitude and longitude in degrees, north and east positive: -90 to 90 and -180 to 180.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Coordinates>,
}

/// A point on earth, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Coordinates {
    /// -90 to 90, north positive.
    pub latitude: f64,
    /// -180 to 180, east positive.
    pub longitude: f64,
}

impl Location {
    /// Sets the coordinates, if they are a point on earth. Both at zero, of whatever sign, mean that
    /// none was found, also beside a city: that point is in the open sea.
    ///
    /// True if they were set.
    pub fn set_coordinates(&mut self, latitude: Option<f64>, longitude: Option<f64>) -> bool {
        let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return false };
        let is_null = latitude == 0.0 && longitude == 0.0;
        let is_point = !is_null && latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        if is_point {
            self.coordinates = Some(Coordinates { latitude, longitude });
        }
        is_point
    }

    /// Whether it has more than coordinates.
    pub(super) fn is_named(&self) -> bool {
        self.city.is_some() || self.region.is_some() || self.country.is_some()
    }

    /// The place, unless nothing is known of it.
    pub fn known(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

/// A network under one administration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct AutonomousSystem {
    /// Its number.
    pub number: u32,
}

/// A device, by what the vendor knows of it. At least `id` or `name` is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Device {
    /// The vendor's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its operating system, as the client reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Whether it meets the tenant's rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_compliant: Option<bool>,
    /// Whether the tenant manages it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_managed: Option<bool>,
}

/// Something that has an id, a name, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Named {
    /// The vendor's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Named {
    /// What has this id and this name; None if it has neither.
    pub fn of(id: Option<String>, name: Option<String>) -> Option<Self> {
        (id.is_some() || name.is_some()).then_some(Self { id, name })
    }
}

/// How a sign-in was spoken.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// The vendor says that it has no name for it.
    Unknown,
    /// OAuth 2.0 or OpenID Connect, by whatever grant.
    OAuth2,
    /// SAML 2.0.
    Saml2,
    /// Kerberos.
    Kerberos,
    /// RADIUS.
    Radius,
    /// Another one, by the vendor's own word.
    Other(String),
}

impl Protocol {
    /// The protocol in one word: `unknown`, `oauth2`, `saml2`, `kerberos`, `radius`, or the
    /// vendor's own.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unknown => "unknown",
            Self::OAuth2 => "oauth2",
            Self::Saml2 => "saml2",
            Self::Kerberos => "kerberos",
            Self::Radius => "radius",
            Self::Other(word) => word,
        }
    }
}

impl Serialize for Protocol {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(self.as_str())
    }
}

/// One proof of who somebody is, or a try at it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Factor {
    /// Its kind.
    pub kind: FactorKind,
    /// The vendor's own word for it.
    pub method: String,
}

impl Factor {
    /// A proof of this kind, by the vendor's own word for it.
    pub const fn new(kind: FactorKind, method: String) -> Self {
        Self { kind, method }
    }
}

/// A kind of proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FactorKind {
    /// A password.
    Password,
    /// A text message.
    Sms,
    /// A phone call.
    Phone,
    /// A notification of an app.
    App,
    /// A one-time code: of a device or an app (OATH), or by a way that the vendor does not tell.
    Otp,
    /// FIDO2, WebAuthn or a passkey.
    Webauthn,
    /// An e-mail.
    Email,
    /// Another one: see its method.
    Other,
}

/// What came of a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The vendor does not say. Never taken for a success.
    #[default]
    Unknown,
    /// It succeeded.
    Success,
    /// It was refused: see `code` and `reason`.
    Failure,
    /// A further step was asked for: see `code`. Not harmless, since most of these follow a
    /// password that was right.
    Interrupted,
}

/// How risky the vendor holds a sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Risk {
    /// The highest level that the record has.
    pub level: RiskLevel,
    /// What it was seen by, in the vendor's own words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// A level of risk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RiskLevel {
    /// None was seen.
    #[default]
    None,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Risky, and the vendor does not say how much.
    Risky,
}

/// A policy that was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Policy {
    /// The vendor's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it decided, in the vendor's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Whether it was in force for this sign-in. None where the word does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_applied: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_an_address_gives_address_and_domain() {
        for (name, domain) in [
            ("ada@example.com", Some("example.com")),
            ("Ada.Lovelace+x@sub.example.co.uk", Some("sub.example.co.uk")),
            ("ada_example.com#EXT#@contoso.onmicrosoft.com", None),
            ("ada_example.com#ext#@contoso.onmicrosoft.com", None),
            ("ada_example.com#Ext#@contoso.onmicrosoft.com", None),
            ("ada#ext@example.com", Some("example.com")),
            ("ada", None),
            ("ada@localhost", None),
            ("@example.com", None),
            ("ada@", None),
            ("ada@example..com", None),
            ("ada@example.com@example.org", None),
            ("a b@example.com", None),
            ("ada@example.com ", None),
            ("a\u{202e}b@example.com", None),
        ] {
            let mut who = Principal::default();
            who.set_name(Some(name.to_owned()));
            assert_eq!(who.name.as_deref(), Some(name));
            assert_eq!(who.domain.as_deref(), domain, "{name}");
            assert_eq!(who.email.is_some(), domain.is_some(), "{name}");
        }
    }

    #[test]
    fn coordinates_without_a_place_at_zero_and_off_the_earth_are_none() {
        let at = |latitude, longitude, city: Option<&str>| {
            let city = city.map(str::to_owned);
            let mut location = Location { city, ..Location::default() };
            location.set_coordinates(latitude, longitude)
        };
        assert!(at(Some(48.4), Some(10.0), None));
        assert!(!at(Some(0.0), Some(0.0), Some("Redmond")));
        assert!(!at(Some(-0.0), Some(0.0), Some("Redmond")));
        assert!(!at(Some(0.0), Some(-0.0), Some("Redmond")));
        assert!(at(Some(0.0), Some(6.7), None));
        assert!(!at(Some(0.0), Some(0.0), None));
        let mut country = Location { country: Some("NL"), ..Location::default() };
        assert!(!country.set_coordinates(Some(0.0), Some(0.0)));
        assert!(country.set_coordinates(Some(52.1), Some(5.3)));
        let mut region = Location { region: Some("Nowhere".to_owned()), ..Location::default() };
        assert!(!region.set_coordinates(Some(0.0), Some(0.0)));
        assert!(!at(Some(-0.0), Some(0.0), None));
        assert!(!at(Some(90.1), Some(0.0), Some("x")));
        assert!(!at(Some(1.0), Some(-180.1), Some("x")));
        assert!(!at(Some(f64::NAN), Some(1.0), Some("x")));
        assert!(!at(Some(1.0), None, Some("x")));
    }

    #[test]
    fn an_event_is_made_by_default_and_assignment_and_written_without_what_is_absent() {
        let mut event = SignIn::default();
        event.principal.id = Some("7".to_owned());
        event.protocol = Some(Protocol::Other("magic".to_owned()));
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(
            json,
            r#"{"id":"","revision":"","product":{"vendor":"","vendor_name":"","name":"","endpoint":""},"activity":"sign_in","principal":{"kind":"unknown","id":"7"},"origin":{},"protocol":"magic","outcome":"unknown"}"#
        );
    }
}
