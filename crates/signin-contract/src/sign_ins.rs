//! Sign-ins of every shape that an event can have, each made from a number.

use std::net::{Ipv4Addr, Ipv6Addr};

use signin_core::event::{
    Activity, AutonomousSystem, Coordinates, Device, Factor, FactorKind, Location, Named, Origin,
    Outcome, Policy, Principal, PrincipalKind, Product, Protocol, Risk, RiskLevel, SignIn,
    event_id, revision,
};
use signin_core::{Json, Timestamp};

use crate::events::Dice;

/// The sign-in of this number: any of an event's fields, each there or absent, but for time, who
/// it was and product.
pub fn sign_in(number: u64) -> SignIn {
    let dice = &mut Dice(number);
    let mut event = SignIn::default();
    let vendor = dice.pick(&["tines", "avepoint", "ssojet", "pingone", "msgraph", "acme"]);
    event.product = Product::new(vendor, "Vendor", "Product", "sign_ins");
    event.id = event_id(vendor, "acme", "sign_ins", &number.to_string());
    event.revision = revision(&number.to_string());
    event.tenant = maybe(dice, text);
    event.customer = maybe(dice, text);
    event.original_id = maybe(dice, text);
    event.time = Some(time(dice));
    event.original_time = maybe(dice, text);
    event.activity = dice.pick(&[Activity::SignIn, Activity::Step, Activity::SignOut]);
    event.principal = principal(dice);
    event.origin = origin(dice);
    event.application = maybe(dice, named).flatten();
    event.resource = maybe(dice, named).flatten();
    event.protocol = maybe(dice, protocol);
    event.kinds = several(dice, text);
    event.factors = several(dice, factor);
    event.mfa = maybe(dice, flag);
    event.outcome = dice.pick(&OUTCOMES);
    event.code = maybe(dice, text);
    event.reason = maybe(dice, text);
    event.risk = maybe(dice, risk);
    event.session_id = maybe(dice, text);
    event.correlation_id = maybe(dice, text);
    event.policies = several(dice, policy);
    event.unmapped = maybe(dice, unmapped);
    event.raw = maybe(dice, |dice| format!("{{ \"a\":\t{:?} }}", text(dice)));
    event
}

const OUTCOMES: [Outcome; 4] =
    [Outcome::Unknown, Outcome::Success, Outcome::Failure, Outcome::Interrupted];

fn maybe<T>(dice: &mut Dice, make: impl FnOnce(&mut Dice) -> T) -> Option<T> {
    (dice.roll(3) > 0).then(|| make(dice))
}

fn several<T>(dice: &mut Dice, make: impl Fn(&mut Dice) -> T) -> Vec<T> {
    (0..dice.roll(4)).map(|_| make(dice)).collect()
}

fn flag(dice: &mut Dice) -> bool {
    dice.roll(2) == 0
}

/// Some plain text, or what a hostile client sends.
fn text(dice: &mut Dice) -> String {
    const TEXTS: [&str; 10] = [
        "Ulm",
        "a, b",
        "\"quoted\" \\",
        "\u{1f600}\u{202e}x",
        "\u{0}\r\n\t\u{7f}",
        "<script>",
        " ",
        "null",
        "-1.50",
        "{\"a\":null}",
    ];
    match dice.roll(3) {
        0 => dice.pick(&TEXTS).to_owned(),
        1 => "long ".repeat(dice.pick(&[1, 20, 100])),
        _ => format!("t{}", dice.roll(10_000)),
    }
}

/// Any instant from 2000 to 2099, with any offset.
fn time(dice: &mut Dice) -> Timestamp {
    let (year, month, day) = (2000 + dice.roll(100), 1 + dice.roll(12), 1 + dice.roll(28));
    let fraction = dice.pick(&["", ".5", ".999", ".1234567", ".999999999"]);
    let offset = dice.pick(&["Z", "+05:30", "-11:00"]);
    let text = format!("{year}-{month:02}-{day:02}T23:59:{:02}{fraction}{offset}", dice.roll(60));
    Timestamp::parse(&text).expect("it is RFC 3339")
}

fn principal(dice: &mut Dice) -> Principal {
    let mut who = Principal::default();
    who.kind = dice.pick(&[
        PrincipalKind::Unknown,
        PrincipalKind::User,
        PrincipalKind::ServicePrincipal,
        PrincipalKind::ManagedIdentity,
        PrincipalKind::Agent,
    ]);
    let name = maybe(dice, |dice| if flag(dice) { address(dice) } else { text(dice) });
    who.set_name(name);
    who.id = maybe(dice, text);
    who.email = who.email.or_else(|| maybe(dice, address));
    who.domain = who.domain.or_else(|| maybe(dice, text));
    who.full_name = maybe(dice, text);
    if !who.is_known() {
        who.email = Some(address(dice));
    }
    who
}

