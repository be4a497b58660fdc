//! Sign-ins that arrive during a pager, and the clock that goes with them.

use signin_sim::tines::Settings;
use time::format_description::well_known::Rfc3339;

use crate::wire::{activities, busiest, get, ids, path, start};

#[tokio::test]
async fn arrivals_shift_the_pages_exactly_as_told() {
    let (_sim, tines) = start(9, Settings::default().users(2).events(200).arrivals(2, 3)).await;
    let user = busiest(&tines);
    let before = ids(tines.sign_ins(user, None, None));
    let first = activities(&tines, user, "?per_page=10").await.rows();
    let second = activities(&tines, user, "?per_page=10&page=2").await.rows();
    // Two requests were answered: three arrive, and page three starts three rows earlier.
    let third = activities(&tines, user, "?per_page=10&page=3").await.rows();
    assert_eq!(first, before[..10]);
    assert_eq!(second, before[10..20]);
    assert_eq!(third, before[17..27]);
    let after = ids(tines.sign_ins(user, None, None));
    assert_eq!(after.len(), before.len() + 3);
    assert_eq!(after[3..], before);
}

#[tokio::test]
async fn every_user_gets_arrivals_and_refused_requests_bring_none() {
    let (_sim, tines) = start(9, Settings::default().users(2).events(200).arrivals(1, 4)).await;
    let user = busiest(&tines);
    let count =
        || tines.user_ids().map(|user| tines.sign_ins(user, None, None).len()).sum::<usize>();
    get(&tines, &path(1, "")).await;
    get(&tines, &path(user, "?page=0")).await;
    assert_eq!(count(), 200);
    activities(&tines, user, "").await;
    assert_eq!(count(), 208);
}

#[tokio::test]
async fn before_the_date_of_page_one_holds_a_walk_still() {
    let (_sim, tines) = start(9, Settings::default().users(2).events(200).arrivals(1, 3)).await;
    let user = busiest(&tines);
    activities(&tines, user, "").await;
    let now = tines.now();
    let frozen = ids(tines.sign_ins(user, None, None));
    let first = activities(&tines, user, "?per_page=500").await;
    assert_eq!(first.header("date"), Some(imf(now).as_str()));
    assert_eq!(first.rows(), frozen);
    let query = format!("?per_page=500&before={}", now.format(&Rfc3339).unwrap());
    for _ in 0..3 {
        assert_eq!(activities(&tines, user, &query).await.rows(), frozen);
    }
    assert!(tines.now() > now);
    let newest = tines.sign_ins(user, Some(now), None);
    assert_eq!(newest.len(), 4 * 3, "all that arrived since is later than that date");
}

/// Written apart from the crate's own.
fn imf(at: time::OffsetDateTime) -> String {
    let rfc2822 = at.format(&time::format_description::well_known::Rfc2822).unwrap();
    rfc2822.replace("+0000", "GMT")
}
