//! The command line.

use clap::{Parser, Subcommand};

use crate::args::Logging;
use crate::commands::convert::args::Convert;
use crate::commands::demo::args::Demo;
use crate::commands::fetch::args::Fetch;

const EXAMPLES: &str = "\
Examples:
  signin demo                                200 made-up sign-ins of five products, nothing to set up
  signin demo --format raw | head            the same as NDJSON, one record a line
  signin demo --vendor tines -o all.ndjson   those of one product, into a file
  signin convert tines all.ndjson            those as a table
  signin fetch                               the services that can be read
  signin fetch tines --since 24h             a tenant's sign-ins of the last day

Records go to standard output, everything else to standard error.
`signin COMMAND --help` explains the formats and every option.";

/// Reads sign-ins from identity products: who signed in, when, and from where.
#[derive(Debug, Parser)]
#[command(name = "signin", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) logging: Logging,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Convert(Convert),
    Fetch(Box<Fetch>),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
