//! P1 where pages say a total: it ends nothing by itself, and is told where it is wrong.

use signin_core::Warning;

use crate::pagers::{drain, scripted};
use crate::service::Book;
use crate::vendor::Vendor;

async fn differs<V: Vendor>(book: Book<V>, total: u64) {
    let book = book.total(total);
    let mut pager = scripted::<V>(&book.script());
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    let (report, received) = (pager.report(), book.records().len());
    let received = u64::try_from(received).expect("a small number");
    assert_eq!(report.warnings, [Warning::TotalDiffers { total, received }]);
    assert!(report.finished);
    assert_eq!(report.is_complete(), received > total, "more than is counted is no lack");
}

/// Full pages go on after it.
pub async fn p1_a_total_that_is_too_low_ends_nothing_and_is_told<V: Vendor>() {
    differs(Book::<V>::new([[1, 2, 3].as_slice(), &[4, 5, 6], &[7]]), 2).await;
}

/// The pages after the last one are looked at, but not for ever.
pub async fn p1_a_total_that_is_too_high_is_looked_for_and_told<V: Vendor>() {
    differs(Book::<V>::new([[1, 2, 3].as_slice(), &[4]]), 99).await;
}

/// No number of records is as high.
pub async fn p1_a_total_beyond_all_numbers_is_told<V: Vendor>() {
    differs(Book::<V>::new([[1, 2].as_slice()]), u64::MAX).await;
}
