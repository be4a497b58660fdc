//! Sign-ins in the shape that all products share.

pub use signin_core::event::*;

#[cfg(feature = "client")]
use crate::ManagedTenant;
use crate::Record;

/// A sign-in of a customer's tenant. [`Context::tenant`] is the tenant's id, which is a part of the
/// event's; [`Context::customer`] may be the customer's. The API tells no outcome, so it is
/// [`Outcome::Unknown`]. `isRisk` is [`RiskLevel::Risky`] if it is true; if it is false there is no
/// risk in the event, since that a sign-in does not count as risky does not say that it was looked
/// at.
impl ToEvent for crate::SignIn {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let mut members = Members::default();
        let mut event = SignIn::default();
        event.product = Product::new("avepoint", "AvePoint", "AvePoint Elements", "sign_ins");
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

#[cfg(feature = "client")]
impl ManagedTenant {
    /// What the tenant's sign-ins do not say of themselves: which tenant and customer they are of.
    ///
    /// ```no_run
    /// # async fn example(client: avepoint_graph::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut sign_ins = client.all_sign_ins().items();
    /// while let Some(next) = sign_ins.try_next().await? {
    ///     let event = next.record.to_event(&next.owner.context())?;
    ///     println!("{} {:?} {:?}", event.id, event.principal.name, event.risk);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn context(&self) -> Context {
        let mut context = Context::default();
        context.tenant = Some(self.tenant_id.to_string());
        context.customer = Some(self.customer_id.to_string());
        context
    }
}
