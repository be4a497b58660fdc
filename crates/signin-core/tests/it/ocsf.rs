//! Sign-ins as OCSF Authentications.

use serde_json::{Value, json};
use signin_core::event::{
    Activity, AutonomousSystem, Coordinates, Device, Factor, FactorKind, Location, Named, NoEvent,
    Outcome, Policy, Principal, PrincipalKind, Product, Protocol, Risk, RiskLevel, SignIn,
};
use signin_core::{Json, Timestamp};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The least that an event can be.
fn least() -> SignIn {
    let mut event = SignIn::default();
    event.product = Product::new("acme", "Acme", "Acme ID", "sign_ins");
    event.time = Timestamp::parse("2026-01-02T03:04:05.6789Z");
    event.principal.id = some("7");
    event
}

/// The least event, changed.
fn with(change: impl FnOnce(&mut SignIn)) -> Value {
    let mut event = least();
    change(&mut event);
    ocsf(&event)
}

fn ocsf(event: &SignIn) -> Value {
    serde_json::to_value(event.to_ocsf().unwrap()).unwrap()
}

/// In the order in which it is written.
fn pretty(event: &SignIn) -> String {
    serde_json::to_string_pretty(&event.to_ocsf().unwrap()).unwrap()
}

fn coordinates(latitude: f64, longitude: f64) -> Option<Coordinates> {
    let mut coordinates = Coordinates::default();
    (coordinates.latitude, coordinates.longitude) = (latitude, longitude);
    Some(coordinates)
}

