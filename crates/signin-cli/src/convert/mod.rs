//! `signin convert`: saved records in another format.
//!
//! The input is cut into JSON values ([`values`]), each value is told ([`mod@unit`]), and each record
//! goes into the sink by its endpoint. What is at hand is written before more is waited for.

mod envelope;
mod input;
mod prefix;
mod summary;
mod unit;
mod values;
mod verdict;
pub(crate) mod walk;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use tokio::task::coop::consume_budget;

use crate::args::{Convert, Format};
use crate::collect::{Run, Stop};
use crate::exit::Exit;
use crate::file;
use crate::format::{Refusal, Refused, Source};
use crate::ssojet::{LOGIN_LOGS, Naming};
use crate::vendor::{Endpoint, NotTaken, Vendor};
use envelope::{Envelope, Fault, Unfit};
use input::Input;
use unit::{Rows, Unit, Untold, tell};
use values::{Next, Values};
use verdict::{LONGEST, Verdict, Why, judge};
use walk::elements;

pub(crate) use summary::Summary;

/// Everything that a conversion needs to know.
pub(crate) struct Conversion {
    input: Input,
    vendor: Vendor,
    /// What the records are, if the caller says it.
    endpoint: Option<&'static Endpoint>,
    /// What is known of a record that says nothing itself.
    source: Source,
    format: Format,
    naming: Naming,
    /// Whether a record was taken in.
    any_taken: bool,
}

