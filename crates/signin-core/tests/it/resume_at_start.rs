//! Walks that are cut within their first page again and again, while new records arrive (P3, P7).

use std::collections::HashSet;

use signin_core::Items;
use signin_core::Paging;

use crate::api::{List, Row};
use crate::resume::{Service, record, take, through_text};

fn keyed() -> List<Row> {
    List::<Row>::new(Paging::NextLink).keyed()
}

/// A pager over pages of so many records that was cut so often, each time before the last one of
/// the first page, and as many arrived before it was resumed. All that was yielded, and the
/// longest text of a checkpoint.
async fn cut(size: usize, times: u64) -> (Vec<String>, usize) {
    let rows = u64::try_from(size).unwrap();
    let service = Service::new(Paging::NextLink, size, rows);
    let mut pager = service.client().items(keyed());
    let (mut got, mut longest) = (Vec::new(), 0);
    for time in 1..=times {
        take_all(&mut pager, &mut got, size - 1).await;
        let checkpoint = through_text(&pager);
        longest = longest.max(checkpoint.to_string().len());
        service.rows.lock().unwrap().extend(time * rows..(time + 1) * rows);
        pager = service.client().items(keyed()).resume(checkpoint).unwrap();
    }
    take_all(&mut pager, &mut got, usize::MAX).await;
    let distinct: HashSet<_> = got.iter().collect();
    let all = (times + 1) * rows;
    assert!((0..all).all(|number| distinct.contains(&record(number))), "something is lost");
    (got, longest)
}

async fn take_all(pager: &mut Items<List<Row>>, got: &mut Vec<String>, mut count: usize) {
    while count > 0 {
        let some = take(pager, count.min(9_000)).await;
        if some.is_empty() {
            return;
        }
        count -= some.len();
        got.extend(some);
    }
}

#[tokio::test(start_paused = true)]
async fn p3_nothing_repeats_however_often_a_walk_is_cut_within_its_first_page() {
    for size in [2, 3, 10] {
        assert_eq!(cut(size, 100).await.0.len(), 101 * size);
    }
}

#[tokio::test(start_paused = true)]
async fn p7_a_checkpoint_does_not_grow_without_end_and_what_it_left_out_is_not_lost() {
    let (size, full) = (27_000, 100_000);
    let (got, longest) = cut(size, 4).await;
    assert!((full * 16..full * 16 + 1_000).contains(&longest), "{longest}");
    let repeats = got.len() - 5 * size;
    assert!((1..=4 * size - full).contains(&repeats), "{repeats}");
}
