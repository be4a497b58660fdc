//! `before` and `after`.

use signin_sim::tines::Settings;
use time::format_description::well_known::Rfc3339;
use time::{Duration, UtcOffset};

use crate::wire::{activities, busiest, get, ids, path, start};

#[tokio::test]
async fn before_and_after_are_strict_and_exact() {
    let (_sim, tines) = start(3, Settings::default()).await;
    let user = busiest(&tines);
    let all: Vec<_> = tines.sign_ins(user, None, None).collect();
    let (new, old) = (all[10].created_at, all[60].created_at);
    let query = format!(
        "?per_page=500&before={}&after={}",
        new.format(&Rfc3339).unwrap(),
        old.format(&Rfc3339).unwrap()
    );
    let rows = activities(&tines, user, &query).await.rows();
    let expected: Vec<_> = all
        .iter()
        .filter(|row| row.created_at < new && row.created_at > old)
        .map(|row| row.id.to_string())
        .collect();
    assert!(expected.len() > 30);
    assert_eq!(rows, expected);
    assert_eq!(rows, ids(tines.sign_ins(user, Some(old), Some(new))));
}

#[tokio::test]
async fn a_bound_within_a_second_or_at_another_offset_is_the_same_instant() {
    let (_sim, tines) = start(3, Settings::default()).await;
    let user = busiest(&tines);
    let at = tines.sign_ins(user, None, None).nth(7).unwrap().created_at;
    let count = |query: String| {
        let (tines, path) = (tines.clone(), format!("?per_page=1&{query}"));
        async move { activities(&tines, user, &path).await.meta()["count"].as_u64().unwrap() }
    };
    let offset = UtcOffset::from_hms(5, 30, 0).unwrap();
    let moved = at.to_offset(offset).format(&Rfc3339).unwrap().replace('+', "%2B");
    let within = (at + Duration::milliseconds(1)).format(&Rfc3339).unwrap();
    let plain = at.format(&Rfc3339).unwrap();
    let same = tines.sign_ins(user, Some(at - Duration::SECOND), None).len() as u64;
    let newer = tines.sign_ins(user, Some(at), None).len() as u64;
    assert!(newer < same);
    assert_eq!(count(format!("after={plain}")).await, newer);
    assert_eq!(count(format!("after={moved}")).await, newer);
    assert_eq!(count(format!("after={within}")).await, newer);
    let total = tines.sign_ins(user, None, None).len() as u64;
    assert_eq!(count(format!("before={plain}")).await, total - same);
    assert_eq!(count(format!("before={moved}")).await, total - same);
    assert_eq!(count(format!("before={within}")).await, total - newer);
}

#[tokio::test]
async fn bad_values_are_refused_in_two_shapes() {
    let (_sim, tines) = start(3, Settings::default()).await;
    let user = busiest(&tines);
    for name in ["before", "after"] {
        let answer = get(&tines, &path(user, &format!("?{name}=last-week"))).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["status_code"], 400);
        let details = answer.json()["errors"][0]["details"].to_string();
        assert!(details.contains(name), "{details}");
    }
    for query in ["?page=0", "?page=two", "?per_page=0", "?per_page=-5", "?per_page="] {
        let answer = get(&tines, &path(user, query)).await;
        assert_eq!(answer.status, 422, "{query}");
        assert!(answer.json()[0]["message"].is_string());
    }
}
