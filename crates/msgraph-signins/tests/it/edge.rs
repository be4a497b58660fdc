//! Where what is kept begins, and moves on by the second, while it is read (P1).

use std::time::Duration;

use msgraph_signins::{Client, ErrorKind, RetryPolicy, SignIns, Warning, Windows};
use signin_core::testing::{Reply, Scripted};
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::TENANT;
use crate::tenant::{asked, at, rows, serve};

/// A month, a sign-in every two hours or so.
const START: &str = "2026-02-01T00:00:00Z";
const END: &str = "2026-03-03T00:00:00Z";

/// A tenant that keeps what is younger than 30 days by its own clock, and takes this long for each
/// request.
fn tenant(days: i64, takes: Duration) -> Scripted {
    let rows = rows(360, START, END);
    let begun = Instant::now();
    Scripted::respond(move |sent| {
        let now = at(END) + (sent.at - begun) + takes;
        let reply = match asked(sent).from < now - time::Duration::days(days) {
            true => Reply::status(400)
                .body(r#"{"error":{"code":"BadRequest","message":"Invalid filter clause"}}"#),
            false => serve(&rows, sent),
        };
        reply.after(takes)
    })
}

fn pager(script: &Scripted) -> Windows<SignIns> {
    let builder = Client::builder(TENANT).token("token").transport(script.clone());
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    client.sign_ins().top(50).window(at(START), at(END))
}

/// The requests that were refused or asked for one record only.
fn searching(script: &Scripted) -> usize {
    script
        .sent()
        .iter()
        .filter(|sent| sent.url.contains("%24top=1&") || sent.url.ends_with("%24top=1"))
        .count()
}

async fn drain(pager: &mut Windows<SignIns>) -> Result<u64, msgraph_signins::Error> {
    let mut count = 0;
    while pager.try_next().await?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn not_covered(pager: &Windows<SignIns>) -> Vec<(OffsetDateTime, OffsetDateTime)> {
    let report = pager.report();
    let told = report.warnings.iter().map(|warning| match warning {
        Warning::NotCovered { from, to } => (*from, *to),
        other => panic!("{other:?}"),
    });
    told.collect()
}

#[tokio::test(start_paused = true)]
async fn p1_the_edge_of_what_is_kept_moves_on_and_is_looked_for_once() {
    for (days, takes, most) in [(30, 1, 10), (30, 2, 10), (30, 20, 10), (7, 2, 25), (7, 20, 25)] {
        let script = tenant(days, Duration::from_secs(takes));
        let mut pager = pager(&script);
        let came = drain(&mut pager).await.unwrap();
        let gaps = not_covered(&pager);
        assert_eq!(gaps.len(), 1, "{days} days, {takes} s: {gaps:?}");
        assert_eq!(gaps[0].0, at(START));
        let edge = at(END) - time::Duration::days(days);
        assert!(gaps[0].1 - edge >= time::Duration::minutes(5), "{:?}", gaps[0].1);
        assert!(gaps[0].1 - edge <= time::Duration::minutes(40), "{:?}", gaps[0].1);
        let rows = rows(360, START, END);
        let kept = rows.iter().filter(|(time, _)| *time >= gaps[0].1).count();
        assert_eq!(came, kept as u64, "{days} days, {takes} s");
        assert!(searching(&script) <= most, "{days} days, {takes} s: {}", searching(&script));
    }
}

/// Each request takes minutes: the edge catches up, and the pager steps on in front of it.
#[tokio::test(start_paused = true)]
async fn p1_a_slow_service_whose_edge_catches_up_comes_to_an_end() {
    for takes in [30, 120, 200, 290] {
        let script = tenant(30, Duration::from_secs(takes));
        let mut pager = pager(&script);
        match drain(&mut pager).await {
            Ok(came) => {
                let gaps = not_covered(&pager);
                assert!(gaps.len() <= 4, "{takes} s: {gaps:?}");
                let rows = rows(360, START, END);
                let kept = rows.iter().filter(|(time, _)| *time >= gaps[0].1).count();
                assert!(came + 12 >= kept as u64, "{takes} s: {came} of {kept}");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Request, "{takes} s: {error}");
                assert!(error.checkpoint().is_some());
            }
        }
        assert!(searching(&script) <= 40, "{takes} s: {}", searching(&script));
    }
}
