//! Sign-ins and counts in the shape that all products share.

use pingone::event::{
    ACTION_TYPES, Activity as Act, Context, Decision, FactorKind, NoEvent, Outcome, PrincipalKind,
    Protocol, SignIn, SignInCounts, decision,
};
use pingone::{Activity, Record, UserActivity};
use serde_json::{Value, json};
use signin_contract::events::{Records, check, check_counts, check_many, forms, print_many};
use signin_contract::odd_members::check_odd;

use crate::ENVIRONMENT;

const ACTIVITIES: &str = include_str!("../../../../fixtures/pingone/activities.json");
const LAST_PAGE: &str = include_str!("../../../../fixtures/pingone/activities.last_page.json");
const USER_ACTIVITIES: &str = include_str!("../../../../fixtures/pingone/user_activities.json");
const WITH_ENVIRONMENT: &str =
    include_str!("../../../../fixtures/pingone/user_activities.with_environment.json");

fn context() -> Context {
    let mut context = Context::default();
    context.tenant = Some(ENVIRONMENT.to_owned());
    context
}

/// An event of this kind, by a user at a client.
fn activity(kind: &str, status: Option<&str>) -> Value {
    json!({
        "id": "7", "recordedAt": "2026-01-02T03:04:05.678Z", "action": {"type": kind},
        "actors": {"user": {"id": "8", "name": "ada"}, "client": {"id": "9", "name": "Portal"}},
        "result": {"status": status},
    })
}

/// The event without a member, or with it changed.
fn with(mut activity: Value, pointer: &str, value: Value) -> Value {
    *activity.pointer_mut(pointer).unwrap() = value;
    activity
}

fn convert(activity: &Value) -> Result<SignIn, NoEvent> {
    check(&Record::<Activity>::from_json(activity.to_string()).unwrap(), &context())
}

fn allowed() -> Value {
    activity("USER.ACCESS_ALLOWED", Some("SUCCESS"))
}

#[test]
fn every_documented_activity_that_is_a_sign_in_is_an_event() {
    let mut events = Vec::new();
    let mut others = Vec::new();
    for body in [ACTIVITIES, LAST_PAGE] {
        let page = pingone::decode_activities(body.as_bytes()).unwrap();
        for record in page.items() {
            match check(record, &context()) {
                Ok(event) => events.push(event),
                Err(NoEvent::NotASignIn) => others.push(record.action.clone().unwrap().kind),
                Err(other) => panic!("{other}: {}", record.raw()),
            }
        }
    }
    let others: Vec<_> = others.iter().map(|kind| kind.as_deref().unwrap()).collect();
    assert_eq!(others, ["PASSWORD.RESET", "EXAMPLE.HAPPENED"]);
    insta::assert_json_snapshot!(forms(&events));
}

#[test]
fn every_documented_bucket_is_counts() {
    let mut all: Vec<SignInCounts> = Vec::new();
    for body in [USER_ACTIVITIES, WITH_ENVIRONMENT] {
        let page = pingone::decode_user_activities(body.as_bytes()).unwrap();
        all.extend(page.items().map(|record| check_counts(record, &context()).unwrap()));
    }
    assert_eq!(all.iter().filter_map(|counts| counts.successes).sum::<u64>(), 31 + 41);
    let json = |counts: &SignInCounts| serde_json::to_value(counts.to_ecs().unwrap()).unwrap();
    insta::assert_json_snapshot!("buckets_as_ecs", all.iter().map(json).collect::<Vec<_>>());
    insta::assert_json_snapshot!(serde_json::to_value(all).unwrap());
}

