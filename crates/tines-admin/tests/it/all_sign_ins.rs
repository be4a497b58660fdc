//! Everyone's sign-ins: the two ways, the change from one to the other, and the way back into a pager.

use std::collections::BTreeSet;

use signin_contract::earlier;
use signin_core::testing::{Reply, Scripted, Sent};
use tines_admin::{Checkpoint, ErrorKind, TenantSignIns, Timestamp, Warning, Way};

use crate::client;

const DATE: &str = "Tue, 10 Jun 2025 11:00:00 GMT";
const META: &str = r#""meta":{"next_page_number":null}"#;

/// Users 1 to 3 with as many sign-ins each as their number says, two on a page.
fn tenant(sent: &Sent) -> Reply {
    let path = sent.url.split('?').next().unwrap();
    let page: u64 = sent.url.rsplit_once("page=").unwrap().1.parse().unwrap();
    let body = if path.ends_with("/admin/users") {
        let users = r#"{"id":2,"email":"b@x.example"},{"id":1},{"id":3,"email":"c@x.example"}"#;
        let users = if page == 1 { users } else { "" };
        format!(r#"{{"admin/users":[{users}],{META}}}"#)
    } else if path.ends_with("/signin_activities") {
        let user: u64 = path.split('/').nth(7).unwrap().parse().unwrap();
        let row = |n| {
            let time = format!("2025-06-10T10:00:{:02}Z", 59 - n);
            format!(r#"{{"id":{user}{n},"user_id":{user},"created_at":"{time}"}}"#)
        };
        let rows: Vec<_> = (0..user).skip(usize_of(page - 1) * 2).take(2).map(row).collect();
        let next = if user > page * 2 { (page + 1).to_string() } else { "null".into() };
        let rows = rows.join(",");
        format!(r#"{{"admin/login_activities":[{rows}],"meta":{{"next_page_number":{next}}}}}"#)
    } else {
        let row = |id| {
            format!(
                r#"{{"id":{id},"operation_name":"Login","user_id":{id},"user_email":"{id}@x.example","created_at":"2025-06-10T10:00:00Z"}}"#
            )
        };
        let next = if page == 1 { "2" } else { "null" };
        let rows = [page * 2, page * 2 + 1].into_iter().filter(|id| *id < 6).map(row);
        let rows = rows.collect::<Vec<_>>().join(",");
        format!(r#"{{"audit_logs":[{rows}],"meta":{{"next_page_number":{next}}}}}"#)
    };
    Reply::json(body).header("date", DATE)
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

/// The tenant without an audit log.
fn refusing(status: u16) -> Scripted {
    Scripted::respond(move |sent| match sent.url.contains("/audit_logs") {
        true => Reply::status(status),
        false => tenant(sent),
    })
}

fn pager(script: &Scripted) -> TenantSignIns {
    client(script).all_sign_ins().per_page(2).items()
}

async fn take(pager: &mut TenantSignIns, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    while ids.len() < count {
        let Some(sign_in) = pager.try_next().await.unwrap() else { break };
        ids.push(sign_in.id().unwrap().to_string());
    }
    ids
}

fn stored(pager: &TenantSignIns) -> Checkpoint {
    pager.checkpoint().unwrap().to_string().parse().unwrap()
}

const BY_USERS: [&str; 6] = ["10", "20", "21", "30", "31", "32"];
const BY_AUDIT_LOG: [&str; 4] = ["2", "3", "4", "5"];

#[tokio::test(start_paused = true)]
async fn the_audit_log_is_the_way_where_it_can_be_read() {
    let script = Scripted::respond(tenant);
    let mut pager = pager(&script);
    assert_eq!(pager.way(), None, "nothing was asked yet");
    let first = pager.try_next().await.unwrap().unwrap();
    assert_eq!(pager.way(), Some(Way::AuditLog));
    assert!(pager.refusal().is_none() && pager.user().is_none());
    assert_eq!(first.user_email(), Some("2@x.example"));
    assert_eq!(first.user_id().unwrap().as_str(), "2");
    assert!(first.created_at().is_some() && first.raw().starts_with("{\"id\":2,"));
    assert_eq!(take(&mut pager, 9).await, BY_AUDIT_LOG[1..]);
    assert!(pager.report().is_complete());
    let [first, second, _] = &script.urls()[..] else { panic!("a full page asks for one more") };
    assert!(first.ends_with("/audit_logs?operation_name%5B%5D=Login&per_page=2&page=1"), "{first}");
    assert!(second.contains("&before=2025-06-10T11%3A00%3A01Z&page=2"), "{second}");
}

#[tokio::test(start_paused = true)]
async fn users_are_the_way_where_the_audit_log_is_refused_at_the_first_request() {
    for status in [403, 404] {
        let script = refusing(status);
        let mut pager = pager(&script);
        assert_eq!(take(&mut pager, 9).await, BY_USERS);
        assert_eq!(pager.way(), Some(Way::Users));
        assert_eq!(pager.refusal().unwrap().status(), Some(status));
        assert_eq!(pager.user().unwrap().id.as_str(), "3");
        assert!(pager.report().is_complete(), "{:?}", pager.report());
        let sent = u64::try_from(script.sent().len()).unwrap();
        assert_eq!(pager.report().requests, sent, "the refused one counts");
        let urls = script.urls();
        let activities = urls.iter().filter(|url| url.contains("signin_activities"));
        assert!(
            activities.clone().all(|url| url.contains("before=2025-06-10T11%3A00%3A01Z")),
            "one end for all users, by the service's clock: {urls:?}"
        );
        assert_eq!(activities.count(), 5, "full pages ask for one more");
    }
}

#[tokio::test(start_paused = true)]
async fn a_user_is_named_by_the_list_where_the_record_does_not() {
    let mut pager = client(&refusing(404)).all_sign_ins().way(Way::Users).items();
    let mut emails = Vec::new();
    while let Some(sign_in) = pager.try_next().await.unwrap() {
        let id = sign_in.user_id().unwrap().to_string();
        emails.push((id, sign_in.user_email().map(str::to_owned)));
    }
    emails.dedup();
    let email = |text: &str| Some(text.to_owned());
    let of = |id: &str, email| (id.to_owned(), email);
    assert_eq!(
        emails,
        [of("1", None), of("2", email("b@x.example")), of("3", email("c@x.example"))]
    );
}

#[tokio::test(start_paused = true)]
async fn other_errors_of_the_audit_log_and_later_ones_do_not_change_the_way() {
    for status in [400, 401, 429, 500] {
        let mut pager = pager(&refusing(status));
        assert_eq!(pager.try_next().await.unwrap_err().status(), Some(status));
        assert!(pager.refusal().is_none(), "{status}");
    }
    let script = Scripted::respond(|sent| match sent.url.ends_with("page=2") {
        true => Reply::status(403),
        false => tenant(sent),
    });
    let mut pager = pager(&script);
    assert_eq!(take(&mut pager, 2).await, ["2", "3"]);
    let error = pager.try_next().await.unwrap_err();
    assert_eq!((error.status(), pager.way()), (Some(403), Some(Way::AuditLog)));
    assert!(error.to_string().contains("AUDIT_LOG_READ"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_first_request_may_still_fall_back_when_it_is_tried_again() {
    let mut refusals = [501, 403].into_iter();
    let script = Scripted::respond(move |sent| match sent.url.contains("/audit_logs") {
        true => Reply::status(refusals.next().unwrap()),
        false => tenant(sent),
    });
    let mut first = pager(&script);
    let error = first.try_next().await.unwrap_err();
    assert_eq!(first.way(), None);
    let checkpoint = error.checkpoint().unwrap().clone();
    let mut second = pager(&script).resume(checkpoint).unwrap();
    assert_eq!(take(&mut second, 9).await, BY_USERS);
}

#[tokio::test(start_paused = true)]
async fn a_way_that_was_asked_for_is_kept() {
    let mut pager = client(&refusing(403)).all_sign_ins().way(Way::AuditLog).items();
    assert_eq!(pager.way(), Some(Way::AuditLog));
    assert_eq!(pager.try_next().await.unwrap_err().kind(), ErrorKind::Permission);
    let script = Scripted::respond(tenant);
    let mut pager = client(&script).all_sign_ins().per_page(2).way(Way::Users).items();
    assert_eq!(take(&mut pager, 9).await, BY_USERS);
    assert!(script.urls().iter().all(|url| !url.contains("audit_logs")));
}

#[tokio::test(start_paused = true)]
async fn p3_the_way_is_in_the_checkpoint_whatever_the_audit_log_answers_later() {
    for (script, all) in
        [(refusing(403), &BY_USERS[..]), (Scripted::respond(tenant), &BY_AUDIT_LOG)]
    {
        // A key that may read the audit log now, and one that no longer may.
        for cut in 1..all.len() {
            let mut first = pager(&script);
            let mut got = take(&mut first, cut).await;
            let way = first.way();
            let mut second = pager(&Scripted::respond(tenant)).resume(stored(&first)).unwrap();
            assert_eq!(second.way(), way);
            got.extend(take(&mut second, 9).await);
            assert_eq!(got, all, "cut at {cut}");
        }
    }
    let mut first = pager(&Scripted::respond(tenant));
    take(&mut first, 2).await;
    let mut second = pager(&refusing(403)).resume(stored(&first)).unwrap();
    assert_eq!(second.try_next().await.unwrap_err().kind(), ErrorKind::Permission);
    assert!(second.refusal().is_none());
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_the_other_way_or_other_arguments_is_refused() {
    let mut first = pager(&refusing(403));
    take(&mut first, 2).await;
    let script = Scripted::respond(tenant);
    let list = client(&script).all_sign_ins().per_page(2);
    let wrong = list.clone().way(Way::AuditLog).items().resume(stored(&first)).unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Checkpoint);
    assert!(wrong.to_string().contains("it went by the users"), "{wrong}");
    let after = Timestamp::parse("2025-06-01T00:00:00Z").unwrap();
    let wrong = list.after(after).items().resume(stored(&first)).unwrap_err();
    assert!(wrong.to_string().contains("another `after`"), "{wrong}");
    let other = client(&script).users().items().checkpoint().unwrap();
    assert_eq!(pager(&script).resume(other).unwrap_err().kind(), ErrorKind::Checkpoint);
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_that_is_over_resumes_to_nothing() {
    for script in [refusing(403), Scripted::respond(tenant)] {
        let mut first = pager(&script);
        take(&mut first, 9).await;
        assert!(stored(&first).is_end());
        let asked = script.sent().len();
        let mut second = pager(&script).resume(stored(&first)).unwrap();
        assert!(take(&mut second, 9).await.is_empty());
        assert_eq!(script.sent().len(), asked);
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_user_deleted_meanwhile_is_told_and_one_that_fails_can_be_skipped() {
    for (status, expected) in [
        (404, Warning::OwnerGone { owner: "2".into() }),
        (403, Warning::OwnerSkipped { owner: "2".into() }),
    ] {
        let script = Scripted::respond(move |sent| {
            let refused = sent.url.contains("users/2/") || sent.url.contains("audit_logs");
            if refused { Reply::status(status) } else { tenant(sent) }
        });
        let mut pager = pager(&script);
        let mut got = BTreeSet::new();
        loop {
            match pager.try_next().await {
                Ok(Some(sign_in)) => got.insert(sign_in.id().unwrap().to_string()),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!((error.status(), status), (Some(403), 403));
                    assert_eq!(pager.user().unwrap().id.as_str(), "2");
                    pager.skip_user().unwrap();
                    false
                }
            };
        }
        assert_eq!(got.into_iter().collect::<Vec<_>>(), ["10", "30", "31", "32"]);
        assert_eq!(pager.report().warnings, [expected]);
        assert!(!pager.report().is_complete());
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_reach_both_ways() {
    let time = |text| Timestamp::parse(text).unwrap();
    for way in [Way::AuditLog, Way::Users] {
        let script = Scripted::respond(tenant);
        let list = client(&script).all_sign_ins().way(way).concurrency(2).fetch_ahead(2);
        let list = list.after(time("2025-06-01T00:00:00Z")).before(time("2025-06-10T00:00:00Z"));
        let mut pager = list.items();
        take(&mut pager, 9).await;
        let asked: Vec<_> =
            script.urls().into_iter().filter(|url| !url.contains("admin/users?")).collect();
        assert!(asked.len() >= 2);
        let times = "before=2025-06-10T00%3A00%3A00Z&after=2025-06-01T00%3A00%3A00Z&per_page=500";
        assert!(asked.iter().all(|url| url.contains(times)), "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_out_of_range_are_refused_before_anything_is_sent() {
    let time = |text| Timestamp::parse(text).unwrap();
    for way in [Way::AuditLog, Way::Users] {
        let script = Scripted::respond(tenant);
        let list = client(&script).all_sign_ins().way(way);
        let reversed = list.clone().after(time("2025-06-10T00:00:00Z"));
        let reversed = reversed.before(time("2025-06-01T00:00:00Z"));
        for (list, told) in [(list.per_page(501), "per_page is 501"), (reversed, "not earlier")] {
            let error = list.items().try_next().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument);
            assert!(error.to_string().contains(told), "{error}");
        }
        assert_eq!(script.sent().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_an_earlier_build_leads_to_the_rest() {
    for (way, all) in [("audit_log", &BY_AUDIT_LOG[..]), ("users", &BY_USERS[..])] {
        let script = || if way == "users" { refusing(403) } else { Scripted::respond(tenant) };
        for cut in [1, 2, 3] {
            let mut first = pager(&script());
            let mut got = take(&mut first, cut).await;
            let kept = earlier::checkpoint(&format!("{way}.{cut}"), first.checkpoint().as_ref());
            let mut second = pager(&script()).resume(kept).unwrap();
            got.extend(take(&mut second, 99).await);
            assert_eq!(got, all, "{way}, cut after {cut}");
            assert!(second.report().is_complete());
        }
    }
}
