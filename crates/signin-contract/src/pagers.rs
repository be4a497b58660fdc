//! Walks that are read to their end or their error, and what must hold of both.

use signin_core::testing::Scripted;
use signin_core::{Checkpoint, Error, ErrorKind, Items, Operation};

use crate::secrets::assert_nothing_marked;
use crate::vendor::{Setup, Vendor};

/// How many records a page holds, unless a case says otherwise.
pub const SIZE: u32 = 3;

/// More records than any case has.
const ENOUGH: usize = 10_000;

/// What came of a pager.
#[derive(Debug)]
pub struct Drained {
    /// The records' texts, of rejected ones too.
    pub raw: Vec<String>,
    /// How many of them were rejected.
    pub rejected: usize,
    /// What ended it, if it was not the end of the list.
    pub error: Option<Error>,
}

impl Drained {
    /// The error, which must be of this kind and have a good line and a checkpoint.
    pub fn fails(self, kind: ErrorKind) -> Error {
        let error = self.error.expect("the walk fails");
        assert_eq!(error.kind(), kind, "{error}");
        assert_good_line(&error);
        assert!(error.checkpoint().is_some(), "no checkpoint: {error}");
        error
    }
}

/// A pager over a vendor's list that is answered from a script.
pub fn scripted<V: Vendor>(script: &Scripted) -> Items<V::List> {
    pager::<V>(&Setup::scripted::<V>(script))
}

/// A pager by a client of this setup.
pub fn pager<V: Vendor>(setup: &Setup) -> Items<V::List> {
    V::pager(&V::client(setup).expect("a client"), SIZE)
}

/// Walks to the end or to the first error that is not about one record. Neither the pager nor where
/// it stands then shows a secret.
pub async fn drain<O: Operation>(pager: &mut Items<O>) -> Drained {
    let drained = drained(pager).await;
    drained.error.iter().for_each(assert_good_line);
    assert_no_secret(&format!("{pager:?}"));
    stored(pager.checkpoint().as_ref());
    drained
}

async fn drained<O: Operation>(pager: &mut Items<O>) -> Drained {
    let mut drained = Drained { raw: Vec::new(), rejected: 0, error: None };
    while drained.raw.len() < ENOUGH {
        match pager.try_next().await {
            Ok(Some(record)) => drained.raw.push(record.raw().to_owned()),
            Ok(None) => return drained,
            Err(error) => match error.rejected() {
                Some(rejected) => {
                    assert_good_line(&error);
                    drained.rejected += 1;
                    drained.raw.push(rejected.raw());
                }
                None => {
                    drained.error = Some(error);
                    return drained;
                }
            },
        }
    }
    panic!("the walk does not end");
}

/// The next records, so many.
pub async fn take<O: Operation>(pager: &mut Items<O>, count: usize) -> Vec<String> {
    let mut raw = Vec::new();
    while raw.len() < count {
        let record = pager.try_next().await.expect("no error").expect("a record");
        raw.push(record.raw().to_owned());
    }
    raw
}

/// A checkpoint that was written down and read again.
pub fn stored(checkpoint: Option<&Checkpoint>) -> Checkpoint {
    let text = checkpoint.expect("a checkpoint").to_string();
    assert_no_secret(&text);
    text.parse().expect("it is read again")
}

/// Goes on where an error stood, to the end of the list.
pub async fn resume<V: Vendor>(setup: &Setup, error: &Error) -> Vec<String> {
    let mut pager = pager::<V>(setup).resume(stored(error.checkpoint())).expect("it is its own");
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    drained.raw
}

/// All came, in order and once; where the vendor repeats, at least once and at most twice.
pub fn assert_everything<V: Vendor>(got: &[String], all: &[String]) {
    if V::REPEATS {
        for record in all {
            let times = got.iter().filter(|other| *other == record).count();
            assert!((1..=2).contains(&times), "{record} came {times} times");
        }
        assert!(got.iter().all(|record| all.contains(record)), "{got:?}");
    } else {
        assert_eq!(got, all);
    }
}

/// What holds for every error's line: one line, not too long, with an advice and no secret.
pub fn assert_good_line(error: &Error) {
    let line = error.to_string();
    assert!(line.chars().count() <= 300, "{} characters: {line}", line.chars().count());
    assert!(line.contains("; "), "no advice: {line}");
    let facts = [error.vendor_message(), error.vendor_code(), error.request_id()];
    let facts = facts.map(Option::unwrap_or_default).map(str::to_owned);
    let debug = [format!("{error:?}"), format!("{error:#?}").replace('\n', " ")];
    for text in [line].into_iter().chain(debug).chain(facts) {
        let hidden =
            |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}');
        assert!(!text.contains(char::is_control) && !text.contains(hidden), "{text:?}");
        assert_no_secret(&text);
    }
}

/// Neither a token nor the secret is shown, nor what else was marked, nor a good part of one,
/// however it is written.
pub fn assert_no_secret(text: &str) {
    assert_nothing_marked(text);
}