/// The whole table, as what comes of each row with each status: none, success, failure.
#[test]
fn every_kind_of_event_has_its_decision() {
    let mut table = String::new();
    for row in &ACTION_TYPES {
        let kind = row.name.replace('*', "SOMETHING_NEW");
        let become_of = |status| match convert(&activity(&kind, status)) {
            Ok(event) => serde_json::to_value(event.outcome).unwrap().as_str().unwrap().to_owned(),
            Err(NoEvent::NotASignIn) => "-".to_owned(),
            Err(other) => panic!("{kind}: {other}"),
        };
        let outcomes = [None, Some("SUCCESS"), Some("FAILURE")].map(become_of).join(" ");
        table.push_str(&format!("{} {:?} {outcomes}\n", row.name, row.decision));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_decision_is_what_the_event_becomes_and_what_all_sign_ins_hands_out() {
    for row in &ACTION_TYPES {
        let kind = row.name.replace('*', "SOMETHING_NEW");
        let record = Record::<Activity>::from_json(activity(&kind, None).to_string()).unwrap();
        let became = match record.to_event(&context()).map(|event| event.activity) {
            Ok(Act::SignIn) => Decision::SignIn,
            Ok(Act::Step) => Decision::Step,
            Ok(Act::SignOut) => Decision::SignOut,
            Err(NoEvent::NotASignIn) => Decision::NotASignIn,
            other => panic!("{kind}: {other:?}"),
        };
        assert_eq!((became, decision(&kind)), (row.decision, row.decision), "{kind}");
        assert_eq!(record.is_sign_in(), row.decision != Decision::NotASignIn, "{kind}");
    }
    let unlisted = activity("EXAMPLE.HAPPENED", Some("SUCCESS"));
    assert_eq!(convert(&unlisted).unwrap_err(), NoEvent::NotASignIn);
}

/// One sign-in is several events; exactly one of them is to be counted.
#[test]
fn a_sign_in_by_password_and_passcode_is_counted_once() {
    let steps = [
        "FLOW.CREATED",
        "PASSWORD.CHECK_SUCCEEDED",
        "AUTHENTICATION.CREATED",
        "OTP.CHECK_SUCCESS",
        "USER.ACCESS_ALLOWED",
        "SESSION.CREATED",
        "FLOW.DELETED",
    ];
    let events = steps.iter().filter_map(|kind| convert(&activity(kind, Some("SUCCESS"))).ok());
    let events: Vec<_> = events.collect();
    assert_eq!(events.len(), 4);
    let counted = events.iter().filter(|event| event.activity == Act::SignIn);
    assert_eq!(counted.map(|event| event.outcome).collect::<Vec<_>>(), [Outcome::Success]);
}

#[test]
fn a_name_and_a_status_that_contradict_each_other_are_a_failure_and_the_status_stays() {
    for (kind, status) in [
        ("PASSWORD.CHECK_FAILED", "SUCCESS"),
        ("USER.ACCESS_DENIED", "SUCCESS"),
        ("USER.ACCESS_ALLOWED", "FAILURE"),
        ("PASSWORD.CHECK_SUCCEEDED", "FAILED"),
    ] {
        let event = convert(&activity(kind, Some(status))).unwrap();
        assert_eq!(event.outcome, Outcome::Failure, "{kind} {status}");
        let said_twice = status == "SUCCESS";
        assert_eq!(left(&event, "/result/status").is_some(), said_twice, "{kind} {status}");
        assert_eq!(left(&event, "/action/type"), Some(json!(kind)));
    }
}

#[test]
fn an_outcome_that_is_not_told_is_unknown_and_never_a_success() {
    for status in [None, Some(""), Some("PENDING"), Some("UNKNOWN"), Some("unknownFutureValue")] {
        let event = convert(&activity("USER.ACCESS_ALLOWED", status)).unwrap();
        assert_eq!(event.outcome, Outcome::Unknown, "{status:?}");
        let stays = status.filter(|status| !status.is_empty()).map(|status| json!(status));
        assert_eq!(left(&event, "/result/status"), stays);
        let event = convert(&activity("PASSWORD.CHECK_FAILED", status)).unwrap();
        assert_eq!(event.outcome, Outcome::Failure, "{status:?}");
    }
}

#[test]
fn words_of_the_vendors_are_the_same_in_whatever_case() {
    for (kind, status, outcome) in [
        ("USER.ACCESS_ALLOWED", "success", Outcome::Success),
        ("user.access_allowed", "Success", Outcome::Success),
        ("Password.Check_Failed", "Failure", Outcome::Failure),
        ("USER.ACCESS_ALLOWED", "failed", Outcome::Failure),
    ] {
        let event = convert(&activity(kind, Some(status))).unwrap();
        assert_eq!((event.activity, event.outcome), (Act::SignIn, outcome), "{kind} {status}");
        assert_eq!(left(&event, "/result/status"), None, "{status}");
        assert_eq!(left(&event, "/action/type"), Some(json!(kind)));
    }
    let factor = |kind| convert(&activity(kind, None)).unwrap().factors[0].kind;
    assert_eq!(factor("otp.check_failed"), FactorKind::Otp);
    let kerberos = convert(&activity("user.kerberos_failed", None)).unwrap();
    assert_eq!(kerberos.protocol, Some(Protocol::Kerberos));

    let mut row = activity("PASSWORD.CHECK_FAILED", Some("FAILURE"));
    row["actors"] = json!({"client": {"id": "9", "type": "client"}});
    row["resources"] = json!([{"type": "user", "name": "ghost@example.com"}]);
    let event = convert(&row).unwrap();
    assert_eq!(event.principal.email.as_deref(), Some("ghost@example.com"));
    assert_eq!(left(&event, "/actors"), None);
    let acted = with(allowed(), "/actors/user", json!({"id": "8", "type": "User"}));
    let event = convert(&acted).unwrap();
    assert_eq!((event.principal.kind, left(&event, "/actors")), (PrincipalKind::User, None));
}

/// The service names the user that was typed, and has no id of it.
#[test]
fn a_user_that_the_service_does_not_know_is_known_by_the_name() {
    let named = json!({"type": "USER", "id": null, "name": "ghost@example.com"});
    for (actors, resources) in [
        (json!({"user": {"name": "ghost@example.com"}}), json!([])),
        (json!({"user": {"id": "", "name": "ghost@example.com"}}), json!([])),
        (json!({"client": {"id": "9"}}), json!([named])),
        (json!(null), json!([{"type": "USER", "name": "ghost@example.com"}])),
    ] {
        let mut row = activity("PASSWORD.CHECK_FAILED", Some("FAILURE"));
        row["actors"] = actors;
        row["resources"] = resources;
        let event = convert(&row).unwrap();
        let who = &event.principal;
        assert_eq!((who.kind, &who.id), (PrincipalKind::User, &None), "{row}");
        assert_eq!(who.name.as_deref(), Some("ghost@example.com"), "{row}");
    }
}

#[test]
fn a_client_at_which_somebodys_password_was_wrong_did_not_sign_in_as_itself() {
    for kind in ["PASSWORD.CHECK_FAILED", "otp.check_failed", "ASSERTION.CHECK_FAILED"] {
        let mut row = activity(kind, Some("FAILURE"));
        row["actors"] = json!({"client": {"id": "9", "name": "Portal"}});
        let event = convert(&row).unwrap();
        let who = &event.principal;
        assert_eq!((who.kind, who.id.as_deref()), (PrincipalKind::Unknown, Some("9")), "{kind}");
    }
}

/// What is left over at a place.
fn left(event: &SignIn, pointer: &str) -> Option<Value> {
    let unmapped: Value = event.unmapped.as_ref()?.parse().unwrap();
    unmapped.pointer(pointer).cloned()
}

#[test]
fn the_user_who_acted_signed_in_at_the_client() {
    let event = convert(&allowed()).unwrap();
    let who = &event.principal;
    assert_eq!((who.kind, who.id.as_deref()), (PrincipalKind::User, Some("8")));
    assert_eq!((who.name.as_deref(), &who.email), (Some("ada"), &None));
    let client = event.application.unwrap();
    assert_eq!((client.id.as_deref(), client.name.as_deref()), (Some("9"), Some("Portal")));

    let typed = with(allowed(), "/actors/user", json!({"id": "8", "type": "USER"}));
    let event = convert(&typed).unwrap();
    assert_eq!((event.principal.kind, event.unmapped.is_some()), (PrincipalKind::User, true));
    assert_eq!(left(&event, "/actors"), None, "all of it is told");
    let odd = with(allowed(), "/actors/user", json!({"id": "8", "type": "ROBOT"}));
    let event = convert(&odd).unwrap();
    assert_eq!(event.principal.kind, PrincipalKind::Unknown);
    assert_eq!(left(&event, "/actors/user/type"), Some(json!("ROBOT")));
}

/// As in recorded checks of passwords, which have no actors.
#[test]
fn where_no_user_acted_it_is_the_one_user_that_it_was_done_to() {
    let ada = json!({"type": "USER", "id": "1", "name": "ada@example.com"});
    let ben = json!({"type": "USER", "id": "2", "name": "ben@example.com"});
    let app = json!({"type": "APPLICATION", "id": "3", "name": "Portal"});
    let failed = |actors: Value, resources: Value| {
        let mut row = activity("PASSWORD.CHECK_FAILED", Some("FAILURE"));
        row["actors"] = actors;
        row["resources"] = resources;
        convert(&row)
    };
    let client = json!({"client": {"id": "adminui"}});
    for actors in [json!(null), json!({}), client.clone(), json!({"user": {"id": "", "name": ""}})]
    {
        for resources in [json!([ada]), json!([app, ada]), json!([ada, ada])] {
            let event = failed(actors.clone(), resources.clone()).unwrap();
            let who = &event.principal;
            assert_eq!(who.id.as_deref(), Some("1"), "{actors} {resources}");
            assert_eq!(who.email.as_deref(), Some("ada@example.com"));
            assert_eq!(who.kind, PrincipalKind::User);
            assert_eq!(left(&event, "/resources"), Some(resources), "a list is drawn upon");
        }
        let nobody = NoEvent::without_principal("/actors/user");
        assert_eq!(failed(actors.clone(), json!([ada, ben])).unwrap_err(), nobody, "{actors}");
    }
    let acted = json!({"user": {"id": "8"}});
    let event = failed(acted, json!([ada, ben])).unwrap();
    assert_eq!(event.principal.id.as_deref(), Some("8"));
    assert_eq!(
        failed(json!(null), json!([app])).unwrap_err().to_string(),
        "/actors/user: expected who signed in, found nobody"
    );
}

#[test]
fn a_client_without_any_user_is_a_service_principal() {
    let alone = with(allowed(), "/actors", json!({"client": {"id": "adminui", "type": "CLIENT"}}));
    let event = convert(&alone).unwrap();
    let who = &event.principal;
    assert_eq!((who.kind, who.id.as_deref()), (PrincipalKind::ServicePrincipal, Some("adminui")));
    assert_eq!(event.application.as_ref().unwrap().id.as_deref(), Some("adminui"));
    assert_eq!(left(&event, "/actors"), None);
}

#[test]
fn an_administrator_who_acts_on_another_did_not_sign_in() {
    let mut row = allowed();
    row["tags"] = json!(["adminIdentityEvent"]);
    assert_eq!(convert(&row).unwrap().principal.id.as_deref(), Some("8"), "nobody else is there");
    row["resources"] = json!([{"type": "USER", "id": "1"}]);
    let event = convert(&row).unwrap();
    assert_eq!(event.principal.id.as_deref(), Some("1"));
    assert_eq!(left(&event, "/actors/user/id"), Some(json!("8")), "who acted is not lost");
    row["resources"] = json!([{"type": "USER", "id": "1"}, {"type": "USER", "id": "2"}]);
    assert!(convert(&row).is_err());
}

#[test]
fn a_record_without_action_time_id_or_environment_is_no_event() {
    for (pointer, path) in
        [("/id", "/id"), ("/recordedAt", "/recordedAt"), ("/action/type", "/action/type")]
    {
        for nothing in [json!(null), json!("")] {
            if pointer == "/recordedAt" && nothing == "" {
                continue;
            }
            let refused = convert(&with(allowed(), pointer, nothing)).unwrap_err();
            assert!(matches!(refused, NoEvent::Unusable { path: at, .. } if at == path), "{path}");
        }
    }
    for never in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"] {
        let never = with(allowed(), "/recordedAt", json!(never));
        assert_eq!(convert(&never).unwrap_err(), NoEvent::without_time("/recordedAt"));
    }
    let record = Record::<Activity>::from_json(allowed().to_string()).unwrap();
    for tenant in [None, Some(String::new())] {
        let mut context = Context::default();
        context.tenant = tenant;
        let missing = NoEvent::MissingContext { field: "tenant" };
        assert_eq!(record.to_event(&context).unwrap_err(), missing);
    }
}

#[test]
fn a_source_of_any_shape_is_drawn_upon_and_stays() {
    let from = |source: Value| {
        let mut row = allowed();
        row["source"] = source.clone();
        let event = convert(&row).unwrap();
        assert_eq!(left(&event, "/source"), Some(source));
        event.origin
    };
    let origin = from(json!({"ipAddress": "192.0.2.1:443", "userAgent": "curl", "new": [1]}));
    assert_eq!(origin.ip.unwrap().to_string(), "192.0.2.1");
    assert_eq!((origin.port, origin.user_agent.as_deref()), (Some(443), Some("curl")));
    for source in [
        json!("192.0.2.1"),
        json!(["x"]),
        json!({"ipAddress": 7, "userAgent": ["x"]}),
        json!({"ipAddress": "unknown"}),
    ] {
        assert_eq!(from(source), Default::default());
    }
}

#[test]
fn a_kind_about_one_proof_names_it_and_one_about_a_protocol_too() {
    let event = |kind| convert(&activity(kind, None)).unwrap();
    for (kind, factor) in [
        ("PASSWORD.CHECK_FAILED", FactorKind::Password),
        ("ASSERTION.CHECK_SUCCESS", FactorKind::Webauthn),
        ("OTP.CHECK_INVALID", FactorKind::Otp),
    ] {
        let kinds: Vec<_> = event(kind).factors.into_iter().map(|factor| factor.kind).collect();
        assert_eq!(kinds, [factor], "{kind}");
    }
    assert_eq!(event("USER.ACCESS_ALLOWED").factors, []);
    for (kind, protocol, id) in [
        ("USER.KERBEROS_FAILED", Protocol::Kerberos, 2),
        ("RADIUS_SESSION.CREATED", Protocol::Radius, 10),
    ] {
        let event = event(kind);
        let ocsf = serde_json::to_value(event.to_ocsf().unwrap()).unwrap();
        assert_eq!((event.protocol, &ocsf["auth_protocol_id"]), (Some(protocol), &json!(id)));
    }
    let ocsf = serde_json::to_value(event("OTP.CHECK_FAILED").to_ocsf().unwrap()).unwrap();
    assert_eq!(ocsf["auth_factors"], json!([{"factor_type_id": 7, "factor_type": "OTP"}]));
}

#[test]
fn a_changed_record_is_a_new_revision_of_the_same_event() {
    let before = convert(&allowed()).unwrap();
    let after = convert(&activity("USER.ACCESS_ALLOWED", Some("FAILURE"))).unwrap();
    assert_eq!(before.id, after.id);
    assert_ne!(before.revision, after.revision);
    let other = convert(&with(allowed(), "/id", json!("8"))).unwrap();
    assert_ne!(before.id, other.id);
}

fn bucket(json: &str) -> Result<SignInCounts, NoEvent> {
    check_counts(&Record::<UserActivity>::from_json(json).unwrap(), &context())
}

#[test]
fn a_bucket_is_the_same_however_its_dates_are_written() {
    let of = |start: &str, end: &str| {
        let json = format!(
            r#"{{"startDate":"{start}","endDate":"{end}","userSignOns":{{"successes":1}}}}"#
        );
        bucket(&json).unwrap()
    };
    let utc = of("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    assert_eq!((utc.successes, utc.failures, utc.unmapped), (Some(1), None, None));
    let local = of("2026-01-01T05:30:00.000+05:30", "2026-01-01T19:00:00-05:00");
    assert_eq!((&local.id, &local.start, &local.end), (&utc.id, &utc.start, &utc.end));
    assert!(local.unmapped.unwrap().get().contains("+05:30"), "whose midnight it was");
    assert_ne!(of("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z").id, utc.id);
}

#[test]
fn a_bucket_without_a_span_or_counts_is_none() {
    for (json, path) in [
        (r#"{"endDate":"2026-01-02T00:00:00Z","userSignOns":{"successes":1}}"#, "/startDate"),
        (r#"{"startDate":"2026-01-02T00:00:00Z","userSignOns":{"successes":1}}"#, "/endDate"),
        (
            r#"{"startDate":"2026-01-02T00:00:00Z","endDate":"2026-01-01T20:00:00-04:00","userSignOns":{"successes":1}}"#,
            "/endDate",
        ),
        (
            r#"{"startDate":"2026-01-01T00:00:00Z","endDate":"2026-01-02T00:00:00Z","passwordResets":3}"#,
            "/userSignOns",
        ),
        (
            r#"{"startDate":"2026-01-01T00:00:00Z","endDate":"2026-01-02T00:00:00Z","userSignOns":{"failures":-1}}"#,
            "/userSignOns",
        ),
    ] {
        let refused = bucket(json).unwrap_err();
        assert!(matches!(refused, NoEvent::Unusable { path: at, .. } if at == path), "{json}");
    }
}

#[test]
fn a_negative_count_is_absent_and_stays() {
    let counts = bucket(
        r#"{"startDate":"2026-01-01T00:00:00Z","endDate":"2026-01-02T00:00:00Z","userSignOns":{"successes":-1,"failures":0},"passwordResets":3}"#,
    )
    .unwrap();
    assert_eq!((counts.successes, counts.failures), (None, Some(0)));
    let left = counts.unmapped.unwrap();
    assert_eq!(left.get(), r#"{"userSignOns":{"successes":-1},"passwordResets":3}"#);
}

#[test]
fn a_bucket_may_name_its_environment_itself() {
    let json = r#"{"environment":{"id":"e2"},"startDate":"2026-01-01T00:00:00Z","endDate":"2026-01-02T00:00:00Z","userSignOns":{"successes":1}}"#;
    let record = Record::<UserActivity>::from_json(json).unwrap();
    let own = check_counts(&record, &Context::default()).unwrap();
    assert_eq!((own.tenant.as_deref(), own.unmapped), (Some("e2"), None));
    let asked = check_counts(&record, &context()).unwrap();
    assert_eq!(asked.tenant.as_deref(), Some(ENVIRONMENT));
    assert_eq!(asked.unmapped.unwrap().get(), r#"{"environment":{"id":"e2"}}"#);
    let without = json.replace(r#""environment":{"id":"e2"},"#, "");
    let record = Record::<UserActivity>::from_json(without).unwrap();
    let missing = NoEvent::MissingContext { field: "tenant" };
    assert_eq!(record.to_event(&Context::default()).unwrap_err(), missing);
}

fn generated() -> Records {
    let kinds = &[
        "\"USER.ACCESS_ALLOWED\"",
        "\"PASSWORD.CHECK_FAILED\"",
        "\"OTP.CHECK_SUCCESS\"",
        "\"RADIUS_SESSION.CREATED\"",
        "\"USER.KERBEROS_SUCCEEDED\"",
        "\"USER.SLO_SUCCESS\"",
        "\"PASSWORD.RESET\"",
    ];
    Records::default()
        .likely("/action/type", kinds)
        .likely("/actors/user/type", &["\"USER\""])
        .likely("/actors/client/type", &["\"CLIENT\""])
        .likely("/resources/type", &["\"USER\"", "\"APPLICATION\""])
        .likely("/result/status", &["\"SUCCESS\"", "\"FAILURE\"", "\"FAILED\""])
        .likely("/source", &[r#"{"ipAddress":"192.0.2.1","userAgent":"curl"}"#])
}

#[test]
fn p2_nothing_of_any_record_is_lost() {
    let (events, refused) = check_many::<Activity>(&generated(), 3_000, &context());
    assert!(events.len() > 200, "{}", events.len());
    for kind in [PrincipalKind::User, PrincipalKind::ServicePrincipal] {
        assert!(events.iter().any(|event| event.principal.kind == kind), "{kind:?}");
    }
    for protocol in [Protocol::Radius, Protocol::Kerberos] {
        assert!(events.iter().any(|event| event.protocol.as_ref() == Some(&protocol)));
    }
    for kind in [FactorKind::Otp, FactorKind::Password] {
        let is_it = |event: &SignIn| event.factors.iter().any(|factor| factor.kind == kind);
        assert!(events.iter().any(is_it), "{kind:?}");
    }
    assert!(refused.contains(&NoEvent::NotASignIn));
    assert!(refused.contains(&NoEvent::without_principal("/actors/user")));
}

#[test]
fn p2_nothing_of_any_bucket_is_lost() {
    let records = Records::default();
    let buckets = (0..2_000).map(|number| records.record::<UserActivity>(number));
    let counts: Vec<_> = buckets.filter_map(|json| bucket(&json).ok()).collect();
    assert!(counts.len() > 200, "{}", counts.len());
    assert!(counts.iter().any(|counts| counts.successes.is_none()));
}

/// Each JSON type into each member.
#[test]
fn p2_an_odd_member_costs_nothing_but_itself() {
    let events = check_odd::<Activity>(&generated(), 40, &context());
    assert!(events > 30, "{events}");
    let counts = check_odd::<UserActivity>(&Records::default(), 20, &context());
    assert!(counts > 6, "{counts}");
}

/// For `.ci/events/run`, which holds them to the published schemas.
#[test]
#[ignore = "prints events for the validators: bash .ci/events/run"]
#[allow(clippy::print_stdout, reason = "its output is what it is for")]
fn print_generated_events() {
    print_many::<Activity>(&generated(), 400, &context());
    let buckets = (0..2_000).map(|number| Records::default().record::<UserActivity>(number));
    for counts in buckets.filter_map(|json| bucket(&json).ok()).take(200) {
        println!("ecs {}", serde_json::to_string(&counts.to_ecs().unwrap()).unwrap());
    }
}
