//! The command line of `signin fetch newvendor`.

use clap::Args;

use crate::args::whole;
use crate::commands::fetch::args::{Common, EXIT_CODES};

/// NewVendor: set NEWVENDOR_TOKEN.
///
/// Reads who signed in. In place of the token itself, NEWVENDOR_TOKEN_FILE names a file that holds
/// it, or a systemd unit gives it as the credential NEWVENDOR_TOKEN. A file is read again when the
/// service refuses what it held.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct NewVendor {
    /// A gateway's URL in place of the service's own. Default: NEWVENDOR_BASE_URL.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    #[command(flatten)]
    pub(crate) common: Common,

    /// Sign-ins asked for at a time, 1 to 100.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 100)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 100), help_heading = "NewVendor")]
    pub(crate) limit: u32,
}
