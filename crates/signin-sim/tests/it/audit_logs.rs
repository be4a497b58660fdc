//! The audit log: all users' sign-ins in one list, among other operations.

use std::collections::BTreeSet;

use signin_sim::tines::{Service, Settings};
use time::format_description::well_known::Rfc3339;

use crate::wire::{Answer, activities, ask, busiest, found, get, start, walk_under};

const AUDIT_LOGS: &str = "/api/v1/audit_logs";
const LOGINS: &str = "/api/v1/audit_logs?operation_name[]=Login";

/// The truth's ids of these users, or of all.
fn truth(tines: &Service, users: Option<&[u64]>) -> Vec<u64> {
    let rows = tines.logins(None, None);
    let asked = |user| users.is_none_or(|users| users.contains(&user));
    rows.filter(|row| asked(row.user_id)).map(|row| row.id).collect()
}

async fn pager(tines: &Service, path: &str) -> Vec<u64> {
    walk_under(tines, path, "audit_logs").await
}

async fn count(tines: &Service, path: &str) -> u64 {
    found(tines, path).await.meta()["count"].as_u64().unwrap()
}

fn operations(answer: &Answer) -> Vec<String> {
    let rows = answer.json()["audit_logs"].as_array().unwrap().clone();
    rows.iter().map(|row| row["operation_name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_walk_of_the_logins_is_the_truth_with_those_of_deleted_users() {
    for (per_page, short) in [(7, false), (20, true), (100, false), (500, true)] {
        let settings = Settings::default().users(9).deleted_users(4).short_pages(short);
        let (_sim, tines) = start(per_page, settings).await;
        let truth = truth(&tines, None);
        assert_eq!(truth.len(), 1_000);
        assert_eq!(pager(&tines, &format!("{LOGINS}&per_page={per_page}")).await, truth);
        let deleted: Vec<_> = tines.deleted_user_ids().collect();
        assert!(tines.logins(None, None).any(|row| deleted.contains(&row.user_id)));
        for user in tines.user_ids() {
            let own = tines.logins(None, None).filter(|row| row.user_id == user);
            let own = own.map(|row| (row.created_at, row.ip, row.user_agent));
            let activities = tines.sign_ins(user, None, None);
            assert!(own.eq(activities.map(|row| (row.created_at, row.ip, row.user_agent))));
        }
    }
}

#[tokio::test]
async fn a_walk_of_everything_has_every_login_once_and_other_operations_between() {
    for per_page in [1, 33, 500] {
        let settings = Settings::default().events(300).per_minute_audit_logs(u32::MAX);
        let (_sim, tines) = start(per_page, settings).await;
        let all = pager(&tines, &format!("{AUDIT_LOGS}?per_page={per_page}")).await;
        assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "newest first, each once");
        let logins: BTreeSet<_> = truth(&tines, None).into_iter().collect();
        assert!(all.iter().copied().filter(|id| logins.contains(id)).eq(truth(&tines, None)));
        assert!((310..=360).contains(&all.len()), "{}", all.len());
    }
}

#[tokio::test]
async fn rows_are_sent_as_the_truth_writes_them_and_others_have_objects() {
    let (_sim, tines) = start(7, Settings::default().users(5).deleted_users(2)).await;
    let rows: Vec<_> = tines.logins(None, None).take(500).map(|row| row.to_json()).collect();
    let answer = found(&tines, &format!("{LOGINS}&per_page=500")).await;
    answer.assert_begins("audit_logs", &rows);
    let row = &answer.json()["audit_logs"][0];
    assert!(row["inputs"].is_null() && row["outputs"].is_null());
    assert!(row["tenant_id"].is_u64() && row["request_user_agent"].is_string());
    let emails: BTreeSet<_> = tines.logins(None, None).map(|row| row.user_email).collect();
    assert!(tines.users().all(|user| {
        emails.contains(&user.email) || tines.sign_ins(user.id, None, None).len() == 0
    }));
    let answer = found(&tines, &format!("{AUDIT_LOGS}?per_page=500")).await;
    let rows = answer.json()["audit_logs"].as_array().unwrap().clone();
    let others = rows.iter().filter(|row| row["operation_name"] != "Login");
    for row in others.clone() {
        assert!(row["inputs"].is_object() && row["outputs"].is_object(), "{row}");
    }
    assert!(others.count() > 20);
}

#[tokio::test]
async fn operations_are_chosen_by_one_name_or_many_and_by_case() {
    let (_sim, tines) = start(7, Settings::default()).await;
    let all = count(&tines, AUDIT_LOGS).await;
    let mut names: Vec<_> = operations(&found(&tines, &format!("{AUDIT_LOGS}?per_page=500")).await);
    names.sort_unstable();
    names.dedup();
    let mut total = 0;
    for name in &names {
        let answer = found(&tines, &format!("{AUDIT_LOGS}?operation_name={name}")).await;
        assert!(operations(&answer).iter().all(|other| other == name));
        total += answer.meta()["count"].as_u64().unwrap();
    }
    assert_eq!(total, all, "{names:?}");
    assert_eq!(count(&tines, &format!("{AUDIT_LOGS}?operation_name=Login")).await, 1_000);
    let both = format!("{AUDIT_LOGS}?operation_name%5B%5D=Login&operation_name[]=CredentialSave");
    let save = count(&tines, &format!("{AUDIT_LOGS}?operation_name[]=CredentialSave")).await;
    assert!(save > 10);
    assert_eq!(count(&tines, &both).await, 1_000 + save);
    assert_eq!(pager(&tines, &format!("{both}&per_page=99")).await.len() as u64, 1_000 + save);
    for none in ["login", "LOGIN", "Login%20", ""] {
        assert_eq!(count(&tines, &format!("{AUDIT_LOGS}?operation_name={none}")).await, 0);
    }
}

#[tokio::test]
async fn users_are_chosen_by_one_id_or_many_deleted_or_not() {
    let (_sim, tines) = start(7, Settings::default().users(6).deleted_users(2)).await;
    let users = [busiest(&tines), tines.deleted_user_ids().last().unwrap()];
    for user in users {
        let found = pager(&tines, &format!("{LOGINS}&user_id={user}&per_page=90")).await;
        assert_eq!(found, truth(&tines, Some(&[user])));
    }
    let both = format!("{LOGINS}&user_id[]={}&user_id%5B%5D={}&per_page=90", users[0], users[1]);
    assert_eq!(pager(&tines, &both).await, truth(&tines, Some(&users)));
    let next = found(&tines, &both).await.meta()["next_page"].to_string();
    assert!(next.contains(&format!("user_id[]={}&user_id%5B%5D={}", users[0], users[1])), "{next}");
    let twice = format!("{both}&user_id[]={}&user_id[]=1", users[0]);
    assert_eq!(pager(&tines, &twice).await, truth(&tines, Some(&users)));
    for nobody in ["1", "ada", "-1", "", "99999999999999999999"] {
        assert_eq!(count(&tines, &format!("{LOGINS}&user_id={nobody}")).await, 0, "{nobody}");
    }
}

#[tokio::test]
async fn before_and_after_are_strict_and_exact() {
    let (_sim, tines) = start(3, Settings::default().users(5).deleted_users(1)).await;
    let all: Vec<_> = tines.logins(None, None).collect();
    let (new, old) = (all[100].created_at, all[700].created_at);
    let bounds = format!(
        "&per_page=77&before={}&after={}",
        new.format(&Rfc3339).unwrap(),
        old.format(&Rfc3339).unwrap()
    );
    let between = all.iter().filter(|row| row.created_at < new && row.created_at > old);
    let expected: Vec<_> = between.map(|row| row.id).collect();
    assert!((550..600).contains(&expected.len()), "{}", expected.len());
    assert_eq!(pager(&tines, &format!("{LOGINS}{bounds}")).await, expected);
    assert!(tines.logins(Some(old), Some(new)).map(|row| row.id).eq(expected));
    for name in ["before", "after"] {
        let answer = get(&tines, &format!("{AUDIT_LOGS}?{name}=last-week")).await;
        assert_eq!(answer.status, 400);
    }
}

#[tokio::test]
async fn arrivals_appear_in_the_audit_log_too_and_before_holds_a_walk_still() {
    let settings = Settings::default().users(5).deleted_users(2).events(200).arrivals(1, 3);
    let (_sim, tines) = start(9, settings).await;
    activities(&tines, busiest(&tines), "").await;
    let (now, frozen) = (tines.now(), truth(&tines, None));
    assert_eq!(frozen.len(), 200 + 3 * 3, "three for each that exists");
    let before = now.format(&Rfc3339).unwrap();
    let found = pager(&tines, &format!("{LOGINS}&per_page=50&before={before}")).await;
    assert_eq!(found, frozen);
    let since: Vec<_> = tines.logins(Some(now), None).collect();
    assert_eq!(since.len(), 5 * 3 * 3, "five pages were answered");
    assert_eq!(truth(&tines, None)[since.len()..], frozen);
    let deleted: Vec<_> = tines.deleted_user_ids().collect();
    assert!(since.iter().all(|row| !deleted.contains(&row.user_id)));
}

#[tokio::test]
async fn the_limit_is_its_own_and_within_the_general_one() {
    let (_sim, tines) = start(1, Settings::default().per_minute_audit_logs(2)).await;
    found(&tines, AUDIT_LOGS).await;
    found(&tines, AUDIT_LOGS).await;
    assert_eq!(get(&tines, AUDIT_LOGS).await.status, 429);
    activities(&tines, busiest(&tines), "").await;
    let (_sim, tines) = start(1, Settings::default().per_minute_general(1)).await;
    found(&tines, AUDIT_LOGS).await;
    assert_eq!(get(&tines, AUDIT_LOGS).await.status, 429);
}

#[tokio::test]
async fn a_plan_without_audit_log_refuses_it_and_nothing_else() {
    for (asked, status) in [(403, 403), (404, 404), (200, 403), (500, 404)] {
        let settings = Settings::default().audit_log(false).audit_log_refusal(asked);
        let (_sim, tines) = start(1, settings).await;
        assert_eq!(ask(&tines, &format!("GET {AUDIT_LOGS}"), &[]).await.status, 401);
        let answer = get(&tines, LOGINS).await;
        assert_eq!(answer.status, status);
        match status {
            403 => assert_eq!(answer.json()["type"], "Forbidden"),
            _ => assert_eq!(answer.body, "Not Found\n"),
        }
        activities(&tines, busiest(&tines), "").await;
        found(&tines, "/api/v1/admin/users").await;
    }
    let (_sim, tines) = start(1, Settings::default().audit_log(false)).await;
    assert_eq!(get(&tines, AUDIT_LOGS).await.status, 403);
}

#[tokio::test]
async fn a_tenant_of_ten_million_events_answers_the_last_page_of_its_audit_log() {
    let settings = Settings::default().users(50).deleted_users(10).events(10_000_000);
    let (_sim, tines) = start(7, settings).await;
    let mut logins = tines.logins(None, None);
    assert_eq!(logins.len(), 10_000_000);
    let answer = found(&tines, &format!("{LOGINS}&per_page=500&page=20000")).await;
    assert!(answer.meta()["next_page"].is_null());
    let rows: Vec<_> = logins.nth(9_999_500).into_iter().chain(logins).map(|row| row.id).collect();
    assert_eq!(answer.ids_under("audit_logs"), rows);
    assert_eq!(rows.len(), 500);
}
