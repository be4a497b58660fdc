//! Events made by hand: every field, in many combinations.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;

use signin_core::event::{
    Activity, AutonomousSystem, Coordinates, Device, Factor, FactorKind, Location, Named, Origin,
    Outcome, Policy, Principal, PrincipalKind, Product, Protocol, Risk, RiskLevel, SignIn,
    SignInCounts, event_id, revision,
};
use signin_core::{Json, Timestamp};

pub(crate) const PRODUCTS: [Product; 7] = [
    Product::new("msgraph", "Microsoft", "Entra ID", "sign_ins")
        .with_log("auditLogs/signIns")
        .with_namespace("entra"),
    Product::new("avepoint", "AvePoint", "AvePoint Elements", "sign_ins")
        .with_namespace("avepoint"),
    Product::new("tines", "Tines", "Tines", "audit_logs").with_namespace("tines"),
    Product::new("ssojet", "SSOJet", "SSOJet", "login_logs").with_namespace("ssojet"),
    Product::new("pingone", "Ping Identity", "PingOne", "activities").with_namespace("pingone"),
    // Vendors without a namespace.
    Product::new("another", "Another", "Another One", "sign_ins"),
    Product::new("user", "Named like a field of ECS", "User", "event"),
];

/// The sign-in of this number: 0 has every field, 1 only what every event must have, the others
/// about half of the fields, and any member of each enumeration.
pub(crate) fn sign_in(number: u64) -> SignIn {
    let of = Choices { number };
    let mut event = SignIn::default();
    event.product = of.one("product", &PRODUCTS);
    event.time = Timestamp::parse(of.one("time", &TIMES));
    event.tenant = of.text("tenant");
    event.customer = of.text("customer");
    event.original_id = of.text("original_id");
    event.original_time = of.maybe("original_time", "639018579000000000".to_owned());
    event.activity = of
        .one("activity", &[Activity::SignIn, Activity::SignIn, Activity::Step, Activity::SignOut]);
    event.principal = principal(&of);
    event.origin = origin(&of);
    event.application = named(&of, "application");
    event.resource = named(&of, "resource");
    event.protocol = of.maybe("protocol", protocol(&of));
    event.kinds = of.several("kinds", |at| format!("kind {at}"));
    event.factors = of.several("factors", |at| factor(&of, at));
    event.mfa = of.maybe("mfa", of.roll("mfa is", 2) == 0);
    event.outcome = of.one(
        "outcome",
        &[Outcome::Success, Outcome::Failure, Outcome::Interrupted, Outcome::Unknown],
    );
    event.code = of.text("code");
    event.reason = of.text("reason");
    event.risk = of.maybe("risk", risk(&of));
    event.session_id = of.text("session_id");
    event.correlation_id = of.text("correlation_id");
    event.policies = of.several("policies", |at| policy(&of, at));
    let left = serde_json::from_str::<Json>(of.one("left", &LEFT)).unwrap();
    event.unmapped = of.maybe("unmapped", left);
    let raw = format!("{{\"number\": {number}, \"text\":\"\\u0000 \u{1f600}\"}}");
    event.id = event_id(event.product.id, "", event.product.endpoint, &number.to_string());
    event.revision = revision(&raw);
    event.raw = of.maybe("raw", raw);
    event.mapped = vec!["/id"];
    event
}

/// The counts of this number, as [`sign_in`].
pub(crate) fn counts(number: u64) -> SignInCounts {
    let of = Choices { number };
    let mut counts = SignInCounts::default();
    counts.product = Product::new("pingone", "Ping Identity", "PingOne", "user_activities")
        .with_log("userActivities")
        .with_namespace("pingone");
    counts.tenant = of.text("tenant");
    counts.customer = of.text("customer");
    counts.start = Timestamp::parse("2026-01-01T00:00:00Z");
    counts.end = of.maybe("end", Timestamp::parse("2026-01-02T00:00:00Z").unwrap());
    counts.successes = of.maybe("successes", of.roll("succeeded", 10_000) + 7);
    counts.failures = of.maybe("failures", of.roll("failed", 10_000) + 3);
    let left = serde_json::from_str::<Json>(of.one("left", &LEFT)).unwrap();
    counts.unmapped = of.maybe("unmapped", left);
    let raw = format!("{{\"number\": {number}}}");
    counts.id = event_id("pingone", "", "user_activities", &number.to_string());
    counts.revision = revision(&raw);
    counts.raw = of.maybe("raw", raw);
    counts.mapped = vec!["/startDate"];
    counts
}

const TIMES: [&str; 5] = [
    "2026-01-02T03:04:05.1234567Z",
    "2026-01-02T03:04:05Z",
    "2024-02-29T23:59:59.999Z",
    "2026-01-02T03:04:05.5+05:30",
    "1970-01-01T00:00:01Z",
];

const LEFT: [&str; 3] = [
    r#"{"place":{"countryOrRegion":"Deutschland"},"list":[1.50,{"a":"b"}]}"#,
    r#"{"member.with.dots":true,"_id":"7"}"#,
    r#"{"number":123456789012345678901234567890}"#,
];

fn principal(of: &Choices) -> Principal {
    let mut who = Principal::default();
    who.kind = of.one(
        "kind",
        &[
            PrincipalKind::User,
            PrincipalKind::Unknown,
            PrincipalKind::ServicePrincipal,
            PrincipalKind::ManagedIdentity,
            PrincipalKind::Agent,
        ],
    );
    who.name = of.text("name");
    who.email = of.maybe("email", "ada@example.com".to_owned());
    who.domain = of.maybe("domain", "example.com".to_owned());
    who.full_name = of.text("full_name");
    who.id = of.text("id").or_else(|| (!who.is_known()).then(|| "7".to_owned()));
    who
}

