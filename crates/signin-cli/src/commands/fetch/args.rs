//! The command line of `signin fetch`: what all vendors have in common, and what each has of its
//! own.

use std::path::PathBuf;

use clap::{Arg, Args};

use crate::args::{Network, Outputs, When};
use crate::vendors::Service;

const EXAMPLES: &str = "\
Examples:
  export TINES_BASE_URL=acme.tines.com TINES_API_KEY_FILE=~/.tines-key
  signin fetch tines --since 24h
  signin fetch tines --since 7d --format raw | jq -r .request_ip | sort | uniq -c
  signin fetch tines --since 2026-01-01T00:00:00Z --until 2026-02-01T00:00:00Z -o january.ndjson
  signin fetch tines --since 30d --checkpoint tines.json -o tines.ndjson   go on after a break
  signin fetch avepoint --since 24h --risky              the risky sign-ins of every tenant
  signin fetch ssojet --since 7d --email sam@acme.example
  signin fetch pingone --counts                          sign-ons a day, of the last 30 days
  signin fetch msgraph --id 66ea54eb-6301-4ee5-be62-ff5a759b0100   one sign-in

`signin demo` needs no account and writes the same formats.";

pub(crate) const EXIT_CODES: &str = "\
When standard error is no terminal, its last line is one JSON object that sums the run up.

Exit codes:
  0    everything was read (or the reader of the output went away)
  1    the program itself failed
  2    the command line or a setting asks for something that cannot be: nothing was asked for
  3    everything was read, but some records did not fit their type
  4    not everything was read or written, or it is doubtful: a count is short, a user could not be
       read; the summary's reason says whether running it again helps
  5    a person must act first: the service refuses the key, the role, the licence or what was asked
       for, or knows no such user; no such host, no good certificate
  130  ended by Ctrl-C (SIGINT); 143 by SIGTERM";

/// Read sign-ins from a service.
///
/// Keys are never options, which everybody on the machine could see: each vendor's help names the
/// variable or file that holds its key.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
#[command(subcommand_value_name = "VENDOR", subcommand_help_heading = "Vendors")]
pub(crate) struct Fetch {
    #[command(subcommand)]
    pub(crate) service: Service,
}

/// What is asked of every vendor.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Sign-ins from this time on: RFC 3339 with a time zone, or 90m, 24h, 7d back from now.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, required = true)]
    pub(crate) since: Option<When>,

    /// Sign-ins before this time. Default: all that there are when the run begins.
    ///
    /// Without it the summary's `covered` ends before that, by what records may come late: 15
    /// minutes for Microsoft Graph, 5 for PingOne, 2 for the others (assumed: nobody documents it).
    /// What time it is, the service's clock says: where this machine's is off by more than a
    /// minute, the summary says so.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<When>,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    /// Write the summary to FILE as well, as one JSON object.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) summary: Option<PathBuf>,

    /// Keep in FILE how far the run came, and go on from there if it is there.
    ///
    /// A run that ends early, even killed, leaves it; the same command then reads the rest, and of
    /// what was read the last page again at most. A run that came to its end removes it. With -o,
    /// the records of all these runs are in OUTPUT.partial until then; where OUTPUT has another name
    /// in the same folder by then, they move there. Two runs at once cannot share it: the second one
    /// ends at once with exit code 4.
    ///
    /// The range stays that of the first run. Where that ended long ago and there is no --until, the
    /// run ends with exit code 4, and the summary names the command that reads what came since.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) checkpoint: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) network: Network,
}

/// `--since`, for a vendor whose option with this name can stand in its place.
pub(crate) fn unless(since: Arg, id: &'static str, option: &str) -> Arg {
    let help = since.get_help().map(ToString::to_string).unwrap_or_default();
    since
        .required(false)
        .required_unless_present(id)
        .help(format!("{help}. Not needed with {option}"))
}

impl Common {
    /// Whether an option says of which time sign-ins are to be.
    pub(crate) fn is_ranged(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }
}
