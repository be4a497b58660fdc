//! What a client is built from. The vendors' crates wrap it in builders of their own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::Credential;
use crate::client::Client;
use crate::error::Result;
use crate::http::error_response::VendorSpec;
use crate::http::reqwest_transport::HttpOptions;
use crate::http::transport::Transport;
use crate::send::clock::ServiceClock;
use crate::send::rate_limit::Limits;
use crate::send::retry::RetryPolicy;

/// Everything that a client is built from.
#[derive(Clone)]
pub struct ClientOptions {
    pub(crate) vendor: &'static VendorSpec,
    pub(crate) base_url: String,
    /// The API's own path, which people paste with the base URL.
    pub(crate) api_path: &'static str,
    pub(crate) credential: Option<Credential>,
    pub(crate) user_agent: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) http: HttpOptions,
    pub(crate) lenient: bool,
    pub(crate) retry: RetryPolicy,
    pub(crate) limits: Limits,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    pub(crate) clock: ServiceClock,
}

impl ClientOptions {
    /// The defaults for a vendor's API at this base. `api_path` is the API's own path: a base
    /// URL that ends in it is taken without it.
    pub fn new(
        vendor: &'static VendorSpec,
        base_url: impl Into<String>,
        api_path: &'static str,
    ) -> Self {
        Self {
            vendor,
            base_url: base_url.into(),
            api_path,
            credential: None,
            user_agent: None,
            timeout: Duration::from_secs(300),
            http: HttpOptions {
                connect_timeout: Duration::from_secs(10),
                read_timeout: Duration::from_secs(60),
                body_cap: 32 * 1024 * 1024,
                proxy: None,
                roots: Vec::new(),
            },
            lenient: false,
            retry: RetryPolicy::default(),
            limits: Limits::documented(),
            transport: None,
            clock: ServiceClock::default(),
        }
    }

    /// Sets the credential: a [`Credential`], or the
    /// [`ClientCredentials`](crate::auth::oauth::ClientCredentials) to get tokens with.
    pub fn set_credential(&mut self, credential: impl Into<Credential>) {
        self.credential = Some(credential.into());
    }

    /// Makes it another vendor's, or another region's of the same vendor. A base URL that was not
    /// set goes with it.
    pub fn set_vendor(&mut self, vendor: &'static VendorSpec) {
        if let Some(base) = vendor.documented_base
            && self.vendor.documented_base == Some(self.base_url.as_str())
        {
            base.clone_into(&mut self.base_url);
        }
        self.vendor = vendor;
    }

    /// The base URL as it is set so far, for a token URL that follows it.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// See the builders' `base_url`.
    pub fn set_base_url(&mut self, base_url: impl Into<String>) {
        self.base_url = base_url.into();
    }

    /// See the builders' `user_agent`.
    pub fn set_user_agent(&mut self, suffix: impl Into<String>) {
        self.user_agent = Some(suffix.into());
    }

    /// See the builders' `connect_timeout`.
    pub fn set_connect_timeout(&mut self, timeout: Duration) {
        self.http.connect_timeout = timeout;
    }

    /// See the builders' `read_timeout`.
    pub fn set_read_timeout(&mut self, timeout: Duration) {
        self.http.read_timeout = timeout;
    }

    /// See the builders' `timeout`.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// See the builders' `body_cap`.
    pub fn set_body_cap(&mut self, bytes: usize) {
        self.http.body_cap = bytes;
    }

    /// See the builders' `lenient`.
    pub fn set_lenient(&mut self, lenient: bool) {
        self.lenient = lenient;
    }

    /// See the builders' `proxy`.
    pub fn set_proxy(&mut self, url: impl Into<String>) {
        self.http.proxy = Some(url.into());
    }

    /// See the builders' `root_certificates_pem`.
    pub fn add_root_certificates_pem(&mut self, pem: impl Into<Vec<u8>>) {
        self.http.roots.push(pem.into());
    }

    /// See the builders' `retry`.
    pub fn set_retry(&mut self, policy: RetryPolicy) {
        self.retry = policy;
    }

    /// See the builders' `limits`.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// See the builders' `transport`.
    pub fn set_transport(&mut self, transport: impl Transport) {
        self.transport = Some(Arc::new(transport));
    }

    /// See the builders' `service_clock`.
    pub fn set_service_clock(&mut self, clock: ServiceClock) {
        self.clock = clock;
    }

    /// Builds the client. No I/O.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config): the setting that cannot be, by name.
    pub fn build(self) -> Result<Client> {
        Client::new(self)
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("vendor", &self.vendor.name)
            .field("credential", &self.credential)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Writes the setters that every vendor's builder has, for a struct with a field `settings`.
#[doc(hidden)]
#[macro_export]
macro_rules! builder_settings {
    () => {
        /// Replaces the base URL: a gateway, a self-hosted service, a simulator on loopback.
        /// https, or plain http on loopback.
        pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
            self.settings.set_base_url(base_url);
            self
        }

        /// Adds a name to the user agent, such as `my-collector/1.2`.
        pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
            self.settings.set_user_agent(suffix);
            self
        }

        /// How long connecting may take. Default 10 s.
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_connect_timeout(timeout);
            self
        }

        /// How long the service may be silent while an answer is awaited or read. Default 60 s.
        pub fn read_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_read_timeout(timeout);
            self
        }

        /// How long one attempt may take in all. Default 300 s.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_timeout(timeout);
            self
        }

        /// The largest body in bytes, after decompression. Default 32 MiB.
        pub fn body_cap(mut self, bytes: usize) -> Self {
            self.settings.set_body_cap(bytes);
            self
        }

        /// Whether a record with a member of another kind than documented is read without that
        /// member, as [`Record::from_json_lenient`]($crate::Record::from_json_lenient) does, and
        /// says so by [`mismatches`]($crate::Record::mismatches). Default: no, such a record is
        /// rejected, and comes raw.
        pub fn lenient(mut self, lenient: bool) -> Self {
            self.settings.set_lenient(lenient);
            self
        }

        /// Sends everything through this proxy. Its URL may hold user and password.
        pub fn proxy(mut self, url: impl Into<String>) -> Self {
            self.settings.set_proxy(url);
            self
        }

        /// Trusts these root certificates (PEM, one or several) beside the platform's own.
        pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
            self.settings.add_root_certificates_pem(pem);
            self
        }

        /// How long a request that fails is tried again, and how often at most. Default: for
        /// 10 minutes, however often.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.settings.set_retry(policy);
            self
        }

        /// The limits to keep. Give one value to several clients whose requests the service
        /// counts together. Default: the documented ones.
        pub fn limits(mut self, limits: $crate::Limits) -> Self {
            self.settings.set_limits(limits);
            self
        }

        /// Sends requests by a transport of your own. Proxy, certificates, connect and read
        /// time-outs and the body cap are then its business.
        pub fn transport(mut self, transport: impl $crate::Transport) -> Self {
            self.settings.set_transport(transport);
            self
        }

        /// Has the client tell what the service's own clock shows.
        pub fn service_clock(mut self, clock: $crate::ServiceClock) -> Self {
            self.settings.set_service_clock(clock);
            self
        }
    };
}
