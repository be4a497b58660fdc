//! Whatever goes wrong, a pager gives what the tenants hold, or says that it does not.

use std::time::Duration;

use avepoint_graph::{Client, Environment, Limits, Result, RetryPolicy};
use signin_contract::chaos::{self, Dice, Network, Repeats, World, member};
use signin_sim::{Local, avepoint, oauth};

const DAY: Duration = Duration::from_secs(86_400);

fn client(service: &avepoint::Service, network: Network, attempts: u32) -> Result<Client> {
    let at_once = RetryPolicy::default().attempts(attempts).delays(Duration::ZERO, Duration::ZERO);
    let builder = Client::builder(Environment::Commercial).base_url(service.base_url());
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = builder.auth_url(service.base_url()).client_secret(id, secret);
    builder.limits(Limits::none()).retry(at_once).transport(network).build()
}

/// Every tenant that the app may see, with its customer.
fn tenants(service: &avepoint::Service) -> Vec<(String, String)> {
    let customers = service.customers().iter().filter(|customer| customer.in_scope);
    let tenants = customers.flat_map(|customer| {
        customer.tenants.iter().map(|tenant| (customer.id.clone(), tenant.id.clone()))
    });
    tenants.collect()
}

fn world(dice: &mut Dice) -> World {
    let forms = [avepoint::TimeForm::Ticks, avepoint::TimeForm::Mixed];
    let oauth = oauth::Settings::default().uses(dice.pick(&[2, 10, 1_000]));
    let mut settings = avepoint::Settings::default()
        .customers(1 + dice.below(3))
        .events(dice.below(60))
        .oauth(oauth)
        .time_form(dice.pick(&forms));
    let (page_size, ahead) = (dice.pick(&[1, 3, 10, 100]), dice.pick(&[0, 0, 1, 3]));
    let restless = dice.percent(60);
    if restless {
        if dice.percent(50) {
            settings = settings.arrivals(1 + dice.below(9), 1 + dice.below(4));
            settings = settings.expiring(dice.pick(&[Duration::ZERO, DAY]));
            settings = settings.changing(dice.percent(50)).waves(dice.below(25));
        }
        settings = settings.reorder_every(dice.pick(&[0, 0, 1, 5, 20]));
        // A service that leaves rows out and does not count them is believed.
        let skew = dice.pick(&[0, 0, 0, -3, 3]);
        let ties = dice.percent(20);
        settings = settings.total_skew(if ties { 0 } else { skew }).ties(ties);
    }
    let (attempts, kind) = (dice.pick(&[1, 2, 5]), dice.below(3));
    let about = format!("{kind} {page_size} {ahead} {attempts} {settings:?}");
    let local = Local::avepoint(dice.below(1 << 40), settings);
    let (customer, tenant) = tenants(local.service())[0].clone();
    let ids = (customer.clone(), tenant.clone());
    let open = move |service: &avepoint::Service, network: Network| {
        let client = client(service, network, attempts)?;
        let list = client.sign_ins(ids.0.clone(), ids.1.clone()).page_size(page_size);
        let all = client.all_sign_ins().page_size(page_size).concurrency(2).fetch_ahead(ahead);
        Ok(match kind {
            0 => chaos::items(list.items().fetch_ahead(ahead)),
            1 => chaos::pages(list.pages().fetch_ahead(ahead)),
            _ => chaos::fan_out(all.items()),
        })
    };
    let truth = move |service: &avepoint::Service| {
        let asked = match kind {
            0 | 1 => vec![(customer.clone(), tenant.clone())],
            _ => tenants(service),
        };
        let rows = |(customer, tenant): &(String, String)| service.sign_ins(customer, tenant);
        asked.iter().flat_map(rows).map(|row| row.to_json()).collect()
    };
    let service = local.service().clone();
    let source = move |row: &str| {
        let id = member(row, "id");
        let mut tenants = tenants(&service).into_iter();
        let has_it = |(customer, tenant): &(String, String)| {
            service.sign_ins(customer, tenant).any(|row| row.id == id)
        };
        tenants.find(has_it).map_or(String::new(), |(_, tenant)| tenant)
    };
    let world = World::new(about, &local, open, truth).source(source);
    world.repeats(Repeats::List).steady(!restless)
}

#[test]
fn p3_whatever_goes_wrong_a_walk_gives_everything_or_says_that_it_does_not() {
    chaos::check("avepoint-graph", world);
}
