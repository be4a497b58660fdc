//! Decoding one page of each vendor: from the bytes of an answer to typed records that keep
//! theirs. No client, no network.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use msgraph_signins::{Mismatch, Page};
use signin_sim::msgraph::{Kind, Version};
use signin_sim::{Local, avepoint, msgraph, pingone, ssojet, tines};
use time::Duration;

/// Records on a page.
const ROWS: usize = 500;

/// A page: these records within what is around them.
fn page(before: &str, rows: impl Iterator<Item = String>, after: &str) -> Vec<u8> {
    let rows: Vec<String> = rows.take(ROWS).collect();
    assert_eq!(rows.len(), ROWS);
    format!("{before}{}{after}", rows.join(",")).into_bytes()
}

fn measure<T>(
    criterion: &mut Criterion,
    name: &str,
    body: &[u8],
    decode: impl Fn(&[u8]) -> Result<Page<T>, Mismatch>,
) {
    let typed = decode(body).map(|page| page.items().count());
    assert_eq!(typed, Ok(ROWS), "{name}: every record is typed");
    let mut group = criterion.benchmark_group("pages");
    let (elements, bytes) = (ROWS as u64, body.len() as u64);
    group.throughput(Throughput::ElementsAndBytes { elements, bytes });
    group.bench_function(name, |bench| {
        bench.iter(|| decode(black_box(body)).expect("the page is good"));
    });
    group.finish();
}

fn pages(criterion: &mut Criterion) {
    let sim = Local::<tines::Service>::tines(1, tines::Settings::default().users(1));
    let user = sim.service().user_ids().next().unwrap_or_default();
    let rows = sim.service().sign_ins(user, None, None).map(|row| row.to_json());
    let body = page("{\"admin/login_activities\":[", rows, "],\"meta\":{\"count\":1000}}");
    measure(criterion, "tines", &body, tines_admin::decode_signin_activities);

    let settings = avepoint::Settings::default().customers(1).events(2_000);
    let sim = Local::<avepoint::Service>::avepoint(1, settings);
    let customer = &sim.service().customers()[0];
    let rows = customer
        .tenants
        .iter()
        .flat_map(|tenant| sim.service().sign_ins(&customer.id, &tenant.id))
        .map(|row| row.to_json());
    let body = page("{\"data\":[", rows, "],\"metadata\":{\"totalCount\":500}}");
    measure(criterion, "avepoint", &body, avepoint_graph::decode_sign_ins);

    let sim = Local::<ssojet::Service>::ssojet(1, ssojet::Settings::default().users(1));
    let user = sim.service().user_ids().next().unwrap_or_default();
    let rows = sim.service().sign_ins(&user).map(|row| row.to_json(ssojet::Body::Newer));
    let body = page("{\"login_logs\":[", rows, "]}");
    measure(criterion, "ssojet", &body, ::ssojet::decode_login_logs);

    let sim = Local::<pingone::Service>::pingone(1, pingone::Settings::default());
    let now = sim.service().now();
    let rows = sim.service().events(now - Duration::days(9)..now).map(|row| row.to_json());
    let body = page("{\"_embedded\":{\"activities\":[", rows, "]}}");
    measure(criterion, "pingone", &body, ::pingone::decode_activities);

    let settings = msgraph::Settings::default().full(true).events(2_000);
    let sim = Local::<msgraph::Service>::msgraph(1, settings);
    let tenant = sim.service().tenants().next().unwrap_or_default();
    for (name, version) in [("msgraph v1.0", Version::V1), ("msgraph beta", Version::Beta)] {
        let rows = sim.service().sign_ins(&tenant, &[Kind::InteractiveUser], None, None);
        let body = page("{\"value\":[", rows.map(|row| row.to_json(version)), "]}");
        measure(criterion, name, &body, msgraph_signins::decode_sign_ins);
    }
}

criterion_group!(benches, pages);
criterion_main!(benches);