fn origin(of: &Choices) -> Origin {
    let mut origin = Origin::default();
    let ip: IpAddr = of.one("address", &["192.0.2.1", "2001:db8::1", "::1"]).parse().unwrap();
    origin.ip = of.maybe("ip", ip);
    origin.port = of.maybe("port", of.one("port is", &[65_535, 443, 1]));
    origin.location = location(of);
    let mut system = AutonomousSystem::default();
    system.number = of.one("number", &[64_496, u32::MAX, 1]);
    origin.autonomous_system = of.maybe("autonomous_system", system);
    origin.user_agent = of.text("user_agent");
    origin.device = device(of);
    origin
}

fn location(of: &Choices) -> Option<Location> {
    let mut location = Location::default();
    location.city = of.text("city");
    location.region = of.text("region");
    location.country = of.maybe("country", "DE");
    let mut point = Coordinates::default();
    point.latitude = of.one("latitude", &[48.398_312_5, -90.0, 0.0]);
    point.longitude = of.one("longitude", &[9.991_55, 180.0, 0.0]);
    location.coordinates = of.maybe("coordinates", point);
    location.known()
}

fn device(of: &Choices) -> Option<Device> {
    let mut device = Device::default();
    device.id = of.text("device id");
    device.name = of.text("device name");
    device.os = of.maybe("os", "Windows 11".to_owned());
    device.is_compliant = of.maybe("is_compliant", of.roll("complies", 2) == 0);
    device.is_managed = of.maybe("is_managed", of.roll("managed", 2) == 1);
    (device.id.is_some() || device.name.is_some()).then_some(device)
}

fn named(of: &Choices, what: &str) -> Option<Named> {
    Named::of(of.text(&format!("{what} id")), of.text(&format!("{what} name")))
}

fn protocol(of: &Choices) -> Protocol {
    let all = [
        Protocol::OAuth2,
        Protocol::Saml2,
        Protocol::Kerberos,
        Protocol::Radius,
        Protocol::Unknown,
    ];
    let other = || Protocol::Other("wsFederation".to_owned());
    all.get(usize::try_from(of.roll("protocol is", 6)).unwrap()).cloned().unwrap_or_else(other)
}

fn factor(of: &Choices, at: usize) -> Factor {
    let kinds = [
        FactorKind::Password,
        FactorKind::Sms,
        FactorKind::Phone,
        FactorKind::App,
        FactorKind::Otp,
        FactorKind::Webauthn,
        FactorKind::Email,
        FactorKind::Other,
    ];
    Factor::new(of.one(&format!("factor {at}"), &kinds), format!("method {at}"))
}

fn risk(of: &Choices) -> Risk {
    let mut risk = Risk::default();
    risk.level = of.one(
        "level",
        &[RiskLevel::High, RiskLevel::None, RiskLevel::Low, RiskLevel::Medium, RiskLevel::Risky],
    );
    risk.reasons = of.several("reasons", |at| format!("unfamiliarFeatures{at}"));
    risk
}

fn policy(of: &Choices, at: usize) -> Policy {
    let mut policy = Policy::default();
    policy.name = of.text(&format!("policy {at}"));
    policy.result = of.text(&format!("result {at}"));
    policy.is_applied = of.maybe(&format!("applied {at}"), of.roll("is applied", 2) == 0);
    policy.id = of.text(&format!("policy id {at}")).or(Some(format!("p{at}")));
    policy
}

/// What a number chooses for a field: always the same, and another number something else.
struct Choices {
    number: u64,
}

impl Choices {
    fn roll(&self, field: &str, sides: u64) -> u64 {
        if self.number == 0 {
            return 0;
        }
        let mut hasher = DefaultHasher::new();
        (self.number, field).hash(&mut hasher);
        hasher.finish() % sides
    }

    fn one<T: Copy>(&self, field: &str, choices: &[T]) -> T {
        choices[usize::try_from(self.roll(field, choices.len() as u64)).unwrap()]
    }

    fn maybe<T>(&self, field: &str, value: T) -> Option<T> {
        let is_there = self.number == 0 || self.number > 1 && self.roll(field, 2) == 0;
        is_there.then_some(value)
    }

    /// A text that says which field it is of.
    fn text(&self, field: &str) -> Option<String> {
        let odd = ["", " \"quoted\" \\", " \u{1f600}\u{202e}\n\u{0}", " ünï"];
        let odd = odd[usize::try_from(self.roll(&format!("{field} is"), 4)).unwrap()];
        self.maybe(field, format!("{field}{odd}"))
    }

    fn several<T>(&self, field: &str, make: impl FnMut(usize) -> T) -> Vec<T> {
        let count = if self.number == 0 { 2 } else { self.roll(field, 3) };
        let count = if self.number == 1 { 0 } else { count };
        (0..usize::try_from(count).unwrap()).map(make).collect()
    }
}

/// Debug shows absent fields, too: a field that is added to events must be made here.
#[test]
fn the_first_of_the_events_made_by_hand_has_every_field() {
    for debug in [format!("{:?}", sign_in(0)), format!("{:?}", counts(0))] {
        for absent in ["None", "[]", "\"\"", "Unknown"] {
            assert!(!debug.contains(absent), "{absent} in {debug}");
        }
    }
}
