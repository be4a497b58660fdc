//! `signin demo`: a simulated tenant, read like a real one.

use std::io;
use std::time::Duration;

use signin_sim::{Simulator, tines::Settings};
use tines_admin::{Client, Limits};

use crate::args::Demo;
use crate::collect::{List, Run, Stop};
use crate::tines;

/// What is read: vendor and endpoint.
pub(crate) const SOURCE: (&str, &str) = (tines::VENDOR, tines::ENDPOINT);

/// What to do after a complete demo, with the program called as it was called.
pub(crate) fn next(program: &str) -> [String; 3] {
    [
        format!("the records as NDJSON: {program} demo --format raw | head"),
        format!("more, into a file: {program} demo --events 100000 --per-page 500 > all.ndjson"),
        format!(
            "a real tenant: set TINES_BASE_URL and TINES_API_KEY, then {program} fetch tines \
             --since 24h"
        ),
    ]
}

/// Reads every user's sign-ins.
pub(crate) async fn run(args: &Demo, run: &mut Run<'_>) -> Result<(), Stop> {
    let simulator = simulator(args).await.map_err(Stop::Internal)?;
    let Some(tenant) = simulator.tines() else {
        return Err(Stop::Internal(io::Error::other("the simulator has no Tines tenant")));
    };
    let client = Client::builder(tenant.base_url())
        .token(tenant.api_key())
        .limits(Limits::none())
        .build()
        .map_err(Stop::Client)?;
    for user_id in tenant.user_ids() {
        let source = tines::source(tenant.base_url(), &user_id.to_string());
        let items = client.signin_activities(user_id).per_page(args.per_page).items();
        run.collect(&mut List { source, items, cells: tines::cells }).await?;
    }
    simulator.stop().await;
    Ok(())
}

/// A tenant without limits of requests a minute: a demo of many pages would wait for hours.
async fn simulator(args: &Demo) -> io::Result<Simulator> {
    let settings = Settings::default()
        .users(args.users)
        .events(args.events)
        .per_minute(u32::MAX)
        .per_minute_general(u32::MAX)
        .rate_window(Duration::ZERO);
    Simulator::builder().seed(args.seed).tines(settings).start().await
}
