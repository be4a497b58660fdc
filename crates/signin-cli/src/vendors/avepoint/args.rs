//! The command line of `signin fetch avepoint`.

use clap::{Args, ValueEnum};

use crate::args::whole;
use crate::commands::fetch::args::{Common, EXIT_CODES};

/// AvePoint Elements: set AVEPOINT_CLIENT_ID and AVEPOINT_CLIENT_SECRET.
///
/// Reads who signed in to the Microsoft 365 tenants that a partner manages in AvePoint Elements.
/// Register an app in Elements (App registration) with the permissions elements.um.user.read.all
/// and elements.customers.read.all. AVEPOINT_CLIENT_ID is its client id, AVEPOINT_CLIENT_SECRET its
/// secret; in place of the secret, AVEPOINT_CERTIFICATE is its certificate and the RSA key of that,
/// one after the other (PEM, the key without a passphrase). Each of them may be in a file that
/// AVEPOINT_CLIENT_SECRET_FILE and the like name, or a systemd unit's credential of that name. The
/// secret's file is read again for every token.
///
/// What a run costs: the service can be asked for no time and documents no order. So whatever
/// --since says, a run reads every page of every tenant, again if its list changed meanwhile: a
/// request for every 100 sign-ins that Elements holds, one at least for every tenant, and one for
/// every 100 customers. --customer and --tenant make it less. After a break, the sign-ins of the
/// tenant that was being read come again. In the records, `id` tells which are the same.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Avepoint {
    /// The app's client id. Default: AVEPOINT_CLIENT_ID.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// A gateway's URL in place of the environment's own API.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Where tokens are got, in place of the service's own: the token endpoint's whole address,
    /// which ends in /token, or its root, to which the service's own path is added.
    #[arg(long, value_name = "URL")]
    pub(crate) auth_url: Option<String>,

    #[command(flatten)]
    pub(crate) common: Common,

    /// The environment that the app is registered in.
    #[arg(long, value_enum, default_value_t, help_heading = "AvePoint Elements")]
    pub(crate) environment: Environment,

    /// Only the tenants of the customer with this id; may be given several times.
    #[arg(long = "customer", value_name = "ID", help_heading = "AvePoint Elements")]
    pub(crate) customers: Vec<String>,

    /// Only the tenant with this id, of the one customer that --customer names; may be given
    /// several times.
    ///
    /// Customers are not listed then, and the app needs no permission for it.
    #[arg(long = "tenant", value_name = "ID", requires = "customers")]
    #[arg(help_heading = "AvePoint Elements")]
    pub(crate) tenants: Vec<String>,

    /// Only risky sign-ins; with --risky=false only the others.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "true", help_heading = "AvePoint Elements")]
    pub(crate) risky: Option<bool>,

    /// A permission to ask for, as a scope; may be given several times. Default: the two above,
    /// with --tenant only the first.
    #[arg(long = "scope", value_name = "SCOPE", help_heading = "AvePoint Elements")]
    pub(crate) scopes: Vec<String>,

    /// Sign-ins asked for at a time, 1 to 100.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 100)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 100))]
    #[arg(help_heading = "AvePoint Elements")]
    pub(crate) page_size: u32,

    /// Tenants whose sign-ins are asked for at once, 1 to 64; one where --tenant names them.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 4)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 1, 64))]
    #[arg(help_heading = "AvePoint Elements")]
    pub(crate) concurrency: u16,

    /// Pages of a tenant's list that are asked for ahead, 0 to 16.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 0, 16))]
    #[arg(help_heading = "AvePoint Elements")]
    pub(crate) fetch_ahead: u16,
}

/// An environment of AvePoint's services, with hosts of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Environment {
    /// Everybody but those below.
    #[default]
    Commercial,
    /// U.S. Government.
    UsGov,
    /// AOS2.
    Aos2,
    /// FedRAMP.
    #[value(name = "fedramp")]
    FedRamp,
}
