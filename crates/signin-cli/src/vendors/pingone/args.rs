//! The command line of `signin fetch pingone`.

use clap::{Args, ValueEnum};
use pingone::Region;

use crate::args::whole;
use crate::commands::fetch::args::{Common, EXIT_CODES, unless};

/// PingOne: set PINGONE_REGION, PINGONE_ENVIRONMENT_ID, PINGONE_CLIENT_ID, PINGONE_CLIENT_SECRET.
///
/// Reads the audit activities of a PingOne environment: who signed on or was refused, event by
/// event, the newest first.
///
/// PINGONE_REGION is NA, CA, EU, AU, SG or AP: it stands in the console's address.
/// PINGONE_ENVIRONMENT_ID is a UUID that the console shows among the environment's properties.
/// PINGONE_CLIENT_ID and PINGONE_CLIENT_SECRET are those of a worker app with the role Identity
/// Data Admin or Environment Admin there. In place of the secret itself,
/// PINGONE_CLIENT_SECRET_FILE names a file that holds it, or a systemd unit gives it as the
/// credential PINGONE_CLIENT_SECRET; a file is read again for each token. PINGONE_TOKEN, or a file
/// by PINGONE_TOKEN_FILE, is an access token in their place, good for about an hour.
///
/// One sign-in is several activities: a password that was checked, access that was allowed. They
/// are told from others by the type of their action (USER.ACCESS_…, PASSWORD.CHECK_…,
/// OTP.CHECK_…, AUTHENTICATION…). The service cannot filter by several types, so all activities
/// are read, 500 at a time, 3 requests a second.
///
/// PingOne keeps 14 days. Of a longer range the rest is read, and the summary's `covered` says
/// from when on.
///
/// With --counts the user activities are read instead: how often users signed on, were refused and
/// reset their passwords, in whole hours, days or weeks. They name nobody. Days begin by the
/// offset of --since, and at midnight UTC where it has none; what lies in the range only in part
/// is left out by the service, and the summary's `covered` says what is counted. Without --since
/// PingOne counts its last 30 days.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
#[command(override_usage = "signin fetch pingone [OPTIONS] <--since <TIME>|--counts>")]
#[command(mut_arg("since", |since| unless(since, "counts", "--counts")))]
#[command(mut_arg("until", |until| until.requires("since")))]
pub(crate) struct Pingone {
    /// The region: NA, CA, EU, AU, SG or AP. Default: PINGONE_REGION. Not needed where --base-url
    /// and --auth-url are given, unless the service's own links name a region's host.
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub(crate) region: Option<Region>,

    /// The id of the environment to read. Default: PINGONE_ENVIRONMENT_ID.
    #[arg(long, value_name = "ID")]
    pub(crate) environment: Option<String>,

    /// The id of the worker app's own environment, if it is another one. Default:
    /// PINGONE_AUTH_ENVIRONMENT_ID, else the environment that is read.
    #[arg(long, value_name = "ID")]
    pub(crate) auth_environment: Option<String>,

    /// The worker app's client id. Default: PINGONE_CLIENT_ID.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// The API's base URL, where it is not the region's: a gateway. Default: PINGONE_BASE_URL.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Where tokens are got, in place of the service's own: the token endpoint's whole address,
    /// which ends in /token, or its root, to which the service's own path is added. Default:
    /// PINGONE_AUTH_URL.
    #[arg(long, value_name = "URL")]
    pub(crate) auth_url: Option<String>,

    /// How the worker app shows its secret: each app is set to one of the two.
    #[arg(long, value_enum, default_value_t, value_name = "WAY")]
    pub(crate) client_auth: ClientAuth,

    #[command(flatten)]
    pub(crate) common: Common,

    /// Counts in place of the activities themselves: sign-ons that succeeded and failed, and
    /// password resets.
    #[arg(long, help_heading = "PingOne", conflicts_with_all = OF_ACTIVITIES)]
    pub(crate) counts: bool,

    /// With --counts, what is counted together. Default: hours in a range of up to 5 days, days in
    /// one of up to 60 days, else weeks; days where there is no --since.
    #[arg(long, value_enum, ignore_case = true, value_name = "SIZE", requires = "counts")]
    #[arg(help_heading = "PingOne")]
    pub(crate) sample_size: Option<SampleSize>,

    /// All activities, also those that are about something else than signing in.
    #[arg(long, help_heading = "PingOne")]
    pub(crate) all_activities: bool,

    /// Only activities of this type, such as USER.ACCESS_ALLOWED, whatever they are about.
    #[arg(long, value_name = "TYPE", help_heading = "PingOne")]
    pub(crate) action_type: Option<String>,

    /// Only what the user with this id did.
    #[arg(long, value_name = "ID", help_heading = "PingOne")]
    pub(crate) actor_user: Option<String>,

    /// Only what the client (application) with this id did.
    #[arg(long, value_name = "ID", help_heading = "PingOne")]
    pub(crate) actor_client: Option<String>,

    /// Only what was done to the user, application or other thing with this id.
    #[arg(long, value_name = "ID", help_heading = "PingOne")]
    pub(crate) resource: Option<String>,

    /// Only what was done to things of this type, such as USER.
    #[arg(long, value_name = "TYPE", help_heading = "PingOne")]
    pub(crate) resource_type: Option<String>,

    /// Only what was done to users of the population with this id.
    #[arg(long, value_name = "ID", help_heading = "PingOne")]
    pub(crate) population: Option<String>,

    /// Only the activities of the request with this correlation id.
    #[arg(long, value_name = "ID", help_heading = "PingOne")]
    pub(crate) correlation: Option<String>,

    /// A further condition in SCIM, sent as it is; may be given several times.
    ///
    /// PingOne documents one condition beside the range, and a population with it; others may be
    /// refused. Nothing is quoted for you, and an `or` can reach beyond the range.
    #[arg(long = "filter", value_name = "SCIM", help_heading = "PingOne")]
    pub(crate) filters: Vec<String>,

    /// Which of an activity's times --since and --until are of.
    #[arg(long, value_enum, default_value_t, value_name = "TIME", help_heading = "PingOne")]
    pub(crate) time_attribute: TimeAttribute,

    /// Activities asked for at a time, 1 to 500.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 500)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 500), help_heading = "PingOne")]
    pub(crate) limit: u32,
}

/// What makes no sense with counts: they come in one answer, and cannot be narrowed.
const OF_ACTIVITIES: [&str; 12] = [
    "all_activities",
    "action_type",
    "actor_user",
    "actor_client",
    "resource",
    "resource_type",
    "population",
    "correlation",
    "filters",
    "time_attribute",
    "limit",
    "checkpoint",
];

fn region(text: &str) -> Result<Region, String> {
    text.parse().map_err(|_| {
        "give one of NA, CA, EU, AU, SG and AP; it stands in the console's address".to_owned()
    })
}

/// How an app shows its secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClientAuth {
    /// By HTTP Basic (Client Secret Basic), as apps are set unless somebody changed it.
    #[default]
    Basic,
    /// In the body of the token request (Client Secret Post).
    Post,
}

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SampleSize {
    /// Whole hours.
    Hour,
    /// Whole days.
    Day,
    /// Whole weeks. On which day they begin is not documented.
    Week,
}

/// One of an activity's times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimeAttribute {
    /// When it was recorded: recordedAt.
    #[default]
    RecordedAt,
    /// When it was created: createdAt.
    CreatedAt,
}