/// Where in the input something stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: u64,
    /// Which of several records on it, from 1.
    record: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.record.map_or(Ok(()), |record| write!(f, ", record {record}"))
    }
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
            && file::same(file, &rejected)
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
            source: args.context.source(vendor.name()),
            format,
            naming: Naming::default(),
            any_taken: false,
        })
    }

    /// Converts everything, until it is told to end.
    pub(crate) async fn run(mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        let mut interrupt = run.interrupt.clone();
        tokio::select! {
            biased;
            exit = interrupt.wait() => Err(Stop::Signal(exit)),
            result = self.convert(run) => result,
        }
    }

    async fn convert(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        let mut values = Values::new(LONGEST);
        self.open(&mut values, run).await?;
        let (mut any, mut broken) = (false, false);
        loop {
            let next = values.next().map_err(|unreadable| {
                let exit =
                    if unreadable.why == Why::CutOff { Exit::Incomplete } else { Exit::Usage };
                self.stop(&unreadable, exit)
            })?;
            match next {
                Next::More => self.read(&mut values, run).await?,
                Next::End if any || !broken => return Ok(()),
                Next::End => return Err(self.stop(&"no line of it is JSON", Exit::Usage)),
                Next::Value(json, line) => {
                    any = true;
                    self.value(json, line, run).await?;
                }
                Next::Broken(bytes, line, why) => {
                    broken = true;
                    let place = Place { line, record: None };
                    let what = Refused::Input(bytes);
                    self.refuse(&Refusal { path: "", reason: &why, what }, place, run)?;
                }
            }
            make_room(run).await?;
        }
    }

    /// Reads enough to say whether the input can be JSON at all.
    async fn open(&mut self, values: &mut Values, run: &mut Run<'_>) -> Result<(), Stop> {
        while values.head().len() < 4 && !values.is_ended() {
            self.read(values, run).await?;
        }
        match input::foreign(values.head()) {
            Some(what) => Err(self.stop(&format_args!("it is {what}"), Exit::Usage)),
            None => Ok(()),
        }
    }

    /// Reads a piece of the input. What is there is written before that is waited for.
    async fn read(&mut self, values: &mut Values, run: &mut Run<'_>) -> Result<(), Stop> {
        run.sink.flush().await.map_err(Stop::Output)?;
        match self.input.read().await {
            Ok([]) => values.end(),
            Ok(piece) => values.add(piece),
            Err(error) => {
                let why = format!("it cannot be read: {error}");
                return Err(self.stop(&why, Exit::Incomplete));
            }
        }
        Ok(())
    }

    /// Takes one value of the input.
    async fn value(&mut self, json: &str, line: u64, run: &mut Run<'_>) -> Result<(), Stop> {
        let mut place = Place { line, record: None };
        let Some(elements) = elements(json) else { return self.single(json, place, run).await };
        for element in elements {
            place.record = Some(place.record.unwrap_or(0) + 1);
            self.single(element, place, run).await?;
            make_room(run).await?;
        }
        Ok(())
    }

    /// Takes a value that is an envelope, a page or a record.
    async fn single(&mut self, json: &str, place: Place, run: &mut Run<'_>) -> Result<(), Stop> {
        let mut json = Cow::Borrowed(json);
        loop {
            let input = match Unit::of(&json, self.vendor) {
                Unit::Page(lists) => return self.page(lists, place, run).await,
                Unit::Record => return self.record(&json, None, self.source.clone(), place, run),
                Unit::Envelope(envelope) => match envelope.input() {
                    None => return self.envelope(&json, &envelope, place, run),
                    Some(input) => input,
                },
            };
            // What was refused as input is input again.
            let input = match input {
                Ok(input) => input,
                Err(fault) => return self.unfit(&json, &fault, place, run),
            };
            match judge(&input) {
                Verdict::Value => {
                    json = Cow::Owned(String::from_utf8_lossy(&input).into_owned());
                }
                verdict => {
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
        mut place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        let (outer, mut number) = (place.record, 0);
        for rows in lists {
            for record in elements(rows.list).into_iter().flatten() {
                number += 1;
                // A page among others keeps its own number.
                place.record = outer.or(Some(number));
                self.record(record, rows.endpoint, self.source.clone(), place, run)?;
                make_room(run).await?;
            }
        }
        Ok(())
    }

    /// Takes an envelope.
    fn envelope(
        &mut self,
        json: &str,
        envelope: &Envelope<'_>,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        let opened = match envelope.open(self.vendor, &self.source) {
            Ok(opened) => opened,
            Err(Unfit::Refused(fault)) => return self.unfit(json, &fault, place, run),
            Err(Unfit::Stop(why)) => {
                return Err(self.stop(&format_args!("{place}: {why}"), Exit::Usage));
            }
        };
        self.record(opened.record, opened.endpoint, opened.source, place, run)
    }

    /// Takes a record.
    fn record(
        &mut self,
        json: &str,
        endpoint: Option<&'static Endpoint>,
        mut source: Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        if self.format == Format::Raw {
            // Whatever it is.
            return run.sink.put_any(&source, json).map(drop).map_err(Stop::Output);
        }
        let told = endpoint.map_or_else(|| tell(json, self.vendor, self.endpoint), Ok);
        let endpoint = match told {
            Ok(endpoint) => endpoint,
            Err(why) => return self.untold(json, &why, &source, place, run),
        };
        source.endpoint = endpoint.name;
        if let Some(refusal) = endpoint.gives.refusal(self.format) {
            let why = format!("{place}: the records of {} {refusal}", endpoint.name);
            return Err(self.stop(&why, Exit::Usage));
        }
        if source.id.is_none() && self.format.is_of_events() && endpoint.name == LOGIN_LOGS {
            source.id = self.naming.identity(&source, json);
        }
        match (endpoint.put)(run.sink, &source, json)? {
            Ok(()) => {
                self.any_taken = true;
                Ok(())
            }
            Err(NotTaken::NoEvent(why)) => {
                let place = format!("{}: {place}", self.input.name);
                run.without_event(&source, json, &why, &place)
            }
            Err(NotTaken::Misfit(rejected)) => {
                let kept = run.sink.put_rejected(&source, &rejected).map_err(Stop::Output)?;
                let (name, mismatch) = (&self.input.name, rejected.mismatch());
                run.rejected(kept, &format_args!("{name}: {place}: {mismatch}"));
                Ok(())
            }
        }
    }

    /// Takes a value that nothing tells for a record. Where nothing else was taken the input as a
    /// whole is something else; among records it is refused alone, or kept by a format that takes
    /// any JSON.
    fn untold(
        &self,
        json: &str,
        why: &Untold,
        source: &Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        if !self.any_taken {
            return Err(self.stop(&format_args!("{place}: {why}"), Exit::Usage));
        }
        if run.sink.put_any(source, json).map_err(Stop::Output)? {
            return Ok(());
        }
        let reason = why.to_string();
        let refusal = Refusal { path: "", reason: &reason, what: Refused::Record(json) };
        self.refuse(&refusal, place, run)
    }

    /// Refuses an envelope that contradicts itself.
    fn unfit(
        &self,
        json: &str,
        (path, reason): &Fault,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        self.refuse(&Refusal { path, reason, what: Refused::Input(json.as_bytes()) }, place, run)
    }

    fn refuse(&self, refusal: &Refusal<'_>, place: Place, run: &mut Run<'_>) -> Result<(), Stop> {
        let kept = run.sink.refuse(&self.source, refusal).map_err(Stop::Output)?;
        let colon = if refusal.path.is_empty() { "" } else { ": " };
        let (name, path, reason) = (&self.input.name, refusal.path, refusal.reason);
        run.rejected(kept, &format_args!("{name}: {place}: {path}{colon}{reason}"));
        Ok(())
    }

    /// Why the input cannot be read on.
    fn stop(&self, why: &dyn fmt::Display, exit: Exit) -> Stop {
        Stop::Input(format!("{}: {why}", self.input.name), exit)
    }
}

async fn make_room(run: &mut Run<'_>) -> Result<(), Stop> {
    // Where nothing is waited for, a signal is to be heard all the same.
    consume_budget().await;
    if run.sink.is_full() {
        run.sink.flush().await.map_err(Stop::Output)?;
    }
    Ok(())
}
