//! One record of the input, on its way to the sink.

use msgraph_signins::SignInEventType;
use msgraph_signins::export::{Export, NotASignIn, Refusal as Reason, Shape};

use super::bytes::Json;
use super::detect::{Untold, tell};
use super::envelope::Opened;
use super::exported::{self, Wrapped, is_of_one_record};
use super::{Conversion, InputPosition};
use crate::args::Format;
use crate::formats::envelope::id_of;
use crate::formats::{Provenance, Refusal, Refused};
use crate::run::collect::{Run, RunError};
use crate::run::exit::Exit;
use crate::vendors::ssojet::LOGIN_LOGS;
use crate::vendors::{Endpoint, NotTaken};

impl Conversion {
    /// Takes a record that no envelope is around.
    pub(super) fn bare(
        &mut self,
        json: &str,
        endpoint: Option<&'static Endpoint>,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        // What its own wrapping says of the tenant goes before what the caller says.
        let provenance = Provenance { tenant: None, ..self.provenance.clone() };
        self.record(Json::from(json), endpoint, provenance, place, run)
    }

    /// Takes a record out of an envelope, which knows what it is.
    pub(super) fn enveloped(
        &mut self,
        opened: Opened<'_>,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let (kind, is_said) = (self.kind, self.is_said);
        self.kind = opened.kind.or(kind);
        // It is no input as a whole: what is refused is refused alone.
        self.is_said = opened.endpoint.is_some();
        let was_taken = std::mem::replace(&mut self.any_taken, true);
        let taken = self.record(opened.record, opened.endpoint, opened.provenance, place, run);
        self.any_taken |= was_taken;
        (self.kind, self.is_said) = (kind, is_said);
        taken
    }

    /// Takes a record.
    pub(super) fn record(
        &mut self,
        json: Json<'_>,
        endpoint: Option<&'static Endpoint>,
        mut provenance: Provenance,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        if self.format == Format::Raw {
            // Whatever it is.
            return run.sink.put_any(&provenance, json.bytes).map(drop).map_err(RunError::Output);
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
        provenance.tenant = provenance.tenant.or(tenant).or_else(|| self.provenance.tenant.clone());
        match wrapped {
            Wrapped::Not => {
                run.stats.exports.count_own();
                self.told(json, endpoint, provenance, place, run)
            }
            Wrapped::SignIn(export, kind) => {
                provenance.kind = kind.map(SignInEventType::as_str);
                self.export(json, &export, provenance, place, run)
            }
            Wrapped::Other(log) => {
                run.stats.exports.skip(log);
                Ok(())
            }
            Wrapped::Refused(why) => self.foreign(json, endpoint, why, provenance, place, run),
        }
    }

    /// Takes a record as the vendor itself gives it.
    fn told(
        &mut self,
        json: Json<'_>,
        endpoint: Option<&'static Endpoint>,
        provenance: Provenance,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let told = endpoint.map_or_else(|| tell(json.text, self.vendor, self.endpoint), Ok);
        match told {
            Ok(endpoint) => self.put(json, json.bytes, endpoint, provenance, place, run),
            Err(why) => self.untold(json, &why, &provenance, place, run),
        }
    }

    /// Takes a sign-in that came in another wrapping. What keeps every byte keeps those that came.
    fn export(
        &mut self,
        json: Json<'_>,
        export: &Export<'_>,
        mut provenance: Provenance,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        if run.stats.exports.count(export) {
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
            run.reporter.warn(&format!("{}: {place}: {what}", self.input.name));
        }
        let Some(endpoint) = self.vendor.endpoints().first() else { return Ok(()) };
        provenance.id = provenance.id.or_else(|| Some(id_of(&export.record)?.to_string()));
        provenance.endpoint = endpoint.name;
        if self.format == Format::Envelope {
            self.any_taken = true;
            return run.sink.put_any(&provenance, json.bytes).map(drop).map_err(RunError::Output);
        }
        provenance.original = Some(json.text.to_owned());
        self.put(json, export.record.as_bytes(), endpoint, provenance, place, run)
    }

    /// Takes what is no sign-in of a known form: a record with a fault of its own, something else
    /// that has a name, or nothing that is known.
    fn foreign(
        &mut self,
        json: Json<'_>,
        endpoint: Option<&'static Endpoint>,
        why: NotASignIn,
        provenance: Provenance,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let keeps_any = self.format == Format::Envelope;
        if self.is_said && (keeps_any || why.refusal() == Reason::Unknown) {
            // Who says what it is may know better.
            return self.told(json, endpoint, provenance, place, run);
        }
        // Pages of other lists look the same from outside.
        let is_on_page = endpoint.is_some() && why.refusal() == Reason::Unknown;
        if is_on_page || is_of_one_record(&why) {
            let what = Refused::Record(json.bytes);
            let reason = why.to_string();
            let refusal = Refusal { path: why.path(), reason: &reason, what };
            return self.refuse_as(&provenance, &refusal, place, run);
        }
        let why = match tell(json.text, self.vendor, None) {
            Err(Untold::Failure) => Untold::Failure,
            _ => Untold::Foreign(why),
        };
        self.untold(json, &why, &provenance, place, run)
    }

    /// Puts a record into the sink: `json` as it came, `record` as it is read.
    fn put(
        &mut self,
        json: Json<'_>,
        record: &[u8],
        endpoint: &'static Endpoint,
        mut provenance: Provenance,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        provenance.endpoint = endpoint.name;
        if let Some(refusal) = endpoint.gives.refusal(self.format) {
            let why = format!("{place}: the records of {} {refusal}", endpoint.name);
            return Err(self.stop(&why, Exit::Usage));
        }
        if provenance.id.is_none() && self.format.is_of_events() && endpoint.name == LOGIN_LOGS {
            provenance.id = self.naming.identity(&provenance, json.text);
        }
        match (endpoint.put)(run.sink, &provenance, record)? {
            Ok(()) => {
                self.any_taken = true;
                Ok(())
            }
            Err(NotTaken::NoEvent(why)) => {
                let place = format!("{}: {place}", self.input.name);
                run.without_event(&provenance, json.bytes, &why, &place)
            }
            Err(NotTaken::Misfit(rejected)) => {
                let kept = run
                    .sink
                    .put_rejected(&provenance, json.bytes, &rejected)
                    .map_err(RunError::Output)?;
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
        provenance: &Provenance,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        if !self.any_taken {
            return Err(self.stop(&format_args!("{place}: {why}"), Exit::Usage));
        }
        if run.sink.put_any(provenance, json.bytes).map_err(RunError::Output)? {
            return Ok(());
        }
        let reason = why.to_string();
        let refusal = Refusal { path: "", reason: &reason, what: Refused::Record(json.bytes) };
        self.refuse_as(provenance, &refusal, place, run)
    }

    /// Refuses what cannot be written as a record.
    pub(super) fn refuse_as(
        &self,
        provenance: &Provenance,
        refusal: &Refusal<'_>,
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let kept = run.sink.refuse(provenance, refusal).map_err(RunError::Output)?;
        let colon = if refusal.path.is_empty() { "" } else { ": " };
        let (name, path, reason) = (&self.input.name, refusal.path, refusal.reason);
        run.rejected(kept, &format_args!("{name}: {place}: {path}{colon}{reason}"));
        Ok(())
    }
}
