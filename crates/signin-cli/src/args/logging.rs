//! The options that say what standard error holds, the same for every command.

use clap::{Args, ValueEnum};

/// What is said on standard error.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Messages")]
pub(crate) struct Logging {
    /// How messages are written.
    #[arg(long, value_name = "FORM", value_enum, global = true, default_value_t)]
    pub(crate) log: Log,

    /// Say nothing but errors and the summary.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say a line for every request.
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// How messages are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line: time, level, message. The summary is the last line.
    Json,
}
