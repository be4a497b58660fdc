//! What the merged list promises, whatever the seed, the sizes and the filter.

use std::collections::BTreeSet;

use super::{Filter, LOGIN, Logins, OPERATIONS, Office, Row, details};
use crate::seed::Seed;
use crate::tines::Settings;
use crate::tines::log::{Log, SignIns};
use crate::tines::request::Bounds;
use crate::tines::users::People;

fn office(seed: u64, users: u64, events: u64) -> Office {
    let settings = Settings::default().users(users).deleted_users(users / 3).events(events);
    let seed = Seed::new(seed);
    Office::new(seed, Log::new(seed, &settings.arrivals(1, 3)), People::new(seed))
}

fn offices() -> impl Iterator<Item = Office> {
    let sizes = [(1, 1), (1, 80), (3, 400), (7, 20), (10, 3), (2, 0), (40, 500)];
    (0..4).flat_map(move |seed| sizes.map(|(users, events)| office(seed, users, events)))
}

fn name(row: &Row) -> &'static str {
    row.other.map_or(LOGIN, |(operation, _)| OPERATIONS[operation])
}

fn ids(rows: impl Iterator<Item = Row>) -> Vec<u64> {
    rows.map(|row| row.login.id).collect()
}

#[test]
fn every_sign_in_of_every_user_is_one_login_and_the_newest_come_first() {
    for office in offices() {
        let log = office.log;
        let mut truth: Vec<_> = (0..log.roster().users())
            .flat_map(|user| {
                let list = log.list(user, 2);
                (0..list.len()).map(move |j| list.sign_in(j))
            })
            .collect();
        truth.sort_by_key(|row| std::cmp::Reverse(row.id));
        let logins: Vec<_> = Logins::new(office, 2, Bounds::default()).collect();
        assert_eq!(logins.len(), truth.len());
        for (login, row) in logins.iter().zip(&truth) {
            assert_eq!((login.created_at, login.user_id), (row.created_at, row.user_id));
            assert_eq!((login.ip, login.user_agent), (row.ip, row.user_agent));
            assert_ne!(login.id, row.id);
        }
        assert!(logins.windows(2).all(|pair| pair[0].id > pair[1].id));
    }
}

#[test]
fn any_position_is_found_without_those_before_it() {
    for office in offices() {
        let rows = office.rows(2, Filter::default());
        let all = ids(rows.clone());
        assert_eq!(all.len() as u64, rows.total());
        for position in 0..=all.len() {
            let mut there = rows.clone();
            there.seek(position as u64);
            assert_eq!(there.size_hint().0, all.len() - position);
            assert_eq!(ids(there.take(5)), all[position..(position + 5).min(all.len())]);
            assert_eq!(
                rows.clone().nth(position).map(|row| row.login.id),
                all.get(position).copied()
            );
        }
    }
}

#[test]
fn filters_select_exactly_and_count_exactly_from_any_position() {
    for office in offices() {
        let all: Vec<_> = office.rows(1, Filter::default()).collect();
        let times: BTreeSet<_> = all.iter().map(|row| row.login.created_at).collect();
        let mut times = times.into_iter().step_by(all.len() / 3 + 1);
        let (after, before) = (times.next(), times.nth(1));
        let some: BTreeSet<_> =
            all.iter().map(|row| row.login.user_id).step_by(7).take(3).collect();
        for names in [vec![LOGIN], vec![OPERATIONS[1]], vec![OPERATIONS[3], LOGIN], vec!["login"]] {
            let names: BTreeSet<_> = names.into_iter().map(str::to_owned).collect();
            for bounds in [Bounds::default(), Bounds { after, before }] {
                for users in [None, Some(&some)] {
                    let filter = Filter { bounds, users, operations: Some(&names) };
                    let expected: Vec<_> = all
                        .iter()
                        .filter(|row| names.contains(name(row)))
                        .filter(|row| users.is_none_or(|ids| ids.contains(&row.login.user_id)))
                        .filter(|row| bounds.after.is_none_or(|at| row.login.created_at > at))
                        .filter(|row| bounds.before.is_none_or(|at| row.login.created_at < at))
                        .map(|row| row.login.id)
                        .collect();
                    let rows = office.rows(1, filter);
                    assert_eq!(rows.total(), expected.len() as u64);
                    assert_eq!(ids(rows.clone()), expected);
                    for position in (0..expected.len()).step_by(11) {
                        let mut there = rows.clone();
                        there.seek(position as u64);
                        assert_eq!(ids(there), expected[position..]);
                    }
                }
            }
        }
    }
}

#[test]
fn about_one_row_of_ten_is_another_operation_and_each_of_them_occurs() {
    let rows: Vec<_> = office(1, 3, 1_000).rows(0, Filter::default()).collect();
    let others: Vec<_> = rows.iter().map(name).filter(|name| *name != LOGIN).collect();
    assert!((90..=110).contains(&(others.len() * 1_000 / rows.len())), "{}", others.len());
    assert_eq!(others.iter().collect::<BTreeSet<_>>().len(), OPERATIONS.len());
}

#[test]
fn arrivals_come_on_top_and_leave_the_rest_as_it_was() {
    for office in offices() {
        let text = |waves| {
            let rows = office.rows(waves, Filter::default());
            rows.map(|row| {
                let mut out = Vec::new();
                row.write(&mut out);
                out
            })
            .collect::<Vec<_>>()
        };
        let (before, after) = (text(2), text(3));
        assert!(after.len() >= before.len() + 3);
        assert_eq!(after[after.len() - before.len()..], before);
    }
}

#[test]
fn inputs_and_outputs_of_other_operations_are_objects() {
    for operation in 0..OPERATIONS.len() {
        for n in 0..4 {
            let (inputs, outputs) = details(operation, Seed::new(n));
            for text in [inputs, outputs] {
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert!(value.is_object(), "{text}");
            }
        }
    }
}

#[test]
fn a_user_of_his_own_is_the_same_list_as_his_activities() {
    let office = office(3, 4, 300);
    for n in 0..office.log.roster().existing() {
        let id = office.log.roster().id(office.log.roster().nth_existing(n));
        let (users, names) = (BTreeSet::from([id]), BTreeSet::from([LOGIN.to_owned()]));
        let bounds = Bounds::default();
        let filter = Filter { bounds, users: Some(&users), operations: Some(&names) };
        let times = office.rows(2, filter).map(|row| row.login.created_at);
        let own = SignIns::new(office.log.of(id, 2), None, None).map(|row| row.created_at);
        assert!(times.eq(own));
    }
}
