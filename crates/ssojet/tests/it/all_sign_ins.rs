//! Everyone's sign-ins: every user's login logs in one pager.

use signin_contract::earlier;
use signin_core::testing::{Reply, Scripted, Sent};
use ssojet::{AllSignIns, Checkpoint, ErrorKind, FanOut, Identities, Warning};

use crate::{client, older, page};

const USERS: [&str; 2] = [
    r#"{"users":[{"id":"c","email":"c@x.example"},{"id":"a","email":""}],"next_cursor":"2"}"#,
    r#"{"users":[{"id":"bb"},{"id":"b","email":"b@x.example"}],"next_cursor":null}"#,
];

/// Users a, b, c and bb, listed in another order; b has none, c two pages, bb the older body.
fn application(sent: &Sent) -> Reply {
    let (path, query) = sent.url.split_once('?').unwrap();
    let second = query.contains("cursor=2");
    Reply::json(match path.strip_prefix("https://api.ssojet.com/api/v1/users").unwrap() {
        "" => USERS[usize::from(second)].to_owned(),
        "/a/loginlogs" => page([10, 10], None),
        "/b/loginlogs" => page([], None),
        "/c/loginlogs" if second => page([31], None),
        "/c/loginlogs" => page([30], Some("2")),
        "/bb/loginlogs" => older([40, 41]),
        other => panic!("{other}"),
    })
}

fn pager(script: &Scripted) -> FanOut<AllSignIns> {
    client(script).all_sign_ins().items()
}

/// User and time of the next `count` sign-ins.
async fn take(pager: &mut FanOut<AllSignIns>, count: usize) -> Vec<String> {
    let mut taken = Vec::new();
    while taken.len() < count
        && let Some(sign_in) = pager.try_next().await.unwrap()
    {
        let second = sign_in.record.created_at.as_ref().unwrap().instant().second();
        taken.push(format!("{} {second}", sign_in.owner.id));
    }
    taken
}

fn stored(pager: &FanOut<AllSignIns>) -> Checkpoint {
    pager.checkpoint().unwrap().to_string().parse().unwrap()
}

const ALL: [&str; 6] = ["a 10", "a 10", "c 30", "c 31", "bb 40", "bb 41"];

#[tokio::test(start_paused = true)]
async fn every_users_sign_ins_come_in_the_order_of_their_ids_with_their_user() {
    let script = Scripted::respond(application);
    let mut sign_ins = pager(&script);
    assert_eq!(take(&mut sign_ins, 99).await, ALL);
    assert_eq!(sign_ins.owner().unwrap().id.as_str(), "bb");
    assert!(sign_ins.report().is_complete(), "{:?}", sign_ins.report());
    assert_eq!((sign_ins.report().records, sign_ins.report().requests), (6, 7));

    let mut emails = Vec::new();
    let mut sign_ins = pager(&script);
    while let Some(sign_in) = sign_ins.try_next().await.unwrap() {
        emails.push(sign_in.owner.email.clone());
    }
    let of_c = Some("c@x.example".to_owned());
    assert_eq!(emails, [None, None, of_c.clone(), of_c, None, None], "an empty one is none");
}