/// An e-mail address, or what looks like one.
fn address(dice: &mut Dice) -> String {
    const ADDRESSES: [&str; 10] = [
        "ada@example.com",
        "o'hara+x@sub-1.example.co.uk",
        "jörg@example.com",
        "ada@bücher.example",
        "ada_example.com#EXT#@contoso.onmicrosoft.com",
        "ada_example.com#ext#@contoso.onmicrosoft.com",
        "ada(x)@example.com",
        "\"a b\"@example.com",
        "ada@localhost",
        "ada@example.com\n",
    ];
    dice.pick(&ADDRESSES).to_owned()
}

fn origin(dice: &mut Dice) -> Origin {
    let mut origin = Origin::default();
    origin.ip = maybe(dice, |dice| match dice.roll(4) {
        0 => Ipv4Addr::from_bits(dice.small(u32::MAX)).into(),
        1 => Ipv6Addr::from_bits(u128::from(dice.roll(u64::MAX)) << dice.roll(65)).into(),
        2 => Ipv4Addr::from_bits(dice.small(u32::MAX)).to_ipv6_mapped().into(),
        _ => Ipv6Addr::from_bits(u128::from(dice.roll(u64::MAX)) * 0x1_0000_0000_0001).into(),
    });
    origin.port = maybe(dice, |dice| u16::try_from(dice.roll(65_536)).expect("it is below 2^16"));
    origin.location = maybe(dice, location).and_then(Location::known);
    origin.autonomous_system = maybe(dice, |dice| {
        let mut network = AutonomousSystem::default();
        network.number = dice.small(u32::MAX);
        network
    });
    origin.user_agent = maybe(dice, text);
    origin.device = maybe(dice, device);
    origin
}

fn location(dice: &mut Dice) -> Location {
    let mut location = Location::default();
    location.city = maybe(dice, text);
    location.region = maybe(dice, text);
    location.country = maybe(dice, |dice| dice.pick(&["DE", "US", "CI", "ZW"]));
    location.coordinates = maybe(dice, |dice| {
        let mut point = Coordinates::default();
        point.latitude = f64::from(dice.small(180_001)) / 1_000.0 - 90.0;
        point.longitude = f64::from(dice.small(360_001)) / 1_000.0 - 180.0;
        point
    });
    location
}

fn device(dice: &mut Dice) -> Device {
    let mut device = Device::default();
    device.id = maybe(dice, text);
    device.name = maybe(dice, text);
    device.os = maybe(dice, |dice| match dice.roll(4) {
        0 => text(dice),
        _ => dice.pick(&["Windows 11", "MacOs", "Ios 17.1", "Android", "hp-ux"]).to_owned(),
    });
    device.is_compliant = maybe(dice, flag);
    device.is_managed = maybe(dice, flag);
    device
}

fn named(dice: &mut Dice) -> Option<Named> {
    Named::of(maybe(dice, text), maybe(dice, text))
}

fn protocol(dice: &mut Dice) -> Protocol {
    match dice.roll(7) {
        0 => Protocol::OAuth2,
        1 => Protocol::Saml2,
        2 => Protocol::Kerberos,
        3 => Protocol::Radius,
        4 => Protocol::Unknown,
        5 => Protocol::Other(dice.pick(&["ldap", "Saml", "unknown", "other"]).to_owned()),
        _ => Protocol::Other(text(dice)),
    }
}

fn factor(dice: &mut Dice) -> Factor {
    let kind = dice.pick(&[
        FactorKind::Password,
        FactorKind::Sms,
        FactorKind::Phone,
        FactorKind::App,
        FactorKind::Otp,
        FactorKind::Webauthn,
        FactorKind::Email,
        FactorKind::Other,
    ]);
    match dice.roll(4) {
        0 => Factor::new(kind, dice.pick(&["otp", "Biometric", "U2f", "other"]).to_owned()),
        _ => Factor::new(kind, text(dice)),
    }
}

fn risk(dice: &mut Dice) -> Risk {
    let mut risk = Risk::default();
    risk.level = dice.pick(&[
        RiskLevel::None,
        RiskLevel::Low,
        RiskLevel::Medium,
        RiskLevel::High,
        RiskLevel::Risky,
    ]);
    risk.reasons = several(dice, text);
    risk
}

fn policy(dice: &mut Dice) -> Policy {
    let mut policy = Policy::default();
    policy.id = maybe(dice, text);
    policy.name = maybe(dice, text);
    policy.result = maybe(dice, text);
    policy.is_applied = maybe(dice, flag);
    policy
}

fn unmapped(dice: &mut Dice) -> Json {
    const LEFT: [&str; 5] = [
        r#"{"isInteractive":false}"#,
        r#"{"big":123456789012345678901234567890,"deep":[{"a":[0,{"b":"c"}]}]}"#,
        r#"{"signin":{"theirs":true},"x":1.50}"#,
        r#"{"signin":"theirs"}"#,
        r#"{"é\n":"\u00e9 \ud83d\ude00"}"#,
    ];
    serde_json::from_str(dice.pick(&LEFT)).expect("the values are JSON")
}
