//! Whatever goes wrong, a pager gives what the environment holds, or says that it does not.

use std::time::Duration as Span;

use pingone::{AllSignIns, Client, Limits, Region, Result, RetryPolicy};
use signin_contract::chaos::{self, Again, Asked, Dice, Network, Pager, World};
use signin_sim::{Local, oauth, pingone as sim};
use time::Duration;

const DAY: Span = Span::from_secs(86_400);

/// Kinds of events that are no sign-ins.
const OTHERS: [&str; 3] = ["PASSWORD.RESET", "USER.UPDATED", "EXAMPLE.HAPPENED"];

fn client(service: &sim::Service, network: Network, attempts: u32) -> Result<Client> {
    let at_once = RetryPolicy::default().attempts(attempts).delays(Span::ZERO, Span::ZERO);
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = Client::builder(Region::Europe, service.environment_id());
    let builder = builder.base_url(service.base_url()).token_url(service.oauth().token_url());
    let builder = builder.client_secret(id, secret).limits(Limits::none());
    builder.retry(at_once).transport(network).build()
}

fn sign_ins(pager: AllSignIns) -> Box<dyn Pager> {
    Box::new(Asked {
        pager,
        next: |pager| {
            Box::pin(async { Ok(chaos::one(pager.try_next().await?.map(|row| row.raw().into()))) })
        },
        checkpoint: AllSignIns::checkpoint,
        report: |pager| pager.report().clone(),
        resume: AllSignIns::resume,
    })
}

fn world(dice: &mut Dice) -> World {
    let proof = oauth::Settings::default().proof(oauth::Proof::Basic);
    let mut settings = sim::Settings::default()
        .oauth(proof.uses(dice.pick(&[2, 10, 1_000])))
        .events(dice.below(60))
        .per_second(u32::MAX)
        .short_pages(dice.percent(40));
    if dice.percent(60) {
        settings = settings.arrivals(1 + dice.below(5), 1 + dice.below(4));
        settings = settings.expiring(dice.pick(&[Span::ZERO, DAY / 4, DAY]));
        settings = settings.changing(dice.percent(50)).waves(dice.below(25));
    }
    let (limit, ahead) = (dice.pick(&[1, 3, 10, 500]), dice.pick(&[0, 0, 1]));
    let (attempts, kind) = (dice.pick(&[1, 2, 5]), dice.below(3));
    let mortal = dice.percent(40);
    let about = format!("{mortal} {kind} {limit} {ahead} {attempts} {settings:?}");
    let local = Local::pingone(dice.below(1 << 40), settings);
    // To after the first events: some that arrive are among what is asked for.
    let end = local.service().now() + Duration::minutes(2);
    let range = end - Duration::days(9)..end;
    let asked = range.clone();
    let open = move |service: &sim::Service, network: Network| {
        let list =
            client(service, network, attempts)?.activities(asked.start, asked.end).limit(limit);
        Ok(match kind {
            0 => chaos::items(list.items().fetch_ahead(ahead)),
            1 => chaos::pages(list.pages().fetch_ahead(ahead)),
            _ => sign_ins(list.sign_ins().fetch_ahead(ahead)),
        })
    };
    let truth = move |service: &sim::Service| {
        let rows = service.events(range.clone());
        let rows = rows.filter(|row| kind < 2 || !OTHERS.contains(&row.action_type));
        rows.map(|row| row.to_json()).collect()
    };
    let dying = local.service().clone();
    let world = World::new(about, &local, open, truth);
    if !mortal {
        return world;
    }
    let margin = Again::Within(Span::from_secs(60), "recordedAt");
    world.dying(move || dying.refuse_continuations(), margin)
}

#[test]
fn p3_whatever_goes_wrong_a_walk_gives_everything_or_says_that_it_does_not() {
    chaos::check("pingone", world);
}
