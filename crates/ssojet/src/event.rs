//! Sign-ins in the shape that all products share.

pub use signin_core::event::{
    Activity, AutonomousSystem, Context, Coordinates, Device, Ecs, Factor, FactorKind, Location,
    Members, Named, NoEvent, Ocsf, Origin, Outcome, Policy, Principal, PrincipalKind, Product,
    Protocol, Risk, RiskLevel, SignIn, SignInCounts, ToEvent, country, event_id, revision,
    says_nothing,
};

use crate::{Identities, LoginLog, Record};

/// The event of the newer body's sign-ins. The body of 2024 holds nothing else, and does not say it.
const LOGIN: &str = "login";

/// A login log; one of another event than `login` is [`NoEvent::NotASignIn`]. It says neither whose
/// it is nor what distinguishes it from others: [`Context::client_id`], [`Context::user`] and
/// [`Context::identity`] do, all three of which [`Identities::context`] gives. The client id is the
/// event's tenant, too. The API says no outcome, so it is [`Outcome::Unknown`].
///
/// What the service writes where it knows nothing ([`LoginLog::city`] and the methods like it) is
/// absent from the event.
impl ToEvent for LoginLog {
    type Event = SignIn;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignIn, NoEvent> {
        let mut members = Members::default();
        let happened = members.take("/event", record.event());
        if happened.is_some_and(|event| !event.eq_ignore_ascii_case(LOGIN)) {
            return Err(NoEvent::NotASignIn);
        }
        let mut event = SignIn::default();
        event.product =
            Product::new("ssojet", "SSOJet", "SSOJet", "login_logs").with_namespace("ssojet");
        let client_id = Context::required("client_id", &context.client_id)?.to_owned();
        event.application = Named::of(Some(client_id.clone()), Some("SSOJet".to_owned()));
        event.tenant = Some(client_id);
        event.principal.kind = PrincipalKind::User;
        event.principal.id = Some(Context::required("user", &context.user)?.to_owned());
        // Before the identity: a record without a time has none, and this is why.
        members.time("/CreatedAt", &record.created_at, &mut event)?;
        let identity = Context::required("identity", &context.identity)?;

        let origin = &mut event.origin;
        members.ip("/IpAddress", &record.ip_address, origin);
        members.city("/City", record.city(), origin);
        members.country("/Country", record.country(), origin);
        let user_agent = record.user_agent().map(str::to_owned);
        origin.user_agent = members.take("/UserAgent", user_agent);
        members.finish(&mut event, record, identity, context);
        Ok(event)
    }
}

impl Identities {
    /// What this user's next record does not say of itself, its [identity](Self::of) included: name
    /// the records in the order of the list, each once.
    ///
    /// ```
    /// use ssojet::{Identities, decode_login_logs};
    ///
    /// let body = r#"{"login_logs":[{"IpAddress":"192.0.2.7","CreatedAt":"2026-01-02T03:04:05.6Z"}]}"#;
    /// let page = decode_login_logs(body.as_bytes())?;
    /// let mut identities = Identities::new("app-1");
    /// for log in page.items() {
    ///     let event = log.to_event(&identities.context("user-1", log))?;
    ///     assert_eq!(event.principal.id.as_deref(), Some("user-1"));
    ///     assert_eq!(event.tenant.as_deref(), Some("app-1"));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn context(&mut self, user_id: &str, log: &LoginLog) -> Context {
        let mut context = Context::default();
        context.identity = self.of(user_id, log);
        context.client_id = Some(self.client_id.clone());
        context.user = Some(user_id.to_owned());
        context
    }
}
