//! P3 where a continuation is taken no more: no checkpoint is a dead end.

use std::collections::HashSet;

use signin_core::testing::{Reply, Scripted};
use signin_core::{ErrorKind, Warning};

use crate::pagers::{drain, resume, scripted, stored, take};
use crate::service::{Book, asked};
use crate::vendor::{Continued, Setup, is_numbered};

/// How services refuse a continuation that they do not know.
const REFUSALS: [u16; 4] = [400, 404, 410, 422];

/// The second page is refused this often, wherever its number comes from.
fn refusing<V: Continued>(book: &Book<V>, status: u16, mut times: usize) -> Scripted {
    book.script_but(move |_, sent| {
        let refused = times > 0 && asked::<V>(&sent.url) == 2;
        times -= usize::from(refused);
        refused.then(|| Reply::status(status))
    })
}

/// All came, in order; again, if at all, where records cannot be told apart.
fn assert_at_least<V: Continued>(mut got: Vec<String>, all: &[String]) {
    if V::ALIKE {
        let mut met = HashSet::new();
        got.retain(|record| met.insert(record.clone()));
    }
    assert_eq!(got, all);
}

/// Cut within the second page, whose continuation is dead when the pager is resumed.
pub async fn p3_a_checkpoint_whose_continuation_died_is_no_dead_end<V: Continued>() {
    for status in REFUSALS {
        let book = Book::<V>::three();
        let mut first = scripted::<V>(&book.script());
        let mut got = take(&mut first, 4).await;
        let checkpoint = stored(first.checkpoint().as_ref());
        let script = refusing(&book, status, usize::from(!is_numbered::<V>()));
        let mut second = scripted::<V>(&script).resume(checkpoint).expect("its own");
        let drained = drain(&mut second).await;
        assert!(drained.error.is_none(), "{status}: {:?}", drained.error);
        got.extend(drained.raw);
        assert_at_least::<V>(got, &book.records());
        let report = second.report();
        assert!(report.is_complete(), "{status}: {report:?}");
        let told = |warning: &Warning| matches!(warning, Warning::BeganAgain { times: 1, .. });
        assert_eq!(report.warnings.iter().any(told), !is_numbered::<V>(), "{status}: {report:?}");
    }
}

/// It dies while the pager is under way.
pub async fn p3_a_continuation_that_dies_on_the_way_is_no_end<V: Continued>() {
    for status in REFUSALS {
        let book = Book::<V>::three();
        let script = refusing(&book, status, 1);
        let mut pager = scripted::<V>(&script);
        let drained = drain(&mut pager).await;
        assert_eq!(drained.error.is_none(), !is_numbered::<V>(), "{status}: {:?}", drained.error);
        let mut got = drained.raw;
        // A number that is refused is the caller's error, after which the pager stands.
        got.extend(drain(&mut pager).await.raw);
        assert_at_least::<V>(got, &book.records());
        assert!(pager.report().is_complete(), "{status}: {:?}", pager.report());
    }
}

/// It dies for ever: there is an end, and what is left comes when the service is good again.
pub async fn p3_continuations_that_always_die_are_an_error_that_is_resumed<V: Continued>() {
    for status in REFUSALS {
        let book = Book::<V>::three();
        let script = refusing(&book, status, usize::MAX);
        let mut pager = scripted::<V>(&script);
        let mut drained = drain(&mut pager).await;
        let mut got = std::mem::take(&mut drained.raw);
        let error = drained.error.expect("an error");
        assert_eq!(error.status(), Some(status), "{error}");
        assert_eq!(error.kind() == ErrorKind::Paging, !is_numbered::<V>(), "{error}");
        assert!(script.sent().len() < 12, "{:?}", script.urls());
        got.extend(resume::<V>(&Setup::scripted::<V>(&book.script()), &error).await);
        assert_at_least::<V>(got, &book.records());
    }
}
