//! The command line.

use std::fmt::Display;
use std::str::FromStr;

use clap::{Parser, Subcommand, ValueEnum};

mod convert;
mod demo;
mod outputs;

pub(crate) use convert::Convert;
pub(crate) use demo::Demo;
pub(crate) use outputs::Outputs;

const EXAMPLES: &str = "\
Examples:
  signin demo                                200 made-up sign-ins, nothing to set up
  signin demo --format raw | head            the same as NDJSON, one record a line
  signin demo --events 100000 -o all.ndjson  more of them, into a file
  signin convert tines all.ndjson            those as a table

Records go to standard output, everything else to standard error.
`signin demo --help` and `signin convert --help` explain the formats and every option.";

/// Reads sign-ins from identity products: who signed in, when, and from where.
#[derive(Debug, Parser)]
#[command(name = "signin", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Convert(Convert),
}

/// A whole number within bounds; where it is none, what would be one.
fn whole<N: Copy + FromStr + PartialOrd + Display>(
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
}

impl Format {
    /// The format for this kind of output, where none was asked for.
    pub(crate) fn fitting(is_terminal: bool) -> Self {
        if is_terminal { Self::Table } else { Self::Envelope }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn people_get_a_table_and_programs_get_envelopes() {
        assert_eq!(Format::fitting(true), Format::Table);
        assert_eq!(Format::fitting(false), Format::Envelope);
    }
}