#[tokio::test(start_paused = true)]
async fn arguments_reach_the_users_and_the_logs() {
    let script = Scripted::respond(application);
    let ssojet = client(&script);
    let list = ssojet.all_sign_ins().users(ssojet.users().limit(2)).limit(9).event(None);
    take(&mut list.concurrency(1).fetch_ahead(1).items(), 99).await;
    for url in script.urls() {
        let limit = if url.contains("loginlogs") { "?client_id=app-1&limit=9" } else { "&limit=2" };
        assert!(url.contains(limit) && !url.contains("event"), "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_anywhere_is_resumed_without_loss_or_repeat() {
    for cut in 0..=ALL.len() {
        let mut first = pager(&Scripted::respond(application));
        let mut got = take(&mut first, cut).await;
        let mut second = pager(&Scripted::respond(application)).resume(stored(&first)).unwrap();
        got.extend(take(&mut second, 99).await);
        assert_eq!(got, ALL, "cut at {cut}");
        assert!(second.report().is_complete() && stored(&second).is_end());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_other_arguments_is_refused() {
    let script = Scripted::respond(application);
    let mut first = pager(&script);
    take(&mut first, 2).await;
    let ssojet = client(&script);
    for (list, difference) in [
        (ssojet.all_sign_ins().event(None), "another `event`"),
        (ssojet.all_sign_ins().limit(2), "another `login_logs.limit`"),
        (ssojet.all_sign_ins().users(ssojet.users().email("c@x.example")), "another `email`"),
        (ssojet.for_client_id("app-2").unwrap().all_sign_ins(), "another `client_id`"),
    ] {
        let error = list.items().resume(stored(&first)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_user_that_is_gone_is_told_and_one_that_fails_can_be_skipped() {
    for (status, expected) in [
        (404, Warning::OwnerGone { owner: "c".into() }),
        (403, Warning::OwnerSkipped { owner: "c".into() }),
    ] {
        let script = Scripted::respond(move |sent| match sent.url.contains("users/c/") {
            true => Reply::status(status),
            false => application(sent),
        });
        let mut sign_ins = pager(&script);
        assert_eq!(take(&mut sign_ins, 2).await, ["a 10", "a 10"]);
        if status == 403 {
            let error = sign_ins.try_next().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Permission);
            assert_eq!(sign_ins.owner().unwrap().id.as_str(), "c");
            sign_ins.skip_owner().unwrap();
        }
        assert_eq!(take(&mut sign_ins, 9).await, ["bb 40", "bb 41"]);
        assert_eq!(sign_ins.report().warnings, [expected]);
        assert!(!sign_ins.report().is_complete());
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_user_without_an_id_is_told_and_makes_the_result_incomplete() {
    for id in ["", r#""id":"""#, r#""id":null"#] {
        let body = format!(r#"{{"users":[{{{id}}},{{"id":"b"}}]}}"#);
        let script = Scripted::respond(move |sent| match sent.url.contains("loginlogs") {
            true => Reply::json(older([1])),
            false => Reply::json(body.clone()),
        });
        let mut sign_ins = pager(&script);
        assert_eq!(take(&mut sign_ins, 9).await, ["b 1"]);
        assert_eq!(sign_ins.report().warnings, [Warning::OwnersUnreadable { rows: 1 }]);
    }
}

#[tokio::test(start_paused = true)]
async fn p5_a_user_whose_id_no_request_can_hold_is_told_and_left_out() {
    let script = Scripted::respond(move |sent| match sent.url.contains("loginlogs") {
        true => Reply::json(older([1])),
        false => Reply::json(r#"{"users":[{"id":".."},{"id":"b"},{"id":"a\n"}]}"#),
    });
    let mut sign_ins = pager(&script);
    assert_eq!(take(&mut sign_ins, 9).await, ["b 1"]);
    let warnings = ["..", "a\n"].map(|id| Warning::OwnerUnusable { owner: id.into() });
    assert_eq!(sign_ins.report().warnings, warnings);
}

#[tokio::test(start_paused = true)]
async fn identities_tell_all_of_them_apart() {
    let ssojet = client(&Scripted::respond(application));
    let mut identities = Identities::new(ssojet.client_id());
    let mut sign_ins = ssojet.all_sign_ins().items();
    let mut all = Vec::new();
    while let Some(sign_in) = sign_ins.try_next().await.unwrap() {
        all.push(identities.of(&sign_in.owner.id, &sign_in.record).unwrap());
    }
    assert!(all[0].starts_with("app-1/a/") && all[0].ends_with("/1") && all[1].ends_with("/2"));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), ALL.len());
}

#[tokio::test(start_paused = true)]
async fn p1_an_address_that_nobody_has_is_told_of() {
    for (users, missing) in [(r#"{"id":"a"}"#, false), ("", true)] {
        let script = Scripted::respond(move |sent| match sent.url.contains("loginlogs") {
            true => Reply::json(older([1])),
            false => Reply::json(format!(r#"{{"users":[{users}]}}"#)),
        });
        let users = client(&script).users().email("a@x.example");
        let mut sign_ins = client(&script).all_sign_ins().users(users).items();
        take(&mut sign_ins, 9).await;
        let warning = Warning::OwnerNotListed { owner: "a@x.example".into() };
        assert_eq!(sign_ins.report().warnings.contains(&warning), missing);
        assert_eq!(sign_ins.report().is_complete(), !missing);
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_an_earlier_build_leads_to_the_rest() {
    for cut in [1, 3, 5] {
        let mut first = pager(&Scripted::respond(application));
        let mut got = take(&mut first, cut).await;
        let kept = earlier::checkpoint(&cut.to_string(), first.checkpoint().as_ref());
        let mut second = pager(&Scripted::respond(application)).resume(kept).unwrap();
        got.extend(take(&mut second, 99).await);
        assert_eq!(got, ALL, "cut after {cut}");
        assert!(second.report().is_complete());
    }
}
