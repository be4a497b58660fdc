//! The regions of PingOne, each with hosts of its own.

use std::fmt;
use std::str::FromStr;

use signin_core::vendor::VendorSpec;

use crate::client::error::vendor;
use crate::{Error, ErrorKind, Result};

/// Where an environment lives. It is chosen when the organization is made, and each region knows
/// its own environments only.
///
/// From text: the code (`EU`), the name (`Europe`) or the hosts' top-level domain (`eu`), in any
/// case. There is no default: a guess would send the credential to another region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// `NA`: `api.pingone.com`.
    NorthAmerica,
    /// `CA`: `api.pingone.ca`.
    Canada,
    /// `EU`: `api.pingone.eu`.
    Europe,
    /// `AU`: `api.pingone.com.au`.
    Australia,
    /// `SG`: `api.pingone.sg`.
    Singapore,
    /// `AP`: `api.pingone.asia`.
    AsiaPacific,
}

/// What is known of a region.
struct Details {
    code: &'static str,
    name: &'static str,
    domain: &'static str,
    vendor: VendorSpec,
}

static NORTH_AMERICA: Details = Details {
    code: "NA",
    name: "NorthAmerica",
    domain: "com",
    vendor: vendor("https://api.pingone.com"),
};
static CANADA: Details =
    Details { code: "CA", name: "Canada", domain: "ca", vendor: vendor("https://api.pingone.ca") };
static EUROPE: Details =
    Details { code: "EU", name: "Europe", domain: "eu", vendor: vendor("https://api.pingone.eu") };
static AUSTRALIA: Details = Details {
    code: "AU",
    name: "Australia",
    domain: "com.au",
    vendor: vendor("https://api.pingone.com.au"),
};
static SINGAPORE: Details = Details {
    code: "SG",
    name: "Singapore",
    domain: "sg",
    vendor: vendor("https://api.pingone.sg"),
};
static ASIA_PACIFIC: Details = Details {
    code: "AP",
    name: "AsiaPacific",
    domain: "asia",
    vendor: vendor("https://api.pingone.asia"),
};

impl Region {
    /// All that there are.
    pub const ALL: [Self; 6] = [
        Self::NorthAmerica,
        Self::Canada,
        Self::Europe,
        Self::Australia,
        Self::Singapore,
        Self::AsiaPacific,
    ];

    /// The short code: `NA`, `CA`, `EU`, `AU`, `SG`, `AP`.
    pub fn code(self) -> &'static str {
        self.details().code
    }

    /// The API's base URL, such as `https://api.pingone.eu`.
    pub fn api_url(self) -> String {
        format!("https://api.pingone.{}", self.details().domain)
    }

    /// The base URL of the token service, such as `https://auth.pingone.eu`.
    pub fn auth_url(self) -> String {
        format!("https://auth.pingone.{}", self.details().domain)
    }

    /// The region as a vendor: links to its documented host are rebased onto a gateway.
    pub(crate) fn vendor(self) -> &'static VendorSpec {
        &self.details().vendor
    }

    fn details(self) -> &'static Details {
        match self {
            Self::NorthAmerica => &NORTH_AMERICA,
            Self::Canada => &CANADA,
            Self::Europe => &EUROPE,
            Self::Australia => &AUSTRALIA,
            Self::Singapore => &SINGAPORE,
            Self::AsiaPacific => &ASIA_PACIFIC,
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Region {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Config`] for any other text.
    fn from_str(text: &str) -> Result<Self> {
        let given: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
        let known = Self::ALL.into_iter().find(|region| {
            let Details { code, name, domain, .. } = region.details();
            [code, name, domain].iter().any(|known| known.eq_ignore_ascii_case(&given))
        });
        known.ok_or_else(|| {
            let next = "give one of NA, CA, EU, AU, SG and AP; it stands in the console's address";
            Error::new(ErrorKind::Config, "pingone region", "it is none that is known", next)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_its_hosts_and_is_known_by_code_name_and_domain() {
        for (region, texts, domain) in [
            (Region::NorthAmerica, ["NA", "North-America", "com"], "com"),
            (Region::Canada, ["ca", "Canada", "CA"], "ca"),
            (Region::Europe, ["EU", "europe", "eu"], "eu"),
            (Region::Australia, ["au", "Australia", "com.au"], "com.au"),
            (Region::Singapore, ["SG", "SINGAPORE", "sg"], "sg"),
            (Region::AsiaPacific, ["AP", "asia pacific", "asia"], "asia"),
        ] {
            for text in texts {
                assert_eq!(text.parse::<Region>().unwrap(), region, "{text}");
            }
            assert_eq!(region.to_string().parse::<Region>().unwrap(), region);
            assert_eq!(region.api_url(), format!("https://api.pingone.{domain}"));
            assert_eq!(region.auth_url(), format!("https://auth.pingone.{domain}"));
            assert_eq!(region.vendor().documented_base, Some(region.api_url().as_str()));
        }
    }

    #[test]
    fn an_unknown_region_is_an_error_and_never_north_america() {
        for text in ["", "us", "EMEA", "eu.evil.example", "EU\n", "co", "com.", "\u{212a}"] {
            let error = text.parse::<Region>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
        }
    }
}
