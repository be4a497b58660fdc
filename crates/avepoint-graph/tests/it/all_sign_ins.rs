//! Everyone's sign-ins: every tenant of every customer, in one pager.

use avepoint_graph::{AllSignIns, Checkpoint, ErrorKind, FanOut, Timestamp, Warning};
use signin_contract::earlier;
use signin_core::testing::{Reply, Scripted, Sent};

use crate::{client, number, page, page_index};

/// The customers and how many sign-ins each of their tenants has.
const TENANTS: [(&str, &str, u64); 4] =
    [("c-1", "t-1", 4), ("c-1", "t-2", 0), ("c-2", "t-1", 2), ("c-10", "t/1", 3)];

/// Two customers on a page, of which one has no tenant.
fn customers(page_index: usize) -> String {
    let rows = [
        r#"{"id":"c-10","organization":"Ten","tenants":[{"id":"t/1","name":"ten.example"}]}"#,
        r#"{"id":"c-3","tenants":[]}"#,
        r#"{"id":"c-2","tenants":[{"id":"t-1"}]}"#,
        r#"{"id":"c-1","organization":"One","tenants":[{"id":"t-2"},{"id":"t-1"}]}"#,
    ];
    let shown: Vec<_> = rows.into_iter().skip((page_index - 1) * 3).take(3).collect();
    format!(r#"{{"data":[{}],"metadata":{{"totalCount":4}}}}"#, shown.join(","))
}

fn answer(sent: &Sent) -> Reply {
    let at = page_index(sent);
    if sent.url.contains("/customers/batch") {
        return Reply::json(customers(at));
    }
    let of = |customer: &str, tenant: &str| {
        sent.url.contains(&format!("/customers/{customer}/tenants/{}/", tenant.replace('/', "%2F")))
    };
    let found = TENANTS.iter().enumerate().find(|(_, (customer, tenant, _))| of(customer, tenant));
    let Some((place, (_, _, count))) = found else { return Reply::status(404) };
    let first = place as u64 * 100;
    let rows = (first..first + count).skip((at - 1) * 3).take(3);
    Reply::json(page(rows, usize::try_from(*count).unwrap()))
}

fn list(script: &Scripted) -> AllSignIns {
    client(script).all_sign_ins().page_size(3)
}

async fn take(pager: &mut FanOut<AllSignIns>, count: usize) -> Vec<u64> {
    let mut ids = Vec::new();
    while ids.len() < count {
        let Some(next) = pager.try_next().await.unwrap() else { break };
        ids.push(number(next.record.id.as_ref().unwrap()));
    }
    ids
}

fn stored(pager: &FanOut<AllSignIns>) -> Checkpoint {
    pager.checkpoint().unwrap().to_string().parse().unwrap()
}

const ALL: [u64; 9] = [0, 1, 2, 3, 200, 201, 300, 301, 302];

#[tokio::test(start_paused = true)]
async fn every_tenant_of_every_customer_is_read_in_one_order() {
    for concurrency in [1, 2, 50] {
        let script = Scripted::respond(answer);
        let mut pager = list(&script).concurrency(concurrency).fetch_ahead(1).items();
        let mut sources = Vec::new();
        let mut ids = Vec::new();
        while let Some(next) = pager.try_next().await.unwrap() {
            ids.push(number(next.record.id.as_ref().unwrap()));
            let source = &next.owner;
            sources.push(format!("{} of {:?}", source.tenant_id, source.organization));
        }
        sources.dedup();
        assert_eq!(ids, ALL);
        assert_eq!(sources, [r#"t-1 of Some("One")"#, "t-1 of None", r#"t/1 of Some("Ten")"#]);
        assert!(pager.report().is_complete(), "{:?}", pager.report());
    }
}

#[tokio::test(start_paused = true)]
async fn the_arguments_reach_every_request_and_the_time_range_every_record() {
    let script = Scripted::respond(answer);
    let since = Timestamp::parse("2025-08-14T04:30:57Z").unwrap();
    let until = Timestamp::parse("2025-08-14T04:35:55Z").unwrap();
    let all = list(&script).risky(true).since(since).until(until).customer_ids(["c-1", "c-2"]);
    let mut pager = all.items();
    assert_eq!(take(&mut pager, 99).await, [2, 3, 200, 201]);
    assert_eq!(pager.report().filtered, 5);
    for sent in script.sent() {
        assert!(sent.url.contains("pageSize=3"), "{}", sent.url);
        if sent.url.contains("/customers/batch") {
            assert_eq!(sent.body, br#"{"customerIds":["c-1","c-2"]}"#);
        } else {
            assert!(sent.url.contains("risky=true"), "{}", sent.url);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_after_any_record_is_resumed_without_loss() {
    for cut in 0..=ALL.len() {
        let script = Scripted::respond(answer);
        let mut first = list(&script).items();
        let mut got = take(&mut first, cut).await;
        let mut second = list(&script).items().resume(stored(&first)).unwrap();
        got.extend(take(&mut second, 99).await);
        assert_eq!(got, ALL, "cut after {cut}: short lists repeat nothing");
        assert!(second.report().is_complete(), "cut after {cut}: {:?}", second.report());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_other_arguments_is_refused() {
    let script = Scripted::respond(answer);
    let mut first = list(&script).items();
    take(&mut first, 5).await;
    let time = Timestamp::parse("2025-06-01T00:00:00Z").unwrap();
    for (other, difference) in [
        (list(&script).risky(false), "another `risky`"),
        (list(&script).since(time.clone()), "another `since`"),
        (list(&script).until(time), "another `until`"),
        (list(&script).page_size(4), "another `pageSize`"),
        (list(&script).customer_ids(["c-1"]), "another body"),
    ] {
        let refused = other.items().resume(stored(&first)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Checkpoint);
        assert!(refused.to_string().contains(difference), "{refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn p1_what_cannot_be_asked_for_is_told_by_name() {
    let script = Scripted::respond(|sent| match sent.url.contains("/customers/batch") {
        true => Reply::json(
            r#"{"data":[{"id":"c-1","tenants":[{"name":"no id"},{"id":".."},{"id":"t-1"},{"id":"gone"}]},{"tenants":[{"id":"t"}]}],
                "metadata":{"totalCount":2}}"#,
        ),
        false => answer(sent),
    });
    let mut pager = list(&script).items();
    assert_eq!(take(&mut pager, 99).await, ALL[..4]);
    let source = |text: &str| text.to_owned();
    let expected = [
        Warning::OwnersUnreadable { rows: 1 },
        Warning::OwnerUnusable { owner: source("c-1/") },
        Warning::OwnerUnusable { owner: source("c-1/..") },
        Warning::OwnerGone { owner: source("c-1/gone") },
    ];
    let report = pager.report();
    assert_eq!(report.warnings.len(), 4, "{report:?}");
    assert!(expected.iter().all(|warning| report.warnings.contains(warning)), "{report:?}");
    assert!(!report.is_complete());
}

/// The service leaves out customers beyond the app's scope; the caller who named them must know.
#[tokio::test(start_paused = true)]
async fn p1_a_customer_that_was_named_and_is_not_listed_is_told() {
    let script = Scripted::respond(answer);
    let named = ["C-1", "c-2", "c-3", "c-4\u{7f}", "c-10"];
    let mut pager = list(&script).customer_ids(named).items();
    assert_eq!(take(&mut pager, 99).await, ALL, "case tells no ids apart, and no tenants are none");
    let report = pager.report();
    assert_eq!(report.warnings, [Warning::OwnerNotListed { owner: "c-4\u{7f}".to_owned() }]);
    assert!(!report.is_complete());
    let line = report.warnings[0].to_string();
    assert!(line.starts_with("c-4 is not listed") && !line.contains('\u{7f}'), "{line}");
    let again = list(&script).customer_ids(named).items().resume(stored(&pager)).unwrap();
    assert!(!again.report().is_complete(), "a checkpoint does not forget it");
}

#[tokio::test(start_paused = true)]
async fn p1_a_tenant_whose_list_never_holds_still_is_told_by_name() {
    let mut newest = 5;
    let script = Scripted::respond(move |sent| {
        if !sent.url.contains("/customers/c-2/") {
            return answer(sent);
        }
        newest += 1;
        let shown = (1..=newest).rev().skip((page_index(sent) - 1) * 3).take(3);
        Reply::json(page(shown, usize::try_from(newest).unwrap()))
    });
    let mut pager = list(&script).items();
    let got = take(&mut pager, 99).await;
    assert!(ALL[..4].iter().chain(&ALL[6..]).all(|id| got.contains(id)), "{got:?}");
    let warning = Box::new(Warning::Unstable { passes: 3 });
    let expected = Warning::OfOwner { owner: "c-2/t-1".to_owned(), warning };
    assert!(pager.report().warnings.contains(&expected), "{:?}", pager.report());
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_refused_stops_the_walk_and_can_be_left_out() {
    let script = Scripted::respond(|sent| match sent.url.contains("/customers/c-2/") {
        true => Reply::status(403),
        false => answer(sent),
    });
    let mut pager = list(&script).items();
    assert_eq!(take(&mut pager, 4).await, ALL[..4]);
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.to_string().contains("customer scope"), "{error}");
    assert_eq!(pager.owner().unwrap().customer_id.as_str(), "c-2");
    pager.skip_owner().unwrap();
    assert_eq!(take(&mut pager, 99).await, ALL[6..]);
    assert!(!pager.report().is_complete());
}

#[tokio::test(start_paused = true)]
async fn arguments_out_of_range_are_refused_before_anything_is_sent() {
    let script = Scripted::new([]);
    let time = Timestamp::parse("2025-06-01T00:00:00Z").unwrap();
    for all in [list(&script).page_size(0), list(&script).since(time.clone()).until(time)] {
        let error = all.items().try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
    }
    assert!(script.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_an_earlier_build_leads_to_the_rest() {
    for cut in [1, 4, 7] {
        let mut first = list(&Scripted::respond(answer)).items();
        let mut got = take(&mut first, cut).await;
        let kept = earlier::checkpoint(&cut.to_string(), first.checkpoint().as_ref());
        let mut second = list(&Scripted::respond(answer)).items().resume(kept).unwrap();
        got.extend(take(&mut second, 99).await);
        got.sort_unstable();
        got.dedup();
        assert_eq!(got, ALL, "cut after {cut}");
        assert!(second.report().is_complete());
    }
}
