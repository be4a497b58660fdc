//! How a vendor's service is reached, from the options and the environment.

use std::time::Duration;

use signin_core::vendor::BaseUrl;
use signin_core::{Limits, RetryPolicy, ServiceClock};
use url::Url;

use super::proxy;
use crate::commands::fetch::plan::Plan;
use crate::reporting::words::in_the_programs_words;

const MINUTE: Duration = Duration::from_secs(60);

/// What a vendor's builder is given of the network.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) proxy: Option<String>,
    pub(crate) roots: Option<Vec<u8>>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) limits: Limits,
    /// Whether records with an odd member are read without it.
    pub(crate) lenient: bool,
    pub(crate) clock: ServiceClock,
}

impl Connection {
    /// The way to the service at this base URL, or bare host.
    ///
    /// # Errors
    /// The option or variable to change, and how.
    pub(crate) fn new(plan: &Plan<'_>, base_url: &str) -> Result<Self, String> {
        let options = &plan.common.network;
        let origin = BaseUrl::parse(base_url)
            .map_err(|error| in_the_programs_words(&error))?
            .origin()
            .to_string();
        let target = Url::parse(&origin).map_err(|_| format!("{origin} is no address"))?;
        let limits = match options.max_rate {
            Some(requests) => Limits::documented().at_most(requests, MINUTE),
            None => Limits::documented(),
        };
        Ok(Self {
            proxy: proxy::choose(options.proxy.as_deref(), &plan.environment, &target)?,
            roots: options.ca_file.as_deref().map(roots).transpose()?,
            timeout: options.timeout,
            retry: match options.retry_for {
                // Who says how long means it, whatever fails.
                Some(time) => RetryPolicy::default().deadline(time).first_contact(time),
                None => RetryPolicy::default(),
            },
            limits,
            lenient: plan.common.outputs.reads_leniently(plan.format),
            clock: plan.clock.clone(),
        })
    }
}

fn roots(path: &std::path::Path) -> Result<Vec<u8>, String> {
    let shown = path.display();
    let pem = std::fs::read(path)
        .map_err(|error| format!("--ca-file {shown} cannot be read: {error}"))?;
    let is_pem = pem.windows(BEGIN.len()).any(|text| text == BEGIN);
    if is_pem {
        Ok(pem)
    } else {
        Err(format!(
            "--ca-file {shown} holds no PEM certificate; give a file with the lines \
             -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----"
        ))
    }
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Tells a vendor's builder of the connection. All builders have the same setters and no trait in
/// common.
macro_rules! connected {
    ($builder:expr, $connection:expr) => {{
        let connection: $crate::connection::network::Connection = $connection;
        let mut builder = $builder
            .user_agent(concat!("signin/", env!("CARGO_PKG_VERSION")))
            .limits(connection.limits)
            .retry(connection.retry)
            .lenient(connection.lenient)
            .service_clock(connection.clock);
        if let Some(proxy) = connection.proxy {
            builder = builder.proxy(proxy);
        }
        if let Some(roots) = connection.roots {
            builder = builder.root_certificates_pem(roots);
        }
        if let Some(timeout) = connection.timeout {
            // The service may be silent that long too: one option is enough.
            builder = builder.timeout(timeout).read_timeout(timeout);
        }
        builder
    }};
}
pub(crate) use connected;
