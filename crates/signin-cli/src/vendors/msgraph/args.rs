//! The command line of `signin fetch msgraph`.

use std::time::Duration;

use clap::{Args, ValueEnum};
use msgraph_signins::Cloud;

use super::sign_in_filter::SignInFilter;
use crate::args::time::length;
use crate::args::whole;
use crate::commands::fetch::args::{Common, EXIT_CODES, unless};

/// Microsoft Graph: set MSGRAPH_TENANT_ID, MSGRAPH_CLIENT_ID and MSGRAPH_CLIENT_SECRET.
///
/// Reads the sign-in logs of a Microsoft Entra tenant: MSGRAPH_TENANT_ID is its id or one of its
/// domains, MSGRAPH_CLIENT_ID the id of an app registration with the application permission
/// AuditLog.Read.All and an administrator's consent. The tenant needs Entra ID P1 or P2.
///
/// The app proves itself by one of:
/// MSGRAPH_CLIENT_SECRET, a secret's value;
/// MSGRAPH_CERTIFICATE_FILE, a file with a certificate and its key (PEM, no passphrase);
/// MSGRAPH_FEDERATED_TOKEN_FILE, a platform's token (workload identity);
/// MSGRAPH_TOKEN, an access token that you have, good for about an hour.
/// Each may be the variable itself, a file named by the variable with _FILE after it, or a
/// credential of a systemd unit; a file is read again for each token. AZURE_TENANT_ID,
/// AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH and
/// AZURE_FEDERATED_TOKEN_FILE are understood as well. Two at once are refused.
///
/// All four kinds of sign-ins are read. Only beta has them all, and Microsoft does not support beta
/// for production; --api v1.0 reads the interactive ones alone.
///
/// The range is read in windows, the earliest first, each with the newest first; 5 requests in 10
/// seconds, up to 1000 sign-ins each. A tenant keeps 7 days, or 30 with P1 or P2: of a longer range
/// the rest is read, and the summary's `covered` says from when on. Sign-ins appear some minutes
/// late, and their risk changes for hours under the same id: read again some hours of the run
/// before, and tell records apart by id and rev.
///
/// With --id the sign-ins with these ids are read instead, one after the other, a request each, or
/// two where Graph finds one only by its list. No --since is needed then; where it or --until is
/// given, what is outside of that range is left out. An id that is not found costs itself only:
/// the others are read, the summary's `missing` names it, and the exit code is 4.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
#[command(override_usage = "signin fetch msgraph [OPTIONS] <--since <TIME>|--id <ID>>")]
#[command(mut_arg("since", |since| unless(since, "ids", "--id")))]
pub(crate) struct Msgraph {
    /// The tenant's id or one of its domains. Default: MSGRAPH_TENANT_ID.
    #[arg(long, value_name = "ID")]
    pub(crate) tenant: Option<String>,

    /// The app registration's client id. Default: MSGRAPH_CLIENT_ID.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// The cloud that the tenant is in: global, us-gov, us-gov-dod or china. Default:
    /// MSGRAPH_CLOUD, else global.
    #[arg(long, value_name = "CLOUD", value_parser = cloud)]
    pub(crate) cloud: Option<Cloud>,

    /// The Graph root, where it is not the cloud's: a gateway. Default: MSGRAPH_BASE_URL.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Where tokens are got, in place of the service's own: the token endpoint's whole address,
    /// which ends in /token, or its root, to which the service's own path is added. Default:
    /// MSGRAPH_AUTH_URL.
    #[arg(long, value_name = "URL")]
    pub(crate) auth_url: Option<String>,

    #[command(flatten)]
    pub(crate) common: Common,

    /// The sign-ins with these ids, separated by commas; may be given several times.
    #[arg(long = "id", value_delimiter = ',', value_name = "ID", conflicts_with_all = OF_LISTS)]
    #[arg(help_heading = "Microsoft Graph")]
    pub(crate) ids: Vec<String>,

    /// Only these kinds of sign-ins, separated by commas. Default: all that the version has.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KINDS")]
    #[arg(help_heading = "Microsoft Graph")]
    pub(crate) types: Vec<Kind>,

    /// The version to ask. Default: beta, or v1.0 where --types is interactive alone.
    #[arg(long, value_enum, value_name = "VERSION", help_heading = "Microsoft Graph")]
    pub(crate) api: Option<Api>,

    #[command(flatten)]
    pub(crate) filter: SignInFilter,

    /// Only these members of each sign-in, separated by commas; id and createdDateTime are asked
    /// for as well.
    #[arg(long, value_delimiter = ',', value_name = "NAMES", help_heading = "Microsoft Graph")]
    pub(crate) select: Vec<String>,

    /// Within a window, the oldest sign-ins first.
    #[arg(long, help_heading = "Microsoft Graph")]
    pub(crate) oldest_first: bool,

    /// Sign-ins asked for at a time, 1 to 1000.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1000)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 1000))]
    #[arg(help_heading = "Microsoft Graph")]
    pub(crate) top: u32,

    /// The length of the first window: 1m to 30d.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = window)]
    #[arg(help_heading = "Microsoft Graph")]
    pub(crate) window: Duration,

    /// The length that windows may grow to: 1m to 30d.
    #[arg(long, value_name = "TIME", default_value = "1d", value_parser = window)]
    #[arg(help_heading = "Microsoft Graph")]
    pub(crate) longest_window: Duration,

    /// Windows that are read at once, 1 to 16.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 3)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 1, 16))]
    #[arg(help_heading = "Microsoft Graph")]
    pub(crate) concurrency: u16,

    /// Pages of a window that are asked for ahead, 0 to 16.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 0, 16))]
    #[arg(help_heading = "Microsoft Graph")]
    pub(crate) fetch_ahead: u16,
}

/// What makes no sense with ids: kinds, windows, pages, and places in them. Conditions neither,
/// but of these one is named rather than all that there are.
const OF_LISTS: [&str; 8] = [
    "types",
    "oldest_first",
    "top",
    "window",
    "longest_window",
    "concurrency",
    "fetch_ahead",
    "checkpoint",
];

fn cloud(text: &str) -> Result<Cloud, String> {
    text.parse().map_err(|_| "give global, us-gov, us-gov-dod or china".to_owned())
}

fn window(text: &str) -> Result<Duration, String> {
    const MONTH: Duration = Duration::from_secs(30 * 86_400);
    let wrong = || "give 1m to 30d, such as 90m, 6h or 1d".to_owned();
    length(text).filter(|length| *length <= MONTH).ok_or_else(wrong)
}

/// A kind of sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A person at a prompt.
    Interactive,
    /// A client on behalf of a person.
    NonInteractive,
    /// An application by a credential of its own.
    ServicePrincipal,
    /// A resource of Azure.
    ManagedIdentity,
}

/// A version of Microsoft Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// Interactive sign-ins only.
    #[value(name = "v1.0")]
    V1,
    /// All kinds; not supported for production by Microsoft.
    Beta,
}
