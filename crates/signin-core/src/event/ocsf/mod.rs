//! An event as an Authentication of the Open Cybersecurity Schema Framework.

mod ids;
mod objects;
mod origin;
mod unmapped;

use std::borrow::Cow;

use serde::Serialize;

use super::{NoEvent, Risk, SignIn};
use crate::record::timestamp::Timestamp;
use objects::{
    AuthFactor, Authorization, Destination, Fingerprint, Metadata, Observable, Service, Session,
    User,
};
use origin::{Device, HttpRequest, Source};
use unmapped::Unmapped;

/// The version of the schema.
const VERSION: &str = "1.8.0";
/// The class Authentication.
const CLASS: u32 = 3002;
/// The profile that has `device`.
const HOST: &str = "host";
/// The profile that has risk and authorizations.
const SECURITY_CONTROL: &str = "security_control";

/// A [`SignIn`] as an OCSF 1.8.0 Authentication: see [`SignIn::to_ocsf`]. To be serialised by
/// `serde_json`, since `unmapped` keeps the record's own text.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Ocsf<'a>(Authentication<'a>);

impl SignIn {
    /// The event as an Authentication (class 3002) of the Open Cybersecurity Schema Framework
    /// 1.8.0: <https://schema.ocsf.io/1.8.0/classes/authentication>.
    ///
    /// What is absent from the event is absent there: there are no nulls. Every id has its caption
    /// beside it.
    ///
    /// | OCSF | is |
    /// |---|---|
    /// | `activity_id` | 1 Logon, 2 Logoff, 6 Preauth for a step of a sign-in |
    /// | `time`, `metadata.original_time` | [`time`](Self::time) in milliseconds since 1970; as the vendor wrote it |
    /// | `metadata.uid`, `original_event_uid` | [`id`](Self::id), the same for every revision; the vendor's own |
    /// | `metadata.correlation_uid`, `tenant_uid`, `log_name`, `labels` | correlation, tenant, the vendor's name of the list that the record stood in, `customer:` and the customer |
    /// | `user` | the principal; its type is 1 User, 4 Service for service principals and managed identities, 99 Agent. If all that is known is an e-mail address or a name for people, that is the name too |
    /// | `service`, `dst_endpoint` | application and resource; where neither is known, the product is the service |
    /// | `src_endpoint`, `http_request.user_agent`, `device` (profile `host`) | the origin |
    /// | `status_id`, `status_code`, `status_detail` | outcome (1 Success, 2 Failure, 99 Interrupted, 0 Unknown), code and reason |
    /// | `is_mfa`, `auth_factors`, `auth_protocol_id`, `session.uid` | MFA, factors, protocol and session |
    /// | `logon_type_id` | 99 with the vendor's [`kinds`](Self::kinds): OCSF's "Interactive" is somebody at the console. `is_remote` is true: all these products are services |
    /// | `risk_level_id`, `risk_details`, `authorizations` (profile `security_control`) | risk and policies |
    /// | `severity_id` | by the risk: 1 Informational where there is none or none is known, 2 Low, 3 Medium (also for [`Risky`](super::RiskLevel::Risky)), 4 High |
    /// | `observables` | IP address, user name, user uid, e-mail address, user agent |
    /// | `raw_data`, `raw_data_hash` | [`raw`](Self::raw), and the [`revision`](Self::revision), which is there without it too |
    /// | `unmapped` | [`unmapped`](Self::unmapped) |
    ///
    /// What the class has no place for stays in `unmapped.signin`, in the event's own shape: a
    /// location, port or network without an address, coordinates without a place's name, a device
    /// without id and name, an e-mail address in letters that OCSF's pattern lacks, several kinds
    /// or reasons of risk (which are one text elsewhere), a policy without id and name. Of factors,
    /// the kind is known; the vendor's word for it only where the kind is another one.
    ///
    /// ```
    /// use signin_core::Timestamp;
    /// use signin_core::event::{Product, SignIn};
    ///
    /// let mut sign_in = SignIn::default();
    /// sign_in.product = Product::new("acme", "Acme", "Acme ID", "logins");
    /// sign_in.time = Timestamp::parse("2026-01-02T03:04:05Z");
    /// sign_in.principal.set_name(Some("ada@example.com".to_owned()));
    /// let ocsf = serde_json::to_value(sign_in.to_ocsf()?)?;
    /// assert_eq!(ocsf["type_uid"], 300201);
    /// assert_eq!(ocsf["time"], 1767323045000_i64);
    /// assert_eq!(ocsf["user"]["email_addr"], "ada@example.com");
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NoEvent::Unusable`]: the event has no time from 1970 to 9998, no principal or no product. No
    /// event that a vendor's record was converted to lacks them.
    pub fn to_ocsf(&self) -> Result<Ocsf<'_>, NoEvent> {
        let time = self.time.as_ref().and_then(milliseconds);
        let time = time.ok_or(NoEvent::without_time("/time"))?;
        let user = User::of(&self.principal).ok_or(NoEvent::without_principal("/principal"))?;
        if self.product.name.is_empty() {
            let reason = "expected the product's name, found none";
            return Err(NoEvent::Unusable { path: "/product/name", reason });
        }
        Ok(Ocsf(Authentication::of(self, time, user)))
    }
}

#[derive(Debug, Clone, Serialize)]
struct Authentication<'a> {
    activity_id: u32,
    activity_name: &'static str,
    category_uid: u32,
    category_name: &'static str,
    class_uid: u32,
    class_name: &'static str,
    type_uid: u32,
    type_name: &'static str,
    severity_id: u32,
    severity: &'static str,
    time: i64,
    metadata: Metadata<'a>,
    status_id: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<&'a str>,
    user: User<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dst_endpoint: Option<Destination<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_endpoint: Option<Source<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<Device<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_request: Option<HttpRequest<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Session<'a>>,
    is_remote: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    logon_type_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logon_type: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_mfa: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_protocol_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_protocol: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    auth_factors: Vec<AuthFactor<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_level_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_details: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorizations: Vec<Authorization<'a>>,
    observables: Vec<Observable<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_data_hash: Option<Fingerprint<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unmapped: Option<Unmapped<'a>>,
}

impl<'a> Authentication<'a> {
    fn of(event: &'a SignIn, time: i64, user: User<'a>) -> Self {
        let (activity, type_name) = ids::activity(event.activity);
        let status = ids::outcome(event.outcome);
        let risk = event.risk.as_ref().map(|risk| ids::risk(risk.level));
        let severity = ids::severity(event.risk.as_ref().map(|risk| risk.level));
        let protocol = event.protocol.as_ref().and_then(ids::protocol);
        let logon_type = listed(&event.kinds);
        let device = event.origin.device.as_ref().and_then(Device::of);
        let dst_endpoint = event.resource.as_ref().and_then(Destination::of);
        let service = event.application.as_ref().and_then(Service::of);
        let service = service.or(dst_endpoint.is_none().then_some(Service::of_product(event)));
        let authorizations: Vec<_> = event.policies.iter().filter_map(Authorization::of).collect();
        let http_request = text(&event.origin.user_agent).map(HttpRequest::of);
        let profiles = [
            device.is_some().then_some(HOST),
            (risk.is_some() || !authorizations.is_empty()).then_some(SECURITY_CONTROL),
        ];
        Self {
            activity_id: activity.id,
            activity_name: activity.caption,
            category_uid: 3,
            category_name: "Identity & Access Management",
            class_uid: CLASS,
            class_name: "Authentication",
            type_uid: CLASS * 100 + activity.id,
            type_name,
            severity_id: severity.id,
            severity: severity.caption,
            time,
            metadata: Metadata::of(event, profiles.into_iter().flatten().collect()),
            status_id: status.id,
            status: status.caption,
            status_code: text(&event.code),
            status_detail: text(&event.reason),
            observables: Observable::all(&user, event.origin.ip, http_request.as_ref()),
            user,
            service,
            dst_endpoint,
            src_endpoint: Source::of(&event.origin),
            device,
            http_request,
            session: text(&event.session_id).map(Session::of),
            is_remote: true,
            logon_type_id: logon_type.is_some().then_some(ids::OTHER),
            logon_type,
            is_mfa: event.mfa,
            auth_protocol_id: protocol.as_ref().map(|protocol| protocol.id),
            auth_protocol: protocol.map(|protocol| protocol.caption),
            auth_factors: event.factors.iter().map(AuthFactor::of).collect(),
            risk_level_id: risk.as_ref().map(|risk| risk.id),
            risk_level: risk.map(|risk| risk.caption),
            risk_details: event.risk.as_ref().and_then(|risk: &Risk| listed(&risk.reasons)),
            authorizations,
            raw_data: event.raw.as_deref(),
            raw_data_hash: Fingerprint::of(&event.revision),
            unmapped: Unmapped::of(event),
        }
    }
}

/// Milliseconds since 1970, if the time is after that.
fn milliseconds(time: &Timestamp) -> Option<i64> {
    let nanoseconds = time.instant().unix_timestamp_nanos();
    i64::try_from(nanoseconds / 1_000_000).ok().filter(|_| !time.stands_for_none())
}

/// The text, unless it is empty.
fn text(value: &Option<String>) -> Option<&str> {
    value.as_deref().filter(|text| !text.is_empty())
}

/// Several texts as one; None if none of them says anything.
fn listed(texts: &[String]) -> Option<Cow<'_, str>> {
    let joined = match texts {
        [only] => Cow::Borrowed(only.as_str()),
        several => Cow::Owned(several.join(", ")),
    };
    (!joined.is_empty()).then_some(joined)
}
