//! P3: a pager that was cut anywhere is resumed without loss, and only as itself.

use std::collections::BTreeSet;

use signin_core::ErrorKind;

use crate::earlier;
use crate::pagers::{assert_everything, assert_good_line, drain, scripted, stored, take};
use crate::service::Book;
use crate::vendor::{Setup, Vendor};

/// Cut after each record, through a checkpoint that was written down.
pub async fn p3_a_walk_cut_behind_any_record_is_resumed_without_loss<V: Vendor>() {
    let book = Book::<V>::new([[1, 2, 3].as_slice(), &[], &[4], &[5, 6, 7], &[8]]);
    let all = book.records();
    for cut in 0..=all.len() {
        let mut first = scripted::<V>(&book.script());
        let mut got = take(&mut first, cut).await;
        let checkpoint = stored(first.checkpoint().as_ref());
        let mut second = scripted::<V>(&book.script()).resume(checkpoint).expect("its own");
        let drained = drain(&mut second).await;
        assert!(drained.error.is_none(), "cut behind {cut}: {:?}", drained.error);
        got.extend(drained.raw);
        assert_everything::<V>(&got, &all);
        assert!(second.report().is_complete(), "cut behind {cut}: {:?}", second.report());
    }
}

/// Cut, resumed and cut again after each record: everything comes, and the pager to its end. Where
/// there is no order, each resumed pager goes through the list once more, and so must not be cut for
/// as long.
pub async fn p3_a_walk_that_is_cut_behind_every_record_loses_nothing<V: Vendor>() {
    let book = Book::<V>::three();
    let (mut checkpoint, mut got, mut ended) = (None, BTreeSet::new(), false);
    for _ in 0..=2 * book.records().len() {
        let mut pager = scripted::<V>(&book.script());
        if let Some(checkpoint) = checkpoint {
            pager = pager.resume(checkpoint).expect("its own");
        }
        let record = pager.try_next().await.expect("no error");
        ended |= record.is_none();
        got.extend(record.map(|record| record.raw().to_owned()));
        checkpoint = Some(stored(pager.checkpoint().as_ref()));
    }
    assert_eq!(got, book.records().into_iter().collect());
    assert!(ended || V::REPEATS, "the walk does not come to its end");
}

/// A checkpoint that an earlier build wrote: at the start, within a page, after the last record
/// and at the end.
pub async fn p3_a_checkpoint_of_an_earlier_build_is_resumed<V: Vendor>() {
    let book = Book::<V>::three();
    let all = book.records();
    for cut in [0, 4, all.len()] {
        let mut first = scripted::<V>(&book.script());
        let mut got = take(&mut first, cut).await;
        let kept = earlier::checkpoint(&cut.to_string(), first.checkpoint().as_ref());
        let mut second = scripted::<V>(&book.script()).resume(kept).expect("its own");
        got.extend(drain(&mut second).await.raw);
        assert_everything::<V>(&got, &all);
        assert!(second.report().is_complete(), "cut after {cut}: {:?}", second.report());
        assert!(earlier::checkpoint(&format!("{cut}.end"), second.checkpoint().as_ref()).is_end());
    }
}

/// A pager that is over.
pub async fn p3_a_finished_walk_is_resumed_to_nothing<V: Vendor>() {
    let book = Book::<V>::three();
    let mut first = scripted::<V>(&book.script());
    drain(&mut first).await;
    let checkpoint = stored(first.checkpoint().as_ref());
    assert!(checkpoint.is_end());
    let script = book.script();
    let mut second = scripted::<V>(&script).resume(checkpoint).expect("its own");
    assert!(drain(&mut second).await.raw.is_empty());
    assert!(script.sent().is_empty());
}

/// One letter of it is another: refused, or by chance the same in meaning.
pub async fn p3_a_damaged_checkpoint_is_refused<V: Vendor>() {
    let book = Book::<V>::three();
    let mut pager = scripted::<V>(&book.script());
    take(&mut pager, 4).await;
    let text = pager.checkpoint().expect("a checkpoint").to_string();
    for (place, letter) in text.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
        let other = if letter == '1' { '2' } else { '1' };
        let mut damaged = text.clone();
        damaged.replace_range(place..place + letter.len_utf8(), &other.to_string());
        let error = damaged.parse::<signin_core::Checkpoint>().expect_err(&damaged);
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert_good_line(&error);
    }
}

/// Pages of another size, or another host.
pub async fn p3_a_checkpoint_of_another_walk_is_refused_with_the_difference<V: Vendor>() {
    let book = Book::<V>::three();
    let mut pager = scripted::<V>(&book.script());
    take(&mut pager, 4).await;
    let checkpoint = stored(pager.checkpoint().as_ref());
    let setup = Setup::scripted::<V>(&book.script());
    let other_size = V::pager(&V::client(&setup).expect("a client"), 4);
    let elsewhere = Setup { base_url: "https://gate.example".to_owned(), ..setup };
    let elsewhere = crate::pagers::pager::<V>(&elsewhere);
    for (pager, difference) in [(other_size, "another `"), (elsewhere, "another host")] {
        let error = pager.resume(checkpoint.clone()).expect_err(difference);
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
        assert_good_line(&error);
    }
}
