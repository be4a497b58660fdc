//! Walks over many sources: everything of everyone, in a fixed order, resumable at every record.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use signin_core::FanOut;
use signin_core::PageField;
use signin_core::Paging;
use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::vendor::{Owner, Owners};
use signin_core::{Checkpoint, Error, ErrorKind, Operation, PageLayout, Result, Warning};
use signin_core::{Request, Segment};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::api::{KEY, Row, assert_good_line, numbered, page, scripted};
use crate::resume::forged;

const ENVELOPE: PageLayout =
    PageLayout(&[(PageField::Records, &["data"]), (PageField::Total, &["meta", "total"])]);

/// `GET /v1/users`, or the events of one of them.
#[derive(Clone)]
struct Listed {
    user: Option<String>,
    until: Option<String>,
}

impl Operation for Listed {
    type Item = Row;

    fn name(&self) -> &'static str {
        if self.user.is_some() { "events" } else { "users" }
    }

    fn request(&self) -> Result<Request> {
        let [v1, users, events] = ["v1", "users", "events"].map(Segment::fixed);
        let request = match &self.user {
            None => Request::get([v1, users]),
            Some(user) => Request::get([v1, users, Segment::value("user", user)?, events]),
        };
        Ok(request.query_opt("until", self.until.clone()))
    }

    fn layout(&self) -> PageLayout {
        ENVELOPE
    }

    fn paging(&self) -> Paging {
        numbered(2, false)
    }

    fn identity<'a>(&self, item: &'a Row) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }
}

#[derive(Clone)]
struct Everyone {
    after: &'static str,
}

#[derive(Debug)]
struct User(String);

impl Owner for User {
    fn key(&self) -> &str {
        &self.0
    }
}

impl Owners for Everyone {
    type List = Listed;
    type Records = Listed;
    type Owner = User;

    fn name(&self) -> &'static str {
        "all_events"
    }

    fn list(&self) -> Listed {
        Listed { user: None, until: None }
    }

    fn owners(&self, row: &Row) -> Option<Vec<User>> {
        Some(vec![User(row.id.as_ref()?.to_string())])
    }

    fn records(&self, source: &User, end: Option<OffsetDateTime>) -> Listed {
        let until = end.map(|end| end.format(&Rfc3339).unwrap());
        Listed { user: Some(source.0.clone()), until }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        vec![("after", self.after.to_owned())]
    }

    fn end(&self, date: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
        date
    }
}

/// Users and how many events each has; events of user 7 are `7e0`, `7e1` and so on.
#[derive(Clone, Default)]
struct Service(Arc<Mutex<BTreeMap<u64, usize>>>);

impl Service {
    fn of(users: &[(u64, usize)]) -> Self {
        Self(Arc::new(Mutex::new(users.iter().copied().collect())))
    }

    fn set(&self, user: u64, events: Option<usize>) {
        let mut users = self.0.lock().unwrap();
        match events {
            Some(events) => users.insert(user, events),
            None => users.remove(&user),
        };
    }

