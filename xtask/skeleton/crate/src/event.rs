//! Sign-ins in the shape that all products share.

pub use signin_core::event::{
    Activity, AutonomousSystem, Context, Coordinates, Device, Ecs, Factor, FactorKind, Location,
    Members, Named, NoEvent, Ocsf, Origin, Outcome, Policy, Principal, PrincipalKind, Product,
    Protocol, Risk, RiskLevel, SignIn, SignInCounts, ToEvent, country, event_id, revision,
    says_nothing,
};

use crate::Record;

/// A sign-in. [`Context::tenant`] is the account that it is of, which is a part of the event's id.
impl ToEvent for crate::SignIn {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let mut members = Members::default();
        let mut event = SignIn::default();
        event.product = Product::new("newvendor", "NewVendor", "NewVendor", "sign_ins").with_namespace("newvendor");
        event.tenant = Some(Context::required("tenant", &context.tenant)?.to_owned());
        members.time("/time", &record.time, &mut event)?;

        let who = &mut event.principal;
        who.kind = PrincipalKind::User;
        who.id = members.id("/userId", &record.user_id);
        who.set_name(members.text("/userName", &record.user_name));
        if !who.is_known() {
            return Err(NoEvent::without_principal("/userId"));
        }

        members.ip("/ip", &record.ip, &mut event.origin);
        members.country("/country", record.country.as_deref(), &mut event.origin);
        event.outcome = match members.take("/succeeded", record.succeeded) {
            Some(true) => Outcome::Success,
            Some(false) => Outcome::Failure,
            None => Outcome::Unknown,
        };
        let id = members.id("/id", &record.id).ok_or(NoEvent::without_identity("/id"))?;
        event.original_id = Some(id.clone());
        members.finish(&mut event, record, &id, context);
        Ok(event)
    }
}
