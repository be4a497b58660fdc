//! Whatever goes wrong, a pager gives what the tenant holds, or says that it does not.

use std::time::Duration;

use signin_contract::chaos::{self, Asked, Dice, Network, Pager, World};
use signin_sim::{Local, tines};
use tines_admin::{Client, Limits, Result, RetryPolicy, TenantSignIns, Way};

const HOUR: Duration = Duration::from_secs(3600);

fn client(tenant: &tines::Service, network: Network, attempts: u32) -> Result<Client> {
    let at_once = RetryPolicy::default().attempts(attempts).delays(Duration::ZERO, Duration::ZERO);
    let builder = Client::builder(tenant.base_url()).token(tenant.api_key()).transport(network);
    builder.limits(Limits::none()).retry(at_once).build()
}

pub(crate) fn tenant(pager: TenantSignIns) -> Box<dyn Pager> {
    Box::new(Asked {
        pager,
        next: |pager| {
            Box::pin(async { Ok(chaos::one(pager.try_next().await?.map(|row| row.raw().into()))) })
        },
        checkpoint: TenantSignIns::checkpoint,
        report: TenantSignIns::report,
        resume: TenantSignIns::resume,
    })
}

fn world(dice: &mut Dice) -> World {
    let users = 1 + dice.below(4);
    let mut settings = tines::Settings::default()
        .users(users)
        .deleted_users(dice.below(users))
        .events(dice.below(60))
        .days(2)
        .per_minute(u32::MAX)
        .per_minute_audit_logs(u32::MAX)
        .per_minute_general(u32::MAX)
        .legacy_meta(dice.percent(30))
        .next_page_text_null(dice.percent(30))
        .short_pages(dice.percent(40));
    let (skewed, skew) = (dice.percent(20), dice.pick(&[-30, -1, 1, 30]));
    let (arriving, going) = (dice.percent(60), dice.below(4));
    let some_go = if arriving { going == 1 || going == 2 } else { going > 1 };
    // Where sign-ins go, a count that lies and is too low hides that: nothing else tells it.
    let skewed = skewed && (skew > 0 || !some_go);
    if skewed {
        settings = settings.count_skew(skew);
    }
    // Sign-ins vanish only while nobody reads.
    let pausing = !arriving && going > 1;
    if pausing {
        settings = settings.short_pages(false).vanishing(true).arrivals(u64::MAX, 1).waves(16);
    }
    if arriving {
        settings = settings.arrivals(1 + dice.below(4), 1 + dice.below(5));
        let waves = if going == 2 { 64 } else { dice.below(25) };
        settings = settings.changing(dice.percent(50)).waves(waves);
        settings = settings.expiring(if going == 1 { HOUR } else { Duration::ZERO });
        settings = settings.vanishing(going == 2);
    }
    let (per_page, ahead) = (dice.pick(&[1_usize, 3, 10, 500]), dice.pick(&[0, 1, 3, 8]));
    let (attempts, kind) = (dice.pick(&[1, 2, 5]), dice.below(4));
    let is_slow = dice.percent(50);
    let about = format!("{kind} {per_page} {ahead} {attempts} {settings:?}");
    let local = Local::tines(dice.below(1 << 40), settings);
    let user = local.service().user_ids().last();
    let user = user.or_else(|| local.service().deleted_user_ids().last()).unwrap_or_default();
    let open = move |service: &tines::Service, network: Network| {
        let client = client(service, network, attempts)?;
        let list = client.signin_activities(user).per_page(per_page.try_into().unwrap());
        let all = client.all_sign_ins().per_page(per_page.try_into().unwrap()).fetch_ahead(ahead);
        Ok(match kind {
            0 => chaos::items(list.items().fetch_ahead(ahead)),
            1 => chaos::pages(list.pages().fetch_ahead(ahead)),
            2 => tenant(all.way(Way::AuditLog).items()),
            _ => tenant(all.way(Way::Users).concurrency(2).items()),
        })
    };
    let truth = move |service: &tines::Service| {
        let of_user = |user| {
            let rows = service.sign_ins(user, None, None);
            rows.filter(|row| !service.has_vanished(row)).map(|row| row.to_json())
        };
        match kind {
            0 | 1 => of_user(user).collect(),
            2 => service.logins(None, None).map(|row| row.to_json()).collect(),
            _ => service.user_ids().flat_map(of_user).collect(),
        }
    };
    // From the audit log nothing vanishes.
    let vanishing = pausing || arriving && going == 2;
    let goes = arriving && going == 1 || vanishing && kind != 2;
    let world = World::new(about, &local, open, truth).steady(!skewed && !goes).slow(is_slow);
    let service = local.service().clone();
    if pausing { world.pause(move || service.pass(8), per_page) } else { world }
}

#[test]
fn p3_whatever_goes_wrong_a_walk_gives_everything_or_says_that_it_does_not() {
    chaos::check("tines-admin", world);
}
