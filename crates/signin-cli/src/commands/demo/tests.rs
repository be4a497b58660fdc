//! What people read of a demo: its tables, and how it is summed up.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::args::Demo;
use super::{Outcome, run};
use crate::args::{Format, Outputs};
use crate::formats::Output;
use crate::outputs::sink::Sink;
use crate::reporting::reporter::Reporter;
use crate::reporting::terminal::Terminal;
use crate::run::collect::{Run, Stats};
use crate::run::end::End;
use crate::run::interrupt::Interrupt;
use crate::vendors::Vendor;

const PEOPLE: Terminal = Terminal { stdin: true, stdout: true, stderr: true, width: 100 };

/// A line for each product, by what is to come of it.
const PRODUCTS: [&str; 5] = ["Tines", "AvePoint Elements", "SSOJet", "PingOne", "Microsoft Graph"];

#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    fn lines(&self) -> Vec<String> {
        let said = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        said.lines().map(str::to_owned).collect()
    }
}

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A target that takes so many bytes and is full then.
struct Small(usize);

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is said of a demo that writes to this target, the time that it took aside.
async fn said(vendors: &[Vendor], target: impl Write + Send + 'static) -> Vec<String> {
    let (vendors, outputs) = (vendors.to_vec(), Outputs::default());
    let args = Demo { vendors, users: 3, events: 40, seed: 1, per_page: 20, outputs };
    let (reporter, (_signal, interrupt)) = (Said::default(), Interrupt::manual());
    let mut sink = Sink::new(Output::new(Format::Raw, PEOPLE.width, false), target);
    let mut said = Reporter::new(reporter.clone());
    let stats = Stats::default();
    let mut whole = Run { sink: &mut sink, reporter: &mut said, interrupt, stats };
    let (parts, result) = run(&args, &mut whole).await;
    let End::Said(exit) = whole.end(result).await else { panic!("the reader is there") };
    let stats = std::mem::take(&mut whole.stats);
    let written = sink.written();
    let all = Outcome { stats, written, exit, elapsed: Duration::from_secs(2) };
    all.say(&parts, "./signin", PEOPLE, &mut said);
    let untimed = |line: String| match line.rsplit_once(" rejected, ") {
        Some((counts, _)) => counts.to_owned(),
        None => line,
    };
    reporter.lines().into_iter().map(untimed).collect()
}

#[tokio::test]
async fn people_read_a_sentence_of_each_product_one_of_all_and_what_to_do_next() {
    let lines = said(&[], io::sink()).await;
    assert_eq!(
        lines,
        [
            "Tines: 40 records in 5 pages, 5 requests, 0 retries, 0",
            "AvePoint Elements: 40 records in 5 pages, 5 requests, 0 retries, 0",
            "SSOJet: 40 records in 5 pages, 5 requests, 0 retries, 0",
            "PingOne: 40 records in 3 pages, 3 requests, 0 retries, 0",
            "Microsoft Graph: 40 records in 8 pages, 8 requests, 0 retries, 0",
            "Done: 200 records in 26 pages, 26 requests, 0 retries, 0",
            "  Next: the records as NDJSON: ./signin demo --format raw | head",
            "  Next: more, into a file: ./signin demo --events 100000 --per-page 500 > all.ndjson",
            "  Next: real sign-ins of Tines: ./signin fetch tines --help",
            "  Next: real sign-ins of AvePoint Elements: ./signin fetch avepoint --help",
            "  Next: real sign-ins of SSOJet: ./signin fetch ssojet --help",
            "  Next: real sign-ins of PingOne: ./signin fetch pingone --help",
            "  Next: real sign-ins of Microsoft Graph: ./signin fetch msgraph --help",
        ]
    );
}

#[tokio::test]
async fn one_product_is_summed_up_alone() {
    let lines = said(&[Vendor::Pingone], io::sink()).await;
    assert_eq!(lines[0], "Done: 40 records in 3 pages, 3 requests, 0 retries, 0");
    assert_eq!(
        lines.last().unwrap(),
        "  Next: real sign-ins of PingOne: ./signin fetch pingone --help"
    );
}

/// What was written are the first products' records; those of one that was cut off are counted, and
/// none of one after it.
#[tokio::test]
async fn products_that_were_not_written_are_told_from_those_that_were() {
    let room = 40_000;
    let lines = said(&[], Small(room)).await;
    assert!(lines[0].starts_with("error: standard output cannot be written"), "{lines:#?}");
    let cut = PRODUCTS.iter().zip(&lines[1..]).position(|(product, line)| {
        assert!(line.starts_with(product), "{line}");
        !line.starts_with(&format!("{product}: 40 records"))
    });
    let cut = cut.unwrap();
    assert!(cut > 0, "{lines:#?}");
    for (product, line) in PRODUCTS.iter().zip(&lines[1..]).skip(cut) {
        assert!(line.starts_with(&format!("{product}, not everything was read: ")), "{line}");
    }
    assert!(lines[6].starts_with("Not everything was read: "), "{lines:#?}");
    assert!(!lines[6].contains(": 200 records"), "{lines:#?}");
    assert_eq!(lines[7], "  Next: make room, then run it again; what was written is good");
}
