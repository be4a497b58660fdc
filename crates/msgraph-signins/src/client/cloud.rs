//! The clouds that Microsoft Graph is run in, and its versions.

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind, Result};

/// A cloud of Microsoft's: its Graph, and the login that gives tokens for it. A tenant is in one
/// of them, and a token of one is good in no other.
///
/// See the vendor's page,
/// [National clouds](https://learn.microsoft.com/en-us/graph/deployments).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The global service: `graph.microsoft.com`. In text: `global`.
    #[default]
    Global,
    /// US Government L4 (GCC High): `graph.microsoft.us`. In text: `us-gov`.
    UsGov,
    /// US Government L5 (DoD): `dod-graph.microsoft.us`. In text: `us-gov-dod`.
    UsGovDod,
    /// China, operated by 21Vianet: `microsoftgraph.chinacloudapi.cn`. In text: `china`.
    China,
}

impl Cloud {
    /// Every cloud.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGov, Self::UsGovDod, Self::China];

    /// The root of its Graph, without a version.
    pub const fn graph_root(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGov => "https://graph.microsoft.us",
            Self::UsGovDod => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// The root of its login, without a tenant.
    pub const fn login_root(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGov | Self::UsGovDod => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGov => "us-gov",
            Self::UsGovDod => "us-gov-dod",
            Self::China => "china",
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Cloud {
    type Err = Error;

    /// Reads the text that [`Cloud`]'s members name.
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|cloud| cloud.name() == text).ok_or_else(|| {
            let next = "give global, us-gov, us-gov-dod or china";
            Error::new(ErrorKind::Config, "cloud", "there is no such cloud", next)
        })
    }
}

/// A version of Microsoft Graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `v1.0`: interactive sign-ins, with the members that Microsoft keeps stable.
    #[default]
    V1,
    /// `beta`: all kinds of sign-ins and more members. Microsoft does not support its use in
    /// production, and may change it without notice.
    Beta,
}

impl ApiVersion {
    /// The version as it stands in addresses: `v1.0` or `beta`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    /// Reads `v1.0` or `beta`.
    fn from_str(text: &str) -> Result<Self> {
        [Self::V1, Self::Beta].into_iter().find(|version| version.as_str() == text).ok_or_else(
            || {
                let why = "there is no such version";
                Error::new(ErrorKind::Config, "API version", why, "give v1.0 or beta")
            },
        )
    }
}
