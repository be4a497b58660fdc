//! The simulated services of all products, with this many sign-ins each.

use std::error::Error;

use signin_bench_meter::Sum;
use signin_sim::msgraph::{Kind, Version};
use signin_sim::{Simulator, avepoint, msgraph, pingone, ssojet, tines};
use time::{Duration, OffsetDateTime};

/// Starts them, and says how each is read and what must be found. Dropping what it gives stops
/// them.
pub(crate) async fn start(events: u64) -> Result<Simulator, Box<dyn Error>> {
    const ANY: u32 = 1_000_000_000;
    let sim = Simulator::builder()
        .seed(1)
        .tines(tines::Settings::default().users(1).events(events).per_minute(ANY))
        .avepoint(avepoint::Settings::default().customers(1).events(events))
        .ssojet(
            ssojet::Settings::default().body(ssojet::Body::Newer).events(events).per_minute(ANY),
        )
        .pingone(pingone::Settings::default().events(events).per_second(ANY).per_minute(ANY))
        // As many users as the prepared pages have, and records as long.
        .msgraph(
            msgraph::Settings::default()
                .full(true)
                .users(5_000)
                .events(events)
                .per_tenant(ANY)
                .per_app(ANY),
        )
        .start()
        .await?;
    if let Some(tines) = sim.tines() {
        let user = tines.user_ids().next().unwrap_or_default();
        let found = Found::of(tines.sign_ins(user, None, None).map(|row| row.to_json()));
        found.tell("tines", tines.base_url(), tines.api_key(), &user.to_string());
    }
    if let Some(elements) = sim.avepoint() {
        let tenants = elements.customers().iter().flat_map(|customer| {
            customer.tenants.iter().map(|tenant| (customer.id.clone(), tenant.id.clone()))
        });
        let rows = tenants.flat_map(|(customer, tenant)| elements.sign_ins(&customer, &tenant));
        let found = Found::of(rows.map(|row| row.to_json()));
        found.tell("avepoint", elements.base_url(), elements.token(), "-");
    }
    if let Some(ssojet) = sim.ssojet() {
        let rows = ssojet.user_ids().flat_map(|user| ssojet.sign_ins(&user));
        let found = Found::of(rows.map(|row| row.to_json(ssojet::Body::Newer)));
        found.tell("ssojet", ssojet.base_url(), ssojet.token(), ssojet.client_id());
    }
    if let Some(pingone) = sim.pingone() {
        // All are of the ten days before the newest.
        let (from, to) = (whole(pingone.now()) - Duration::days(11), whole(pingone.now()));
        let found = Found::of(pingone.events(from..to).map(|row| row.to_json()));
        let range = format!(
            "{},{},{}",
            pingone.environment_id(),
            from.unix_timestamp(),
            to.unix_timestamp()
        );
        found.tell("pingone", pingone.base_url(), pingone.access_token(), &range);
    }
    if let Some(graph) = sim.msgraph() {
        const ALL: [Kind; 4] = [
            Kind::InteractiveUser,
            Kind::NonInteractiveUser,
            Kind::ServicePrincipal,
            Kind::ManagedIdentity,
        ];
        let tenant = graph.tenants().next().unwrap_or_default();
        // All are of the week before the newest.
        let (from, to) = (whole(graph.now()) - Duration::days(8), whole(graph.now()));
        let rows = graph.sign_ins(&tenant, &ALL, None, None);
        let found = Found::of(rows.map(|row| row.to_json(Version::Beta)));
        let range = format!("{tenant},{},{}", from.unix_timestamp(), to.unix_timestamp());
        let token = graph.token(&tenant).unwrap_or_default();
        found.tell("msgraph", graph.base_url(), &token, &range);
    }
    Ok(sim)
}

/// What a service holds.
struct Found {
    events: u64,
    raw_sum: u64,
}

impl Found {
    fn of(records: impl Iterator<Item = String>) -> Self {
        records.fold(Self { events: 0, raw_sum: 0 }, |found, record| {
            let mut sum = Sum::default();
            sum.raw(&record);
            let raw_sum = found.raw_sum.wrapping_add(sum.get());
            Self { events: found.events + 1, raw_sum }
        })
    }

    fn tell(&self, vendor: &str, base_url: &str, token: &str, further: &str) {
        let Self { events, raw_sum } = self;
        println!(
            "vendor={vendor} base_url={base_url} token={token} further={further} events={events} sum={raw_sum}"
        );
    }
}

/// The next whole second.
fn whole(at: OffsetDateTime) -> OffsetDateTime {
    at.truncate_to_second() + Duration::SECOND
}
