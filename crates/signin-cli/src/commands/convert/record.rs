//! One record of the input, on its way to the sink.

use msgraph_signins::SignInEventType;
use msgraph_signins::export::{Export, NotASignIn, Refusal as Reason, Shape};

use super::bytes::Json;
use super::envelope::Opened;
use super::exported::{self, Wrapped, is_of_one_record};
use super::unit::{Untold, tell};
use super::{Conversion, Place};
use crate::args::Format;
use crate::formats::envelope::id_of;
use crate::formats::{Refusal, Refused, Source};
use crate::run::collect::{Run, Stop};
use crate::run::exit::Exit;
use crate::vendors::ssojet::LOGIN_LOGS;
use crate::vendors::{Endpoint, NotTaken};

impl Conversion {
    /// Takes a record that no envelope is around.
    pub(super) fn bare(
        &mut self,
        json: &str,
        endpoint: Option<&'static Endpoint>,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        // What its own wrapping says of the tenant goes before what the caller says.
        let source = Source { tenant: None, ..self.source.clone() };
        self.record(Json::from(json), endpoint, source, place, run)
    }

    /// Takes a record out of an envelope, which knows what it is.
    pub(super) fn enveloped(
        &mut self,
        opened: Opened<'_>,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        let (kind, is_said) = (self.kind, self.is_said);
        self.kind = opened.kind.or(kind);
        // It is no input as a whole: what is refused is refused alone.
        self.is_said = opened.endpoint.is_some();
        let was_taken = std::mem::replace(&mut self.any_taken, true);
        let taken = self.record(opened.record, opened.endpoint, opened.source, place, run);
        self.any_taken |= was_taken;
        (self.kind, self.is_said) = (kind, is_said);
        taken
    }

    /// Takes a record.
    pub(super) fn record(
        &mut self,
        json: Json<'_>,
        endpoint: Option<&'static Endpoint>,
        mut source: Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        if self.format == Format::Raw {
            // Whatever it is.
            return run.sink.put_any(&source, json.bytes).map(drop).map_err(Stop::Output);
        }
        let wrapped = if self.vendor.profile().has_exports {
            exported::unwrap(json.text, self.kind)
        } else {
            Wrapped::Not
        };
        let tenant = match &wrapped {
            Wrapped::SignIn(export, _) => export.tenant.clone(),
            _ => None,
        };
        source.tenant = source.tenant.or(tenant).or_else(|| self.source.tenant.clone());
        match wrapped {
            Wrapped::Not => {
                run.totals.exports.count_own();
                self.told(json, endpoint, source, place, run)
            }
            Wrapped::SignIn(export, kind) => {
                source.kind = kind.map(SignInEventType::as_str);
                self.export(json, &export, source, place, run)
            }
            Wrapped::Other(log) => {
                run.totals.exports.skip(log);
                Ok(())
            }
            Wrapped::Refused(why) => self.foreign(json, endpoint, why, source, place, run),
        }
    }

    /// Takes a record as the vendor itself gives it.
    fn told(
        &mut self,
        json: Json<'_>,
        endpoint: Option<&'static Endpoint>,
        source: Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        let told = endpoint.map_or_else(|| tell(json.text, self.vendor, self.endpoint), Ok);
        match told {
            Ok(endpoint) => self.put(json, json.bytes, endpoint, source, place, run),
            Err(why) => self.untold(json, &why, &source, place, run),
        }
    }

