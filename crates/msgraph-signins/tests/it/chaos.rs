//! Whatever goes wrong, a pager gives what the tenant holds, or says that it does not.

use std::time::Duration as Span;

use msgraph_signins::{Client, Limits, Result, RetryPolicy, SignInEventType};
use signin_contract::chaos::{self, Again, Dice, Network, Repeats, World};
use signin_sim::msgraph::{self, Kind, Version};
use signin_sim::{Local, oauth};
use time::Duration;

const HOUR: Span = Span::from_secs(3600);
const ALL: [Kind; 4] = [
    Kind::InteractiveUser,
    Kind::NonInteractiveUser,
    Kind::ServicePrincipal,
    Kind::ManagedIdentity,
];

/// A client that keeps the documented limits, or none.
fn client(
    service: &msgraph::Service,
    network: Network,
    (attempts, limited): (u32, bool),
) -> Result<Client> {
    let at_once = RetryPolicy::default().attempts(attempts).delays(Span::ZERO, Span::ZERO);
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = Client::builder(service.tenants().next().unwrap()).base_url(service.base_url());
    let builder = builder.auth_url(service.base_url()).client_secret(id, secret);
    let builder = if limited { builder } else { builder.limits(Limits::none()) };
    builder.retry(at_once).transport(network).build()
}

fn world(dice: &mut Dice) -> World {
    let (kind, limited) = (dice.below(4), dice.percent(30));
    let windows = kind > 1;
    // A request that is tried five times may need more than two uses of a token. Where links die by
    // any other request, nobody reads a window to its end whose pages outlast a token.
    let uses = dice.pick(if windows { &[60, 1_000] } else { &[2, 10, 1_000] });
    let oauth = oauth::Settings::default()
        .errors(oauth::Errors::Entra)
        .scope("https://graph.microsoft.com/.default")
        .uses(uses);
    let mut settings = msgraph::Settings::default()
        .oauth(oauth)
        .events(dice.below(60))
        .days(1)
        .short_pages(dice.percent(40))
        .repeated_rows(dice.percent(30))
        .revisions(dice.pick(&[0, 0, 3, 7]));
    if !limited {
        settings = settings.per_tenant(u32::MAX).per_app(u32::MAX);
    }
    if dice.percent(60) {
        settings = settings.arrivals(1 + dice.below(5), 1 + dice.below(4));
        settings = settings.expiring(dice.pick(&[Span::ZERO, HOUR / 2, HOUR]));
        settings = settings.changing(dice.percent(50)).waves(dice.below(25));
    }
    let short = windows && dice.percent(20);
    if short {
        settings = settings.retention(0);
    }
    if windows {
        settings = settings.most_rows(dice.pick(&[20, 30, 1_000]));
        settings = settings.skip_token_life(dice.pick(&[1, 1, 4, 1_000]));
    }
    let (top, ahead) = (dice.pick(&[1, 3, 10, 1_000]), dice.pick(&[0, 0, 1]));
    let (attempts, concurrency) = (dice.pick(&[1, 2, 5]), 1 + dice.below(3));
    let length = dice.pick(&[HOUR / 4, HOUR, HOUR * 6, HOUR * 24]);
    let longest = length * 2;
    let mortal = dice.percent(40);
    let about =
        format!("{mortal} {kind} {top} {ahead} {attempts} {concurrency} {length:?} {settings:?}");
    let local = Local::msgraph(dice.below(1 << 40), settings);
    // To after the first sign-ins: some that arrive are among what is asked for.
    let end = local.service().now() - Duration::minutes(14);
    let range = end - Duration::hours(20)..end;
    let asked = range.clone();
    let open = move |service: &msgraph::Service, network: Network| {
        let client = client(service, network, (attempts, limited))?;
        let list = client.sign_ins().top(top);
        Ok(match kind {
            0 => chaos::items(list.items().fetch_ahead(ahead)),
            1 => chaos::pages(list.pages().fetch_ahead(ahead)),
            _ => {
                let list = list.event_types(SignInEventType::ALL);
                let pager = list.window(asked.start, asked.end).length(length);
                let pager = pager.longest(longest).fetch_ahead(ahead);
                chaos::windows(pager.concurrency(usize::try_from(concurrency).unwrap()))
            }
        })
    };
    let truth = move |service: &msgraph::Service| {
        let tenant = service.tenants().next().unwrap();
        let (from, to) = (Some(range.start), Some(range.end));
        if windows {
            let rows = service.sign_ins(&tenant, &ALL, from, to);
            rows.map(|row| row.to_json(Version::Beta)).collect()
        } else {
            let rows = service.sign_ins(&tenant, &ALL[..1], None, None);
            rows.map(|row| row.to_json(Version::V1)).collect()
        }
    };
    let repeats = match windows {
        true => Repeats::Within(longest, "createdDateTime"),
        false => Repeats::Never,
    };
    let dying = local.service().clone();
    let world = World::new(about, &local, open, truth).repeats(repeats).steady(!short);
    if !mortal {
        return world;
    }
    let span = if windows { longest } else { Span::from_secs(60) };
    let again = Again::Within(span, "createdDateTime");
    world.dying(move || dying.refuse_continuations(), again)
}

#[test]
fn p3_whatever_goes_wrong_a_walk_gives_everything_or_says_that_it_does_not() {
    chaos::check("msgraph-signins", world);
}
