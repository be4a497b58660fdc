//! The command line of `signin fetch ssojet`.
#![allow(rustdoc::bare_urls, reason = "these comments are the help, read on a terminal")]

use clap::{Args, ValueEnum};

use crate::args::whole;
use crate::commands::fetch::args::{Common, EXIT_CODES};

/// SSOJet: set SSOJET_CLIENT_ID, and SSOJET_TOKEN or SSOJET_CLIENT_SECRET.
///
/// Reads who signed in to an SSOJet application: SSOJET_CLIENT_ID is its client id, SSOJET_TOKEN a
/// secret key (sk_live_…) or an access token. Or SSOJET_CLIENT_SECRET is the application's client
/// secret, for which the program gets tokens itself. In place of each of them,
/// SSOJET_TOKEN_FILE and the like name a file that holds it, or a systemd unit gives it as the
/// credential SSOJET_TOKEN. A token's file is read again when the service refuses what it held, a
/// secret's for every token.
///
/// SSOJet's pages contradict each other in how tokens are got. The program sends a JSON object with
/// the scope sys_owner to /api/v1/oauth2/token; where that is refused, try --auth-url
/// https://api.ssojet.com/oauth/token --auth-encoding form, or a secret key.
///
/// What a run costs: the service can be asked for no time. So a run reads the list of users and
/// every user's whole list, whatever --since says: at least one request a user. --user makes it
/// less. SSOJet lists no outcome of a sign-in. Its records have no ids and do not name their user:
/// the envelope's `user` does, and its `id` is one that the program makes, the same in every run.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Ssojet {
    /// The application's client id. Default: SSOJET_CLIENT_ID.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// A gateway's URL in place of https://api.ssojet.com.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Where tokens are got, in place of the service's own: the token endpoint's whole address,
    /// which ends in /token, or its root, to which the service's own path is added.
    #[arg(long, value_name = "URL")]
    pub(crate) auth_url: Option<String>,

    #[command(flatten)]
    pub(crate) common: Common,

    /// Only the sign-ins of the user with this id; may be given several times.
    #[arg(long = "user", value_name = "ID", help_heading = "SSOJet")]
    pub(crate) users: Vec<String>,

    /// Only the sign-ins of the user with this e-mail address.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "users", help_heading = "SSOJet")]
    pub(crate) email: Option<String>,

    /// What happened: the newer API demands `login`, that of 2024 does not know it.
    #[arg(long, value_enum, default_value_t, help_heading = "SSOJet")]
    pub(crate) event: Event,

    /// How the URL of --auth-url wants to be asked.
    #[arg(long, value_enum, default_value_t, requires = "auth_url", help_heading = "SSOJet")]
    pub(crate) auth_encoding: Encoding,

    /// A scope to ask the URL of --auth-url for; may be given several times. Default: sys_owner.
    /// An empty one asks for none.
    #[arg(long = "scope", value_name = "SCOPE", requires = "auth_url", help_heading = "SSOJet")]
    pub(crate) scopes: Vec<String>,

    /// Users and sign-ins asked for at a time, 1 to 10,000. Default: as many as the service gives.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 10_000), help_heading = "SSOJet")]
    pub(crate) limit: Option<u32>,

    /// Users whose sign-ins are asked for at once, 1 to 64; one where --user names them.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 4)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 1, 64), help_heading = "SSOJet")]
    pub(crate) concurrency: u16,

    /// Pages of a user's list that are asked for ahead, 0 or 1: a page names the next one only.
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 1)]
    #[arg(value_parser = |text: &str| whole::<u16>(text, 0, 1), help_heading = "SSOJet")]
    pub(crate) fetch_ahead: u16,
}

/// What is asked for of a user's log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Event {
    /// Sign-ins.
    #[default]
    Login,
    /// Leave the parameter out.
    None,
}

/// How a token is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    /// A JSON object with client id and secret.
    #[default]
    Json,
    /// A form with client id and secret.
    Form,
    /// A form, with client id and secret by HTTP Basic.
    Basic,
}
