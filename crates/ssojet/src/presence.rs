//! What the models' texts say: `""` and the service's words for "unknown" are nothing.
//!
//! The members keep what was sent; these methods have their names and return what it means.

use std::net::IpAddr;

use crate::{LoginLog, User};

/// Stands for a city that was not found.
const UNKNOWN_CITY: &str = "UnknownCity";

/// Stands instead of the user agent and its name where requests come through this CDN.
const CDN: &str = "Amazon CloudFront";

/// A text that says something.
fn said(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.trim().is_empty())
}

impl LoginLog {
    /// The address that the sign-in came from; None if the service has none, or what is no
    /// address.
    pub fn addr(&self) -> Option<IpAddr> {
        self.ip_address.as_ref()?.addr()
    }

    /// The country by its English name.
    pub fn country(&self) -> Option<&str> {
        said(self.country.as_ref())
    }

    /// The city; None for `UnknownCity`, too.
    pub fn city(&self) -> Option<&str> {
        said(self.city.as_ref()).filter(|city| !city.eq_ignore_ascii_case(UNKNOWN_CITY))
    }

    /// What the client called itself; None where the CDN's name stands instead. The client
    /// chooses this text: clean it before showing it.
    pub fn user_agent(&self) -> Option<&str> {
        said(self.user_agent.as_ref()).filter(|agent| !agent.eq_ignore_ascii_case(CDN))
    }

    /// The name of the user agent, such as a browser's; None where the CDN's stands instead.
    pub fn name(&self) -> Option<&str> {
        said(self.name.as_ref()).filter(|name| !name.eq_ignore_ascii_case(CDN))
    }

    /// The operating system.
    pub fn os(&self) -> Option<&str> {
        said(self.os.as_ref())
    }

    /// The kind of device.
    pub fn device(&self) -> Option<&str> {
        said(self.device.as_ref())
    }

    /// What happened; None in the body of 2024, which does not say it.
    pub fn event(&self) -> Option<&str> {
        said(self.event.as_ref())
    }
}

impl User {
    /// The e-mail address.
    pub fn email(&self) -> Option<&str> {
        said(self.email.as_ref())
    }

    /// The given name.
    pub fn first_name(&self) -> Option<&str> {
        said(self.first_name.as_ref())
    }

    /// The family name.
    pub fn last_name(&self) -> Option<&str> {
        said(self.last_name.as_ref())
    }
}
