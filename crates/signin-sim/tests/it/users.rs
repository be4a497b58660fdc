//! The users of a tenant, and those that are deleted.

use serde_json::Value;
use signin_sim::tines::Settings;

use crate::wire::{activities, busiest, found, get, path, start, walk_under};

const USERS: &str = "/api/v1/admin/users";

#[tokio::test]
async fn a_walk_of_all_users_is_the_truth() {
    for (per_page, deleted, short) in [(1, 0, false), (7, 5, false), (7, 5, true), (500, 12, true)]
    {
        let settings = Settings::default().users(30).deleted_users(deleted).short_pages(short);
        let (_sim, tines) = start(4, settings).await;
        let ids = walk_under(&tines, &format!("{USERS}?per_page={per_page}"), "admin/users").await;
        assert!(ids.iter().copied().eq(tines.user_ids()));
        assert_eq!(ids.len() as u64, 30 - deleted);
    }
}

#[tokio::test]
async fn users_are_sent_as_the_truth_writes_them_with_teams_only_when_asked_for() {
    let (_sim, tines) = start(4, Settings::default().users(40)).await;
    let plain: Vec<_> = tines.users().map(|user| user.to_json()).collect();
    let answer = found(&tines, &format!("{USERS}?per_page=500")).await;
    answer.assert_begins("admin/users", &plain);
    assert!(!answer.body.contains("team_memberships"));
    let teams: Vec<_> = tines.users().map(|user| user.to_json_with_teams()).collect();
    let query = "?per_page=500&include=team_memberships";
    let answer = found(&tines, &format!("{USERS}{query}")).await;
    answer.assert_begins("admin/users", &teams);
    let rows = answer.json()["admin/users"].clone();
    let lists =
        rows.as_array().unwrap().iter().map(|row| row["team_memberships"].as_array().unwrap());
    let members: Vec<&Value> = lists.flatten().collect();
    assert!(members.len() > 10);
    for member in members {
        assert!(member["team_id"].is_u64() && member["team_name"].is_string());
        assert!(member["role"].is_string());
    }
}

#[tokio::test]
async fn the_owners_are_those_that_say_so_and_not_all() {
    for deleted in [0, 9] {
        let (_sim, tines) = start(6, Settings::default().users(41).deleted_users(deleted)).await;
        let owners: Vec<_> = tines.users().filter(|user| user.admin).map(|user| user.id).collect();
        assert!(!owners.is_empty() && owners.len() < tines.user_ids().count() / 2);
        let query = format!("{USERS}?filter=TENANT_OWNER&per_page=3");
        assert_eq!(walk_under(&tines, &query, "admin/users").await, owners);
        let meta = found(&tines, &query).await.meta();
        assert_eq!(meta["count"], owners.len());
        assert!(meta["next_page"].as_str().unwrap().contains("/admin/users?filter=TENANT_OWNER&"));
    }
}

#[tokio::test]
async fn undocumented_choices_are_refused() {
    let (_sim, tines) = start(6, Settings::default()).await;
    for query in ["?filter=tenant_owner", "?filter=", "?include=teams", "?page=0", "?per_page=x"] {
        let answer = get(&tines, &format!("{USERS}{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
        assert!(answer.json()[0]["message"].is_string());
    }
}

#[tokio::test]
async fn deleted_users_are_not_listed_and_their_activities_are_not_found() {
    let settings = Settings::default().users(12).deleted_users(5).arrivals(1, 2);
    let (_sim, tines) = start(6, settings).await;
    let deleted: Vec<_> = tines.deleted_user_ids().collect();
    assert_eq!((deleted.len(), tines.user_ids().count()), (5, 7));
    let listed = found(&tines, &format!("{USERS}?per_page=500")).await.ids_under("admin/users");
    assert!(deleted.iter().all(|user| !listed.contains(user)));
    for user in deleted {
        assert_eq!(get(&tines, &path(user, "")).await.status, 404);
        assert_eq!(tines.sign_ins(user, None, None).len(), 0);
    }
    for user in listed {
        activities(&tines, user, "").await;
    }
}

#[tokio::test]
async fn last_seen_is_the_newest_sign_in() {
    let (_sim, tines) = start(6, Settings::default().arrivals(1, 1)).await;
    for _ in 0..2 {
        for user in tines.users() {
            let newest = tines.sign_ins(user.id, None, None).next();
            assert_eq!(user.last_seen, newest.map(|row| row.created_at));
        }
        activities(&tines, busiest(&tines), "").await;
    }
}

#[tokio::test]
async fn users_and_activities_share_one_limit() {
    let (_sim, tines) = start(6, Settings::default().per_minute(2)).await;
    found(&tines, USERS).await;
    activities(&tines, busiest(&tines), "").await;
    assert_eq!(get(&tines, USERS).await.status, 429);
    assert_eq!(get(&tines, &path(busiest(&tines), "")).await.status, 429);
    found(&tines, "/api/v1/audit_logs").await;
}
