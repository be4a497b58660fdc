//! Sign-ins in the shape that all products share.
//!
//! ```
//! use msgraph_signins::event::{Context, Outcome};
//! use msgraph_signins::{Record, SignIn};
//!
//! let record = Record::<SignIn>::from_json(
//!     r#"{"id":"66ea54eb-6301-4ee5-be62-ff5a759b0100","createdDateTime":"2026-01-02T03:04:05Z",
//!         "userPrincipalName":"ada@example.com","ipAddress":"192.0.2.1:50123",
//!         "status":{"errorCode":50074,"failureReason":"Strong Authentication is required."}}"#,
//! );
//! let record = record.map_err(|rejected| rejected.mismatch().to_string())?;
//! let mut context = Context::default();
//! context.tenant = Some("contoso.onmicrosoft.com".to_owned());
//! let event = record.to_event(&context)?;
//! assert_eq!(event.outcome, Outcome::Interrupted);
//! assert_eq!(event.code.as_deref(), Some("50074"));
//! assert_eq!(event.principal.name.as_deref(), Some("ada@example.com"));
//! assert_eq!(event.origin.port, Some(50123));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod factors;
mod mfa;
mod origin;
mod outcome;
mod policies;
mod principal;
mod protocol;
mod risk;

pub use outcome::INTERRUPTS;
pub use signin_core::event::{
    Activity, AutonomousSystem, Context, Coordinates, Device, Ecs, Factor, FactorKind, Location,
    Members, Named, NoEvent, Ocsf, Origin, Outcome, Policy, Principal, PrincipalKind, Product,
    Protocol, Risk, RiskLevel, SignIn, SignInCounts, ToEvent, country, event_id, revision,
    says_nothing,
};

use crate::Record;

const PRODUCT: Product = Product::new("msgraph", "Microsoft", "Entra ID", "sign_ins")
    .with_log("auditLogs/signIns")
    .with_namespace("entra");

/// A sign-in of any kind, of v1.0 or beta. [`Context::tenant`] is the tenant that was asked.
///
/// Who signed in is the user or the service principal, by `signInEventTypes` where it says the
/// kind, else by who is named, a user first. Where the service found no user, it is what was typed
/// (`signInIdentifier`), so that attempts by names that no user has are events too. A row of a
/// service principal or managed identity that names no more than its application is that
/// application's; a user's row never is.
///
/// What the event only draws upon stays in [`SignIn::unmapped`] as well: the protocol and its
/// grants (`deviceCode` among them), both levels of risk, the steps of the authentication, the
/// policies with their controls, the kinds of agent and user.
impl ToEvent for crate::SignIn {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let mut members = Members::default();
        let mut event = SignIn::default();
        event.product = PRODUCT;
        event.tenant = Some(Context::required("tenant", &context.tenant)?.to_owned());
        members.time("/createdDateTime", &record.created_date_time, &mut event)?;
        event.principal = principal::of(record, &mut members)?;
        event.origin = origin::of(record, &mut members);
        event.application = Named::of(
            members.id("/appId", &record.app_id),
            members.text("/appDisplayName", &record.app_display_name),
        );
        event.resource = Named::of(
            members.id("/resourceId", &record.resource_id),
            members.text("/resourceDisplayName", &record.resource_display_name),
        );
        event.protocol = protocol::of(record);
        event.kinds = kinds(record, &mut members);
        if let Some(status) = &record.status {
            outcome::fill(status, &mut members, &mut event);
        }
        event.factors = factors::of(record);
        event.mfa = mfa::of(record, event.outcome);
        event.risk = risk::of(record);
        event.policies = policies::of(record);
        event.session_id = members.id("/sessionId", &record.session_id);
        event.correlation_id = members.id("/correlationId", &record.correlation_id);
        let id = members.id("/id", &record.id);
        let id = id.ok_or(NoEvent::without_identity("/id"))?;
        event.original_id = Some(id.clone());
        members.finish(&mut event, record, &id, context);
        Ok(event)
    }
}

/// The kinds by the vendor's words. A word that says nothing is none, and stays with the others.
fn kinds(record: &crate::SignIn, members: &mut Members) -> Vec<String> {
    let named = record.sign_in_event_types.iter().filter(|kind| !kind.is_empty());
    let kinds: Vec<_> = named.clone().filter(|kind| !says_nothing(kind)).cloned().collect();
    let is_all = !kinds.is_empty() && kinds.len() == named.count();
    members.take("/signInEventTypes", is_all.then_some(()));
    kinds
}
