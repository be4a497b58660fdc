//! The schema's objects, but for those of the origin.

use std::borrow::Cow;
use std::net::IpAddr;

use serde::Serialize;

use super::origin::HttpRequest;
use super::{VERSION, ids, text};
use crate::event::sign_in::domain_of;
use crate::event::{Factor, Named, Policy, Principal, SignIn};

#[derive(Debug, Clone, Serialize)]
pub(super) struct Metadata<'a> {
    version: &'static str,
    product: Product<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    uid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_event_uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_uid: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    log_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<[String; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
struct Product<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    vendor_name: &'a str,
}

impl<'a> Metadata<'a> {
    pub(super) fn of(event: &'a SignIn, profiles: Vec<&'static str>) -> Self {
        Self {
            version: VERSION,
            product: Product { name: event.product.name, vendor_name: event.product.vendor },
            uid: &event.id,
            original_event_uid: text(&event.original_id),
            correlation_uid: text(&event.correlation_id),
            tenant_uid: text(&event.tenant),
            log_name: event.product.log_name(),
            original_time: text(&event.original_time),
            labels: text(&event.customer).map(|customer| [format!("customer:{customer}")]),
            profiles,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct User<'a> {
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email_addr: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_name: Option<&'a str>,
}

impl<'a> User<'a> {
    /// None if nobody is named. A user needs a uid or a name: where there is neither, the address
    /// or the name for people is the name.
    pub(super) fn of(principal: &'a Principal) -> Option<Self> {
        let (uid, email) = (text(&principal.id), text(&principal.email));
        let any_name = email.or(text(&principal.full_name));
        let name = text(&principal.name).or(any_name.filter(|_| uid.is_none()));
        let kind = ids::principal(principal.kind);
        (uid.is_some() || name.is_some()).then_some(Self {
            type_id: kind.id,
            kind: kind.caption,
            uid,
            name,
            email_addr: email.filter(|email| is_email(email)),
            domain: text(&principal.domain),
            full_name: text(&principal.full_name),
        })
    }
}

/// Whether it is an address by the schema's pattern, and no guest's name that looks like one.
fn is_email(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+,-./=?^_`{|}~".contains(c);
    local.chars().all(plain) && domain_of(address).is_some_and(str::is_ascii)
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Service<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> Service<'a> {
    pub(super) fn of(application: &'a Named) -> Option<Self> {
        let (uid, name) = (text(&application.id), text(&application.name));
        (uid.is_some() || name.is_some()).then_some(Self { uid, name })
    }

    /// What somebody signs in to where nothing else is known.
    pub(super) fn of_product(event: &'a SignIn) -> Self {
        Self { uid: None, name: Some(event.product.name) }
    }
}

/// A network endpoint: what was asked for.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Destination<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    svc_name: Option<&'a str>,
}

impl<'a> Destination<'a> {
    pub(super) fn of(resource: &'a Named) -> Option<Self> {
        let (uid, svc_name) = (text(&resource.id), text(&resource.name));
        (uid.is_some() || svc_name.is_some()).then_some(Self { uid, svc_name })
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Session<'a> {
    uid: &'a str,
}

impl<'a> Session<'a> {
    pub(super) fn of(uid: &'a str) -> Self {
        Self { uid }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct AuthFactor<'a> {
    factor_type_id: u32,
    factor_type: &'a str,
}

impl<'a> AuthFactor<'a> {
    pub(super) fn of(factor: &'a Factor) -> Self {
        let kind = ids::factor(factor);
        Self { factor_type_id: kind.id, factor_type: kind.caption }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Authorization<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<NamedPolicy<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct NamedPolicy<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_applied: Option<bool>,
}

impl<'a> Authorization<'a> {
    /// None for a policy that has neither id nor name.
    pub(super) fn of(policy: &'a Policy) -> Option<Self> {
        let (uid, name) = (text(&policy.id), text(&policy.name));
        (uid.is_some() || name.is_some()).then_some(Self {
            decision: text(&policy.result),
            policy: Some(NamedPolicy { uid, name, is_applied: policy.is_applied }),
        })
    }
}

/// A value that events are searched by, and where it stands.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Observable<'a> {
    name: &'static str,
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    value: Cow<'a, str>,
}

impl<'a> Observable<'a> {
    pub(super) fn all(
        user: &User<'a>,
        ip: Option<IpAddr>,
        request: Option<&HttpRequest<'a>>,
    ) -> Vec<Self> {
        let user_agent = request.map(|request| Cow::Borrowed(request.user_agent));
        let all = [
            ("src_endpoint.ip", 2, "IP Address", ip.map(|ip| ip.to_string().into())),
            ("user.name", 4, "User Name", user.name.map(Cow::Borrowed)),
            ("user.uid", 31, "User Object: uid", user.uid.map(Cow::Borrowed)),
            ("user.email_addr", 5, "Email Address", user.email_addr.map(Cow::Borrowed)),
            ("http_request.user_agent", 16, "HTTP User-Agent", user_agent),
        ];
        let told = |(name, type_id, kind, value): (_, _, _, Option<_>)| {
            Some(Self { name, type_id, kind, value: value? })
        };
        all.into_iter().filter_map(told).collect()
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Fingerprint<'a> {
    algorithm_id: u32,
    algorithm: &'static str,
    value: &'a str,
}

impl<'a> Fingerprint<'a> {
    pub(super) fn of(revision: &'a str) -> Option<Self> {
        let told = !revision.is_empty();
        told.then_some(Self { algorithm_id: 3, algorithm: "SHA-256", value: revision })
    }
}