    /// Takes a sign-in that came in another wrapping. What keeps every byte keeps those that came.
    fn export(
        &mut self,
        json: Json<'_>,
        export: &Export<'_>,
        mut source: Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        if run.totals.exports.count(export) {
            let what = match export.lost.first() {
                Some(path) if export.shape == Shape::PowerShell => format!(
                    "{path} is no more than a trace: PowerShell writes two levels unless it is \
                     told by -Depth 10"
                ),
                Some(path) => format!("{path} is cut off in the export"),
                None => {
                    "this file has no policies, no risk and no coordinates: the admin center's \
                         JSON has them"
                        .to_owned()
                }
            };
            run.notes.warn(&format!("{}: {place}: {what}", self.input.name));
        }
        let Some(endpoint) = self.vendor.endpoints().first() else { return Ok(()) };
        source.id = source.id.or_else(|| Some(id_of(&export.record)?.to_string()));
        source.endpoint = endpoint.name;
        if self.format == Format::Envelope {
            self.any_taken = true;
            return run.sink.put_any(&source, json.bytes).map(drop).map_err(Stop::Output);
        }
        source.original = Some(json.text.to_owned());
        self.put(json, export.record.as_bytes(), endpoint, source, place, run)
    }

    /// Takes what is no sign-in of a known form: a record with a fault of its own, something else
    /// that has a name, or nothing that is known.
    fn foreign(
        &mut self,
        json: Json<'_>,
        endpoint: Option<&'static Endpoint>,
        why: NotASignIn,
        source: Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        let keeps_any = self.format == Format::Envelope;
        if self.is_said && (keeps_any || why.refusal() == Reason::Unknown) {
            // Who says what it is may know better.
            return self.told(json, endpoint, source, place, run);
        }
        // Pages of other lists look the same from outside.
        let is_on_page = endpoint.is_some() && why.refusal() == Reason::Unknown;
        if is_on_page || is_of_one_record(&why) {
            let what = Refused::Record(json.bytes);
            let reason = why.to_string();
            let refusal = Refusal { path: why.path(), reason: &reason, what };
            return self.refuse_as(&source, &refusal, place, run);
        }
        let why = match tell(json.text, self.vendor, None) {
            Err(Untold::Failure) => Untold::Failure,
            _ => Untold::Foreign(why),
        };
        self.untold(json, &why, &source, place, run)
    }

    /// Puts a record into the sink: `json` as it came, `record` as it is read.
    fn put(
        &mut self,
        json: Json<'_>,
        record: &[u8],
        endpoint: &'static Endpoint,
        mut source: Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        source.endpoint = endpoint.name;
        if let Some(refusal) = endpoint.gives.refusal(self.format) {
            let why = format!("{place}: the records of {} {refusal}", endpoint.name);
            return Err(self.stop(&why, Exit::Usage));
        }
        if source.id.is_none() && self.format.is_of_events() && endpoint.name == LOGIN_LOGS {
            source.id = self.naming.identity(&source, json.text);
        }
        match (endpoint.put)(run.sink, &source, record)? {
            Ok(()) => {
                self.any_taken = true;
                Ok(())
            }
            Err(NotTaken::NoEvent(why)) => {
                let place = format!("{}: {place}", self.input.name);
                run.without_event(&source, json.bytes, &why, &place)
            }
            Err(NotTaken::Misfit(rejected)) => {
                let kept =
                    run.sink.put_rejected(&source, json.bytes, &rejected).map_err(Stop::Output)?;
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
        json: Json<'_>,
        why: &Untold,
        source: &Source,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        if !self.any_taken {
            return Err(self.stop(&format_args!("{place}: {why}"), Exit::Usage));
        }
        if run.sink.put_any(source, json.bytes).map_err(Stop::Output)? {
            return Ok(());
        }
        let reason = why.to_string();
        let refusal = Refusal { path: "", reason: &reason, what: Refused::Record(json.bytes) };
        self.refuse_as(source, &refusal, place, run)
    }

    /// Refuses what cannot be written as a record.
    pub(super) fn refuse_as(
        &self,
        source: &Source,
        refusal: &Refusal<'_>,
        place: Place,
        run: &mut Run<'_>,
    ) -> Result<(), Stop> {
        let kept = run.sink.refuse(source, refusal).map_err(Stop::Output)?;
        let colon = if refusal.path.is_empty() { "" } else { ": " };
        let (name, path, reason) = (&self.input.name, refusal.path, refusal.reason);
        run.rejected(kept, &format_args!("{name}: {place}: {path}{colon}{reason}"));
        Ok(())
    }
}
