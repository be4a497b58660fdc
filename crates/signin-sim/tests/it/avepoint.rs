//! AvePoint Elements, asked over real connections.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use signin_sim::Simulator;
use signin_sim::avepoint::{Customer, Service, Settings, TimeForm};
use tokio::net::TcpStream;

use crate::wire::{Answer, send};

async fn start(settings: Settings) -> (Simulator, Service) {
    let sim = Simulator::builder().seed(5).avepoint(settings).start().await.unwrap();
    let service = sim.avepoint().unwrap().clone();
    (sim, service)
}

/// Asks with the right token.
async fn ask(service: &Service, start: &str, body: &str) -> Answer {
    let host = service.base_url().strip_prefix("http://").unwrap();
    let token = format!("Authorization: Bearer {}", service.token());
    send(TcpStream::connect(host).await.unwrap(), start, &[&token], body).await
}

async fn customers(service: &Service, query: &str, body: &str) -> Answer {
    ask(service, &format!("POST /partner/external/v3/general/customers/batch{query}"), body).await
}

fn path(customer: &str, tenant: &str) -> String {
    format!(
        "/partner/external/v3/um/customers/{customer}/tenants/{tenant}/overview/security/compliances/signins"
    )
}

/// A page of the first customer's first tenant.
async fn page(service: &Service, query: &str) -> Answer {
    let (customer, tenant) = first(service);
    ask(service, &format!("GET {}{query}", path(&customer, &tenant)), "").await
}

/// The first customer and its second tenant, which has more sign-ins than the first one.
fn first(service: &Service) -> (String, String) {
    let customer = &service.customers()[0];
    (customer.id.clone(), customer.tenants[1].id.clone())
}

fn truth(service: &Service) -> BTreeSet<String> {
    let (customer, tenant) = first(service);
    service.sign_ins(&customer, &tenant).map(|sign_in| sign_in.to_json()).collect()
}

/// The rows of a page, each as its own text.
fn rows(answer: &Answer) -> Vec<String> {
    let list = answer.body.strip_prefix("{\"data\":[").unwrap();
    let (list, _) = list.rsplit_once("],\"metadata\":").unwrap();
    let rows = list.split("},{\"id\"").enumerate();
    let whole = rows.map(|(place, row)| {
        let row = if place == 0 { row.to_owned() } else { format!("{{\"id\"{row}") };
        if row.ends_with('}') { row } else { format!("{row}}}") }
    });
    whole.filter(|row| row != "}").collect()
}

async fn pager(service: &Service, query: &str) -> Vec<String> {
    let mut all = Vec::new();
    for number in 1.. {
        let rows = rows(&page(service, &format!("?pageSize=30&pageIndex={number}{query}")).await);
        if rows.is_empty() {
            break;
        }
        all.extend(rows);
    }
    all
}

#[tokio::test]
async fn a_walk_of_all_pages_is_the_truth_in_an_order_of_its_own() {
    let (_sim, service) = start(Settings::default()).await;
    let read = pager(&service, "").await;
    let (customer, tenant) = first(&service);
    let truth: Vec<_> = service.sign_ins(&customer, &tenant).map(|row| row.to_json()).collect();
    assert_ne!(read, truth, "not by time");
    assert_eq!(read.iter().cloned().collect::<BTreeSet<_>>(), truth.iter().cloned().collect());
    assert_eq!(read.len(), truth.len());
    let times: Vec<_> = service.sign_ins(&customer, &tenant).map(|row| row.login_time).collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1] - time::Duration::SECOND));
}

#[tokio::test]
async fn metadata_is_as_documented_and_sizes_are_as_decided() {
    let (_sim, service) = start(Settings::default()).await;
    let total = truth(&service).len();
    for (query, index, size) in [
        ("", 1, 50),
        ("?pageSize=7&pageIndex=2", 2, 7),
        ("?pageSize=9999", 1, 100),
        ("?pageIndex=9999", 9999, 50),
    ] {
        let answer = page(&service, query).await;
        let metadata = &answer.json()["metadata"];
        assert_eq!(*metadata, json!({"pageIndex": index, "pageSize": size, "totalCount": total}));
    }
}

#[tokio::test]
async fn times_come_in_every_form() {
    type Check = fn(&Value) -> bool;
    let forms: [(TimeForm, Check); 4] = [
        (TimeForm::Ticks, |time| time.as_u64().is_some_and(|ticks| ticks > 1 << 53)),
        (TimeForm::TicksText, |time| time.as_str().is_some_and(|text| text.len() == 18)),
        (TimeForm::Rfc3339, |time| time.as_str().is_some_and(|text| text.ends_with('Z'))),
        (TimeForm::NoOffset, |time| time.as_str().is_some_and(|text| text.len() == 27)),
    ];
    for (form, check) in forms {
        let (_sim, service) = start(Settings::default().time_form(form)).await;
        let page = page(&service, "").await.json();
        assert!(page["data"].as_array().unwrap().iter().all(|row| check(&row["loginTime"])));
    }
}

