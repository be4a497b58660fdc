//! The environments of AvePoint's services, each with hosts of its own.

/// Which of AvePoint's environments an account lives in. Each has an API and an identity service of
/// its own, and an app registered in one is unknown to the others.
///
/// See the vendor's page,
/// [Use AvePoint Graph API](https://learn.avepoint.com/elements/Use-AvePoint-Graph-API.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Environment {
    /// Everybody but those below.
    #[default]
    Commercial,
    /// U.S. Government.
    UsGov,
    /// AOS2.
    Aos2,
    /// FedRAMP.
    FedRamp,
}

impl Environment {
    /// The API's base URL.
    pub const fn api_url(self) -> &'static str {
        match self {
            Self::Commercial => "https://graph.avepointonlineservices.com",
            Self::UsGov => "https://graph-gov.avepointonlineservices.com",
            Self::Aos2 => "https://graph-aos2.avepointonlineservices.com",
            Self::FedRamp => "https://graphusgovapi.online15.net",
        }
    }

    /// The identity service's base URL: tokens come from `/connect/token` below it.
    pub const fn identity_url(self) -> &'static str {
        match self {
            Self::Commercial => "https://identity.avepointonlineservices.com",
            Self::UsGov => "https://identity-gov.avepointonlineservices.com",
            Self::Aos2 => "https://identity-aos2.avepointonlineservices.com",
            Self::FedRamp => "https://identity.online15.net",
        }
    }
}
