//! Sign-ins in the shape that all products share.

use std::collections::BTreeSet;

use signin_contract::events::{Records, check, check_many, forms, print_many};
use signin_contract::odd_members::check_odd;
use signin_core::testing::{Reply, Scripted};
use ssojet::event::{Context, NoEvent, Outcome, PrincipalKind, SignIn};
use ssojet::{Identities, LoginLog, Record, decode_login_logs};

use crate::{client, older, page};

const OLDER: &str = include_str!("../../../../fixtures/ssojet/login_logs.json");
const SHORT: &str = include_str!("../../../../fixtures/ssojet/login_logs.short.json");
const NEWER: &str = include_str!("../../../../fixtures/ssojet/login_logs.2026.json");

const USER: &str = "668bd1e2a7f1c4d5e6f70819";

/// The events of a page of this user's login logs.
fn events(body: &str) -> Vec<SignIn> {
    let page = decode_login_logs(body.as_bytes()).unwrap();
    let mut identities = Identities::new("app-1");
    page.items().map(|log| check(log, &identities.context(USER, log)).unwrap()).collect()
}

fn log(members: &str) -> Record<LoginLog> {
    Record::from_json(format!(r#"{{"created_at":"2026-01-02T03:04:05Z",{members}}}"#)).unwrap()
}

/// The event of such a log, and what is left over.
fn event(members: &str) -> (SignIn, String) {
    let log = log(members);
    let event = check(&log, &Identities::new("app-1").context(USER, &log)).unwrap();
    let unmapped = event.unmapped.as_ref().map(|json| json.get().to_owned());
    (event, unmapped.unwrap_or_default())
}

#[test]
fn the_short_sample_of_2024_is_an_event() {
    insta::assert_json_snapshot!(forms(&events(SHORT)));
    assert_eq!(events(SHORT), events(OLDER)[..1]);
}

/// One a line: they differ in little.
#[test]
fn every_documented_log_of_2024_is_an_event_of_its_own() {
    let events = events(OLDER);
    let ids: BTreeSet<_> = events.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), 24);
    let forms = forms(&events);
    let lines: Vec<_> = forms.as_array().unwrap().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_documented_log_of_2026_is_an_event() {
    insta::assert_json_snapshot!(forms(&events(NEWER)));
}

#[test]
fn both_bodies_give_the_same_event_ids() {
    let older = r#"{"login_logs":[
        {"IpAddress":"2001:DB8:0:0::7","Country":"Germany","City":"UnknownCity","CreatedAt":"2026-01-02T03:04:05.003Z","UserAgent":"","Name":"Amazon CloudFront"},
        {"IpAddress":"::ffff:192.0.2.7","CreatedAt":"2026-01-02T03:04:06Z"},
        {"IpAddress":"::ffff:192.0.2.7","CreatedAt":"2026-01-02T03:04:06Z"}]}"#;
    let newer = r#"{"audit_logs":[
        {"ip_address":"2001:db8::7","country":"Germany","city":"Ulm","created_at":"2026-01-02T03:04:05.003681223Z","user_agent":"curl/8","event":"login"},
        {"ip_address":"192.0.2.7","created_at":"2026-01-02T04:04:06.000+01:00","event":"login"},
        {"ip_address":"192.0.2.7","created_at":"2026-01-02T03:04:06.0Z","event":"login"}]}"#;
    let [older, newer] = [older, newer].map(events);
    let ids = |events: &[SignIn]| events.iter().map(|e| e.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&older), ids(&newer));
    assert_ne!(older[1].id, older[2].id, "alike, and two sign-ins all the same");
    assert!(older.iter().zip(&newer).all(|(older, newer)| older.revision != newer.revision));
    assert_eq!(older[0].origin.ip, newer[0].origin.ip);
    // What both say is said by both; a city is known to the newer one only.
    assert_eq!(older[0].origin.location.clone().unwrap().country, Some("DE"));
    let city = |event: &SignIn| event.origin.location.clone().unwrap().city;
    assert_eq!((city(&older[0]), city(&newer[0]).as_deref()), (None, Some("Ulm")));
}

