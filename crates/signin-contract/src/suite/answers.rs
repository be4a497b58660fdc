//! P6 and P8: what each status does to a pager, and that nothing is lost after it.

use std::time::Duration;

use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Error, ErrorKind};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::pagers::{SIZE, assert_everything, drain, resume, scripted};
use crate::service::{Book, asked};
use crate::vendor::{Setup, Vendor};

/// A pager whose second page is always answered so ends with an error, and the rest is read once
/// the service is good again. Gives the error and how often the page was asked for.
async fn ends<V: Vendor>(reply: &Reply, kind: ErrorKind) -> (Error, usize) {
    let book = Book::<V>::three();
    let script = book.script_with_second(reply);
    let mut pager = scripted::<V>(&script);
    let mut drained = drain(&mut pager).await;
    assert_eq!(drained.raw, book.records()[..3]);
    let mut got = std::mem::take(&mut drained.raw);
    let error = drained.fails(kind);
    assert!(!pager.report().finished && !pager.report().is_complete());
    got.extend(resume::<V>(&Setup::scripted::<V>(&book.script()), &error).await);
    assert_everything::<V>(&got, &book.records());
    let asked = script.urls().iter().filter(|url| asked::<V>(url) == 2).count();
    (error, asked)
}

async fn lasts<V: Vendor>(status: u16, kind: ErrorKind) {
    let (error, asked) = ends::<V>(&Reply::status(status), kind).await;
    assert_eq!((error.status(), asked, error.attempts()), (Some(status), 1, 1));
    assert!(!error.is_transient());
}

/// A token that is not renewed: asking again is of no use.
pub async fn p8_a_401_is_asked_once_and_told<V: Vendor>() {
    lasts::<V>(401, ErrorKind::Authentication).await;
}

/// A permission that is missing.
pub async fn p8_a_403_is_asked_once_and_told<V: Vendor>() {
    lasts::<V>(403, ErrorKind::Permission).await;
}

/// A thing that is not there.
pub async fn p8_a_404_is_asked_once_and_told<V: Vendor>() {
    let script = Scripted::respond(|_| Reply::status(404));
    let mut pager = scripted::<V>(&script);
    let error = drain(&mut pager).await.fails(ErrorKind::NotFound);
    assert_eq!((error.status(), script.sent().len(), error.attempts()), (Some(404), 1, 1));
    assert!(!error.is_transient() && !pager.report().finished);
    let book = Book::<V>::three();
    let got = resume::<V>(&Setup::scripted::<V>(&book.script()), &error).await;
    assert_everything::<V>(&got, &book.records());
}

/// How long a request is tried.
const DEADLINE: Duration = Duration::from_secs(600);

/// What passes is waited out; what does not is told, and where to go on.
async fn passes<V: Vendor>(reply: Reply, kind: ErrorKind) {
    let begun = Instant::now();
    let (error, asked) = ends::<V>(&reply, kind).await;
    // The last delay, or attempt, may be the one that is not begun.
    let took = begun.elapsed();
    assert!((DEADLINE / 2..DEADLINE + DEADLINE / 10).contains(&took), "{took:?}: {error}");
    assert!(asked > 5 && asked == usize::try_from(error.attempts()).expect("not so many"));
    assert!(error.is_transient());
    let (book, mut left) = (Book::<V>::three(), 3);
    let script = book.script_but(move |_, sent| {
        let broken = asked_for_second::<V>(&sent.url) && left > 0;
        left -= usize::from(broken);
        broken.then(|| reply.clone())
    });
    let mut pager = scripted::<V>(&script);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    let report = pager.report();
    assert_eq!((report.retries, report.requests, report.pages), (3, 6, 3));
    assert!(report.is_complete(), "{report:?}");
}

fn asked_for_second<V: Vendor>(url: &str) -> bool {
    asked::<V>(url) == 2
}

/// 500.
pub async fn p6_a_500_is_tried_again_and_nothing_is_lost<V: Vendor>() {
    passes::<V>(Reply::status(500), ErrorKind::Service).await;
}

/// 502, as proxies write it.
pub async fn p6_a_502_is_tried_again_and_nothing_is_lost<V: Vendor>() {
    let reply = Reply::status(502).body("<html><h1>502 Bad Gateway</h1></html>");
    passes::<V>(reply, ErrorKind::Service).await;
}

/// 503.
pub async fn p6_a_503_is_tried_again_and_nothing_is_lost<V: Vendor>() {
    let reply = Reply::status(503).header("retry-after", "2");
    passes::<V>(reply, ErrorKind::Service).await;
}

/// 504.
pub async fn p6_a_504_is_tried_again_and_nothing_is_lost<V: Vendor>() {
    passes::<V>(Reply::status(504), ErrorKind::Service).await;
}

