//! Walks that do not go well, against a simulated or scripted service.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use signin_core::testing::{Reply, Scripted};
use signin_sim::{Simulator, tines::Settings};
use tines_admin::{Client, ClientBuilder, Limits, RetryPolicy};

use super::{List, Run, Stats};
use crate::args::Format;
use crate::formats::Output;
use crate::outputs::sink::Sink;
use crate::reporting::reporter::Reporter;
use crate::reporting::summary::Summary;
use crate::reporting::terminal::Terminal;
use crate::run::end::End;
use crate::run::exit::Exit;
use crate::run::interrupt::Interrupt;
use crate::vendors::tines;

const PEOPLE: Terminal = Terminal { stdin: true, stdout: true, stderr: true, width: 100 };

/// Where a test gives up: reached only by what is broken.
const FAR: Duration = Duration::from_secs(20);

/// Bytes that the test reads after they were written.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Outcome {
    exit: Exit,
    out: String,
    reporter: String,
}

/// Reads one user's sign-ins and closes, as the program does.
async fn read(client: &Client, user: u64, format: Format, told_to_end: Option<Exit>) -> Outcome {
    let (out, said) = (Shared::default(), Shared::default());
    let mut sink = Sink::new(Output::new(format, PEOPLE.width, false), out.clone());
    let mut reporter = Reporter::new(said.clone());
    let (signal, interrupt) = Interrupt::manual();
    signal.send_replace(told_to_end);
    let stats = Stats::default();
    let mut run = Run { sink: &mut sink, reporter: &mut reporter, interrupt, stats };
    let provenance = tines::provenance("https://acme.tines.com", &user.to_string());
    let items = client.signin_activities(user).per_page(50).items();
    let result = run.collect(&mut List { provenance, items, kind: &tines::ACTIVITY }).await;
    let End::Said(exit) = run.end(result).await else { panic!("the reader is there") };
    let stats = std::mem::take(&mut run.stats);
    let provenance = (tines::VENDOR, tines::ENDPOINT);
    let summary = Summary::new(provenance, &stats, sink.written(), exit, Duration::from_secs(2));
    summary.say(PEOPLE, &mut reporter);
    Outcome { exit, out: out.text(), reporter: said.text() }
}

async fn simulated(settings: Settings) -> (Simulator, Client, u64) {
    let simulator = Simulator::builder().seed(1).tines(settings.users(1)).start().await.unwrap();
    let tenant = simulator.tines().unwrap();
    let client = build(Client::builder(tenant.base_url()).token(tenant.api_key()));
    let user = tenant.user_ids().next().unwrap();
    (simulator, client, user)
}

fn scripted(records: &str) -> Client {
    let body = format!("{{\"admin/login_activities\":[{records}],\"meta\":{{}}}}");
    let script = Scripted::new([Reply::json(body)]);
    build(Client::builder("acme.tines.com").token("key").transport(script))
}

fn build(builder: ClientBuilder) -> Client {
    let once = RetryPolicy::default().attempts(1);
    builder.limits(Limits::none()).retry(once).build().unwrap()
}

#[tokio::test]
async fn a_service_that_fails_midway_leaves_what_was_read_and_how_far_it_came() {
    let settings = Settings::default().events(200).per_minute(2);
    let (simulator, client, user) = simulated(settings).await;
    let outcome = read(&client, user, Format::Raw, None).await;
    assert_eq!(outcome.exit, Exit::Incomplete);
    let truth = simulator.tines().unwrap().sign_ins(user, None, None);
    let read: String = truth.take(100).map(|sign_in| sign_in.to_json() + "\n").collect();
    assert_eq!(outcome.out, read);
    let lines: Vec<_> = outcome.reporter.lines().collect();
    assert!(lines[0].starts_with("error: "), "{lines:?}");
    assert_eq!(
        lines[1],
        "Not everything was read: 100 records in 2 pages, 3 requests, 0 retries, 0 rejected, 2.00 s."
    );
    assert!(lines[2].contains("run it again"), "{lines:?}");
}

#[tokio::test]
async fn a_key_that_is_not_accepted_needs_a_person() {
    let (simulator, ..) = simulated(Settings::default()).await;
    let tenant = simulator.tines().unwrap();
    let client = build(Client::builder(tenant.base_url()).token("another"));
    let outcome = read(&client, tenant.user_ids().next().unwrap(), Format::Raw, None).await;
    assert_eq!((outcome.exit.code(), outcome.out.as_str()), (5, ""));
    assert!(
        outcome.reporter.contains("check that the key is this tenant's"),
        "{}",
        outcome.reporter
    );
}

#[tokio::test]
async fn a_source_that_counts_more_than_it_sends_is_not_complete() {
    let (_simulator, client, user) = simulated(Settings::default().events(10).count_skew(5)).await;
    let outcome = read(&client, user, Format::Raw, None).await;
    assert_eq!((outcome.exit, outcome.out.lines().count()), (Exit::Doubtful, 10));
    assert!(outcome.reporter.contains("counts 15 records, but sent 10"), "{}", outcome.reporter);
}

const MISFITS: &str = "{\"user_id\":1},\n{\"id\":2,\"ip\":[\n\"secret\"]},{\"user_id\":3,\"user_agent\":\"\\u001b[2J\"}";

#[tokio::test]
async fn a_record_that_does_not_fit_is_reported_without_its_values() {
    for format in [Format::Table, Format::Typed] {
        let outcome = read(&scripted(MISFITS), 72, format, None).await;
        assert_eq!(outcome.exit, Exit::Rejected);
        let rejected = "rejected: signin_activities of 72: /ip: expected text, found a list\n";
        assert!(outcome.reporter.starts_with(rejected), "{}", outcome.reporter);
        assert!(outcome.reporter.contains("2 records in 1 page"), "{}", outcome.reporter);
        assert!(outcome.reporter.contains("1 rejected"), "{}", outcome.reporter);
        assert!(!outcome.reporter.contains("secret"), "{}", outcome.reporter);
    }
}

