//! The kinds of sign-ins.

/// A kind of sign-in. Without asking for kinds, interactive sign-ins are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SignInEventType {
    /// A person at a prompt: `interactiveUser`.
    InteractiveUser,
    /// A client on behalf of a person, by a refresh token for instance: `nonInteractiveUser`.
    NonInteractiveUser,
    /// An application by a credential of its own: `servicePrincipal`.
    ServicePrincipal,
    /// A resource of Azure by the credential that Azure keeps for it: `managedIdentity`.
    ManagedIdentity,
}

impl SignInEventType {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::InteractiveUser,
        Self::NonInteractiveUser,
        Self::ServicePrincipal,
        Self::ManagedIdentity,
    ];

    /// The kind as the service writes it in `signInEventTypes`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InteractiveUser => "interactiveUser",
            Self::NonInteractiveUser => "nonInteractiveUser",
            Self::ServicePrincipal => "servicePrincipal",
            Self::ManagedIdentity => "managedIdentity",
        }
    }
}
