//! Sign-ins in the shape that all products share.

use newvendor::event::{Context, Outcome};
use newvendor::{SignIn, decode_sign_ins};
use signin_contract::events::{Records, check, check_many, print_many};
use signin_contract::odd_members::check_odd;

const SIGN_INS: &str = include_str!("../../../../fixtures/newvendor/sign_ins.json");

fn context() -> Context {
    let mut context = Context::default();
    context.tenant = Some("acme".to_owned());
    context
}

#[test]
fn every_documented_sign_in_is_an_event() {
    let page = decode_sign_ins(SIGN_INS.as_bytes()).unwrap();
    let events: Vec<_> = page.items().map(|item| check(item, &context()).unwrap()).collect();
    let outcomes: Vec<_> = events.iter().map(|event| event.outcome).collect();
    assert_eq!(outcomes, [Outcome::Success, Outcome::Failure]);
    assert!(events.iter().all(|event| event.unmapped.is_none()), "{events:?}");
}

fn generated() -> Records {
    Records::default()
        .likely("/ip", &["\"192.0.2.1\"", "\"2001:db8::1\"", "\"192.0.2.1:443\"", "\"x\""])
        .likely("/country", &["\"DE\"", "\"de\"", "\"Germany\"", "\"\""])
        .likely("/userName", &["\"ada@example.com\"", "\"ada\"", "\"\""])
}

#[test]
fn p2_nothing_of_any_record_is_lost() {
    let (events, refused) = check_many::<SignIn>(&generated(), 4_000, &context());
    assert!(events.len() > 1_000 && refused.len() > 500, "{} {}", events.len(), refused.len());
}

/// Each JSON type into each member.
#[test]
fn p2_an_odd_member_costs_nothing_but_itself() {
    let events = check_odd::<SignIn>(&generated(), 30, &context());
    assert!(events > 100, "{events}");
}

/// For `.ci/events/run`, which holds them to the published schemas.
#[test]
#[ignore = "prints events for the validators: bash .ci/events/run"]
fn print_generated_events() {
    print_many::<SignIn>(&generated(), 400, &context());
}
