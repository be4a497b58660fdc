//! The simulator: the services that were asked for, each on its own address.

use std::io;

use crate::listener::{self, Host, Serving};
use crate::seed::Seed;
use crate::{msgraph, oauth, ssojet, tines};

/// Chooses what is simulated.
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    seed: u64,
    oauth: Option<oauth::Settings>,
    tines: Option<tines::Settings>,
    msgraph: Option<msgraph::Settings>,
    ssojet: Option<ssojet::Settings>,
}

impl Builder {
    /// The seed of everything that is drawn: keys, users, sign-ins, request ids. Default 0.
    ///
    /// The same seed and settings give the same answers, byte for byte.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Simulates a token endpoint that stands alone. Said twice, the last one holds.
    pub fn oauth(mut self, settings: oauth::Settings) -> Self {
        self.oauth = Some(settings);
        self
    }

    /// Simulates a Tines tenant. Said twice, the last one holds.
    pub fn tines(mut self, settings: tines::Settings) -> Self {
        self.tines = Some(settings);
        self
    }

    /// Simulates Microsoft Graph. Said twice, the last one holds.
    pub fn msgraph(mut self, settings: msgraph::Settings) -> Self {
        self.msgraph = Some(settings);
        self
    }

    /// Simulates an SSOJet application. Said twice, the last one holds.
    pub fn ssojet(mut self, settings: ssojet::Settings) -> Self {
        self.ssojet = Some(settings);
        self
    }

    /// Binds a free port of 127.0.0.1 for each service and starts to answer.
    ///
    /// # Errors
    /// When a port cannot be bound, or the serving thread cannot be started.
    pub async fn start(self) -> io::Result<Simulator> {
        let seed = Seed::new(self.seed);
        let mut hosts = Vec::new();
        let oauth = match self.oauth {
            None => None,
            Some(settings) => {
                let (listener, base_url) = listener::bind(settings.port)?;
                let service =
                    oauth::Service::new(seed.branch("oauth"), settings, base_url, "/token");
                hosts.push(Host { listener, router: service.router() });
                Some(service)
            }
        };
        let tines = match self.tines {
            None => None,
            Some(settings) => {
                let (listener, base_url) = listener::bind(settings.port)?;
                let service = tines::Service::new(seed.branch("tines"), settings, base_url);
                hosts.push(Host { listener, router: service.router() });
                Some(service)
            }
        };
        let msgraph = match self.msgraph {
            None => None,
            Some(settings) => {
                let (listener, base_url) = listener::bind(settings.port)?;
                let service = msgraph::Service::new(seed.branch("msgraph"), settings, base_url);
                hosts.push(Host { listener, router: service.router() });
                Some(service)
            }
        };
        let ssojet = match self.ssojet {
            None => None,
            Some(settings) => {
                let (listener, base_url) = listener::bind(settings.port)?;
                let service = ssojet::Service::new(seed.branch("ssojet"), settings, base_url);
                hosts.push(Host { listener, router: service.router() });
                Some(service)
            }
        };
        Ok(Simulator { serving: Serving::start(hosts).await?, oauth, tines, msgraph, ssojet })
    }
}

/// Running services. Dropping it stops them, best effort; [`stop`](Self::stop) also waits.
#[derive(Debug)]
#[must_use = "dropping a simulator stops it"]
pub struct Simulator {
    serving: Serving,
    oauth: Option<oauth::Service>,
    tines: Option<tines::Service>,
    msgraph: Option<msgraph::Service>,
    ssojet: Option<ssojet::Service>,
}

impl Simulator {
    /// A simulator of nothing, to add services to.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The token endpoint that stands alone, when one was asked for.
    #[must_use]
    pub fn oauth(&self) -> Option<&oauth::Service> {
        self.oauth.as_ref()
    }

    /// The Tines tenant, when one was asked for.
    #[must_use]
    pub fn tines(&self) -> Option<&tines::Service> {
        self.tines.as_ref()
    }

    /// Microsoft Graph, when it was asked for.
    #[must_use]
    pub fn msgraph(&self) -> Option<&msgraph::Service> {
        self.msgraph.as_ref()
    }

    /// The SSOJet application, when one was asked for.
    #[must_use]
    pub fn ssojet(&self) -> Option<&ssojet::Service> {
        self.ssojet.as_ref()
    }

    /// Closes every listener and every open connection, mid-answer if need be, and returns when
    /// they are closed. The services' truth and stats stay readable; a second call does nothing.
    pub async fn stop(&self) {
        self.serving.stop().await;
    }
}
