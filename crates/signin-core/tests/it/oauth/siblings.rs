//! Siblings: clients of one provider's many tenants, each with its own tokens.

use std::time::Duration;

use signin_core::RateLimit;
use signin_core::StaticToken;
use signin_core::testing::{Reply, Scripted};
use signin_core::{ClientCredentials, Credential, ErrorKind};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::{SECRET, client, credentials, grant, list};
use crate::api::page;
use crate::dropping::polled;

const SECOND: Duration = Duration::from_secs(1);
static ONE_A_SECOND: [RateLimit; 1] = [RateLimit::new("app", 1, SECOND)];

fn of_tenant(tenant: u32) -> ClientCredentials {
    let url = format!("https://login.example/{tenant}/token");
    ClientCredentials::new(url, "app-1").secret_in_body(SECRET)
}

/// Gives each tenant a token of its own.
fn tenants() -> Scripted {
    Scripted::respond(|sent| match sent.url.strip_prefix("https://login.example/") {
        Some(path) => grant(&format!("token-of-{}", path.split('/').next().unwrap()), "3600"),
        None => Reply::json(page("1", "")),
    })
}

#[tokio::test(start_paused = true)]
async fn p4_each_of_three_hundred_siblings_sends_its_own_token() {
    let script = tenants();
    let provider = client(credentials(), script.clone());
    let mut tasks = JoinSet::new();
    for tenant in 0..300 {
        let sibling = provider.sibling(of_tenant(tenant)).unwrap();
        tasks.spawn(async move {
            let mut list = list();
            list.query = vec![("tenant", tenant.to_string())];
            sibling.execute(&list).await.map(drop)
        });
    }
    tasks.join_all().await.into_iter().for_each(|result| result.unwrap());
    let sent = script.sent();
    assert_eq!(sent.len(), 600);
    for request in sent.iter().filter(|request| request.method == "GET") {
        let tenant = request.url.rsplit('=').next().unwrap();
        assert_eq!(request.header("authorization").unwrap(), format!("Bearer token-of-{tenant}"));
    }
}

#[tokio::test(start_paused = true)]
async fn p6_siblings_keep_their_limits_together() {
    let provider = client(credentials(), tenants());
    let begun = Instant::now();
    for tenant in 0..10 {
        let sibling = provider.sibling(of_tenant(tenant)).unwrap();
        sibling.execute(&list().scopes(&ONE_A_SECOND)).await.unwrap();
    }
    assert!(begun.elapsed() >= 9 * SECOND, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_of_the_token_endpoint_holds_back_all_siblings() {
    let mut number = 0;
    let script = Scripted::respond(move |sent| {
        number += 1;
        match (sent.method.as_str(), number) {
            ("POST", 1) => Reply::status(429).header("retry-after", "30"),
            ("POST", _) => grant("token-0123456789", "3600"),
            _ => Reply::json(page("1", "")),
        }
    });
    let provider = client(credentials(), script.clone());
    let (one, other) =
        (provider.sibling(of_tenant(1)).unwrap(), provider.sibling(of_tenant(2)).unwrap());
    let list = list();
    let late = async {
        tokio::time::sleep(SECOND).await;
        other.execute(&list).await
    };
    let (one, other) = tokio::join!(one.execute(&list), late);
    one.unwrap();
    other.unwrap();
    let sent = script.sent();
    let asked: Vec<_> = sent.iter().filter(|sent| sent.method == "POST").collect();
    assert_eq!(asked.len(), 3);
    assert!(asked[1..].iter().all(|request| request.at - asked[0].at >= 30 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn p9_a_sibling_that_waits_at_the_gate_unpolled_holds_up_nobody() {
    let mut number = 0;
    let script = Scripted::respond(move |sent| {
        number += 1;
        match (sent.method.as_str(), number) {
            ("POST", 1) => Reply::status(429).header("retry-after", "30"),
            ("POST", _) => grant("token-0123456789", "3600"),
            _ => Reply::json(page("1", "")),
        }
    });
    let provider = client(credentials(), script);
    let (one, other) =
        (provider.sibling(of_tenant(1)).unwrap(), provider.sibling(of_tenant(2)).unwrap());
    let list = list();
    let mut kept = Box::pin(one.execute(&list));
    assert!(polled(&mut kept, 3).await.is_none());
    timeout(60 * SECOND, other.execute(&list)).await.expect("stuck").unwrap();
    kept.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_sibling_takes_any_credential_and_is_refused_what_building_refuses() {
    let script = tenants();
    let provider = client(credentials(), script.clone());
    let key = Credential::bearer(StaticToken::new("key-of-sibling").unwrap());
    provider.sibling(key).unwrap().execute(&list()).await.unwrap();
    assert_eq!(script.sent()[0].header("authorization"), Some("Bearer key-of-sibling"));
    for asked in [
        ClientCredentials::new("http://login.example/token", "app-1").secret_in_body(SECRET),
        ClientCredentials::new("http://127.0.0.1/token", "app-1").secret_in_body(SECRET),
        ClientCredentials::new("https://login.example/token", "app-1"),
    ] {
        assert_eq!(provider.sibling(asked).map(drop).unwrap_err().kind(), ErrorKind::Config);
    }
}