    fn answer(&self, sent: &Sent) -> Reply {
        let users = self.0.lock().unwrap();
        let ids: Vec<String> = match sent.url.split('/').nth(5) {
            // Listed in an order that is not the pager's.
            None => users.keys().rev().map(u64::to_string).collect(),
            Some(user) => match users.get(&user.parse().unwrap()) {
                None => return Reply::status(404),
                Some(count) => (0..*count).map(|event| format!("{user}e{event}")).collect(),
            },
        };
        let number: usize = sent.url.rsplit_once("page=").unwrap().1.parse().unwrap();
        let shown = ids.iter().skip((number - 1) * 2).take(2);
        let rows: Vec<_> = shown.map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        let total = format!(r#""meta":{{"total":{}}}"#, ids.len());
        Reply::json(page(&rows.join(","), &total))
    }

    fn script(&self) -> Scripted {
        self.dated(|_| Some("Tue, 10 Jun 2025 11:00:00 GMT".into()))
    }

    /// Answers with this Date each, by their number from 1 on.
    fn dated(&self, date: impl Fn(usize) -> Option<String> + Send + 'static) -> Scripted {
        let (service, mut number) = (self.clone(), 0);
        Scripted::respond(move |sent| {
            number += 1;
            let reply = service.answer(sent).after(Duration::from_millis(100));
            date(number).iter().fold(reply, |reply, date| reply.header("date", date))
        })
    }

    fn all(&self) -> Vec<String> {
        let users = self.0.lock().unwrap();
        let events = |(user, count): (&u64, &usize)| {
            (0..*count).map(move |n| (*user, n)).collect::<Vec<_>>()
        };
        users.iter().flat_map(events).map(|(user, event)| format!("{user}e{event}")).collect()
    }
}

fn pager(script: &Scripted) -> FanOut<Everyone> {
    scripted(script.clone()).fan_out(Everyone { after: "2025" })
}

async fn take(pager: &mut FanOut<Everyone>, count: usize) -> Vec<String> {
    let mut taken = Vec::new();
    while taken.len() < count {
        let Some(next) = pager.try_next().await.unwrap() else { break };
        let id = next.record.id.as_ref().unwrap().to_string();
        assert!(id.starts_with(&format!("{}e", next.owner.key())), "{id} of {:?}", next.owner);
        taken.push(id);
    }
    taken
}

fn stored(pager: &FanOut<Everyone>) -> Checkpoint {
    let text = pager.checkpoint().unwrap().to_string();
    assert!(!text.contains(KEY) && !text.contains('\n'));
    text.parse().unwrap()
}

const USERS: [(u64, usize); 6] = [(3, 2), (9, 5), (10, 0), (11, 1), (200, 4), (201, 3)];

#[tokio::test(start_paused = true)]
async fn everything_of_every_source_comes_in_one_order_however_many_are_under_way() {
    let service = Service::of(&USERS);
    for (concurrency, ahead) in [(1, 0), (2, 0), (4, 2), (100, 5)] {
        let mut pager = pager(&service.script()).concurrency(concurrency).fetch_ahead(ahead);
        assert_eq!(take(&mut pager, usize::MAX).await, service.all());
        let report = pager.report();
        assert!(report.is_complete(), "{report:?}");
        assert_eq!((report.records, report.rejected, report.duplicates), (15, 0, 0));
        assert!(stored(&pager).is_end());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_over_sources_cut_behind_any_record_is_resumed_without_loss_or_repeat() {
    let service = Service::of(&USERS);
    let all = service.all();
    for concurrency in [1, 3] {
        for cut in 0..=all.len() + 1 {
            let mut first = pager(&service.script()).concurrency(concurrency);
            let mut got = take(&mut first, cut).await;
            let mut second = pager(&service.script()).resume(stored(&first)).unwrap();
            got.extend(take(&mut second, usize::MAX).await);
            assert_eq!(got, all, "cut at {cut}");
            assert!(second.report().is_complete(), "cut at {cut}: {:?}", second.report());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_over_sources_cut_behind_every_record_ends() {
    let service = Service::of(&USERS);
    let mut got = Vec::new();
    let mut now = pager(&service.script());
    loop {
        let some = take(&mut now, 1).await;
        if some.is_empty() {
            break;
        }
        got.extend(some);
        now = pager(&service.script()).resume(stored(&now)).unwrap();
    }
    assert_eq!(got, service.all());
}

#[tokio::test(start_paused = true)]
async fn p3_sources_that_come_and_go_meanwhile_hide_no_others() {
    for cut in 0..=15 {
        for (user, events) in [(1, Some(2)), (8, Some(2)), (10, Some(3)), (500, Some(1)), (9, None)]
        {
            let service = Service::of(&USERS);
            let mut first = pager(&service.script());
            let mut got = take(&mut first, cut).await;
            service.set(user, events);
            let passed = got.last().and_then(|id| id.split_once('e')?.0.parse().ok()).unwrap_or(0);
            let mut second = pager(&service.script()).resume(stored(&first)).unwrap();
            got.extend(take(&mut second, usize::MAX).await);
            let unique: BTreeSet<_> = got.iter().collect();
            assert_eq!(unique.len(), got.len(), "cut at {cut}, user {user}: a repeat in {got:?}");
            // Users whose place was passed are the next run's.
            let of = |id: &String| id.split_once('e').unwrap().0.parse::<u64>().unwrap();
            let wanted = service.all().into_iter().filter(|id| of(id) != user || user > passed);
            let missing: Vec<_> = wanted.filter(|id| !unique.contains(id)).collect();
            assert!(missing.is_empty(), "cut at {cut}, user {user}: missing {missing:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_place_that_was_kept_outlives_a_cut_before_it_is_reached_again() {
    let service = Service::of(&[(3, 2), (9, 5)]);
    let mut first = pager(&service.script());
    let mut got = take(&mut first, 5).await;
    service.set(5, Some(3));
    let mut second = pager(&service.script()).resume(stored(&first)).unwrap();
    got.extend(take(&mut second, 1).await);
    let mut third = pager(&service.script()).resume(stored(&second)).unwrap();
    got.extend(take(&mut third, usize::MAX).await);
    let expected = ["3e0", "3e1", "9e0", "9e1", "9e2", "5e0", "5e1", "5e2", "9e3", "9e4"];
    assert_eq!(got, expected);
}

#[tokio::test(start_paused = true)]
async fn p3_the_fixed_end_is_one_for_all_sources_and_kept_in_the_checkpoint() {
    let service = Service::of(&USERS);
    let passing = |number| Some(format!("Tue, 10 Jun 2025 11:00:{:02} GMT", number - 1));
    let script = service.dated(passing);
    let mut first = pager(&script);
    take(&mut first, 3).await;
    let later = service.dated(|_| Some("Wed, 11 Jun 2025 11:00:00 GMT".into()));
    let mut second = pager(&later).resume(stored(&first)).unwrap();
    take(&mut second, usize::MAX).await;
    let urls = [script.urls(), later.urls()].concat();
    let events: Vec<_> = urls.iter().filter(|url| url.contains("/events")).collect();
    assert!(events.len() > 10);
    for url in events {
        assert!(url.contains("until=2025-06-10T11%3A00%3A00Z"), "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_that_began_without_an_end_is_given_none_when_it_is_resumed() {
    let service = Service::of(&USERS);
    for (count, skipped) in [(1, false), (3, false), (1, true)] {
        let mut first = pager(&service.dated(|_| None)).concurrency(1);
        take(&mut first, count).await;
        if skipped {
            first.skip_owner().unwrap();
        }
        let later = service.script();
        let mut second = pager(&later).resume(stored(&first)).unwrap();
        take(&mut second, usize::MAX).await;
        assert!(later.urls().iter().all(|url| !url.contains("until")), "{:?}", later.urls());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_does_not_grow_with_the_number_of_sources() {
    let sizes = [10, 1000].map(async |count| {
        let users: Vec<_> = (1..=count).map(|user| (user, 3)).collect();
        let service = Service::of(&users);
        let mut pager = pager(&service.script()).concurrency(8);
        take(&mut pager, usize::try_from(count).unwrap() * 2 + 1).await;
        stored(&pager).to_string().len()
    });
    let [few, many] = sizes;
    let (few, many) = (few.await, many.await);
    assert!(many < few + 20, "{few} {many}");
}

#[tokio::test(start_paused = true)]
async fn p3_another_walks_checkpoint_is_refused() {
    let service = Service::of(&USERS);
    let script = service.script();
    let mut first = pager(&script);
    take(&mut first, 3).await;
    let client = scripted(script.clone());
    let other = client.fan_out(Everyone { after: "2024" }).resume(stored(&first)).unwrap_err();
    assert!(other.to_string().contains("another `after`"), "{other}");
    let list = client.items(Listed { user: None, until: None });
    let other = client.fan_out(Everyone { after: "2025" }).resume(list.checkpoint().unwrap());
    assert_eq!(other.unwrap_err().kind(), ErrorKind::Checkpoint);
    let other = list.resume(stored(&first)).unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Checkpoint);
    let other = forged(&first.checkpoint().unwrap(), r#"["end","#, r#"["until","#);
    let other = other.parse().and_then(|other| pager(&script).resume(other));
    assert_eq!(other.unwrap_err().kind(), ErrorKind::Checkpoint);
}

#[tokio::test(start_paused = true)]
async fn p1_a_source_that_went_away_is_told_and_the_result_is_not_complete() {
    let service = Service::of(&USERS);
    let inner = service.clone();
    let script = Scripted::respond(move |sent| match sent.url.contains("users/11/") {
        true => Reply::status(404),
        false => inner.answer(sent),
    });
    let mut pager = pager(&script);
    let got = take(&mut pager, usize::MAX).await;
    assert_eq!(got.len(), 14, "all but one event");
    let report = pager.report();
    assert_eq!(report.warnings, [Warning::OwnerGone { owner: "11".into() }]);
    assert!(report.finished && !report.is_complete());
}

#[tokio::test(start_paused = true)]
async fn p1_a_source_that_went_away_is_an_error_to_who_asks_for_that() {
    let service = Service::of(&USERS);
    let inner = service.clone();
    let script = Scripted::respond(move |sent| match sent.url.contains("users/11/") {
        true => Reply::status(404),
        false => inner.answer(sent),
    });
    let mut pager = pager(&script).stop_at_gone();
    let mut got = 0;
    let gone = loop {
        match pager.try_next().await {
            Ok(Some(_)) => got += 1,
            Ok(None) => panic!("it was left out"),
            Err(error) => break error,
        }
    };
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    assert_eq!(pager.owner().unwrap().key(), "11");
    let read_before = pager.owners_read();
    pager.skip_owner().unwrap();
    assert_eq!(pager.owners_read(), read_before, "a source that is left out was not read");
    got += take(&mut pager, usize::MAX).await.len();
    assert_eq!(got, 14, "all but one event");
    assert_eq!(pager.report().warnings, [Warning::OwnerSkipped { owner: "11".into() }]);
    assert_eq!(pager.owners_read(), USERS.len() as u64 - 1);
}

#[tokio::test(start_paused = true)]
async fn p1_rows_that_name_no_source_and_doubts_about_the_list_are_told() {
    let service = Service::of(&[(3, 2)]);
    let script = Scripted::respond(move |sent| match sent.url.contains("users?") {
        true => Reply::json(page(r#"{"id":3},{"user":"x"},{"id":{}}"#, r#""meta":{"total":9}"#)),
        false => service.answer(sent),
    });
    let mut pager = pager(&script);
    // The total is never reached: the same page comes until two are empty, or in this case twice.
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);

    let script = Scripted::new([
        Reply::json(page(r#"{"id":3},{"user":"x"}"#, "")),
        Reply::json(page(r#"{"id":{}}"#, r#""meta":{"total":2}"#)),
        Reply::json(page(r#"{"id":"3e0"}"#, r#""meta":{"total":1}"#)),
    ]);
    let mut pager = scripted(script).fan_out(Everyone { after: "2025" });
    assert_eq!(take(&mut pager, usize::MAX).await, ["3e0"]);
    let lines: Vec<_> = pager.report().warnings.iter().map(ToString::to_string).collect();
    let told = [
        "users: the source counts 2 records, but sent 3",
        "2 rows of the list of sources cannot be read: not asked for",
    ];
    assert_eq!(lines, told);
    assert!(!pager.report().is_complete());
}

#[tokio::test(start_paused = true)]
async fn p5_a_source_whose_id_would_bend_a_request_is_told_and_stops_nobody() {
    let ids = ["\"..\"", "\"\"", "\"%2e\"", "\"a\\u0000b\"", "3"];
    let rows = ids.map(|id| format!(r#"{{"id":{id}}}"#)).join(",");
    let script = Scripted::respond(move |sent| {
        let events = sent.url.contains("/events");
        match (events, sent.url.ends_with("page=1")) {
            (true, true) => Reply::json(page(r#"{"id":"3e0"}"#, r#""meta":{"total":1}"#)),
            (false, true) => Reply::json(page(&rows, r#""meta":{"total":5}"#)),
            _ => Reply::json(page("", "")),
        }
    });
    let mut pager = pager(&script);
    for key in ["3", "%2e"] {
        assert_eq!(pager.try_next().await.unwrap().unwrap().owner.key(), key);
    }
    assert!(pager.try_next().await.unwrap().is_none());
    let urls = script.urls();
    let asked: Vec<_> = urls.iter().filter(|url| url.contains("/events")).collect();
    assert!(asked.iter().all(|url| url.contains("/users/3/") || url.contains("/users/%252e/")));
    let report = pager.report();
    let told = ["", "..", "a\0b"].map(|id| Warning::OwnerUnusable { owner: id.into() });
    assert_eq!(report.warnings, told);
    assert!(!report.is_complete());
}

/// Ids stand in addresses, checkpoints and warnings.
#[tokio::test(start_paused = true)]
async fn p4_a_source_whose_id_holds_the_key_is_told_without_it_and_stops_nobody() {
    let rows = format!(r#"{{"id":"{KEY}"}},{{"id":"u-{KEY}-7"}},{{"id":"3"}}"#);
    let script = Scripted::respond(move |sent| {
        let events = sent.url.contains("/events");
        match (events, sent.url.ends_with("page=1")) {
            (true, true) => Reply::json(page(r#"{"id":"3e0"}"#, r#""meta":{"total":1}"#)),
            (false, true) => Reply::json(page(&rows, r#""meta":{"total":3}"#)),
            _ => Reply::json(page("", "")),
        }
    });
    let mut pager = pager(&script);
    assert_eq!(pager.try_next().await.unwrap().unwrap().owner.key(), "3");
    assert!(pager.try_next().await.unwrap().is_none());
    let report = pager.report();
    let told = ["[secret]", "u-[secret]-7"].map(|id| Warning::OwnerUnusable { owner: id.into() });
    assert_eq!(report.warnings, told);
    let shown = format!("{pager:?} {} {:?}", pager.checkpoint().unwrap(), script.urls());
    assert!(!shown.contains(KEY), "{shown}");
}

async fn until_error(pager: &mut FanOut<Everyone>) -> (usize, Error) {
    let mut count = 0;
    loop {
        match pager.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => panic!("no error came"),
            Err(error) => return (count, error),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_one_source_can_be_tried_again_resumed_from_or_skipped() {
    let service = Service::of(&USERS);
    let inner = service.clone();
    let script = Scripted::respond(move |sent| match sent.url.contains("users/11/") {
        true => Reply::status(403),
        false => inner.answer(sent),
    });
    let mut pager = pager(&script);
    let (count, error) = until_error(&mut pager).await;
    assert_eq!((count, error.kind()), (7, ErrorKind::Permission));
    assert_eq!(pager.owner().unwrap().key(), "11");
    assert_good_line(&error);
    let again = pager.try_next().await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Permission);

    let checkpoint = error.checkpoint().unwrap().clone();
    let mut second = super::fan_out::pager(&service.script()).resume(checkpoint).unwrap();
    assert_eq!(take(&mut second, usize::MAX).await, service.all()[7..]);

    pager.skip_owner().unwrap();
    assert_eq!(take(&mut pager, usize::MAX).await, service.all()[8..]);
    assert_eq!(pager.report().warnings, [Warning::OwnerSkipped { owner: "11".into() }]);
    assert!(!pager.report().is_complete());
    assert_eq!(pager.skip_owner().unwrap_err().kind(), ErrorKind::Argument);
}

#[tokio::test(start_paused = true)]
async fn p2_a_record_that_does_not_fit_comes_in_its_place_with_its_source() {
    let service = Service::of(&[(3, 1), (4, 1)]);
    let script = Scripted::respond(move |sent| {
        match sent.url.contains("users/3/") && sent.url.ends_with("page=1") {
            true => Reply::json(page(r#"{"id":"3e0"},{"id":{}}"#, r#""meta":{"total":2}"#)),
            false => service.answer(sent),
        }
    });
    let mut pager = pager(&script);
    assert_eq!(take(&mut pager, 1).await, ["3e0"]);
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.rejected().unwrap().raw(), r#"{"id":{}}"#);
    assert!(error.checkpoint().is_none(), "the walk goes on behind it");
    assert_eq!(pager.owner().unwrap().key(), "3");
    assert_eq!(take(&mut pager, usize::MAX).await, ["4e0"]);
    assert_eq!((pager.report().records, pager.report().rejected), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn sources_are_under_way_at_once_and_never_more_than_allowed() {
    let users: Vec<_> = (1..=60).map(|user| (user, 1)).collect();
    let service = Service::of(&users);
    for (concurrency, rounds) in [(1, 60), (6, 10)] {
        let script = service.script();
        let mut pager = pager(&script).concurrency(concurrency);
        take(&mut pager, usize::MAX).await;
        let sent = script.sent();
        let events: Vec<_> = sent.iter().filter(|sent| sent.url.contains("/events")).collect();
        let latency = Duration::from_millis(100);
        let most = events.iter().map(|one| {
            events.iter().filter(|other| other.at >= one.at && other.at < one.at + latency).count()
        });
        assert_eq!(most.max(), Some(concurrency));
        let took = events.last().unwrap().at - events.first().unwrap().at;
        assert!(took < latency * (rounds + 1), "{concurrency}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p9_a_dropped_call_loses_nothing_and_a_dropped_walk_stops() {
    let service = Service::of(&USERS);
    let script = service.script();
    let mut pager = pager(&script).concurrency(3);
    let mut got = Vec::new();
    for _ in 0..10_000 {
        let brief = Duration::from_millis(7);
        match tokio::time::timeout(brief, pager.try_next()).await {
            Err(_) => {}
            Ok(Ok(Some(next))) => got.push(next.record.id.as_ref().unwrap().to_string()),
            Ok(Ok(None)) => break,
            Ok(Err(error)) => panic!("{error}"),
        }
    }
    assert_eq!(got, service.all());

    let script = service.script();
    let mut pager = super::fan_out::pager(&script).concurrency(3);
    take(&mut pager, 1).await;
    drop(pager);
    let sent = script.sent().len();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(script.sent().len(), sent);
}
