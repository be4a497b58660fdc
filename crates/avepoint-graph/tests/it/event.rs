//! Sign-ins in the shape that all products share.

use avepoint_graph::event::{Context, NoEvent, Outcome, RiskLevel, SignIn};
use avepoint_graph::{Record, decode_sign_ins};
use signin_contract::events::{Records, check, check_many, forms, print_many};
use signin_contract::odd_members::check_odd;
use signin_contract::samples::body;
use signin_core::testing::{Reply, Scripted};

use crate::{client, page};

const SIGN_INS: &str = include_str!("../../../../fixtures/avepoint/sign_ins.jsonc");
const FORMS: &str = include_str!("../../../../fixtures/avepoint/sign_ins.rfc3339.json");

type Model = avepoint_graph::SignIn;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

fn context() -> Context {
    let mut context = Context::default();
    context.tenant = Some("0c7715b3-bc2f-4c4c-a8a0-f3634dcfacec".to_owned());
    context.customer = Some("966f35cc-61f4-4070-819c-25cdbcf82a07".to_owned());
    context
}

/// The events of a page, and why its other records gave none.
fn events(page: &str) -> (Vec<SignIn>, Vec<String>) {
    let page = decode_sign_ins(page.as_bytes()).unwrap();
    let (mut events, mut refused) = (Vec::new(), Vec::new());
    for record in page.items() {
        match check(record, &context()) {
            Ok(event) => events.push(event),
            Err(why) => refused.push(format!("{}: {why}", record.id.as_deref().unwrap())),
        }
    }
    (events, refused)
}

#[test]
fn the_documented_sign_in_is_an_event() {
    let (events, refused) = events(&body(SIGN_INS));
    assert_eq!(refused, [""; 0]);
    insta::assert_json_snapshot!(forms(&events));
}

#[test]
fn every_form_that_is_documented_is_an_event_but_for_those_without_a_time() {
    let (events, refused) = events(FORMS);
    let why = "/loginTime: expected a time from 1970 to 9998, found none";
    let without = ["4", "5"].map(|n| format!("00000000-0000-4000-8000-00000000a00{n}: {why}"));
    assert_eq!(refused, without);
    insta::assert_json_snapshot!(forms(&events));
}

/// A sign-in with these members beside its id, its time and its user's id.
fn record(members: &str) -> Record<Model> {
    let known = r#""id":"s","loginTime":"2026-01-02T03:04:05Z","userId":"u""#;
    Record::from_json(format!("{{{known},{members}}}")).unwrap()
}

/// The event of such a sign-in, and what is left over.
fn event(members: &str) -> (SignIn, String) {
    let event = check(&record(members), &context()).unwrap();
    let unmapped = event.unmapped.as_ref().map(|json| json.get().to_owned());
    (event, unmapped.unwrap_or_default())
}

