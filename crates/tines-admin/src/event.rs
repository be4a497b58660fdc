//! Sign-ins in the shape that all products share.

pub use signin_core::event::{
    Activity, AutonomousSystem, Context, Coordinates, Device, Ecs, Factor, FactorKind, Location,
    Members, Named, NoEvent, Ocsf, Origin, Outcome, Policy, Principal, PrincipalKind, Product,
    Protocol, Risk, RiskLevel, SignIn, SignInCounts, ToEvent, country, event_id, revision,
    says_nothing,
};

use crate::{AuditLog, Id, Record, SigninActivity};

/// The operation of the audit log that is a sign-in.
const LOGIN: &str = "Login";

/// A sign-in activity. The list seems to hold successful ones only, so the outcome is Success.
/// [`Context::tenant`] is the tenant's host; [`Context::user`] is the user whose list it is, for
/// records that do not say it.
impl ToEvent for SigninActivity {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let mut members = Members::default();
        let mut event = begin("signin_activities", context)?;
        members.time("/created_at", &record.created_at, &mut event)?;
        let asked = || Context::told(&context.user).map(str::to_owned);
        event.principal.id = members.text("/user_id", &record.user_id).or_else(asked);
        if !event.principal.is_known() {
            return Err(NoEvent::without_principal("/user_id"));
        }
        members.ip("/ip", &record.ip, &mut event.origin);
        event.origin.user_agent = members.text("/user_agent", &record.user_agent);
        finish(members, event, record, &record.id, context)
    }
}

/// A row `Login` of the audit log; any other one is [`NoEvent::NotASignIn`].
impl ToEvent for AuditLog {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let mut members = Members::default();
        let operation = members.text("/operation_name", &record.operation_name);
        if !operation.is_some_and(|operation| operation.eq_ignore_ascii_case(LOGIN)) {
            return Err(NoEvent::NotASignIn);
        }
        let mut event = begin("audit_logs", context)?;
        members.time("/created_at", &record.created_at, &mut event)?;
        let who = &mut event.principal;
        who.id = members.text("/user_id", &record.user_id);
        who.set_name(members.text("/user_email", &record.user_email));
        who.full_name = members.text("/user_name", &record.user_name);
        if !who.is_known() {
            return Err(NoEvent::without_principal("/user_id"));
        }
        members.ip("/request_ip", &record.request_ip, &mut event.origin);
        event.origin.user_agent = members.text("/request_user_agent", &record.request_user_agent);
        finish(members, event, record, &record.id, context)
    }
}

/// What both lists' records share.
fn begin(endpoint: &'static str, context: &Context) -> Result<SignIn, NoEvent> {
    let missing = NoEvent::MissingContext { field: "tenant" };
    let tenant = context.tenant.as_deref().map(host).filter(|host| !host.is_empty());
    let host = tenant.ok_or(missing)?.to_owned();
    let mut event = SignIn::default();
    event.product = Product::new("tines", "Tines", "Tines", endpoint).with_namespace("tines");
    event.application = Named::of(Some(host.clone()), Some("Tines".to_owned()));
    event.tenant = Some(host);
    event.principal.kind = PrincipalKind::User;
    event.outcome = Outcome::Success;
    Ok(event)
}

/// The host of a tenant that is given by its URL.
fn host(tenant: &str) -> &str {
    let host = tenant.split_once("://").map_or(tenant, |(_, host)| host);
    host.split_once('/').map_or(host, |(host, _)| host)
}

fn finish<T: signin_core::FromJson>(
    mut members: Members,
    mut event: SignIn,
    record: &Record<T>,
    id: &Option<Id>,
    context: &Context,
) -> Result<SignIn, NoEvent> {
    let id = members.text("/id", id).ok_or(NoEvent::without_identity("/id"))?;
    event.original_id = Some(id.clone());
    members.finish(&mut event, record, &id, context);
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_its_host_however_it_was_told() {
        for told in ["acme.tines.com", "https://acme.tines.com", "https://acme.tines.com/api/v1"] {
            assert_eq!(host(told), "acme.tines.com");
        }
        assert_eq!(host("http://127.0.0.1:8080"), "127.0.0.1:8080");
    }
}
