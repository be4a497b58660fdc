//! What ECS has no field for: the object `signin`, whose names are those of [`SignIn`].

use serde::Serialize;

use super::{filled, namespace, said};
use crate::event::{
    Device, Factor, Named, Outcome, Policy, PrincipalKind, Product, Protocol, Risk, SignIn,
    SignInCounts,
};
use crate::record::json::Json;

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Own<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<OwnPrincipal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<OwnDevice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<&'a Protocol>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    kinds: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    factors: &'a [Factor],
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'a Risk>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    policies: &'a [Policy],
    #[serde(skip_serializing_if = "Option::is_none")]
    successes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failures: Option<u64>,
    /// Of a vendor that has no namespace of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    unmapped: Option<&'a Json>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct OwnPrincipal {
    kind: PrincipalKind,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct OwnDevice {
    #[serde(skip_serializing_if = "Option::is_none")]
    is_compliant: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_managed: Option<bool>,
}

impl OwnDevice {
    fn of(device: &Device) -> Option<Self> {
        let Device { is_compliant, is_managed, .. } = *device;
        let is_known = is_compliant.is_some() || is_managed.is_some();
        is_known.then_some(Self { is_compliant, is_managed })
    }
}

impl<'a> Own<'a> {
    pub(super) fn of(sign_in: &'a SignIn) -> Self {
        Self {
            customer: said(&sign_in.customer),
            original_id: said(&sign_in.original_id),
            original_time: said(&sign_in.original_time),
            outcome: Some(sign_in.outcome),
            principal: Some(OwnPrincipal { kind: sign_in.principal.kind }),
            device: sign_in.origin.device.as_ref().and_then(OwnDevice::of),
            resource: sign_in.resource.as_ref(),
            protocol: sign_in.protocol.as_ref(),
            kinds: &sign_in.kinds,
            factors: &sign_in.factors,
            mfa: sign_in.mfa,
            risk: sign_in.risk.as_ref(),
            session_id: said(&sign_in.session_id),
            correlation_id: said(&sign_in.correlation_id),
            policies: &sign_in.policies,
            ..Self::of_product(&sign_in.product, sign_in.unmapped.as_ref())
        }
    }

    pub(super) fn of_counts(counts: &'a SignInCounts) -> Self {
        Self {
            customer: said(&counts.customer),
            successes: counts.successes,
            failures: counts.failures,
            ..Self::of_product(&counts.product, counts.unmapped.as_ref())
        }
    }

    fn of_product(product: &Product, unmapped: Option<&'a Json>) -> Self {
        Self {
            vendor: filled(product.id),
            vendor_name: filled(product.vendor),
            log: filled(product.log),
            unmapped: unmapped.filter(|_| namespace(product).is_none()),
            ..Self::default()
        }
    }
}