#[test]
fn a_record_without_a_usable_time_somebody_or_an_id_is_no_event() {
    let time = r#""loginTime":638907426550000000"#;
    for (members, path) in [
        (r#""id":"s","userId":"u""#.to_owned(), "/loginTime"),
        (r#""id":"s","userId":"u","loginTime":0"#.to_owned(), "/loginTime"),
        (r#""id":"s","userId":"u","loginTime":"0""#.to_owned(), "/loginTime"),
        (r#""id":"s","userId":"u","loginTime":"0001-01-01T00:00:00""#.to_owned(), "/loginTime"),
        // The calendar's end, in ticks and as text.
        (r#""id":"s","userId":"u","loginTime":3155378975999999999"#.to_owned(), "/loginTime"),
        (
            r#""id":"s","userId":"u","loginTime":"9999-12-31T23:59:59.9999999""#.to_owned(),
            "/loginTime",
        ),
        // 1970-01-01 in ticks.
        (r#""id":"s","userId":"u","loginTime":621355968000000000"#.to_owned(), "/loginTime"),
        (format!(r#""id":"s",{time}"#), "/userId"),
        (format!(r#""id":"s","userId":"","userPrincipalName":"",{time}"#), "/userId"),
        (format!(r#""id":"s","userId":"{NIL}",{time}"#), "/userId"),
        (format!(r#""userId":"u",{time}"#), "/id"),
        (format!(r#""id":"","userId":"u",{time}"#), "/id"),
        (format!(r#""id":"{NIL}","userId":"u",{time}"#), "/id"),
    ] {
        let json = format!("{{{members}}}");
        let refused = Record::<Model>::from_json(&json).unwrap().to_event(&context()).unwrap_err();
        assert!(matches!(refused, NoEvent::Unusable { path: at, .. } if at == path), "{json}");
    }
}

#[test]
fn the_tenant_must_be_told_and_the_customer_may_be() {
    let record = record(r#""city":"Ulm""#);
    for nobody in [None, Some(String::new())] {
        let mut context = context();
        context.tenant = nobody;
        let refused = record.to_event(&context).unwrap_err();
        assert_eq!(refused, NoEvent::MissingContext { field: "tenant" });
    }
    for nobody in [None, Some(String::new())] {
        let mut context = context();
        context.customer = nobody;
        let event = check(&record, &context).unwrap();
        assert_eq!(event.customer, None);
        assert_eq!(event.id, record.to_event(&self::context()).unwrap().id, "it is not of the id");
    }
    let (event, _) = event(r#""city":"Ulm""#);
    let application = event.application.unwrap();
    assert_eq!(application.name.as_deref(), Some("Microsoft 365"));
    assert_eq!((application.id, event.customer), (context().tenant, context().customer));
}

#[test]
fn every_form_of_a_time_is_one_event_at_one_instant_and_is_kept() {
    let mut ids = Vec::new();
    for (wire, original) in [
        ("638907426550000000", "638907426550000000"),
        ("\"638907426550000000\"", "638907426550000000"),
        ("\"2025-08-14T04:30:55Z\"", "2025-08-14T04:30:55Z"),
        ("\"2025-08-14T04:30:55\"", "2025-08-14T04:30:55"),
        ("\"2025-08-14T06:30:55.000+02:00\"", "2025-08-14T06:30:55.000+02:00"),
    ] {
        let json = format!(r#"{{"id":"s","userId":"u","loginTime":{wire}}}"#);
        let event = check(&Record::<Model>::from_json(json).unwrap(), &context()).unwrap();
        assert_eq!(event.time.unwrap().to_string(), "2025-08-14T04:30:55Z", "{wire}");
        assert_eq!(event.original_time.as_deref(), Some(original));
        ids.push(event.id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

/// 100 ns, as ticks count them.
#[test]
fn ticks_keep_what_a_float_would_lose() {
    let json = r#"{"id":"s","userId":"u","loginTime":638907426550000001}"#;
    let event = check(&Record::<Model>::from_json(json).unwrap(), &context()).unwrap();
    assert_eq!(event.time.unwrap().to_string(), "2025-08-14T04:30:55.0000001Z");
}

#[test]
fn the_api_tells_no_outcome_and_none_is_made_up() {
    for risk in ["true", "false", "null"] {
        let (event, _) = event(&format!(r#""isRisk":{risk}"#));
        assert_eq!(event.outcome, Outcome::Unknown);
        assert_eq!((event.mfa, event.code), (None, None));
    }
}

#[test]
fn a_sign_in_is_risky_or_nothing_is_known_of_its_risk() {
    let (risky, left) = event(r#""isRisk":true"#);
    assert_eq!(risky.risk.map(|risk| risk.level), Some(RiskLevel::Risky));
    assert_eq!(left, "");
    let (other, left) = event(r#""isRisk":false"#);
    assert_eq!(other.risk, None, "not risky is not looked at and found safe");
    assert_eq!(left, r#"{"isRisk":false}"#);
    assert_eq!(event(r#""isRisk":null"#).0.risk, None);
}

#[test]
fn a_place_is_told_as_far_as_it_is_known() {
    for (members, place, left) in [
        (
            r#""ip":"192.0.2.1","city":"Fremont","country":"US","lat":37.56699,"lon":-121.9827"#,
            r#"{"city":"Fremont","country":"US","coordinates":{"latitude":37.56699,"longitude":-121.9827}}"#,
            "",
        ),
        (
            r#""ip":"192.0.2.1","country":"Germany""#,
            r#"{"country":"DE"}"#,
            r#"{"country":"Germany"}"#,
        ),
        (r#""ip":"192.0.2.1","city":"","country":"Atlantis""#, "null", r#"{"country":"Atlantis"}"#),
        // Nowhere, which is in the Gulf of Guinea.
        (r#""ip":"192.0.2.1","city":"","lat":0.0,"lon":0"#, "null", r#"{"lat":0.0,"lon":0}"#),
        (
            r#""ip":"192.0.2.1","city":"","country":"NL","lat":0.0,"lon":0"#,
            r#"{"country":"NL"}"#,
            r#"{"lat":0.0,"lon":0}"#,
        ),
        (
            r#""ip":"192.0.2.1","city":"Fremont","country":"US","lat":-0.0,"lon":0.0"#,
            r#"{"city":"Fremont","country":"US"}"#,
            r#"{"lat":-0.0,"lon":0.0}"#,
        ),
        (
            r#""ip":"192.0.2.1","city":"","lat":48.4,"lon":10.5"#,
            r#"{"coordinates":{"latitude":48.4,"longitude":10.5}}"#,
            r#"{"lat":48.4,"lon":10.5}"#,
        ),
        (
            r#""ip":"192.0.2.1","city":"Ulm","lat":948.4,"lon":10"#,
            r#"{"city":"Ulm"}"#,
            r#"{"lat":948.4,"lon":10}"#,
        ),
        (r#""ip":"192.0.2.1","city":"Ulm","lat":48.4"#, r#"{"city":"Ulm"}"#, r#"{"lat":48.4}"#),
        // A place without an address, which not every format can show.
        (
            r#""ip":"unknown","city":"Ulm","country":"DE""#,
            r#"{"city":"Ulm","country":"DE"}"#,
            r#"{"ip":"unknown","city":"Ulm","country":"DE"}"#,
        ),
    ] {
        let (event, unmapped) = event(members);
        assert_eq!(serde_json::to_string(&event.origin.location).unwrap(), place, "{members}");
        assert_eq!(unmapped, left, "{members}");
    }
}

#[test]
fn an_address_may_have_a_port_or_a_zone_which_stays() {
    let (with_port, left) = event(r#""ip":"[2001:db8::1]:50123""#);
    assert_eq!(with_port.origin.ip, Some("2001:db8::1".parse().unwrap()));
    assert_eq!((with_port.origin.port, left.as_str()), (Some(50123), ""));
    let (with_zone, left) = event(r#""ip":"fe80::1%eth0""#);
    assert_eq!(with_zone.origin.ip, Some("fe80::1".parse().unwrap()));
    assert_eq!(left, r#"{"ip":"fe80::1%eth0"}"#);
    let (mapped, left) = event(r#""ip":"::ffff:192.0.2.17""#);
    assert_eq!(mapped.origin.ip, Some("192.0.2.17".parse().unwrap()));
    assert_eq!(left, r#"{"ip":"::ffff:192.0.2.17"}"#);
}

#[test]
fn a_user_is_known_by_id_or_by_any_name_and_a_guests_name_is_no_address() {
    let json = |id: &str, name: &str| {
        let time = r#""id":"s","loginTime":"2026-01-02T03:04:05Z""#;
        format!(r#"{{{time},"userId":"{id}","userPrincipalName":"{name}"}}"#)
    };
    let who = |id: &str, name: &str| {
        let record = Record::<Model>::from_json(json(id, name)).unwrap();
        let event = check(&record, &context()).unwrap();
        (event.principal, event.unmapped.map(|json| json.get().to_owned()))
    };
    for mark in ["#EXT#", "#ext#"] {
        let (guest, _) = who("u", &format!("ada_example.com{mark}@contoso.onmicrosoft.com"));
        assert_eq!((guest.email, guest.domain), (None, None), "{mark}");
    }
    let (nameless, left) = who("u", "");
    assert_eq!((nameless.id.as_deref(), nameless.name, left), (Some("u"), None, None));
    let (unknown, left) = who(NIL, "ada@example.com");
    assert_eq!((unknown.id, unknown.domain.as_deref()), (None, Some("example.com")));
    assert_eq!(left, Some(format!(r#"{{"userId":"{NIL}"}}"#)), "nobody's id, and kept");
    let named = r#"{"id":"s","loginTime":"/Date(1741893341619)/","userDisplayName":"Bob"}"#;
    let event = check(&Record::<Model>::from_json(named).unwrap(), &context()).unwrap();
    assert_eq!(event.principal.full_name.as_deref(), Some("Bob"));
    let at = event.time.unwrap().instant().unix_timestamp_nanos();
    assert_eq!(at, 1_741_893_341_619_000_000);
    assert_eq!(event.original_time.as_deref(), Some("/Date(1741893341619)/"));
}

#[test]
fn ids_that_are_masked_are_ids_like_any_other() {
    let id = |id: &str| {
        let json = format!(r#"{{"id":"{id}","userId":"****","loginTime":638907426550000000}}"#);
        let event = check(&Record::<Model>::from_json(json).unwrap(), &context()).unwrap();
        assert_eq!(event.original_id.as_deref(), Some(id));
        assert_eq!(event.principal.id.as_deref(), Some("****"));
        event.id
    };
    let one = id("001f0090-****-****-****-b2c060e52500");
    assert_ne!(one, id("001f0090-****-****-****-b2c060e52501"));
    assert_eq!(one, id("001f0090-****-****-****-b2c060e52500"));
}

#[test]
fn a_changed_record_is_a_new_revision_of_the_same_event() {
    let ((before, _), (after, _)) = (event(r#""isRisk":false"#), event(r#""isRisk":true"#));
    assert_eq!(before.id, after.id);
    assert_ne!(before.revision, after.revision);
    let mut elsewhere = context();
    elsewhere.tenant = Some("t-2".to_owned());
    assert_ne!(record(r#""isRisk":false"#).to_event(&elsewhere).unwrap().id, before.id);
}

#[tokio::test(start_paused = true)]
async fn a_walk_over_all_tenants_gives_each_sign_in_its_tenant_and_customer() {
    let customers = r#"{"data":[{"id":"c-1","tenants":[{"id":"t-1"},{"id":"t-2"}]}],"metadata":{"totalCount":1}}"#;
    let script = Scripted::respond(move |sent| match sent.url.contains("/customers/batch") {
        true => Reply::json(customers),
        false => Reply::json(page([1], 1)),
    });
    let mut pager = client(&script).all_sign_ins().items();
    let mut found = Vec::new();
    while let Some(next) = pager.try_next().await.unwrap() {
        let event = check(&next.record, &next.owner.context()).unwrap();
        found.push((event.tenant.unwrap(), event.customer.unwrap(), event.id));
    }
    let [(one, customer, id), (two, _, other)] = &found[..] else { panic!("{found:?}") };
    assert_eq!([one, two, customer], ["t-1", "t-2", "c-1"]);
    assert_ne!(id, other, "one id in two tenants is two events");
}

fn generated() -> Records {
    Records::default()
        .likely("/ip", &["\"192.0.2.1\"", "\"2001:db8::1\"", "\"192.0.2.1:443\"", "\"x\""])
        .likely("/country", &["\"US\"", "\"us\"", "\"Germany\"", "\"Congo\"", "\"\""])
        .likely("/lat", &["0", "37.56699", "90.5"])
        .likely("/lon", &["0", "-121.9827"])
        .likely("/userId", &["\"4140b563-****-****-****-5f44dadcf0fd\"", "\"\""])
        .likely(
            "/userPrincipalName",
            &["\"ada@example.com\"", "\"x_y.com#ext#@t.example\"", "\"\""],
        )
}

#[test]
fn p2_nothing_of_any_record_is_lost() {
    let mut context = context();
    context.keep_raw = true;
    let (events, refused) = check_many::<Model>(&generated(), 4_000, &context);
    assert!(events.len() > 1_000 && refused.len() > 500, "{} {}", events.len(), refused.len());
    let risky = events.iter().filter(|event| event.risk.is_some()).count();
    let placed = events.iter().filter(|event| event.mapped.contains(&"/lat")).count();
    assert!(risky > 100 && placed > 20, "{risky} {placed}");
}

/// Each JSON type into each member.
#[test]
fn p2_an_odd_member_costs_nothing_but_itself() {
    let events = check_odd::<Model>(&generated(), 30, &context());
    assert!(events > 100, "{events}");
}

/// For `.ci/events/run`, which holds them to the published schemas.
#[test]
#[ignore = "prints events for the validators: bash .ci/events/run"]
fn print_generated_events() {
    print_many::<Model>(&generated(), 400, &context());
}
