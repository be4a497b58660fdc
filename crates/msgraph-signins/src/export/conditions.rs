//! Conditions of conditional access that came as a number, by name.

use signin_core::OpenEnum;

use super::raw::quoted;
use crate::ConditionalAccessConditions as Condition;

/// The condition of each bit, the lowest first: the order of the published enum after `none`.
const BITS: [Condition; 17] = [
    Condition::Application,
    Condition::Users,
    Condition::DevicePlatform,
    Condition::Location,
    Condition::ClientType,
    Condition::SignInRisk,
    Condition::UserRisk,
    Condition::Time,
    Condition::DeviceState,
    Condition::Client,
    Condition::IpAddressSeenByAzureAD,
    Condition::IpAddressSeenByResourceProvider,
    Condition::UnknownFutureValue,
    Condition::ServicePrincipals,
    Condition::ServicePrincipalRisk,
    Condition::AuthenticationFlows,
    Condition::InsiderRisk,
];

/// A number of bits as Graph's text, as JSON. None where a bit is not known.
pub(super) fn named(number: &str) -> Option<String> {
    let bits = number.parse::<u64>().ok()?;
    if bits == 0 {
        return Some(quoted(Condition::None.as_str()));
    }
    let names = BITS.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    let names: Vec<_> = names.map(|(_, condition)| condition.as_str()).collect();
    (bits >> BITS.len() == 0).then(|| quoted(&names.join(",")))
}
