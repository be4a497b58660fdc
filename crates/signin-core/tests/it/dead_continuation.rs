//! P3: a continuation that the service takes no more is no dead end, for any list, a user's own
//! included, whose records say nothing of an order.

use std::collections::HashSet;

use signin_core::Paging;
use signin_core::testing::{Reply, Scripted};
use signin_core::vendor::Client;
use signin_core::{ErrorKind, Items, Warning};

use crate::api::{CURSOR, List, Row, drain, scripted};
use crate::resume::{Service, record, take, through_text};

/// A client of this service, which refuses its `n`-th request with a continuation, if `is_dead`
/// says so.
fn dying(service: &Service, mut is_dead: impl FnMut(usize) -> bool + Send + 'static) -> Client {
    let (service, mut asked) = (service.clone(), 0);
    scripted(Scripted::respond(move |sent| {
        if sent.url.contains("cursor=") {
            asked += 1;
            if is_dead(asked) {
                return Reply::status(410);
            }
        }
        service.answer(sent)
    }))
}

fn service(paging: Paging, total: bool) -> Service {
    let mut service = Service::new(paging, 3, 30);
    service.total = total;
    service
}

fn list(paging: Paging) -> List<Row> {
    List::new(paging).keyed()
}

fn is_everything(got: &[String]) -> bool {
    let distinct: HashSet<_> = got.iter().collect();
    distinct.len() == 30 && (0..30).all(|number| distinct.contains(&record(number)))
}

async fn rest(items: &mut Items<List<Row>>) -> Vec<String> {
    let (got, error) = drain(items).await;
    assert!(error.is_none(), "{error:?}");
    got
}

#[tokio::test(start_paused = true)]
async fn p3_a_list_without_times_is_begun_again_behind_a_break_at_any_record() {
    for paging in [Paging::NextLink, CURSOR] {
        for total in [false, true] {
            for cut in 0..=30 {
                let service = service(paging, total);
                let mut first = service.client().items(list(paging));
                let mut got = take(&mut first, cut).await;
                let client = dying(&service, |asked| asked == 1);
                let mut second = client.items(list(paging)).resume(through_text(&first)).unwrap();
                got.extend(rest(&mut second).await);
                assert!(is_everything(&got), "{paging:?}, cut behind {cut}");
                let report = second.report();
                assert!(report.is_complete(), "{report:?}");
                let died = [Warning::BeganAgain { times: 1, before: None }];
                assert_eq!(report.warnings == died, cut < 30, "cut behind {cut}: {report:?}");
            }
        }
    }
}

/// What came is remembered while the pager goes on: nothing comes twice, and its count is right.
#[tokio::test(start_paused = true)]
async fn p3_on_the_way_nothing_comes_twice_and_no_page_is_taken_for_a_circle() {
    for paging in [Paging::NextLink, CURSOR] {
        for dead in 1..=9 {
            for ahead in [0, 1, 4] {
                let client = dying(&service(paging, true), move |asked| asked == dead);
                let mut pager = client.items(list(paging)).fetch_ahead(ahead);
                let got = rest(&mut pager).await;
                assert!(got.len() == 30 && is_everything(&got), "{paging:?} {dead} {ahead}");
                assert!(pager.report().is_complete(), "{:?}", pager.report());
            }
        }
    }
}

/// Every third request with a continuation is refused: the pager never gets to its end, and says so.
#[tokio::test(start_paused = true)]
async fn p3_a_walk_that_gets_no_further_ends_with_its_error_and_goes_on_from_its_checkpoint() {
    for paging in [Paging::NextLink, CURSOR] {
        let service = service(paging, false);
        let client = dying(&service, |asked| asked % 3 == 0);
        let mut pager = client.items(list(paging));
        let (mut got, error) = drain(&mut pager).await;
        let error = error.unwrap();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Paging, Some(410)), "{error}");
        let requests = pager.report().requests;
        assert!(requests < 30, "{requests}");
        let checkpoint = error.checkpoint().unwrap().to_string().parse().unwrap();
        let mut second = service.client().items(list(paging)).resume(checkpoint).unwrap();
        got.extend(rest(&mut second).await);
        assert!(is_everything(&got));
    }
}

/// A list in no known order, and one of records that may be alike.
#[tokio::test(start_paused = true)]
async fn p3_lists_of_every_kind_are_begun_again() {
    for list in [list(CURSOR).unordered(), List::new(CURSOR).keyed().alike(), List::new(CURSOR)] {
        for dead in 1..=9 {
            let client = dying(&service(CURSOR, false), move |asked| asked == dead);
            let mut pager = client.items(list.clone());
            assert!(is_everything(&rest(&mut pager).await));
            assert!(pager.report().is_complete(), "{:?}", pager.report());
            assert_eq!(pager.begun_again(), 1);
        }
    }
}

/// What refuses everything for a while is no dead continuation: nothing comes twice by it.
#[tokio::test(start_paused = true)]
async fn p3_where_the_beginning_is_refused_too_the_place_is_kept() {
    for list in [list(CURSOR), List::new(CURSOR).keyed().alike(), List::new(CURSOR)] {
        let service = service(CURSOR, false);
        let mut first = service.client().items(list.clone());
        let mut got = take(&mut first, 12).await;
        let closed = scripted(Scripted::respond(|_| Reply::status(404)));
        let mut second = closed.items(list.clone()).resume(through_text(&first)).unwrap();
        let error = second.try_next().await.unwrap_err();
        assert_eq!(error.status(), Some(404));
        let checkpoint = error.checkpoint().unwrap().to_string().parse().unwrap();
        let mut third = service.client().items(list).resume(checkpoint).unwrap();
        got.extend(rest(&mut third).await);
        assert!(got.len() == 30 && is_everything(&got), "{} came", got.len());
    }
}
