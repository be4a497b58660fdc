//! `signin convert`: saved records in another format.
//!
//! The input is cut into JSON values ([`splitter`]), each value is told ([`detect`]), and each record
//! goes into the sink by its endpoint. What is at hand is written before more is waited for.

pub(crate) mod args;
mod bytes;
mod detect;
mod envelope;
mod exported;
mod input;
mod input_position;
mod json_check;
mod json_scanner;
pub(crate) mod members;
mod pieces;
mod record;
mod rows;
mod splitter;
mod summary;
mod table;
mod utf16;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use msgraph_signins::SignInEventType;
use msgraph_signins::export::{NotASignIn, kind_of_file};
use tokio::task::coop::consume_budget;

use self::args::Convert;
use crate::args::Format;
use crate::formats::{Provenance, Refusal, Refused};
use crate::outputs::partial_file;
use crate::reporting::summary::count;
use crate::run::collect::{Run, RunError};
use crate::run::exit::Exit;
use crate::vendors::ssojet::Naming;
use crate::vendors::{Endpoint, Vendor};
use detect::{Detected, Rows, is_failed};
use envelope::{Envelope, Fault, Unfit};
use input::Input;
use input_position::InputPosition;
use json_check::{JsonCheck, Why, judge};
use members::elements;
use pieces::Piece;
use splitter::{Bounds, Next, Splitter};
use utf16::Decoder;

pub(crate) use exported::Exports;
pub(crate) use summary::Summary;

/// Everything that a conversion needs to know.
pub(crate) struct Conversion {
    input: Input,
    vendor: Vendor,
    /// What the records are, if the caller says it.
    endpoint: Option<&'static Endpoint>,
    /// What is known of a record that says nothing itself.
    provenance: Provenance,
    format: Format,
    naming: Naming,
    /// The kind of sign-ins that the input's name tells.
    kind: Option<SignInEventType>,
    decoder: Decoder,
    /// Whether somebody says what the records are, other than a page that many lists share.
    is_said: bool,
    /// Why the input is no table, if it is neither JSON.
    no_table: Option<NotASignIn>,
    /// Whether a record was taken in.
    any_taken: bool,
    /// The records are to take the place of what is read.
    in_place: bool,
    /// What makes the result doubtful.
    doubt: Option<String>,
    /// The records that were not UTF-8.
    not_utf8: u64,
}

impl Conversion {
    /// Opens the input and looks at what was asked for.
    ///
    /// # Errors
    /// What cannot be, and what to do instead.
    pub(crate) fn prepare(
        args: &Convert,
        format: Format,
        is_terminal: bool,
    ) -> Result<Self, String> {
        let vendor = args.vendor;
        let endpoint = match &args.endpoint {
            None => None,
            Some(name) => Some(vendor.endpoint(name).ok_or_else(|| {
                let (vendor, names) = (vendor.name(), vendor.endpoint_names());
                format!("{vendor} has no endpoint '{name}': give --endpoint {names}")
            })?),
        };
        if let Some((endpoint, refusal)) =
            endpoint.and_then(|it| Some((it, it.gives.refusal(format)?)))
        {
            return Err(format!("--endpoint {}: its records {refusal}", endpoint.name));
        }
        let input = Input::open(args.file.as_deref(), is_terminal)?;
        let rejected = args.outputs.rejections();
        if let (Some(file), Some(rejected)) = (&args.file, rejected)
            && file.as_path() != Path::new("-")
            && partial_file::same(file, &rejected)
        {
            let name = &input.name;
            return Err(format!(
                "rejected records would be added to {name} while it is read: give --rejected \
                 another file"
            ));
        }
        Ok(Self {
            input,
            vendor,
            endpoint,
            provenance: args.context.provenance(vendor.name()),
            format,
            naming: Naming::default(),
            kind: args.file.as_deref().and_then(|file| kind_of_file(&file.to_string_lossy())),
            decoder: Decoder::default(),
            is_said: endpoint.is_some(),
            no_table: None,
            any_taken: false,
            in_place: args.file.as_deref().zip(args.outputs.file()).is_some_and(is_same),
            doubt: None,
            not_utf8: 0,
        })
    }

    /// Converts everything, until it is told to end.
    pub(crate) async fn run(mut self, run: &mut Run<'_>) -> Result<(), RunError> {
        let mut interrupt = run.interrupt.clone();
        tokio::select! {
            biased;
            exit = interrupt.wait() => Err(RunError::Signal(exit)),
            result = self.convert(run) => result,
        }
    }

