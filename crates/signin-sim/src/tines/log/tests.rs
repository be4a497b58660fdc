//! What the truth promises, whatever the seed and the sizes.

use std::collections::BTreeSet;

use super::{Log, SignIn, SignIns};
use crate::seed::Seed;
use crate::tines::Settings;

fn log(seed: u64, settings: &Settings) -> Log {
    Log::new(Seed::new(seed), settings)
}

fn ids(log: Log) -> impl Iterator<Item = u64> {
    (0..log.roster().users()).map(move |user| log.roster().id(user))
}

fn all(log: Log, user_id: u64, waves: u64) -> Vec<SignIn> {
    SignIns::new(log.of(user_id, waves), None, None).collect()
}

fn tenants() -> impl Iterator<Item = (Log, u64)> {
    let sizes = [(1, 1), (1, 8), (3, 1_000), (7, 20), (10, 3), (2, 0), (40, 5_000)];
    (0..6).flat_map(move |seed| {
        sizes.map(|(users, events)| {
            let settings = Settings::default().users(users).events(events).arrivals(1, 3);
            (log(seed, &settings), events)
        })
    })
}

#[test]
fn the_users_shares_are_uneven_and_their_sum_is_exact() {
    for (log, events) in tenants() {
        let shares: Vec<_> = ids(log).map(|user| all(log, user, 0).len()).collect();
        assert_eq!(shares.iter().sum::<usize>() as u64, events);
        if events > 1_000 {
            assert!(shares.iter().max() > shares.iter().min().map(|least| least * 4).as_ref());
        }
    }
}

#[test]
fn ids_are_unique_and_fall_with_time_across_the_tenant() {
    for (log, _) in tenants() {
        let mut rows: Vec<_> = ids(log).flat_map(|user| all(log, user, 4)).collect();
        for user in ids(log) {
            let own: Vec<_> = all(log, user, 4);
            assert!(own.windows(2).all(|pair| pair[0].id > pair[1].id));
        }
        rows.sort_by_key(|row| row.id);
        assert!(rows.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(rows.windows(2).all(|pair| pair[0].created_at <= pair[1].created_at));
    }
}

#[test]
fn runs_of_equal_timestamps_occur_and_end() {
    for seed in 0..20 {
        let log = log(seed, &Settings::default());
        for user in ids(log) {
            let rows = all(log, user, 0);
            let times: BTreeSet<_> = rows.iter().map(|row| row.created_at).collect();
            assert!(times.len() < rows.len(), "{} of {}", times.len(), rows.len());
            assert!(times.len() > rows.len() / 8, "{} of {}", times.len(), rows.len());
        }
    }
}

#[test]
fn the_newest_sign_in_is_where_the_settings_put_it() {
    for (log, events) in tenants().filter(|(_, events)| *events > 0) {
        let newest = ids(log).flat_map(|user| all(log, user, 0)).map(|row| row.created_at);
        assert_eq!(
            newest.max().map(time::OffsetDateTime::unix_timestamp),
            Some(1_772_443_800),
            "{events}"
        );
    }
}

#[test]
fn arrivals_come_on_top_and_leave_the_rest_as_it_was() {
    for (log, _) in tenants() {
        for user in ids(log) {
            let (before, after) = (all(log, user, 2), all(log, user, 3));
            assert_eq!(after.len(), before.len() + 3);
            assert_eq!(after[3..], before);
            assert!(after[..3].iter().all(|row| row.created_at > log.now(2)));
            assert!(after[..3].iter().all(|row| row.created_at < log.now(3)));
        }
    }
}

#[test]
fn the_bounds_are_strict_at_every_timestamp() {
    let log = log(5, &Settings::default().users(2).events(150).arrivals(1, 3));
    for user in ids(log) {
        let rows = all(log, user, 2);
        for at in rows.iter().map(|row| row.created_at) {
            for nanoseconds in [0, 1] {
                let bound = at.replace_nanosecond(nanoseconds).unwrap();
                let newer: Vec<_> = SignIns::new(log.of(user, 2), Some(bound), None).collect();
                let older: Vec<_> = SignIns::new(log.of(user, 2), None, Some(bound)).collect();
                assert!(newer.iter().eq(rows.iter().filter(|row| row.created_at > bound)));
                assert!(older.iter().eq(rows.iter().filter(|row| row.created_at < bound)));
            }
        }
    }
}

#[test]
fn bounds_that_exclude_each_other_leave_nothing() {
    let log = log(5, &Settings::default());
    let user = ids(log).next().unwrap();
    let rows = all(log, user, 0);
    let (new, old) = (rows[0].created_at, rows[rows.len() - 1].created_at);
    assert_eq!(SignIns::new(log.of(user, 0), Some(new), Some(old)).count(), 0);
}

#[test]
fn only_the_tenants_own_user_ids_are_known() {
    let log = log(5, &Settings::default().users(50));
    let known: BTreeSet<_> = ids(log).collect();
    assert_eq!(known.len(), 50);
    for id in 0..1_000 {
        assert_eq!(log.of(id, 0).is_some(), known.contains(&id), "{id}");
    }
}

#[test]
fn the_largest_tenant_is_computed_without_overflow() {
    let settings = Settings::default()
        .users(u64::MAX)
        .events(u64::MAX)
        .days(u32::MAX)
        .newest(time::OffsetDateTime::from_unix_timestamp(-40_000_000_000).unwrap())
        .arrivals(1, u64::MAX);
    let log = log(1, &settings);
    let user = ids(log).last().unwrap();
    let list = log.of(user, 1_000).unwrap();
    let (first, last) = (list.sign_in(0), list.sign_in(list.len() - 1));
    assert!(first.id > last.id && first.created_at > last.created_at);
    assert!(last.to_json().contains("\"created_at\":\"0"), "{}", last.to_json());
}

#[test]
fn every_record_is_json_with_the_documented_members() {
    let log = log(2, &Settings::default());
    for row in ids(log).flat_map(|user| all(log, user, 0)) {
        let value: serde_json::Value = serde_json::from_str(&row.to_json()).unwrap();
        assert_eq!(value["id"], row.id);
        assert_eq!(value["user_id"], row.user_id);
        assert_eq!(value["ip"], row.ip.to_string());
        assert_eq!(value["user_agent"], row.user_agent);
        assert!(value["created_at"].as_str().unwrap().ends_with('Z'));
    }
}

#[test]
fn the_rows_above_a_height_are_counted_without_a_walk() {
    for (log, _) in tenants() {
        for user in 0..log.roster().users() {
            let list = log.list(user, 2);
            let heights: Vec<_> = (0..list.len()).map(|j| list.height(j)).collect();
            assert!(heights.iter().all(|height| (1..=list.top()).contains(height)));
            let near = heights.iter().flat_map(|height| height - 1..=height + 1);
            for height in near.chain([0, list.top(), list.top() + 1]) {
                let higher = heights.iter().filter(|other| **other > height).count();
                assert_eq!(list.above(height), higher as u64, "{height}");
            }
        }
    }
}

#[test]
fn deleted_users_are_unknown_and_keep_what_they_had() {
    let settings = Settings::default().users(9).deleted_users(4).arrivals(1, 3);
    let log = log(5, &settings);
    for n in 0..4 {
        let user = log.roster().nth_deleted(n);
        assert!(log.of(log.roster().id(user), 0).is_none());
        assert_eq!(log.list(user, 2).len(), log.list(user, 0).len());
    }
    for n in 0..5 {
        let user = log.roster().nth_existing(n);
        assert_eq!(log.of(log.roster().id(user), 2).unwrap().len(), log.list(user, 0).len() + 6);
    }
}
