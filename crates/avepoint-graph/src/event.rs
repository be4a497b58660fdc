//! Sign-ins in the shape that all products share.

pub use signin_core::event::{
    Activity, AutonomousSystem, Context, Coordinates, Device, Ecs, Factor, FactorKind, Location,
    Members, Named, NoEvent, Ocsf, Origin, Outcome, Policy, Principal, PrincipalKind, Product,
    Protocol, Risk, RiskLevel, SignIn, SignInCounts, ToEvent, country, event_id, revision,
    says_nothing,
};

use crate::Record;

/// A sign-in of a customer's tenant. [`Context::tenant`] is the tenant's id, which is a part of the
/// event's; [`Context::customer`] may be the customer's. The API says no outcome, so it is
/// [`Outcome::Unknown`]. `isRisk` is [`RiskLevel::Risky`] if it is true; if it is false there is no
/// risk in the event, since that a sign-in does not count as risky does not say that it was looked
/// at.
impl ToEvent for crate::SignIn {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let mut members = Members::default();
        let mut event = SignIn::default();
        event.product = Product::new("avepoint", "AvePoint", "AvePoint Elements", "sign_ins")
            .with_namespace("avepoint");
        let tenant = Context::required("tenant", &context.tenant)?.to_owned();
        event.application = Named::of(Some(tenant.clone()), Some("Microsoft 365".to_owned()));
        event.tenant = Some(tenant);
        members.time("/loginTime", &record.login_time, &mut event)?;

        let who = &mut event.principal;
        who.kind = PrincipalKind::User;
        who.id = members.id("/userId", &record.user_id);
        who.set_name(members.text("/userPrincipalName", &record.user_principal_name));
        who.full_name = members.text("/userDisplayName", &record.user_display_name);
        if !who.is_known() {
            return Err(NoEvent::without_principal("/userId"));
        }

        let origin = &mut event.origin;
        members.ip("/ip", &record.ip, origin);
        members.city("/city", record.city.as_deref(), origin);
        members.country("/country", record.country.as_deref(), origin);
        members.coordinates(["/lat", "/lon"], [record.lat, record.lon], origin);

        if members.take("/isRisk", record.is_risk.filter(|is_risk| *is_risk)).is_some() {
            let mut risk = Risk::default();
            risk.level = RiskLevel::Risky;
            event.risk = Some(risk);
        }
        let id = members.id("/id", &record.id).ok_or(NoEvent::without_identity("/id"))?;
        event.original_id = Some(id.clone());
        members.finish(&mut event, record, &id, context);
        Ok(event)
    }
}