    /// Tells what kind of text the input is, and reads it as that.
    async fn convert(&mut self, run: &mut Run<'_>) -> Result<(), RunError> {
        let mut values = Splitter::new(self.vendor, Bounds::default());
        self.open(&mut values, run).await?;
        let result = match self.table(&mut values, run).await? {
            Some((table, bytes)) => self.rows(table, bytes, run).await,
            None => self.json(&mut values, run).await,
        };
        let replaced = self.decoder.replaced();
        if replaced > 0 {
            let (name, halves) = (&self.input.name, count(replaced, "half character"));
            let what = format!("{name}: {halves} (unpaired surrogates) of its UTF-16");
            run.reporter.warn(&format!("{what} became U+FFFD"));
        }
        if self.not_utf8 > 0 {
            let (name, records) = (&self.input.name, count(self.not_utf8, "record"));
            run.reporter
                .warn(&format!("{name}: {records} held bytes that are not UTF-8, shown as U+FFFD"));
        }
        result
    }

    /// Reads JSON values to the end of the input.
    async fn json(&mut self, values: &mut Splitter, run: &mut Run<'_>) -> Result<(), RunError> {
        let (mut any, mut broken) = (false, false);
        loop {
            match values.next() {
                Err(fault) => {
                    let is_usage = fault.why != Why::CutOff && !any;
                    let exit = if is_usage { Exit::Usage } else { Exit::Incomplete };
                    return Err(self.short(&fault, exit, any));
                }
                Ok(Next::More) => self.read(values, run).await?,
                Ok(Next::End) => return self.end(any, broken),
                Ok(Next::Value(json, place)) => {
                    any = true;
                    self.value(json, place, run).await?;
                }
                Ok(Next::Element(json, place, piece)) => {
                    any = true;
                    match piece {
                        Piece::Record(endpoint) => {
                            self.bare(json, endpoint, place, run)?;
                        }
                        _ => self.single(json, place, run).await?,
                    }
                }
                Ok(Next::Broken(bytes, place, why)) => {
                    if self.envelope_of_bytes(bytes, place, run)? {
                        any = true;
                        continue;
                    }
                    broken = true;
                    let what = Refused::Input(bytes);
                    self.refuse(&Refusal { path: "", reason: &why, what }, place, run)?;
                }
                Ok(Next::Fault(fault)) => self.doubt(&fault, run),
            }
            make_room(run).await?;
        }
    }

    /// The input is at its end.
    fn end(&mut self, any: bool, broken: bool) -> Result<(), RunError> {
        if self.decoder.is_cut() {
            let why = "it ends within a character: it is cut off by the end of the input";
            return Err(self.short(&why, Exit::Incomplete, any));
        }
        if let Some(doubt) = self.doubt.take() {
            return Err(self.short(&doubt, Exit::Incomplete, any));
        }
        if broken && !any {
            return Err(match self.no_table.take() {
                Some(why) => {
                    self.stop(&format_args!("no line of it is JSON; as CSV, {why}"), Exit::Usage)
                }
                None => self.stop(&"no line of it is JSON", Exit::Usage),
            });
        }
        Ok(())
    }

    /// Keeps in mind what makes the result doubtful, to be said at the end; all but the first is
    /// said now.
    fn doubt(&mut self, why: &dyn fmt::Display, run: &Run<'_>) {
        if self.doubt.is_none() {
            self.doubt = Some(why.to_string());
        } else {
            run.reporter.warn(&format!("{}: {why}", self.input.name));
        }
    }

    /// Reads enough to say whether the input can be JSON at all.
    async fn open(&mut self, values: &mut Splitter, run: &mut Run<'_>) -> Result<(), RunError> {
        while values.head().len() < 4 && !values.is_ended() {
            self.read(values, run).await?;
        }
        match input::foreign(values.head()) {
            Some(what) => Err(self.stop(&format_args!("it is {what}"), Exit::Usage)),
            None => Ok(()),
        }
    }

    /// Reads a piece of the input.
    async fn read(&mut self, values: &mut Splitter, run: &mut Run<'_>) -> Result<(), RunError> {
        let (piece, ended) = self.piece(run).await?;
        values.add(&piece);
        if ended {
            values.end();
        }
        Ok(())
    }

