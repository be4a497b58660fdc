//! How a sign-in was spoken.

use signin_core::OpenEnum as _;
use signin_core::event::{Protocol, says_nothing};

use crate::{ProtocolType, SignIn};

/// The protocol, if one is named. Of flags that name several protocols, none is chosen: it is the
/// vendor's text. `none`, where nothing else is named, is one that the vendor has no flag for.
pub(super) fn of(row: &SignIn) -> Option<Protocol> {
    let flags = row.authentication_protocol.as_ref()?;
    let mut protocols = flags.iter().filter_map(protocol);
    let Some(first) = protocols.next() else {
        let has_no_flag = flags.iter().any(|flag| flag == ProtocolType::None);
        return has_no_flag.then_some(Protocol::Unknown);
    };
    if protocols.all(|other| other == first) {
        return Some(first);
    }
    Some(Protocol::Other(flags.as_str().to_owned()))
}

/// The protocol of a flag. `none` stands for any that has no flag, `unknownFutureValue` for a flag
/// that is not said.
fn protocol(flag: ProtocolType) -> Option<Protocol> {
    match flag {
        ProtocolType::None | ProtocolType::UnknownFutureValue => None,
        ProtocolType::OAuth2
        | ProtocolType::Ropc
        | ProtocolType::DeviceCode
        | ProtocolType::ImplicitAccessTokenAndGetResponseMode
        | ProtocolType::ImplicitIdTokenAndGetResponseMode
        | ProtocolType::ImplicitAccessTokenAndPostResponseMode
        | ProtocolType::ImplicitIdTokenAndPostResponseMode
        | ProtocolType::AuthorizationCodeWithoutPkce
        | ProtocolType::AuthorizationCodeWithPkce
        | ProtocolType::ClientCredentials
        | ProtocolType::RefreshTokenGrant
        | ProtocolType::OnBehalfOf => Some(Protocol::OAuth2),
        ProtocolType::Saml20 => Some(Protocol::Saml2),
        ProtocolType::Kerberos => Some(Protocol::Kerberos),
        other if says_nothing(other.as_str()) => None,
        // Those that the vendor names without saying what they speak, WS-* and newer ones.
        other => Some(Protocol::Other(other.as_str().to_owned())),
    }
}
