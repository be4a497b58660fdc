//! User activities: what comes of them, and what does not.

use pingone::{ErrorKind, SampleSize, Timestamp};
use signin_core::testing::{Reply, Scripted};

use crate::{USER_ACTIVITIES, client, time};

const SAMPLE: &str = include_str!("../../../../fixtures/pingone/user_activities.json");

/// An answer with these buckets, as text of each, and perhaps a link.
fn answer(buckets: &[String], next: Option<&str>) -> Reply {
    let next = next.map(|next| format!(r#""next":{{"href":"{USER_ACTIVITIES}?{next}"}}"#));
    let (next, rows) = (next.unwrap_or_default(), buckets.join(","));
    Reply::json(format!(r#"{{"_links":{{{next}}},"_embedded":{{"userActivities":[{rows}]}}}}"#))
}

/// A day of March 2026 by UTC.
fn day(day: u8) -> String {
    let next = day + 1;
    format!(
        r#"{{"startDate":"2026-03-{day:02}T00:00:00Z","endDate":"2026-03-{next:02}T00:00:00Z",
            "userSignOns":{{"successes":{day},"failures":1}},"passwordResets":2}}"#
    )
}

#[tokio::test(start_paused = true)]
async fn the_documented_answer_is_what_the_range_promises() {
    let script = Scripted::new([Reply::json(SAMPLE)]);
    let asked = client(&script)
        .user_activities()
        .between(time("2022-05-17T09:10:12-04:00"), time("2022-05-23T09:10:12-04:00"));
    assert_eq!(asked.effective_sample_size(), SampleSize::Day);
    let expected: Vec<_> = asked.expected_buckets().unwrap().collect();
    let counts = asked.send().await.unwrap();
    let came: Vec<_> = counts
        .buckets()
        .map(|bucket| {
            let instant = |time: &Option<Timestamp>| time.as_ref().unwrap().instant();
            instant(&bucket.start_date)..instant(&bucket.end_date)
        })
        .collect();
    assert_eq!(came, expected);
    assert_eq!((counts.successes(), counts.failures(), counts.password_resets()), (31, 0, 0));
    assert!(counts.report().is_complete());
}

/// The union of the buckets need not be the range: the documented answer lacks two half days.
#[tokio::test(start_paused = true)]
async fn p1_what_the_service_drops_at_the_ends_is_told() {
    let script = Scripted::respond(|_| Reply::json(SAMPLE));
    let counts = client(&script).user_activities();
    let gaps = |gaps: Vec<std::ops::Range<_>>| {
        let text = |gap: std::ops::Range<_>| {
            format!("{}/{}", Timestamp::from(gap.start), Timestamp::from(gap.end))
        };
        gaps.into_iter().map(text).collect::<Vec<_>>()
    };
    let asked = counts
        .clone()
        .between(time("2022-05-17T09:10:12-04:00"), time("2022-05-23T09:10:12-04:00"));
    assert_eq!(
        gaps(asked.send().await.unwrap().gaps()),
        [
            "2022-05-17T09:10:12-04:00/2022-05-18T00:00:00-04:00",
            "2022-05-23T00:00:00-04:00/2022-05-23T09:10:12-04:00"
        ]
    );
    let within = counts
        .clone()
        .between(time("2022-05-18T00:00:00-04:00"), time("2022-05-23T00:00:00-04:00"));
    assert!(within.send().await.unwrap().gaps().is_empty());
    assert!(counts.send().await.unwrap().gaps().is_empty(), "nothing was asked for");
}

#[tokio::test(start_paused = true)]
async fn p1_a_bucket_that_is_missing_in_the_middle_is_a_gap() {
    let script = Scripted::new([answer(&[day(4), day(2), day(2)], None)]);
    let range = (time("2026-03-02T00:00:00Z"), time("2026-03-06T00:00:00Z"));
    let asked = client(&script).user_activities().between(range.0, range.1);
    let counts = asked.sample_size(SampleSize::Day).send().await.unwrap();
    let starts: Vec<_> = counts.gaps().iter().map(|gap| gap.start.day()).collect();
    assert_eq!(starts, [3, 5]);
    assert_eq!(counts.successes(), 6, "a bucket that came twice is counted once");
}

#[tokio::test(start_paused = true)]
async fn p1_buckets_that_overlap_make_no_gap_and_hide_none() {
    let wide = r#"{"startDate":"2026-03-01T00:00:00Z","endDate":"2026-03-05T00:00:00Z"}"#;
    let odd = r#"{"startDate":"2026-03-07T00:00:00Z","endDate":"2026-03-06T00:00:00Z"}"#;
    let script = Scripted::new([answer(&[wide.into(), day(3), odd.into(), "{}".into()], None)]);
    let range = (time("2026-03-02T00:00:00Z"), time("2026-03-08T00:00:00Z"));
    let counts = client(&script).user_activities().between(range.0, range.1).send().await.unwrap();
    let gaps: Vec<_> = counts.gaps().iter().map(|gap| (gap.start.day(), gap.end.day())).collect();
    assert_eq!(gaps, [(5, 8)]);
}

/// Nothing says that there are pages. If there are, the sums must not be those of the first.
#[tokio::test(start_paused = true)]
async fn p1_a_link_to_a_next_page_is_followed() {
    let script = Scripted::new([
        answer(&[day(2)], Some("cursor=a")),
        answer(&[], Some("cursor=b")),
        answer(&[day(3)], None),
    ]);
    let counts = client(&script).user_activities().send().await.unwrap();
    assert_eq!((counts.successes(), counts.report().pages), (5, 3));
    assert_eq!(script.urls()[1], format!("{USER_ACTIVITIES}?cursor=a"));
}

#[tokio::test(start_paused = true)]
async fn p7_a_service_that_never_ends_is_given_up() {
    let rows = vec!["{}".to_owned(); 60_000];
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        number += 1;
        answer(&rows, Some(&format!("cursor={number}")))
    });
    let error = client(&script).user_activities().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(script.sent().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn p2_a_bucket_that_does_not_fit_is_kept_and_in_no_sum() {
    let bad = r#"{"userSignOns":{"successes":"many"}}"#.to_owned();
    let script = Scripted::new([answer(&[day(2), bad.clone(), day(3)], None)]);
    let counts = client(&script).user_activities().send().await.unwrap();
    assert_eq!((counts.successes(), counts.failures()), (5, 2));
    assert_eq!(counts.rejected().map(pingone::Rejected::raw).collect::<Vec<_>>(), [bad]);
    assert_eq!(counts.into_rows().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_size_and_the_buckets_are_known_beforehand_where_they_can_be() {
    let script = Scripted::new([]);
    let counts = client(&script).user_activities();
    assert_eq!(counts.effective_sample_size(), SampleSize::Day, "30 days");
    assert_eq!(counts.expected_buckets(), None, "the service's clock decides");
    let day = counts.between(time("2026-03-02T10:30:00Z"), time("2026-03-03T10:30:00Z"));
    assert_eq!(day.effective_sample_size(), SampleSize::Hour);
    assert_eq!(day.expected_buckets().unwrap().len(), 23);
    assert_eq!(day.clone().sample_size(SampleSize::Day).expected_buckets().unwrap().len(), 0);
    assert_eq!(day.clone().sample_size(SampleSize::Week).expected_buckets(), None);
    let aligned = day.sample_size(SampleSize::Day).aligned();
    assert_eq!(aligned.expected_buckets().unwrap().len(), 2);
    assert_eq!(aligned.clone().aligned().expected_buckets(), aligned.expected_buckets());
}

/// The service's filter takes one type at a time, so the others are read and left out.
#[tokio::test(start_paused = true)]
async fn all_sign_ins_leaves_out_what_is_about_something_else_and_nothing_that_may_be_one() {
    let kinds = [
        "USER.ACCESS_ALLOWED",
        "USER.CREATED",
        "PASSWORD.CHECK_FAILED",
        "PASSWORD.RESET",
        "USER.ACCESS_DENIED",
        "OTP.CHECK_FAILED",
        "AUTHENTICATION.FAILED",
        "user.access_allowed",
        "user.created",
    ];
    let event = |kind: &str| format!(r#"{{"id":"{kind}","action":{{"type":"{kind}"}}}}"#);
    let mut rows: Vec<_> = kinds.iter().map(|kind| event(kind)).collect();
    rows.extend([r#"{"id":"no type","action":{}}"#.to_owned(), r#"{"id":"nothing"}"#.to_owned()]);
    let body = format!(r#"{{"_embedded":{{"activities":[{}]}}}}"#, rows.join(","));
    let script = Scripted::respond(move |_| Reply::json(body.clone()));
    let range = || (time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
    let pingone = client(&script);
    let pager = || pingone.all_sign_ins(range().0, range().1);
    let mut all = pager();
    let mut got = Vec::new();
    while let Some(event) = all.try_next().await.unwrap() {
        got.push(event.id.as_ref().unwrap().to_string());
        let checkpoint = all.checkpoint().unwrap().to_string().parse().unwrap();
        all = pager().resume(checkpoint).unwrap();
    }
    let expected = [
        "USER.ACCESS_ALLOWED",
        "PASSWORD.CHECK_FAILED",
        "USER.ACCESS_DENIED",
        "OTP.CHECK_FAILED",
        "AUTHENTICATION.FAILED",
        "user.access_allowed",
        "no type",
        "nothing",
    ];
    assert_eq!(got, expected);
    let mut whole = pager();
    while whole.try_next().await.unwrap().is_some() {}
    assert_eq!((whole.left_out(), whole.report().records), (3, 11));
}
