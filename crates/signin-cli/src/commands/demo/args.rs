//! The command line of `signin demo`.

use clap::{Args, ValueEnum as _};

use crate::args::{Outputs, whole};
use crate::vendors::Vendor;

const DEMO_EXAMPLES: &str = "\
Examples:
  signin demo
  signin demo --format raw | head
  signin demo --vendor msgraph --vendor pingone
  signin demo --users 50 --events 100000 --per-page 500 -o all.ndjson
  signin demo --format envelope 2> summary.json | wc -l

When standard error is no terminal, its last lines are JSON objects that sum the run up: one for
each product, and where there are several one more for all of them.

Exit codes:
  0    everything was read (or the reader of the output went away)
  1    the program itself failed
  2    the command line asks for something that cannot be
  3    everything was read, but some records did not fit their type
  4    not everything was read or written; run it again
  5    a person must act first: key, role, licence
  130  ended by Ctrl-C (SIGINT); 143 by SIGTERM";

/// Start here: simulate all five products on this machine and read their sign-ins.
///
/// The simulated services run inside this program, on 127.0.0.1, without limits of requests:
/// nothing to install, no account, nothing leaves the machine. Tokens are asked for and sign-ins
/// read over real HTTP, by the same clients that read the real services: first Tines, then AvePoint
/// Elements, SSOJet, PingOne and Microsoft Graph.
#[derive(Debug, Args)]
#[command(after_help = DEMO_EXAMPLES)]
pub(crate) struct Demo {
    /// Read only this product; may be given several times. Default: all.
    #[arg(long = "vendor", value_name = "NAME", value_enum)]
    pub(crate) vendors: Vec<Vendor>,

    /// Users of each product (AvePoint Elements: of each tenant), 1 to 1,000,000.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 3)]
    #[arg(value_parser = |text: &str| whole::<u64>(text, 1, 1_000_000))]
    pub(crate) users: u64,

    /// Sign-ins of each product, of all its users together, 0 to 1,000,000,000.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 40)]
    #[arg(value_parser = |text: &str| whole::<u64>(text, 0, 1_000_000_000))]
    pub(crate) events: u64,

    /// The same seed, users and events give the same records, byte for byte.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1)]
    #[arg(value_parser = |text: &str| whole::<u64>(text, 0, u64::MAX))]
    pub(crate) seed: u64,

    /// Sign-ins that the clients ask for at a time, 1 to 500; AvePoint and SSOJet give 100 at most.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 20)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 500))]
    pub(crate) per_page: u32,

    #[command(flatten)]
    pub(crate) outputs: Outputs,
}

impl Demo {
    /// The products to read, in the order in which they are read.
    pub(crate) fn vendors(&self) -> Vec<Vendor> {
        let asked = |vendor: &&Vendor| self.vendors.is_empty() || self.vendors.contains(*vendor);
        Vendor::value_variants().iter().filter(asked).copied().collect()
    }
}