#[test]
fn what_the_record_does_not_say_must_be_told() {
    let record = log(r#""ip_address":"192.0.2.1""#);
    let whole = Identities::new("app-1").context(USER, &record);
    assert!(record.to_event(&whole).is_ok());
    for nothing in [None, Some(String::new())] {
        for (place, field) in ["client_id", "user", "identity"].into_iter().enumerate() {
            let mut context = whole.clone();
            let told = [&mut context.client_id, &mut context.user, &mut context.identity];
            told.into_iter().nth(place).unwrap().clone_from(&nothing);
            let refused = record.to_event(&context).unwrap_err();
            assert_eq!(refused, NoEvent::MissingContext { field });
        }
    }
}

#[test]
fn a_context_says_of_whom_the_record_is_and_what_tells_it_apart() {
    let record = log(r#""ip_address":"192.0.2.1""#);
    let mut identities = Identities::new("app/1");
    let identities = [0, 1].map(|_| identities.context("user/1", &record));
    let names = identities.each_ref().map(|context| context.identity.as_deref().unwrap());
    let alike = "app%2F1/user%2F1/1767323045000/192.0.2.1";
    assert_eq!(names, [format!("{alike}/1"), format!("{alike}/2")]);
    let event = check(&record, &identities[0]).unwrap();
    assert_eq!(event.principal.id.as_deref(), Some("user/1"));
    assert_eq!(event.tenant.as_deref(), Some("app/1"));
    let application = event.application.unwrap();
    assert_eq!(
        (application.id.as_deref(), application.name.as_deref()),
        (Some("app/1"), Some("SSOJet"))
    );
}

#[test]
fn a_record_without_a_usable_time_is_no_event_and_that_is_why() {
    for time in [
        "",
        r#","created_at":null"#,
        r#","CreatedAt":"0001-01-01T00:00:00Z""#,
        r#","CreatedAt":"9999-12-31T23:59:59.9999999""#,
    ] {
        let json = format!(r#"{{"ip_address":"192.0.2.1"{time}}}"#);
        let log = Record::<LoginLog>::from_json(&json).unwrap();
        let refused = log.to_event(&Identities::new("app-1").context(USER, &log)).unwrap_err();
        assert_eq!(refused, NoEvent::without_time("/CreatedAt"), "{json}");
    }
}

#[test]
fn what_is_logged_of_something_else_is_no_sign_in() {
    for (happened, is_login) in [("login", true), ("", true), ("logout", false), ("Login", true)] {
        let log = log(&format!(r#""event":"{happened}""#));
        let event = log.to_event(&Identities::new("app-1").context(USER, &log));
        assert_eq!(event.is_ok(), is_login, "{happened}");
        assert!(is_login || event.unwrap_err() == NoEvent::NotASignIn);
    }
    assert_eq!(event(r#""event":"login""#).1, "");
}

#[test]
fn there_is_no_outcome_and_no_id_of_the_vendors_and_none_is_made_up() {
    let (event, _) = event(r#""ip_address":"192.0.2.1","event":"login""#);
    assert_eq!((event.outcome, event.original_id), (Outcome::Unknown, None));
    assert_eq!((event.principal.kind, event.principal.name), (PrincipalKind::User, None));
    assert_eq!((event.mfa, event.risk), (None, None));
}

/// The service's words for what it does not know, and what has no place in an event.
#[test]
fn what_says_nothing_is_absent_and_what_has_no_place_is_kept() {
    for (members, origin, left) in [
        (
            r#""IpAddress":"192.0.2.1","City":"UnknownCity","Country":"India""#,
            r#"{"ip":"192.0.2.1","location":{"country":"IN"}}"#,
            r#"{"City":"UnknownCity","Country":"India"}"#,
        ),
        (
            r#""ip_address":"192.0.2.1","city":"Jaipur","country":"IN""#,
            r#"{"ip":"192.0.2.1","location":{"city":"Jaipur","country":"IN"}}"#,
            "",
        ),
        (
            r#""IpAddress":"192.0.2.1","City":"","Country":"Atlantis""#,
            r#"{"ip":"192.0.2.1"}"#,
            r#"{"Country":"Atlantis"}"#,
        ),
        (
            r#""IpAddress":"192.0.2.1","City":"unknowncity","UserAgent":"amazon cloudfront""#,
            r#"{"ip":"192.0.2.1"}"#,
            r#"{"City":"unknowncity","UserAgent":"amazon cloudfront"}"#,
        ),
        // The address is known, and how it was written is not lost.
        (
            r#""IpAddress":"::ffff:192.0.2.1","City":"Unknown""#,
            r#"{"ip":"192.0.2.1"}"#,
            r#"{"IpAddress":"::ffff:192.0.2.1","City":"Unknown"}"#,
        ),
        // A place without an address, which not every format can show.
        (
            r#""IpAddress":"-","City":"Jaipur","Country":"IN""#,
            r#"{"location":{"city":"Jaipur","country":"IN"}}"#,
            r#"{"IpAddress":"-","City":"Jaipur","Country":"IN"}"#,
        ),
        (r#""UserAgent":"","Name":"Amazon CloudFront""#, "{}", r#"{"Name":"Amazon CloudFront"}"#),
        (r#""UserAgent":"Amazon CloudFront""#, "{}", r#"{"UserAgent":"Amazon CloudFront"}"#),
        (r#""UserAgent":" ""#, "{}", r#"{"UserAgent":" "}"#),
        (r#""UserAgent":"curl/8""#, r#"{"user_agent":"curl/8"}"#, ""),
        // A kind of device and its system make no device: there is neither an id nor a name.
        (
            r#""Device":"Desktop","Os":"Linux","Name":"Firefox""#,
            "{}",
            r#"{"Device":"Desktop","Os":"Linux","Name":"Firefox"}"#,
        ),
    ] {
        let (event, unmapped) = event(members);
        assert_eq!(serde_json::to_string(&event.origin).unwrap(), origin, "{members}");
        assert_eq!(unmapped, left, "{members}");
    }
}

#[test]
fn an_address_may_have_a_port() {
    let (event, left) = event(r#""ip_address":"192.0.2.1:50123""#);
    assert_eq!(event.origin.ip, Some("192.0.2.1".parse().unwrap()));
    assert_eq!((event.origin.port, left.as_str()), (Some(50123), ""));
}

#[test]
fn p2_of_a_member_in_both_spellings_neither_is_lost() {
    let log = log(r#""City":"Ulm","city":"Jaipur","ip_address":"192.0.2.1""#);
    let event = log.to_event(&Identities::new("app-1").context(USER, &log)).unwrap();
    assert_eq!(event.origin.location.unwrap().city.as_deref(), Some("Jaipur"));
    assert_eq!(event.unmapped.unwrap().get(), r#"{"City":"Ulm"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_walk_over_all_users_gives_the_same_events_by_either_body() {
    let mut runs = Vec::new();
    for body in [page([10, 10, 11], None), older([10, 10, 11])] {
        let script = Scripted::respond(move |sent| {
            let users = r#"{"users":[{"id":"a"},{"id":"b"}],"next_cursor":null}"#;
            let is_log = sent.url.contains("/loginlogs");
            Reply::json(if is_log { body.clone() } else { users.to_owned() })
        });
        let client = client(&script);
        let mut identities = Identities::new(client.client_id());
        let mut pager = client.all_sign_ins().items();
        let mut ids = Vec::new();
        while let Some(next) = pager.try_next().await.unwrap() {
            let context = identities.context(&next.owner.id, &next.record);
            ids.push(check(&next.record, &context).unwrap().id);
        }
        runs.push(ids);
    }
    assert_eq!(runs[0], runs[1]);
    let ids: BTreeSet<_> = runs.concat().into_iter().collect();
    assert_eq!(ids.len(), 6, "of two users, each three");
}

fn generated() -> Records {
    Records::default()
        .likely(
            "/IpAddress",
            &["\"192.0.2.1\"", "\"2409:40d4::1\"", "\"::ffff:192.0.2.1\"", "\"\""],
        )
        .likely("/City", &["\"Jaipur\"", "\"UnknownCity\"", "\"\""])
        .likely("/Country", &["\"India\"", "\"IN\"", "\"Unknown\"", "\"\""])
        .likely("/UserAgent", &["\"\"", "\" \"", "\"curl/8\"", "\"Amazon CloudFront\""])
        .likely("/Name", &["\"Amazon CloudFront\"", "\"Firefox\"", "\"\""])
        .likely("/event", &["\"login\"", "\"login\"", "\"login\"", "\"\"", "\"logout\""])
}

fn context() -> Context {
    let mut context = Context::default();
    context.client_id = Some("app-1".to_owned());
    context.user = Some(USER.to_owned());
    context.identity = Some("app-1/u/1/192.0.2.1/1".to_owned());
    context.keep_raw = true;
    context
}

#[test]
fn p2_nothing_of_any_record_is_lost() {
    let context = context();
    let (events, refused) = check_many::<LoginLog>(&generated(), 4_000, &context);
    assert!(events.len() > 1_000, "{}", events.len());
    assert!(refused.contains(&NoEvent::NotASignIn));
    assert!(refused.contains(&NoEvent::without_time("/CreatedAt")));
    let taken = |member| events.iter().filter(|event| event.mapped.contains(&member)).count();
    for member in ["/IpAddress", "/City", "/Country", "/UserAgent", "/event"] {
        assert!(taken(member) > 100, "{member}: {}", taken(member));
    }
    assert_eq!(["/Name", "/Os", "/Device"].map(taken), [0; 3]);
}

/// Each JSON type into each member.
#[test]
fn p2_an_odd_member_costs_nothing_but_itself() {
    let events = check_odd::<LoginLog>(&generated(), 30, &context());
    assert!(events > 100, "{events}");
}

/// For `.ci/events/run`, which holds them to the published schemas.
#[test]
#[ignore = "prints events for the validators: bash .ci/events/run"]
fn print_generated_events() {
    print_many::<LoginLog>(&generated(), 400, &context());
}
