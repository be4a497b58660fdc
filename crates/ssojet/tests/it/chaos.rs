//! Whatever goes wrong, a pager gives what the application holds, or says that it does not.

use std::time::Duration;

use signin_contract::chaos::{self, Again, Dice, Network, Repeats, World, member};
use signin_sim::ssojet::{Body, LastCursor, Service, Settings};
use signin_sim::{Local, oauth};
use ssojet::{Client, Limits, Result, RetryPolicy};

const DAY: Duration = Duration::from_secs(86_400);

fn client(service: &Service, network: Network, attempts: u32) -> Result<Client> {
    let at_once = RetryPolicy::default().attempts(attempts).delays(Duration::ZERO, Duration::ZERO);
    let builder = Client::builder(service.client_id()).base_url(service.base_url());
    let builder = builder.client_secret(service.oauth().client_secret());
    builder.limits(Limits::none()).retry(at_once).transport(network).build()
}

/// What tells a sign-in from others, in either body.
fn key(row: &str) -> String {
    ["CreatedAt", "IpAddress", "created_at", "ip_address"].map(|name| member(row, name)).join(" ")
}

fn world(dice: &mut Dice) -> World {
    let users = 1 + dice.below(4);
    let body = dice.pick(&[Body::Older, Body::Newer, Body::Newer]);
    let oauth = oauth::Settings::default()
        .encoding(oauth::Encoding::Json)
        .errors(oauth::Errors::Numbered)
        .scope("sys_owner")
        .uses(dice.pick(&[2, 10, 1_000]));
    let mut settings = Settings::default()
        .oauth(oauth)
        .users(users)
        .events(dice.below(80))
        .body(body)
        .last_cursor(dice.pick(&[LastCursor::Null, LastCursor::Empty, LastCursor::Absent]))
        .short_pages(dice.percent(40));
    if dice.percent(60) {
        settings = settings.arrivals(1 + dice.below(5), 1 + dice.below(4));
        settings = settings.expiring(dice.pick(&[Duration::ZERO, DAY, DAY * 5]));
        settings = settings.changing(dice.percent(50)).waves(dice.below(25));
    }
    let (limit, ahead) = (dice.pick(&[1, 3, 10, 100]), dice.pick(&[0, 0, 1, 3]));
    let (attempts, kind) = (dice.pick(&[1, 2, 5]), dice.below(3));
    let mortal = dice.percent(40);
    let about = format!("{mortal} {kind} {limit} {ahead} {attempts} {settings:?}");
    let local = Local::ssojet(dice.below(1 << 40), settings);
    let user = local.service().user_ids().last().unwrap();
    let of = user.clone();
    let open = move |service: &Service, network: Network| {
        let client = client(service, network, attempts)?;
        let list = client.login_logs(of.clone()).limit(limit);
        let all = client.all_sign_ins().limit(limit).concurrency(2).fetch_ahead(ahead);
        Ok(match kind {
            0 => chaos::items(list.items().fetch_ahead(ahead)),
            1 => chaos::pages(list.pages().fetch_ahead(ahead)),
            _ => chaos::fan_out(all.items()),
        })
    };
    let truth = move |service: &Service| {
        let asked = if kind < 2 { vec![user.clone()] } else { service.user_ids().collect() };
        let rows = asked.iter().flat_map(|user| service.sign_ins(user));
        rows.map(|row| row.to_json(body)).collect()
    };
    let page = u64::from(limit).max(if body == Body::Older { 10_000 } else { 0 });
    let dying = local.service().clone();
    let world = World::new(about, &local, open, truth).key(key).repeats(Repeats::SentAgain(page));
    if !mortal {
        return world;
    }
    world.dying(move || dying.refuse_continuations(), Again::List)
}

#[test]
fn p3_whatever_goes_wrong_a_walk_gives_everything_or_says_that_it_does_not() {
    chaos::check("ssojet", world);
}
