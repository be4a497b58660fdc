//! A vendor's list: how its pages and records are told, and how a record is written.

use serde::Serialize;
use signin_core::event::NoEvent;
use signin_core::vendor::Table;
use signin_core::{FromJson, Record, Rejected};

use crate::formats::event::Gives;
use crate::formats::{Kind, Provenance};
use crate::outputs::sink::Sink;
use crate::run::collect::RunError;

/// One of a vendor's lists: how its pages and records are told, and how a record is written.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) name: &'static str,
    /// The members, from the outside in, under which a page has its list.
    pub(crate) lists: &'static [&'static [&'static str]],
    /// The members that its records' type knows.
    pub(crate) table: fn() -> &'static Table,
    /// What events its records give.
    pub(crate) gives: Gives,
    /// Puts a record's bytes into the sink.
    pub(crate) put: Put,
}

/// See [`put`], of which there is one for each type of record.
type Put = fn(&mut Sink, &Provenance, &[u8]) -> Result<Result<(), NotTaken>, RunError>;

/// Why a record is not among the output.
pub(crate) enum NotTaken {
    /// It does not fit its type.
    Misfit(Rejected),
    /// It gives no event.
    NoEvent(NoEvent),
}

/// Puts a record of type `T` into the sink.
pub(crate) fn put<T: FromJson + Serialize>(
    sink: &mut Sink,
    provenance: &Provenance,
    raw: &[u8],
    kind: &Kind<T>,
) -> Result<Result<(), NotTaken>, RunError> {
    let record = if sink.is_lenient() {
        Record::<T>::from_json_lenient(raw)
    } else {
        Record::from_json(raw)
    };
    match record {
        Ok(record) => {
            let put = sink.put(provenance, &record, kind).map_err(RunError::Internal)?;
            Ok(put.map_err(NotTaken::NoEvent))
        }
        Err(rejected) => Ok(Err(NotTaken::Misfit(rejected))),
    }
}