#[tokio::test]
async fn risky_is_a_filter_and_anything_else_is_refused() {
    let (_sim, service) = start(Settings::default()).await;
    let (risky, calm) =
        (pager(&service, "&risky=true").await, pager(&service, "&risky=false").await);
    assert!(risky.iter().all(|row| row.ends_with("\"isRisk\":true}")));
    assert!(calm.iter().all(|row| row.ends_with("\"isRisk\":false}")));
    assert_eq!(risky.len() + calm.len(), truth(&service).len());
    for query in ["?risky=1", "?pageSize=0", "?pageIndex=0", "?pageSize=x"] {
        assert_eq!(page(&service, query).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn customers_are_listed_with_their_tenants_or_by_id() {
    let (_sim, service) = start(Settings::default().customers(9).out_of_scope(2)).await;
    let all = customers(&service, "?pageSize=100", "{}").await;
    let written: Vec<_> = service.customers()[..7].iter().map(Customer::to_json).collect();
    assert!(all.body.starts_with(&format!("{{\"data\":[{}],", written.join(","))), "{}", all.body);
    assert_eq!(all.json()["metadata"]["totalCount"], 7);
    let id = &service.customers()[3].id;
    let one =
        customers(&service, "", &format!("{{\"customerIds\":[\"{}\"]}}", id.to_uppercase())).await;
    assert_eq!(one.json()["data"][0]["id"], **id);
    assert_eq!(one.json()["metadata"]["totalCount"], 1);
    for body in ["[]", "x", "{\"customerIds\":7}", "{\"customerIds\":[1]}"] {
        assert_eq!(customers(&service, "", body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn what_is_not_there_not_in_scope_or_not_allowed_is_refused_in_two_shapes() {
    let (_sim, service) = start(Settings::default().customers(2).out_of_scope(2)).await;
    let (customer, tenant) = first(&service);
    let hidden = ask(&service, &format!("GET {}", path(&customer, &tenant)), "").await;
    assert_eq!(hidden.status, 403);
    let nobody = ask(&service, &format!("GET {}", path("nobody", &tenant)), "").await;
    assert_eq!(nobody.status, 404);
    assert_eq!(ask(&service, "GET /elsewhere", "").await.status, 404);
    let host = service.base_url().strip_prefix("http://").unwrap();
    let line = format!("GET {}", path(&customer, &tenant));
    let stream = TcpStream::connect(host).await.unwrap();
    assert_eq!(send(stream, &line, &["Authorization: Bearer x"], "").await.status, 401);
    assert_eq!(hidden.json()["statusCode"], 403);
    assert!(hidden.json()["requestId"].is_string() && hidden.json()["errors"].is_array());
    assert!(nobody.json()["error"].is_string() && nobody.json()["traceId"].is_string());
}

#[tokio::test]
async fn rows_move_arrive_and_hide_behind_page_borders_as_told() {
    let (_sim, service) = start(Settings::default().reorder_every(1)).await;
    let (one, two) = (page(&service, "").await, page(&service, "").await);
    assert_ne!(rows(&one), rows(&two));
    assert!(rows(&one).iter().chain(&rows(&two)).all(|row| truth(&service).contains(row)));

    let (_sim, service) = start(Settings::default().arrivals(1, 3)).await;
    let before = truth(&service);
    page(&service, "").await;
    let after = truth(&service);
    assert!(after.is_superset(&before) && after.len() == before.len() + 3);
    let first = rows(&page(&service, "").await);
    assert!(first[..3].iter().all(|row| !before.contains(row)), "arrivals come first");

    let (_sim, service) = start(Settings::default().ties(true)).await;
    let read = pager(&service, "").await;
    let distinct: BTreeSet<_> = read.iter().cloned().collect();
    assert_eq!(read.len(), truth(&service).len());
    assert!(distinct.len() < read.len() && distinct.is_subset(&truth(&service)));
}

#[tokio::test]
async fn a_total_can_lie_and_a_limit_says_nothing_unless_told() {
    let (_sim, service) = start(Settings::default().total_skew(-1_000_000).per_minute(1)).await;
    assert_eq!(page(&service, "").await.json()["metadata"]["totalCount"], 0);
    let refused = page(&service, "").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    assert_eq!(service.stats().throttled, 1);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes_and_ten_million_rows_cost_what_ten_cost() {
    let settings = Settings::default().events(10_000_000).time_form(TimeForm::Mixed);
    let (_sim, one) = start(settings.clone()).await;
    let (_sim, two) = start(settings).await;
    for query in ["", "?pageIndex=9000&pageSize=100"] {
        let (one, two) = (page(&one, query).await, page(&two, query).await);
        assert_eq!(one.body, two.body);
        assert!(!rows(&one).is_empty());
    }
}

#[tokio::test]
async fn a_token_of_the_token_endpoint_is_taken() {
    let (_sim, service) = start(Settings::default()).await;
    let app = service.oauth();
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        app.client_id(),
        app.client_secret()
    );
    let host = service.base_url().strip_prefix("http://").unwrap();
    let form = "Content-Type: application/x-www-form-urlencoded";
    let stream = TcpStream::connect(host).await.unwrap();
    let given = send(stream, "POST /connect/token", &[form], &body).await.json();
    let (customer, tenant) = first(&service);
    let token = format!("Authorization: Bearer {}", given["access_token"].as_str().unwrap());
    let line = format!("GET {}", path(&customer, &tenant));
    let stream = TcpStream::connect(host).await.unwrap();
    assert_eq!(send(stream, &line, &[&token], "").await.status, 200);
}

#[tokio::test]
async fn a_tenant_has_as_many_users_as_told() {
    for users in [1, 3, 20] {
        let (_sim, service) = start(Settings::default().users(users)).await;
        let (customer, tenant) = first(&service);
        let ids = service.sign_ins(&customer, &tenant).map(|sign_in| sign_in.user_id);
        assert_eq!(ids.collect::<BTreeSet<_>>().len() as u64, users);
    }
}
