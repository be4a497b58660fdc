//! The vendors whose records the program knows, and what it knows of each.

pub(crate) mod avepoint;
pub(crate) mod msgraph;
pub(crate) mod pingone;
pub(crate) mod ssojet;
pub(crate) mod tines;

use clap::ValueEnum;
use serde::Serialize;
use signin_core::event::NoEvent;
use signin_core::{FromJson, Record, Rejected, Table};

use crate::formats::event::Gives;
use crate::formats::{Kind, Source};
use crate::outputs::sink::Sink;
use crate::run::collect::Stop;

/// A vendor, by the name that command lines and envelopes have for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Vendor {
    /// Tines
    Tines,
    /// AvePoint Elements
    Avepoint,
    /// SSOJet
    Ssojet,
    /// PingOne
    Pingone,
    /// Microsoft Graph (Entra ID)
    Msgraph,
}

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
type Put = fn(&mut Sink, &Source, &[u8]) -> Result<Result<(), NotTaken>, Stop>;

/// Why a record is not among the output.
pub(crate) enum NotTaken {
    /// It does not fit its type.
    Misfit(Rejected),
    /// It gives no event.
    NoEvent(NoEvent),
}

impl Vendor {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tines => tines::VENDOR,
            Self::Avepoint => avepoint::VENDOR,
            Self::Ssojet => ssojet::VENDOR,
            Self::Pingone => pingone::VENDOR,
            Self::Msgraph => msgraph::VENDOR,
        }
    }

    /// What people call it.
    pub(crate) fn product(self) -> &'static str {
        match self {
            Self::Tines => "Tines",
            Self::Avepoint => "AvePoint Elements",
            Self::Ssojet => "SSOJet",
            Self::Pingone => "PingOne",
            Self::Msgraph => "Microsoft Graph",
        }
    }

    pub(crate) fn endpoints(self) -> &'static [Endpoint] {
        match self {
            Self::Tines => tines::ENDPOINTS,
            Self::Avepoint => avepoint::ENDPOINTS,
            Self::Ssojet => ssojet::ENDPOINTS,
            Self::Pingone => pingone::ENDPOINTS,
            Self::Msgraph => msgraph::ENDPOINTS,
        }
    }

    pub(crate) fn endpoint(self, name: &str) -> Option<&'static Endpoint> {
        self.endpoints().iter().find(|endpoint| endpoint.name == name)
    }

    /// The names of the endpoints, for people: "a, b or c".
    pub(crate) fn endpoint_names(self) -> String {
        let names: Vec<_> = self.endpoints().iter().map(|endpoint| endpoint.name).collect();
        one_of(&names)
    }
}

/// Names, for people: "a, b or c".
pub(crate) fn one_of(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Puts a record of type `T` into the sink.
pub(crate) fn put<T: FromJson + Serialize>(
    sink: &mut Sink,
    source: &Source,
    raw: &[u8],
    kind: &Kind<T>,
) -> Result<Result<(), NotTaken>, Stop> {
    let record = if sink.is_lenient() {
        Record::<T>::from_json_lenient(raw)
    } else {
        Record::from_json(raw)
    };
    match record {
        Ok(record) => {
            let put = sink.put(source, &record, kind).map_err(Stop::Internal)?;
            Ok(put.map_err(NotTaken::NoEvent))
        }
        Err(rejected) => Ok(Err(NotTaken::Misfit(rejected))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_and_envelopes_call_a_vendor_the_same() {
        for vendor in Vendor::value_variants() {
            assert_eq!(vendor.to_possible_value().unwrap().get_name(), vendor.name());
            for endpoint in vendor.endpoints() {
                assert!(vendor.endpoint(endpoint.name).is_some());
                assert!(!endpoint.lists.is_empty(), "{}", endpoint.name);
            }
        }
        assert_eq!(Vendor::Tines.endpoint_names(), "signin_activities, users or audit_logs");
        assert_eq!(Vendor::Msgraph.endpoint_names(), "sign_ins");
    }
}