/// A host that cannot be connected to while a pager is under way.
pub async fn p6_a_refused_connection_is_tried_again_and_nothing_is_lost<V: Vendor>() {
    let reply = Reply::failure(Step::Connect, "no connection: connection refused");
    passes::<V>(reply, ErrorKind::Network).await;
}

/// A service that never answers: the time-out ends each attempt.
pub async fn p6_silence_ends_by_the_time_out_and_nothing_is_lost<V: Vendor>() {
    passes::<V>(Reply::hang(), ErrorKind::Timeout).await;
}

/// An outage that is not longer than a request is tried costs time only, for all who ask.
pub async fn p6_an_outage_of_nine_minutes_is_waited_out<V: Vendor>() {
    let (book, until) = (Book::<V>::three(), Instant::now() + DEADLINE * 9 / 10);
    let script = book.script_but(move |_, _| (Instant::now() < until).then(|| Reply::status(503)));
    let client = V::client(&Setup::scripted::<V>(&script)).expect("a client");
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let mut pager = V::pager(&client, SIZE);
        tasks.spawn(async move { drain(&mut pager).await });
    }
    for drained in tasks.join_all().await {
        assert!(drained.error.is_none(), "{:?}", drained.error);
        assert_eq!(drained.raw, book.records());
    }
}

/// A wait that a 429 asks for is no failure, however often it is asked for.
pub async fn p6_waits_that_are_asked_for_end_no_walk<V: Vendor>() {
    let (book, mut left) = (Book::<V>::three(), 30);
    let script = book.script_but(move |_, sent| {
        let refused = asked_for_second::<V>(&sent.url) && left > 0;
        left -= usize::from(refused);
        refused.then(|| Reply::status(429).header("retry-after", "60"))
    });
    let mut pager = scripted::<V>(&script);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    assert_eq!(pager.report().throttled, 30);
    assert!(pager.report().waited >= DEADLINE * 3, "{:?}", pager.report());
}

/// A pager whose second page is refused once with a 429 waits so long.
async fn pauses<V: Vendor>(header: Option<&str>, at_least: f64, at_most: f64) {
    let refused = Reply::status(429).header("date", "Tue, 10 Jun 2025 10:00:00 GMT");
    let refused = header.map_or(refused.clone(), |value| refused.header("retry-after", value));
    let (book, mut first) = (Book::<V>::three(), true);
    let script = book.script_but(move |_, sent| {
        let now = asked::<V>(&sent.url) == 2 && std::mem::take(&mut first);
        now.then(|| refused.clone())
    });
    let mut pager = scripted::<V>(&script);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    let report = pager.report();
    assert_eq!((report.throttled, report.retries), (1, 1));
    let sent = script.sent();
    let waited = (sent[2].at - sent[1].at).as_secs_f64();
    assert!((at_least..=at_most).contains(&waited), "{header:?}: {waited} s");
    assert!(report.waited.as_secs_f64() >= at_least, "{report:?}");
}

/// Whole seconds, and hardly more.
pub async fn p6_a_429_is_waited_out_by_whole_seconds<V: Vendor>() {
    pauses::<V>(Some("40"), 40.0, 40.1).await;
}

/// Decimal seconds, which some services write.
pub async fn p6_a_429_is_waited_out_by_decimal_seconds<V: Vendor>() {
    pauses::<V>(Some("37.25"), 37.25, 37.35).await;
}

/// A date, counted from the answer's own.
pub async fn p6_a_429_is_waited_out_by_a_date<V: Vendor>() {
    pauses::<V>(Some("Tue, 10 Jun 2025 10:00:30 GMT"), 30.0, 30.1).await;
}

/// A negative number is none: a second at least, within the policy's bounds.
pub async fn p6_a_429_with_a_negative_wait_is_no_reason_to_storm<V: Vendor>() {
    pauses::<V>(Some("-5"), 1.0, 30.0).await;
}

/// Without the header the same.
pub async fn p6_a_429_without_a_wait_is_no_reason_to_storm<V: Vendor>() {
    pauses::<V>(None, 1.0, 30.0).await;
    pauses::<V>(Some("soon"), 1.0, 30.0).await;
}

/// Years, or more than any clock: the error says how long, and the caller decides.
pub async fn p6_a_429_with_an_absurd_wait_is_an_error_with_the_time<V: Vendor>() {
    for header in ["99999999999999999999999999", "86400", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let reply = Reply::status(429).header("retry-after", header);
        let reply = reply.header("date", "Tue, 10 Jun 2025 10:00:00 GMT");
        let (error, asked) = ends::<V>(&reply, ErrorKind::Throttled).await;
        assert_eq!(asked, 1);
        assert!(error.is_transient());
        assert!(error.retry_after().expect("a time") >= Duration::from_secs(86_400), "{error}");
    }
}
