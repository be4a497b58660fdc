//! A simulated tenant, and the program reading it.

use std::process::{Command, Output, Stdio};

use signin_sim::Simulator;
use signin_sim::tines::{Service, Settings};

use crate::program::signin;

/// Earlier than every sign-in of the simulator.
pub(crate) const ALL: &str = "2020-01-01T00:00:00Z";

/// A running tenant: it stops with this value.
pub(crate) struct Tenant {
    pub(crate) service: Service,
    _simulator: Simulator,
}

impl Tenant {
    /// A tenant with these settings, answering as fast as it is asked.
    pub(crate) fn start(settings: Settings) -> Self {
        let settings = settings
            .per_minute(u32::MAX)
            .per_minute_audit_logs(u32::MAX)
            .per_minute_general(u32::MAX)
            .rate_window(std::time::Duration::ZERO);
        Self::start_limited(settings)
    }

    /// A tenant with these settings, limits and all.
    pub(crate) fn start_limited(settings: Settings) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let simulator = Simulator::builder().seed(3).tines(settings).start();
        let simulator = runtime.block_on(simulator).unwrap();
        Self { service: simulator.tines().unwrap().clone(), _simulator: simulator }
    }

    pub(crate) fn small() -> Self {
        Self::start(Settings::default().users(4).events(300))
    }

    /// `signin fetch tines --since ALL` with these arguments after it.
    pub(crate) fn fetch(&self, arguments: &[&str]) -> Command {
        self.fetch_with(&[&["--since", ALL], arguments].concat())
    }

    /// `signin fetch tines` with these arguments.
    pub(crate) fn fetch_with(&self, arguments: &[&str]) -> Command {
        let mut command = fetch(arguments);
        command.env("TINES_BASE_URL", self.service.base_url());
        command.env("TINES_API_KEY", self.service.api_key());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.fetch(arguments).output().unwrap()
    }

    /// All sign-ins as the audit log has them, newest first, a line each.
    pub(crate) fn logins(&self) -> Vec<String> {
        self.service.logins(None, None).map(|login| login.to_json()).collect()
    }

    /// All sign-ins of users that exist, user by user, a line each.
    pub(crate) fn sign_ins(&self) -> Vec<String> {
        let users = self.service.user_ids();
        let all = users.flat_map(|user| self.service.sign_ins(user, None, None));
        all.map(|sign_in| sign_in.to_json()).collect()
    }
}

/// `signin fetch tines` with these arguments and nothing in its environment.
pub(crate) fn fetch(arguments: &[&str]) -> Command {
    let mut command = signin(&["fetch", "tines"]);
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Standard output, a line each; the last one is whole.
pub(crate) fn lines(output: &[u8]) -> Vec<String> {
    let text = crate::program::text(output);
    assert!(text.is_empty() || text.ends_with('\n'), "a last line is cut");
    text.lines().map(str::to_owned).collect()
}
