//! Sign-ins in the shape that all products share.
//!
//! ```
//! use pingone::event::{Context, Outcome};
//! use pingone::{Activity, Record};
//!
//! let record = Record::<Activity>::from_json(
//!     r#"{"id":"7","recordedAt":"2026-01-02T03:04:05.678Z","action":{"type":"PASSWORD.CHECK_FAILED"},
//!         "resources":[{"type":"USER","id":"8","name":"ada@example.com"}],
//!         "result":{"status":"FAILURE","description":"Invalid password"}}"#,
//! );
//! let record = record.map_err(|rejected| rejected.mismatch().to_string())?;
//! let mut context = Context::default();
//! context.tenant = Some("00000000-0000-4000-8000-0000000000e1".to_owned());
//! let event = record.to_event(&context)?;
//! assert_eq!(event.outcome, Outcome::Failure);
//! assert_eq!(event.principal.name.as_deref(), Some("ada@example.com"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod counts;
mod principal;

pub use signin_core::event::{
    Activity, AutonomousSystem, Context, Coordinates, Device, Ecs, Factor, FactorKind, Location,
    Members, Named, NoEvent, Ocsf, Origin, Outcome, Policy, Principal, PrincipalKind, Product,
    Protocol, Risk, RiskLevel, SignIn, SignInCounts, ToEvent, country, event_id, revision,
    says_nothing,
};

pub use crate::action_types::{ACTION_TYPES, ActionType, Decision, NameSays, decision};

use std::collections::HashMap;

use crate::action_types::begins_with;
use crate::{ActivityResult, IpText, Json, Record, ResultStatus};

/// An event of the audit log, by what the table [`ACTION_TYPES`] decides for its `action.type`;
/// all others are [`NoEvent::NotASignIn`]. [`Context::tenant`] is the environment's id.
///
/// - Time: `recordedAt`, which the service filters and sorts by. `createdAt` comes milliseconds
///   later, when the audit log stored the event, and takes no part.
/// - Who: the user who acted, else the one user that it was done to, else the client, as a service
///   principal; of no known kind where a password or another proof was tried. Where the
///   event is marked as an administrator's act on another, the latter is looked at first.
/// - What is in `source`, of which no shape is documented, is drawn upon and stays in `unmapped`
///   as well. So do `resources`.
impl ToEvent for crate::Activity {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let kind = record.action.as_ref().and_then(|action| action.kind.as_deref());
        let kind = kind.filter(|kind| !kind.is_empty()).ok_or(WITHOUT_ACTION)?;
        let action = ActionType::find(kind).ok_or(NoEvent::NotASignIn)?;
        let mut event = SignIn::default();
        event.activity = match action.decision {
            Decision::SignIn => Activity::SignIn,
            Decision::Step => Activity::Step,
            Decision::SignOut => Activity::SignOut,
            Decision::NotASignIn => return Err(NoEvent::NotASignIn),
        };
        event.product = product("activities");
        event.tenant = Some(Context::required("tenant", &context.tenant)?.to_owned());

        let mut members = Members::default();
        members.time("/recordedAt", &record.recorded_at, &mut event)?;
        event.application = principal::client(&mut members, record);
        event.factors = factor(kind).into_iter().collect();
        let is_proof = !event.factors.is_empty();
        let client = event.application.as_ref();
        event.principal = principal::of(&mut members, record, client, is_proof)?;
        event.origin = origin(record.source.as_ref());
        event.protocol = protocol(kind);
        let result = record.result.clone().unwrap_or_default();
        event.outcome = outcome(&mut members, action.outcome, &result);
        event.reason = members.text("/result/description", &result.description);
        event.correlation_id = members.id("/correlationId", &record.correlation_id);
        let joined = record.internal_correlation.clone().unwrap_or_default();
        event.session_id = members.id("/internalCorrelation/sessionId", &joined.session_id);
        let id = members.id("/id", &record.id).ok_or(NoEvent::without_identity("/id"))?;
        event.original_id = Some(id.clone());
        members.finish(&mut event, record, &id, context);
        Ok(event)
    }
}

const WITHOUT_ACTION: NoEvent =
    NoEvent::Unusable { path: "/action/type", reason: "expected what was done, found nothing" };

const fn product(endpoint: &'static str) -> Product {
    Product::new("pingone", "Ping Identity", "PingOne", endpoint).with_namespace("pingone")
}

/// A failure wins, whichever says it, and only what both say is a success. The status is taken
/// over where the outcome says the same; one that contradicts the name stays to be seen.
fn outcome(members: &mut Members, name: NameSays, result: &ActivityResult) -> Outcome {
    let status = match result.status.as_deref() {
        Some(ResultStatus::Success) => Outcome::Success,
        Some(ResultStatus::Failure | ResultStatus::Failed) => Outcome::Failure,
        Some(ResultStatus::Other(_)) | None => Outcome::Unknown,
    };
    let outcome = match (name, status) {
        (NameSays::Failed, _) | (_, Outcome::Failure) => Outcome::Failure,
        (NameSays::Succeeded, Outcome::Success) => Outcome::Success,
        _ => Outcome::Unknown,
    };
    let is_covered = outcome == status && status != Outcome::Unknown;
    members.take("/result/status", is_covered.then_some(()));
    outcome
}

/// What known events have in `source`.
fn origin(source: Option<&Json>) -> Origin {
    let mut origin = Origin::default();
    let Some(Ok(source)) = source.map(Json::parse::<HashMap<String, Json>>) else { return origin };
    let text = |name| source.get(name).and_then(|value| value.parse::<String>().ok());
    if let Some(ip) = text("ipAddress").as_deref().map(IpText::from) {
        origin.ip = ip.addr();
        origin.port = ip.port();
    }
    origin.user_agent = text("userAgent").filter(|agent| !agent.is_empty());
    origin
}

/// What was tried or proved by kinds that are about one proof.
fn factor(kind: &str) -> Option<Factor> {
    let (family, _) = kind.split_once('.')?;
    let kind = match &*family.to_ascii_uppercase() {
        "PASSWORD" => FactorKind::Password,
        "ASSERTION" => FactorKind::Webauthn,
        // By an app, a text message or an e-mail: it is not said. A one-time code it is in any case.
        "OTP" => FactorKind::Otp,
        _ => return None,
    };
    Some(Factor::new(kind, family.to_owned()))
}

fn protocol(kind: &str) -> Option<Protocol> {
    if begins_with(kind, "USER.KERBEROS_") {
        return Some(Protocol::Kerberos);
    }
    begins_with(kind, "RADIUS_SESSION.").then_some(Protocol::Radius)
}