#[tokio::test]
async fn raw_and_envelope_take_every_record() {
    let raw = read(&scripted(MISFITS), 72, Format::Raw, None).await;
    assert_eq!(raw.exit, Exit::Complete);
    assert_eq!(
        raw.out,
        "{\"user_id\":1}\n{\"id\":2,\"ip\":[\"secret\"]}\n{\"user_id\":3,\"user_agent\":\"\\u001b[2J\"}\n"
    );
    let envelope = read(&scripted(MISFITS), 72, Format::Envelope, None).await;
    assert_eq!(envelope.exit, Exit::Complete);
    let lines: Vec<_> = envelope.out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].ends_with(",\"record\":{\"id\":2,\"ip\":[\"secret\"]}}"), "{}", lines[1]);
}

#[tokio::test]
async fn typed_writes_what_the_type_knows() {
    let record =
        "{\"new\":true,\"user_id\":7,\"created_at\":\"2026-03-02T09:30:00.10Z\",\"ip\":null}";
    let outcome = read(&scripted(record), 72, Format::Typed, None).await;
    assert_eq!(outcome.out, "{\"created_at\":\"2026-03-02T09:30:00.10Z\",\"user_id\":7}\n");
}

#[tokio::test]
async fn a_signal_ends_a_walk_that_waits_for_an_answer() {
    let script = Scripted::new([Reply::hang()]);
    let client = build(Client::builder("acme.tines.com").token("key").transport(script));
    let outcome = read(&client, 72, Format::Raw, Some(Exit::Terminated)).await;
    assert_eq!(outcome.exit.code(), 143);
    assert!(outcome.reporter.starts_with("Interrupted: 0 records"), "{}", outcome.reporter);
}

#[tokio::test]
async fn a_record_at_hand_is_written_before_the_next_page_is_waited_for() {
    let page = "{\"admin/login_activities\":[{\"id\":1}],\
        \"meta\":{\"next_page\":\"https://acme.tines.com/x?page=2\",\"next_page_number\":2}}";
    let script = Scripted::new([Reply::json(page), Reply::hang()]);
    let client = build(Client::builder("acme.tines.com").token("key").transport(script));
    let (out, mut reporter) = (Shared::default(), Reporter::new(io::sink()));
    let mut sink = Sink::new(Output::new(Format::Raw, 100, false), out.clone());
    let (_signal, interrupt) = Interrupt::manual();
    let stats = Stats::default();
    let mut run = Run { sink: &mut sink, reporter: &mut reporter, interrupt, stats };
    let items = client.signin_activities(72_u64).per_page(1).items();
    let mut list = List { provenance: tines::provenance("", "72"), items, kind: &tines::ACTIVITY };
    let collect = run.collect(&mut list);
    let written = async {
        while out.text().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = collect => panic!("it waits for page 2: {result:?}"),
        () = tokio::time::sleep(FAR) => panic!("it is not written"),
        () = written => assert_eq!(out.text(), "{\"id\":1}\n"),
    }
}

/// A reader that takes nothing: it says when it is written to, and holds the write up until the
/// test is over.
struct Stopped {
    entered: tokio::sync::mpsc::UnboundedSender<()>,
    over: std::sync::mpsc::Receiver<()>,
}

impl Write for Stopped {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        let _ = self.entered.send(());
        let _ = self.over.recv();
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_that_stops_reading_does_not_hold_the_end_up() {
    let (_simulator, client, user) = simulated(Settings::default().events(10_000)).await;
    let (entered, mut is_entered) = tokio::sync::mpsc::unbounded_channel();
    let (end_of_test, over) = std::sync::mpsc::channel();
    let mut sink = Sink::new(Output::new(Format::Raw, 100, false), Stopped { entered, over });
    let (said, (signal, interrupt)) = (Shared::default(), Interrupt::manual());
    let (mut reporter, stats) = (Reporter::new(said.clone()), Stats::default());
    let mut run = Run { sink: &mut sink, reporter: &mut reporter, interrupt, stats };
    let items = client.signin_activities(user).items();
    let mut list = List { provenance: tines::provenance("", ""), items, kind: &tines::ACTIVITY };
    let (result, ()) = tokio::join!(run.collect(&mut list), async {
        is_entered.recv().await.unwrap();
        signal.send_replace(Some(Exit::Interrupted));
    });
    let end = tokio::time::timeout(FAR, run.end(result)).await;
    drop(end_of_test);
    assert_eq!(end.unwrap(), End::Said(Exit::Interrupted));
    assert_eq!((sink.written(), said.text().as_str()), (0, ""));
}

#[tokio::test]
async fn a_reader_that_goes_away_is_nothing_to_speak_of() {
    let (_simulator, client, user) = simulated(Settings::default().events(100)).await;
    let (entered, _) = tokio::sync::mpsc::unbounded_channel();
    let (_, over) = std::sync::mpsc::channel();
    let mut sink = Sink::new(Output::new(Format::Raw, 100, false), Stopped { entered, over });
    let (said, (_signal, interrupt)) = (Shared::default(), Interrupt::manual());
    let (mut reporter, stats) = (Reporter::new(said.clone()), Stats::default());
    let mut run = Run { sink: &mut sink, reporter: &mut reporter, interrupt, stats };
    let items = client.signin_activities(user).items();
    let result = run
        .collect(&mut List { provenance: tines::provenance("", ""), items, kind: &tines::ACTIVITY })
        .await;
    assert_eq!(run.end(result).await, End::ReaderGone);
    assert_eq!(said.text(), "");
}
