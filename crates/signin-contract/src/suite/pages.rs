//! P1: a pager never ends early in silence, and never goes round for ever.

use signin_core::ErrorKind;
use signin_core::testing::{Reply, Scripted};

use crate::pagers::{Drained, assert_everything, drain, scripted};
use crate::service::Book;
use crate::vendor::{Next, Vendor};

/// Empty pages before, between and after the records.
pub async fn p1_an_empty_page_before_the_end_is_not_the_end<V: Vendor>() {
    read_whole(&Book::<V>::new([[].as_slice(), &[1], &[], &[2, 3, 4], &[], &[5]])).await;
}

/// Pages with fewer records than were asked for.
pub async fn p1_a_short_page_before_the_end_is_not_the_end<V: Vendor>() {
    read_whole(&Book::<V>::new([[1].as_slice(), &[2, 3], &[4], &[5, 6, 7], &[8]])).await;
}

/// A last page that holds as many records as were asked for.
pub async fn p1_a_full_last_page_is_handed_out<V: Vendor>() {
    read_whole(&Book::<V>::new([[1, 2, 3].as_slice(), &[4, 5, 6]])).await;
}

async fn read_whole<V: Vendor>(book: &Book<V>) {
    let mut pager = scripted::<V>(&book.script());
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    let report = pager.report();
    assert!(report.finished && report.is_complete(), "{report:?}");
    assert_eq!(report.records, u64::try_from(drained.raw.len()).expect("a small number"));
}

/// A service that says the same of every page, or ignores which one is asked for.
pub async fn p1_a_page_that_comes_again_and_again_is_an_error_behind_its_records<V: Vendor>() {
    let book = Book::<V>::new([[1, 2, 3].as_slice()]).total(9);
    let script = book.script_but({
        let book = book.clone();
        move |_, _| Some(Reply::json(book.page_with(1, Next::Number(2), V::BASE)))
    });
    runs_in_a_circle::<V>(&script, &book.records(), 3).await;
}

/// A second page that leads back to the first.
pub async fn p1_pages_that_lead_in_a_circle_are_an_error_behind_their_records<V: Vendor>() {
    let book = Book::<V>::new([[1, 2, 3].as_slice(), &[4, 5, 6]]).total(9);
    let script = book.script_but({
        let book = book.clone();
        move |number, _| {
            let (page, next) = if number % 2 == 1 { (1, 2) } else { (2, 1) };
            Some(Reply::json(book.page_with(page, Next::Number(next), V::BASE)))
        }
    });
    // Where pages do not name each other, a thousand that bring nothing new are given up.
    runs_in_a_circle::<V>(&script, &book.records(), 1003).await;
}

async fn runs_in_a_circle<V: Vendor>(script: &Scripted, all: &[String], requests: usize) {
    let mut pager = scripted::<V>(script);
    let mut drained = drain(&mut pager).await;
    drained.raw.sort();
    drained.raw.dedup();
    assert_eq!(drained.raw, all, "what came is handed out first");
    drained.fails(ErrorKind::Paging);
    assert!(!pager.report().finished && !pager.report().is_complete());
    assert!(script.sent().len() <= requests, "{} requests", script.sent().len());
}

/// Each of these pages names another one, and none has a record.
pub async fn p1_empty_pages_without_end_are_given_up_and_no_complete_result<V: Vendor>() {
    let book = Book::<V>::new([]).total(9);
    let script = book.script_but({
        let book = book.clone();
        move |number, _| {
            let next = Next::Number(u64::try_from(number).expect("a small number") + 1);
            Some(Reply::json(book.page_with(number, next, V::BASE)))
        }
    });
    let mut pager = scripted::<V>(&script);
    let Drained { raw, error, .. } = drain(&mut pager).await;
    assert!(raw.is_empty());
    assert!(error.is_none_or(|error| error.kind() == ErrorKind::Paging));
    assert!(!pager.report().is_complete(), "{:?}", pager.report());
    assert!(script.sent().len() <= 1001, "{} requests", script.sent().len());
}

/// A dropped call, as by `select!`, loses nothing and asks for nothing twice.
pub async fn p9_a_call_that_is_dropped_again_and_again_loses_nothing<V: Vendor>() {
    use std::time::Duration;
    let book = Book::<V>::three();
    let script = book.script_but({
        let book = book.clone();
        move |_, sent| {
            let page = book.page(crate::service::asked::<V>(&sent.url), V::BASE);
            Some(Reply::json(page).after(Duration::from_secs(5)))
        }
    });
    let mut pager = scripted::<V>(&script);
    let (mut raw, mut dropped) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_secs(1), pager.try_next()).await {
            Ok(Ok(Some(record))) => raw.push(record.raw().to_owned()),
            Ok(Ok(None)) => break,
            Ok(Err(error)) => panic!("{error}"),
            Err(_) => dropped += 1,
        }
    }
    assert_everything::<V>(&raw, &book.records());
    assert_eq!(script.sent().len(), 3);
    assert!(dropped >= 12, "{dropped}");
}
