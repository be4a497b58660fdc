//! The command line of `signin demo`.

use clap::Args;

use super::{Outputs, whole};

const DEMO_EXAMPLES: &str = "\
Examples:
  signin demo
  signin demo --format raw | head
  signin demo --users 50 --events 100000 --per-page 500 -o all.ndjson
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

    /// Sign-ins that the client asks for at a time, 1 to 500.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 50)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 500))]
    pub(crate) per_page: u32,

    #[command(flatten)]
    pub(crate) outputs: Outputs,
}
