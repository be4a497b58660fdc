//! The command line.

use std::fmt::Display;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  signin demo                              200 made-up sign-ins, nothing to set up
  signin demo --format raw | head          the same as NDJSON, one record a line
  signin demo --events 100000 > all.ndjson more of them, into a file

Records go to standard output, everything else to standard error.
`signin demo --help` explains the formats and every option.";

const DEMO_EXAMPLES: &str = "\
Examples:
  signin demo
  signin demo --format raw | head
  signin demo --users 50 --events 100000 --per-page 500 > all.ndjson
  signin demo --format envelope 2> summary.json | wc -l

When standard error is no terminal, its last line is one JSON object that sums the run up.

Exit codes:
  0    everything was read (or the reader of the output went away)
  1    the program itself failed
  2    the command line asks for something that cannot be
  3    everything was read, but some records did not fit their type
  4    not everything was read or written; run it again
  5    a person must act first: key, role, licence
  130  ended by Ctrl-C (SIGINT); 143 by SIGTERM";

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
}

/// Start here: simulate a Tines tenant on this machine and read its sign-ins.
///
/// The simulator runs inside this program, on 127.0.0.1, without limits of requests a minute:
/// nothing to install, no account, nothing leaves the machine. Its sign-ins are read over real
/// HTTP by the same client that reads a real tenant.
#[derive(Debug, Args)]
#[command(after_help = DEMO_EXAMPLES)]
pub(crate) struct Demo {
    /// Users of the tenant, 1 to 1,000,000.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 3)]
    #[arg(value_parser = |text: &str| whole::<u64>(text, 1, 1_000_000))]
    pub(crate) users: u64,

    /// Sign-ins of all users together, 0 to 1,000,000,000.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 200)]
    #[arg(value_parser = |text: &str| whole::<u64>(text, 0, 1_000_000_000))]
    pub(crate) events: u64,

    /// The same seed, users and events give the same records, byte for byte.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1)]
    #[arg(value_parser = |text: &str| whole::<u64>(text, 0, u64::MAX))]
    pub(crate) seed: u64,

    /// How records are written. Default: table on a terminal, else envelope.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<Format>,

    /// Sign-ins that the client asks for at a time, 1 to 500.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 50)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 500))]
    pub(crate) per_page: u32,
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
