//! The command line of `signin fetch tines`.

use clap::{Args, ValueEnum};

use crate::args::whole;
use crate::commands::fetch::args::{Common, EXIT_CODES};

/// Tines: set TINES_BASE_URL and TINES_API_KEY.
///
/// Reads who signed in to a Tines tenant: TINES_BASE_URL is its domain, such as acme.tines.com, and
/// TINES_API_KEY the key. In place of the key itself, TINES_API_KEY_FILE names a file that holds
/// it, or a systemd unit gives it as the credential TINES_API_KEY. A file is read again when the
/// service refuses what it held.
///
/// The audit log has all users' sign-ins in one list; the key needs the permission AUDIT_LOG_READ,
/// and not every plan has the audit log. Else the users are listed and each one's sign-ins are
/// asked for: at least one request a user, 500 a minute, and the key must be a tenant owner's.
/// Deleted users' sign-ins are in the audit log only.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Tines {
    /// The tenant's domain or URL. Default: TINES_BASE_URL.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    #[command(flatten)]
    pub(crate) common: Common,

    /// Only the sign-ins of the user with this id; may be given several times.
    #[arg(long = "user", value_name = "ID", help_heading = "Tines")]
    pub(crate) users: Vec<String>,

    /// Where sign-ins are read from.
    #[arg(long, value_enum, default_value_t, help_heading = "Tines")]
    pub(crate) way: Way,

    /// Sign-ins asked for at a time, 1 to 500.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 500)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 500), help_heading = "Tines")]
    pub(crate) per_page: u32,

    /// Users whose sign-ins are asked for at once, where users are gone through, 1 to 64.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 4)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 1, 64), help_heading = "Tines")]
    pub(crate) concurrency: u16,

    /// Pages of a list that are asked for ahead, 0 to 16.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 0, 16), help_heading = "Tines")]
    pub(crate) fetch_ahead: u16,
}

/// Where a tenant's sign-ins are read from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// The audit log; if the key or the plan does not have it, users. With --user: users.
    #[default]
    Auto,
    /// The audit log's operations `Login`.
    AuditLog,
    /// The sign-in activities of each user.
    Users,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::AuditLog => "audit-log",
            Self::Users => "users",
        }
    }
}