/// An event that has everything.
fn all() -> SignIn {
    let mut event = least();
    event.id = "00c6cfd2-ca24-5a98-9a0d-1d1a1f9f3b4f".to_owned();
    event.revision = "ab".repeat(32);
    event.tenant = some("contoso");
    event.customer = some("c-1");
    event.original_id = some("66ea54eb");
    event.original_time = some("2026-01-02T04:04:05.6789+01:00");
    event.principal.kind = PrincipalKind::User;
    event.principal.set_name(some("ada@example.com"));
    event.principal.full_name = some("Ada Lovelace");
    let origin = &mut event.origin;
    origin.ip = Some("2001:db8::1".parse().unwrap());
    origin.port = Some(443);
    let mut location = Location::default();
    location.city = some("Ulm");
    location.region = some("Baden-Württemberg");
    location.country = Some("DE");
    location.coordinates = coordinates(48.4, 10.0);
    origin.location = Some(location);
    let mut network = AutonomousSystem::default();
    network.number = 64_496;
    origin.autonomous_system = Some(network);
    origin.user_agent = some("Mozilla/5.0");
    let mut device = Device::default();
    device.id = some("d-1");
    device.name = some("LAPTOP");
    device.os = some("Windows 11");
    device.is_compliant = Some(true);
    device.is_managed = Some(false);
    origin.device = Some(device);
    event.application = Named::of(some("a-1"), some("Portal"));
    event.resource = Named::of(some("r-1"), some("Windows Azure Active Directory"));
    event.protocol = Some(Protocol::OAuth2);
    event.kinds = vec!["interactiveUser".to_owned()];
    event.factors = vec![
        factor(FactorKind::Password, "Password"),
        factor(FactorKind::Other, "Temporary access pass"),
    ];
    event.mfa = Some(true);
    event.outcome = Outcome::Interrupted;
    event.code = some("50140");
    event.reason = some("Keep me signed in");
    event.risk = Some(risk(RiskLevel::High, &["leakedCredentials"]));
    event.session_id = some("s-1");
    event.correlation_id = some("k-1");
    event.policies = vec![policy("p-1", "Require MFA")];
    event.unmapped = Some(raw(r#"{"isInteractive":true,"n":1.50}"#));
    event.raw = some("{\"id\": \"66ea54eb\",\t\"n\": 1.50}\n");
    event
}

fn raw(json: &str) -> Json {
    serde_json::from_str(json).unwrap()
}

fn risk(level: RiskLevel, reasons: &[&str]) -> Risk {
    let mut risk = Risk::default();
    risk.level = level;
    risk.reasons = reasons.iter().map(|&reason| reason.to_owned()).collect();
    risk
}

fn policy(id: &str, name: &str) -> Policy {
    let mut policy = Policy::default();
    policy.id = some(id);
    policy.name = some(name);
    policy.result = some("success");
    policy.is_applied = Some(true);
    policy
}

fn factor(kind: FactorKind, method: &str) -> Factor {
    Factor::new(kind, method.to_owned())
}

#[test]
fn an_event_that_has_everything_has_a_place_for_all_of_it() {
    insta::assert_snapshot!(pretty(&all()));
}

#[test]
fn an_event_that_has_little_has_no_place_for_what_is_absent() {
    insta::assert_snapshot!(pretty(&least()));
}

#[test]
fn what_is_no_event_is_refused() {
    let refused = |change: fn(&mut SignIn)| {
        let mut event = all();
        change(&mut event);
        match event.to_ocsf() {
            Err(NoEvent::Unusable { path, .. }) => path,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(|event| event.time = None), "/time");
    for time in ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00Z"] {
        let mut event = all();
        event.time = Timestamp::parse(time);
        assert_eq!(event.to_ocsf().unwrap_err(), NoEvent::without_time("/time"), "{time}");
    }
    assert_eq!(refused(|event| event.principal = Principal::default()), "/principal");
    assert_eq!(refused(|event| event.product = Product::default()), "/product/name");
    assert_eq!(
        refused(|event| {
            let nobody = Principal::default();
            event.principal.id = some("");
            event.principal.name = some("");
            event.principal.email = nobody.email;
            event.principal.full_name = nobody.full_name;
        }),
        "/principal"
    );
}

#[test]
fn a_user_without_uid_and_name_is_named_by_the_address_else_by_the_name_for_people() {
    let named = |email: &str, full_name: &str| {
        let ocsf = with(|event| {
            event.principal = Principal::default();
            event.principal.email = some(email);
            event.principal.full_name = some(full_name);
        });
        ocsf["user"]["name"].clone()
    };
    assert_eq!(named("ada@example.com", "Ada"), "ada@example.com");
    assert_eq!(named("", "Ada"), "Ada");
}

#[test]
fn the_type_is_the_class_and_the_activity() {
    for (activity, id, name) in [
        (Activity::SignIn, 1, "Logon"),
        (Activity::SignOut, 2, "Logoff"),
        (Activity::Step, 6, "Preauth"),
    ] {
        let ocsf = with(|event| event.activity = activity);
        assert_eq!(ocsf["activity_id"], id);
        assert_eq!(ocsf["activity_name"], name);
        assert_eq!(ocsf["type_uid"], 300_200 + id);
        assert_eq!(ocsf["type_name"], format!("Authentication: {name}"));
    }
}

#[test]
fn a_time_is_in_milliseconds_whatever_its_offset() {
    for (time, milliseconds) in [
        ("2026-01-02T03:04:05Z", 1_767_323_045_000_i64),
        ("2026-01-02T04:04:05.9999999+01:00", 1_767_323_045_999),
        ("1970-01-01T00:00:01.001Z", 1_001),
        ("9998-12-31T23:59:59Z", 253_370_764_799_000),
    ] {
        let ocsf = with(|event| event.time = Timestamp::parse(time));
        assert_eq!(ocsf["time"], milliseconds, "{time}");
    }
}

#[test]
fn an_outcome_is_never_a_success_by_default_and_an_interrupt_says_so() {
    for (outcome, id, name) in [
        (Outcome::Unknown, 0, "Unknown"),
        (Outcome::Success, 1, "Success"),
        (Outcome::Failure, 2, "Failure"),
        (Outcome::Interrupted, 99, "Interrupted"),
    ] {
        let ocsf = with(|event| event.outcome = outcome);
        assert_eq!((&ocsf["status_id"], &ocsf["status"]), (&json!(id), &json!(name)));
    }
    assert_eq!(ocsf(&least())["status_id"], 0);
}

#[test]
fn risk_tells_the_severity_and_is_absent_where_none_is_told() {
    for (level, id, caption, severity, words) in [
        (RiskLevel::None, 0, "Info", 1, "Informational"),
        (RiskLevel::Low, 1, "Low", 2, "Low"),
        (RiskLevel::Medium, 2, "Medium", 3, "Medium"),
        (RiskLevel::High, 3, "High", 4, "High"),
        (RiskLevel::Risky, 99, "Risky", 3, "Medium"),
    ] {
        let ocsf = with(|event| event.risk = Some(risk(level, &[])));
        assert_eq!((&ocsf["risk_level_id"], &ocsf["risk_level"]), (&json!(id), &json!(caption)));
        assert_eq!((&ocsf["severity_id"], &ocsf["severity"]), (&json!(severity), &json!(words)));
        assert_eq!(ocsf["metadata"]["profiles"], json!(["security_control"]));
    }
    let untold = ocsf(&least());
    assert_eq!((&untold["severity_id"], untold.get("risk_level_id")), (&json!(1), None));
    assert_eq!(untold["metadata"].get("profiles"), None);
}

#[test]
fn who_it_is_is_told_by_kind() {
    for (kind, id, caption) in [
        (PrincipalKind::Unknown, 0, "Unknown"),
        (PrincipalKind::User, 1, "User"),
        (PrincipalKind::ServicePrincipal, 4, "Service"),
        (PrincipalKind::ManagedIdentity, 4, "Service"),
        (PrincipalKind::Agent, 99, "Agent"),
    ] {
        let user = with(|event| event.principal.kind = kind)["user"].take();
        assert_eq!(user, json!({"uid": "7", "type_id": id, "type": caption}));
    }
}

#[test]
fn an_address_that_ocsf_has_no_letters_for_is_no_address_there_and_is_not_lost() {
    for (address, is_one) in [
        ("ada@example.com", true),
        ("o'hara+x@sub-1.example.co.uk", true),
        ("jörg@example.com", false),
        ("ada@bücher.example", false),
        ("ada_example.com#EXT#@contoso.onmicrosoft.com", false),
        ("ada_example.com#ext#@contoso.onmicrosoft.com", false),
        ("ada(x)@example.com", false),
        ("ada@localhost", false),
        ("@example.com", false),
    ] {
        let ocsf = with(|event| event.principal.email = some(address));
        let rest = ocsf.pointer("/unmapped/signin/principal/email");
        let expected = Some(json!(address));
        let expected = if is_one { (expected, None) } else { (None, expected) };
        let found = (ocsf["user"].get("email_addr").cloned(), rest.cloned());
        assert_eq!(found, expected, "{address}");
        assert_eq!(ocsf["user"].get("name"), None);
    }
    // It is in the name already.
    let ocsf = with(|event| {
        event.principal.name = some("jörg@example.com");
        event.principal.email = some("jörg@example.com");
    });
    assert_eq!((ocsf["user"].get("email_addr"), ocsf.get("unmapped")), (None, None));
}

#[test]
fn somebody_known_by_address_alone_has_it_for_a_name() {
    for address in ["ada@example.com", "jörg@example.com"] {
        let ocsf = with(|event| {
            event.principal = Principal::default();
            event.principal.email = some(address);
        });
        assert_eq!((&ocsf["user"]["name"], ocsf.get("unmapped")), (&json!(address), None));
    }
    // An empty name is none.
    let ocsf = with(|event| event.principal.name = some(""));
    assert_eq!(ocsf["user"].get("name"), None);
}

#[test]
fn a_place_without_an_address_or_a_name_is_in_what_has_no_place() {
    let mut somewhere = Location::default();
    somewhere.coordinates = coordinates(48.4, 10.0);
    let mut ulm = somewhere.clone();
    ulm.city = some("Ulm");
    let ip = "192.0.2.1".parse().ok();

    let ocsf = with(|event| (event.origin.ip, event.origin.location) = (ip, Some(ulm.clone())));
    let expected = json!({"city": "Ulm", "lat": 48.4, "long": 10.0});
    assert_eq!(ocsf["src_endpoint"], json!({"ip": "192.0.2.1", "location": expected}));
    assert_eq!(ocsf.get("unmapped"), None);

    let rest = json!({"coordinates": {"latitude": 48.4, "longitude": 10.0}});
    let ocsf = with(|event| (event.origin.ip, event.origin.location) = (ip, Some(somewhere)));
    assert_eq!(ocsf["src_endpoint"], json!({"ip": "192.0.2.1"}));
    assert_eq!(ocsf["unmapped"], json!({"signin": {"origin": {"location": rest}}}));

    let ocsf = with(|event| {
        event.origin.location = Some(ulm);
        event.origin.port = Some(443);
        event.origin.autonomous_system = all().origin.autonomous_system;
    });
    assert_eq!(ocsf.get("src_endpoint"), None);
    let origin = &ocsf["unmapped"]["signin"]["origin"];
    assert_eq!(origin["location"]["city"], "Ulm");
    assert_eq!(
        (&origin["port"], &origin["autonomous_system"]["number"]),
        (&json!(443), &json!(64_496))
    );
}

#[test]
fn coordinates_that_are_no_numbers_are_no_nulls() {
    let mut nowhere = Location::default();
    nowhere.coordinates = coordinates(f64::NAN, 1.0);
    let mut ulm = nowhere.clone();
    ulm.city = some("Ulm");
    let ip = "192.0.2.1".parse().ok();
    for (ip, location) in [(ip, &ulm), (ip, &nowhere), (None, &ulm), (None, &nowhere)] {
        let ocsf =
            with(|event| (event.origin.ip, event.origin.location) = (ip, Some(location.clone())));
        let text = ocsf.to_string();
        assert!(!text.contains("null") && !text.contains("lat"), "{text}");
    }
}

#[test]
fn a_device_needs_an_id_or_a_name() {
    let mut device = Device::default();
    let ocsf = |device: &Device| with(|event| event.origin.device = Some(device.clone()));
    assert_eq!(ocsf(&device).get("unmapped"), None);
    device.os = some("Windows 11");
    let nameless = ocsf(&device);
    assert_eq!((nameless.get("device"), nameless["metadata"].get("profiles")), (None, None));
    assert_eq!(nameless["unmapped"]["signin"]["origin"]["device"], json!({"os": "Windows 11"}));
    device.name = some("LAPTOP");
    let named = ocsf(&device);
    assert_eq!(
        named["device"],
        json!({"type_id": 0, "type": "Unknown", "name": "LAPTOP",
            "os": {"name": "Windows 11", "type_id": 100, "type": "Windows"}})
    );
    assert_eq!((&named["metadata"]["profiles"], named.get("unmapped")), (&json!(["host"]), None));
}

#[test]
fn a_system_is_known_by_its_first_word() {
    for (name, id, caption) in [
        ("Windows", 100, "Windows"),
        ("Windows10", 100, "Windows"),
        ("WindowsPhone", 101, "Windows Mobile"),
        ("Linux", 200, "Linux"),
        ("Android 14", 201, "Android"),
        ("MacOs", 300, "macOS"),
        ("Mac OS X 10.15", 300, "macOS"),
        ("Ios 17.1", 301, "iOS"),
        ("iPadOS", 302, "iPadOS"),
        ("windows mobile", 101, "Windows Mobile"),
        ("Solaris 11", 400, "Solaris"),
        ("AIX", 401, "AIX"),
        ("hp-ux", 402, "HP-UX"),
        ("ChromeOS", 99, "ChromeOS"),
        ("Iosphere", 99, "Iosphere"),
        ("7", 99, "7"),
    ] {
        let mut device = Device::default();
        device.id = some("d");
        device.os = some(name);
        let ocsf = with(|event| event.origin.device = Some(device));
        assert_eq!(ocsf["device"]["os"], json!({"name": name, "type_id": id, "type": caption}));
    }
}

#[test]
fn there_is_always_something_that_was_signed_in_to() {
    let places = |application: Option<Named>, resource: Option<Named>| {
        let mut ocsf = with(|event| {
            (event.application, event.resource) = (application, resource);
        });
        (ocsf["service"].take(), ocsf["dst_endpoint"].take())
    };
    let null = Value::Null;
    let portal = Named::of(None, some("Portal"));
    assert_eq!(places(None, None), (json!({"name": "Acme ID"}), null.clone()));
    assert_eq!(places(Some(Named::default()), Named::of(some(""), None)).0["name"], "Acme ID");
    assert_eq!(places(portal.clone(), None), (json!({"name": "Portal"}), null.clone()));
    assert_eq!(places(None, portal), (null, json!({"svc_name": "Portal"})));
}

#[test]
fn a_protocol_and_a_proof_have_ids_or_are_told_in_the_vendors_words() {
    for (protocol, id, caption) in [
        (Protocol::OAuth2, 6, "OAUTH 2.0"),
        (Protocol::Saml2, 5, "SAML"),
        (Protocol::Kerberos, 2, "Kerberos"),
        (Protocol::Radius, 10, "RADIUS"),
        (Protocol::Unknown, 0, "Unknown"),
        // A word that is the caption of an id is that id.
        (Protocol::Other("Radius".to_owned()), 10, "RADIUS"),
        (Protocol::Other("basic authentication".to_owned()), 11, "Basic Authentication"),
        (Protocol::Other("wsFederation".to_owned()), 99, "wsFederation"),
    ] {
        let ocsf = with(|event| event.protocol = Some(protocol));
        assert_eq!(
            (&ocsf["auth_protocol_id"], &ocsf["auth_protocol"]),
            (&json!(id), &json!(caption))
        );
    }
    let nameless = with(|event| event.protocol = Some(Protocol::Other(String::new())));
    assert_eq!(nameless.get("auth_protocol_id"), None);
    for (kind, id, caption) in [
        (FactorKind::Sms, 1, "SMS"),
        (FactorKind::Phone, 3, "Phone Call"),
        (FactorKind::App, 5, "Push Notification"),
        (FactorKind::Otp, 7, "OTP"),
        (FactorKind::Email, 8, "Email"),
        (FactorKind::Webauthn, 10, "WebAuthn"),
        (FactorKind::Password, 11, "Password"),
        (FactorKind::Other, 99, "By word"),
    ] {
        let ocsf = with(|event| event.factors = vec![factor(kind, "By word")]);
        assert_eq!(ocsf["auth_factors"], json!([{"factor_type_id": id, "factor_type": caption}]));
    }
    for (method, id, caption) in [("otp", 7, "OTP"), ("Hardware token", 6, "Hardware Token")] {
        let ocsf = with(|event| event.factors = vec![factor(FactorKind::Other, method)]);
        assert_eq!(ocsf["auth_factors"], json!([{"factor_type_id": id, "factor_type": caption}]));
    }
}

#[test]
fn several_kinds_and_reasons_are_one_text_and_a_list_beside_it() {
    let one = with(|event| {
        event.kinds = vec!["interactiveUser".to_owned()];
        event.risk = Some(risk(RiskLevel::Low, &["unfamiliarFeatures"]));
    });
    assert_eq!(
        (&one["logon_type_id"], &one["logon_type"]),
        (&json!(99), &json!("interactiveUser"))
    );
    assert_eq!((&one["risk_details"], one.get("unmapped")), (&json!("unfamiliarFeatures"), None));
    let two = with(|event| {
        event.kinds = vec!["a".to_owned(), "b, c".to_owned()];
        event.risk = Some(risk(RiskLevel::Low, &["d", "e"]));
    });
    assert_eq!((&two["logon_type"], &two["risk_details"]), (&json!("a, b, c"), &json!("d, e")));
    let expected = json!({"kinds": ["a", "b, c"], "risk": {"reasons": ["d", "e"]}});
    assert_eq!(two["unmapped"]["signin"], expected);
    let none = with(|event| event.risk = Some(risk(RiskLevel::Low, &[])));
    assert_eq!((none.get("logon_type_id"), none.get("risk_details")), (None, None));
}

#[test]
fn a_policy_needs_an_id_or_a_name() {
    let mut nameless = Policy::default();
    nameless.result = some("failure");
    let mut named = Policy::default();
    named.name = some("Require MFA");
    let ocsf = with(|event| event.policies = vec![Policy::default(), nameless.clone(), named]);
    assert_eq!(ocsf["authorizations"], json!([{"policy": {"name": "Require MFA"}}]));
    assert_eq!(ocsf["metadata"]["profiles"], json!(["security_control"]));
    assert_eq!(ocsf["unmapped"]["signin"]["policies"], json!([{"result": "failure"}]));
    let ocsf = with(|event| event.policies = vec![nameless]);
    assert_eq!((ocsf.get("authorizations"), ocsf["metadata"].get("profiles")), (None, None));
}

#[test]
fn p2_what_is_left_over_keeps_its_text() {
    let text = |unmapped: &str, kinds: &[&str]| {
        let mut event = least();
        event.unmapped = Some(raw(unmapped));
        event.kinds = kinds.iter().map(|&kind| kind.to_owned()).collect();
        let text = serde_json::to_string(&event.to_ocsf().unwrap()).unwrap();
        text.split_once(r#""unmapped":"#).unwrap().1.strip_suffix('}').unwrap().to_owned()
    };
    let big = r#"{"n":1.50,"big":123456789012345678901234567890,"é\n":"\u00e9"}"#;
    assert_eq!(text(big, &[]), big);
    let both = big.replace('}', r#","signin":{"kinds":["a","b"]}}"#);
    assert_eq!(text(big, &["a", "b"]), both);
    // A record may have a member of that name.
    assert_eq!(
        text(r#"{"signin":7,"x":1}"#, &["a", "b"]),
        r#"{"x":1,"signin":[7,{"kinds":["a","b"]}]}"#
    );
    assert_eq!(text(r#"{"signin":7}"#, &[]), r#"{"signin":7}"#);
    assert_eq!(text("[1.50]", &[]), r#"{"signin":{"unmapped":[1.50]}}"#);
}

#[test]
fn p2_the_record_is_kept_exactly() {
    let record = "{ \"a\" : \"\u{1f600}\\u0000\u{7f}\\\\\",\r\n\t\"b\":1.50 }";
    let ocsf = with(|event| event.raw = some(record));
    assert_eq!(ocsf["raw_data"], record);
}

#[test]
fn the_hash_is_told_without_the_record() {
    let ocsf = with(|event| event.revision = "ab".repeat(32));
    assert_eq!(ocsf.get("raw_data"), None);
    assert_eq!(
        ocsf["raw_data_hash"],
        json!({"algorithm_id": 3, "algorithm": "SHA-256", "value": "ab".repeat(32)})
    );
}
