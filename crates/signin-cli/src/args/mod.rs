//! The options that commands share.
#![allow(rustdoc::bare_urls, reason = "these comments are the help, read on a terminal")]

use std::fmt::Display;
use std::str::FromStr;

use clap::ValueEnum;

mod logging;
mod network;
mod outputs;
pub(crate) mod time;

pub(crate) use logging::{Log, Logging};
pub(crate) use network::Network;
pub(crate) use outputs::{Outputs, Publish};
pub(crate) use time::{Range, When};

/// A whole number within bounds; where it is none, what would be one.
pub(crate) fn whole<N: Copy + FromStr + PartialOrd + Display>(
    text: &str,
    least: N,
    most: N,
) -> Result<N, String> {
    match text.parse::<N>() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => Err(format!("give a whole number from {least} to {most}")),
    }
}

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A row a record, for people; cut to the width, control characters replaced.
    Table,
    /// The source's own record a line, with where and when it was read and its SHA-256.
    Envelope,
    /// The source's own record a line and nothing else.
    Raw,
    /// The members that the client knows, as JSON a line; unknown members are left out.
    Typed,
    /// The sign-in in one shape for all products, as JSON a line; nothing is left out.
    Event,
    /// The sign-in as OCSF 1.8.0 Authentication (class 3002), as JSON a line.
    Ocsf,
    /// The sign-in by the Elastic Common Schema (ECS 9.4), as JSON a line.
    Ecs,
}

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Envelope => "envelope",
            Self::Raw => "raw",
            Self::Typed => "typed",
            Self::Event => "event",
            Self::Ocsf => "ocsf",
            Self::Ecs => "ecs",
        }
    }

    /// Whether records are written in the shape that all products share.
    pub(crate) fn is_of_events(self) -> bool {
        matches!(self, Self::Event | Self::Ocsf | Self::Ecs)
    }

    /// The format for this kind of output, where none was asked for.
    pub(crate) fn fitting(is_terminal: bool) -> Self {
        if is_terminal { Self::Table } else { Self::Envelope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_a_table_and_programs_get_envelopes() {
        assert_eq!(Format::fitting(true), Format::Table);
        assert_eq!(Format::fitting(false), Format::Envelope);
    }
}