    /// The next piece of the input, and whether it is the last. What is there is written before that
    /// is waited for.
    async fn piece(&mut self, run: &mut Run<'_>) -> Result<(Vec<u8>, bool), RunError> {
        run.sink.flush().await.map_err(RunError::Output)?;
        match self.input.read().await {
            Ok([]) => Ok((self.decoder.end().to_vec(), true)),
            Ok(piece) => Ok((self.decoder.decode(piece).to_vec(), false)),
            Err(error) => {
                let why = format!("it cannot be read: {error}");
                Err(self.stop(&why, Exit::Incomplete))
            }
        }
    }

    /// Takes one value of the input.
    async fn value(
        &mut self,
        json: &str,
        mut place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let Some(elements) = elements(json) else { return self.single(json, place, run).await };
        for element in elements {
            place.record = Some(place.record.unwrap_or(0) + 1);
            self.single(element, place, run).await?;
            make_room(run).await?;
        }
        Ok(())
    }

    /// Takes a value that is an envelope, a page or a record.
    async fn single(
        &mut self,
        json: &str,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let mut json = Cow::Borrowed(json);
        loop {
            let input = match Detected::of(&json, self.vendor) {
                Detected::Page(lists) => {
                    self.page(lists, place, run).await?;
                    if is_failed(&json) {
                        self.doubt(&json_check::Fault { place, why: Why::Failure }, run);
                    }
                    return Ok(());
                }
                Detected::Tables(tables) => return self.tables(tables, place, run).await,
                Detected::Record => return self.bare(&json, None, place, run),
                Detected::Envelope(envelope) => match envelope.input() {
                    None => return self.envelope(json.as_bytes(), &envelope, place, run),
                    Some(input) => input,
                },
            };
            // What was refused as input is input again.
            let input = match input {
                Ok(input) => input,
                Err(fault) => return self.unfit(json.as_bytes(), &fault, place, run),
            };
            match judge(&input) {
                JsonCheck::Value => {
                    json = Cow::Owned(String::from_utf8_lossy(&input).into_owned());
                }
                verdict => {
                    if self.envelope_of_bytes(&input, place, run)? {
                        return Ok(());
                    }
                    let what = Refused::Input(&input);
                    let refusal = Refusal { path: "", reason: &verdict.to_string(), what };
                    return self.refuse(&refusal, place, run);
                }
            }
        }
    }

    /// Takes the records of a page.
    async fn page(
        &mut self,
        lists: Vec<Rows<'_>>,
        mut place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let (outer, mut number) = (place.record, 0);
        for rows in lists {
            for record in elements(rows.list).into_iter().flatten() {
                number += 1;
                // A page among others keeps its own number.
                place.record = outer.or(Some(number));
                self.bare(record, rows.endpoint, place, run)?;
                make_room(run).await?;
            }
        }
        Ok(())
    }

    /// Takes an envelope.
    fn envelope(
        &mut self,
        whole: &[u8],
        envelope: &Envelope<'_>,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let opened = match envelope.open(self.vendor, &self.provenance) {
            Ok(opened) => opened,
            Err(Unfit::Refused(fault)) => return self.unfit(whole, &fault, place, run),
            Err(Unfit::RunError(why)) => {
                return Err(self.stop(&format_args!("{place}: {why}"), Exit::Usage));
            }
        };
        self.enveloped(opened, place, run)
    }

    /// Refuses an envelope that contradicts itself.
    fn unfit(
        &self,
        whole: &[u8],
        (path, reason): &Fault,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        self.refuse(&Refusal { path, reason, what: Refused::Input(whole) }, place, run)
    }

    fn refuse(
        &self,
        refusal: &Refusal<'_>,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        self.refuse_as(&self.provenance, refusal, place, run)
    }

    /// The input ends, or cannot be read on, before its end. What was read is good.
    fn short(&self, why: &dyn fmt::Display, exit: Exit, any: bool) -> RunError {
        match self.stop(why, exit) {
            RunError::Input(line, _) if any && !self.in_place => RunError::Short(line),
            stop => stop,
        }
    }

    /// Why the input cannot be read on.
    fn stop(&self, why: &dyn fmt::Display, exit: Exit) -> RunError {
        RunError::Input(format!("{}: {why}", self.input.name), exit)
    }
}

fn is_same((one, other): (&Path, &Path)) -> bool {
    partial_file::same(one, other)
}

async fn make_room(run: &mut Run<'_>) -> Result<(), RunError> {
    // Where nothing is waited for, a signal is to be heard all the same.
    consume_budget().await;
    if run.sink.is_full() {
        run.sink.flush().await.map_err(RunError::Output)?;
    }
    Ok(())
}
