//! Over real HTTP: against the simulator, which shares no code with the client, and httpmock.

use std::collections::BTreeSet;
use std::time::Duration;

use avepoint_graph::{
    Client, Environment, ErrorKind, Items, Limits, RetryPolicy, SignIns, Warning,
};
use httpmock::MockServer;
use signin_sim::{Simulator, avepoint};

use crate::{ids, page};

async fn simulate(settings: avepoint::Settings) -> Simulator {
    Simulator::builder().seed(11).avepoint(settings).start().await.unwrap()
}

fn client(service: &avepoint::Service) -> Client {
    let at_once = RetryPolicy::default().attempts(5).delays(Duration::ZERO, Duration::ZERO);
    let builder = Client::builder(Environment::Commercial).base_url(service.base_url());
    builder.token(service.token()).limits(Limits::none()).retry(at_once).build().unwrap()
}

/// The ids of all tenants' customers and of the tenants.
fn tenants(service: &avepoint::Service) -> Vec<(String, String)> {
    let customers = service.customers().iter().filter(|customer| customer.in_scope);
    customers
        .flat_map(|customer| {
            customer.tenants.iter().map(|tenant| (customer.id.clone(), tenant.id.clone()))
        })
        .collect()
}

async fn rows(items: &mut Items<SignIns>) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    while let Some(record) = items.try_next().await.unwrap() {
        assert!(record.extra().is_empty(), "{:?}", record.extra());
        assert!(rows.insert(record.raw().to_owned()), "twice: {}", record.raw());
    }
    rows
}

fn truth(service: &avepoint::Service, customer: &str, tenant: &str) -> BTreeSet<String> {
    service.sign_ins(customer, tenant).map(|sign_in| sign_in.to_json()).collect()
}

#[tokio::test]
async fn p1_a_walk_gives_exactly_what_the_service_holds_in_all_its_moods() {
    let plain = avepoint::Settings::default;
    let moods = [
        plain(),
        plain().time_form(avepoint::TimeForm::Mixed),
        plain().total_skew(40),
        plain().total_skew(-40),
        plain().fail_every(3, 503),
    ];
    for mood in moods {
        let sim = simulate(mood.events(120)).await;
        let service = sim.avepoint().unwrap();
        for (customer, tenant) in tenants(service) {
            let truth = truth(service, &customer, &tenant);
            for page_size in [3, 100] {
                let list = client(service).sign_ins(customer.as_str(), tenant.as_str());
                let mut items = list.page_size(page_size).items();
                assert_eq!(rows(&mut items).await, truth, "{service:?} {page_size}");
            }
        }
        sim.stop().await;
    }
}

#[tokio::test]
async fn p2_every_record_is_read_as_the_service_means_it() {
    let settings = avepoint::Settings::default().events(400).time_form(avepoint::TimeForm::Mixed);
    let sim = simulate(settings).await;
    let service = sim.avepoint().unwrap();
    let (customer, tenant) = tenants(service).pop().unwrap();
    let mut truth: Vec<_> = service.sign_ins(&customer, &tenant).collect();
    truth.sort_by(|one, other| one.id.cmp(&other.id));
    let mut items = client(service).sign_ins(customer, tenant).items();
    let mut read = Vec::new();
    while let Some(record) = items.try_next().await.unwrap() {
        read.push(record);
    }
    read.sort_by(|one, other| one.id.as_deref().cmp(&other.id.as_deref()));
    assert_eq!(read.len(), truth.len());
    for (record, sign_in) in read.iter().zip(&truth) {
        assert_eq!(record.id.as_deref(), Some(sign_in.id.as_str()));
        assert_eq!(record.login_time.as_ref().unwrap().instant(), sign_in.login_time);
        assert_eq!(record.user_id.as_deref(), Some(sign_in.user_id.as_str()));
        assert_eq!(record.user_display_name.as_ref(), Some(&sign_in.user_display_name));
        assert_eq!(record.user_principal_name.as_ref(), Some(&sign_in.user_principal_name));
        assert_eq!(record.ip.as_ref().unwrap().addr(), Some(sign_in.ip));
        assert_eq!(record.is_risk, Some(sign_in.is_risk));
    }
}

#[tokio::test]
async fn p1_rows_that_change_their_order_are_all_found_or_the_walk_says_so() {
    for every in [2, 3, 5, 50] {
        let settings = avepoint::Settings::default().events(200).reorder_every(every);
        let sim = simulate(settings).await;
        let service = sim.avepoint().unwrap();
        let (customer, tenant) = tenants(service).pop().unwrap();
        let truth = truth(service, &customer, &tenant);
        let mut items = client(service).sign_ins(customer, tenant).page_size(20).items();
        let read = rows(&mut items).await;
        let report = items.report();
        assert!(read.is_subset(&truth));
        if report.is_complete() {
            assert_eq!(read, truth, "every {every}: {report:?}");
        }
        let expected = (read.len() == truth.len()) || !report.is_complete();
        assert!(expected, "every {every}: {report:?}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn p1_rows_that_page_borders_hide_every_time_are_told_by_the_total() {
    let sim = simulate(avepoint::Settings::default().events(200).ties(true)).await;
    let service = sim.avepoint().unwrap();
    let (customer, tenant) = tenants(service).pop().unwrap();
    let total = service.sign_ins(&customer, &tenant).len() as u64;
    let mut items = client(service).sign_ins(customer, tenant).page_size(10).items();
    let received = rows(&mut items).await.len() as u64;
    assert!(received < total, "some come on no page");
    assert_eq!(items.report().warnings, [Warning::TotalDiffers { total, received }]);
}

#[tokio::test]
async fn p1_sign_ins_that_arrive_during_a_walk_hide_none_that_were_there() {
    let sim = simulate(avepoint::Settings::default().events(300).arrivals(4, 3)).await;
    let service = sim.avepoint().unwrap();
    let (customer, tenant) = tenants(service).pop().unwrap();
    let before = truth(service, &customer, &tenant);
    let mut items = client(service).sign_ins(customer, tenant).page_size(20).items();
    let read = rows(&mut items).await;
    assert!(read.is_superset(&before));
    assert!(!items.report().is_complete(), "no two passes agree: {:?}", items.report());
}

#[tokio::test]
async fn risky_reaches_the_service() {
    let sim = simulate(avepoint::Settings::default().events(300)).await;
    let service = sim.avepoint().unwrap();
    let (customer, tenant) = tenants(service).pop().unwrap();
    let all: Vec<_> = service.sign_ins(&customer, &tenant).collect();
    for risky in [true, false] {
        let of = all.iter().filter(|sign_in| sign_in.is_risk == risky);
        let truth: BTreeSet<_> = of.map(avepoint::SignIn::to_json).collect();
        let list = client(service).sign_ins(customer.as_str(), tenant.as_str()).risky(risky);
        assert_eq!(rows(&mut list.page_size(9).items()).await, truth);
        assert!(!truth.is_empty() && truth.len() < all.len());
    }
}

#[tokio::test]
async fn p1_every_tenant_of_every_customer_in_scope_is_read() {
    let settings = avepoint::Settings::default().customers(40).out_of_scope(5).events(900);
    let sim = simulate(settings).await;
    let service = sim.avepoint().unwrap();
    let listed: BTreeSet<_> = service
        .customers()
        .iter()
        .filter(|customer| customer.in_scope)
        .map(avepoint::Customer::to_json)
        .collect();
    let mut customers = client(service).customers().page_size(7).items();
    let mut read = BTreeSet::new();
    while let Some(customer) = customers.try_next().await.unwrap() {
        assert!(customer.extra().is_empty(), "{:?}", customer.extra());
        read.insert(customer.raw().to_owned());
    }
    assert_eq!(read, listed);

    let of = tenants(service);
    let all: BTreeSet<_> =
        of.iter().flat_map(|(customer, tenant)| truth(service, customer, tenant)).collect();
    let mut pager = client(service).all_sign_ins().page_size(20).items();
    let mut read = BTreeSet::new();
    while let Some(next) = pager.try_next().await.unwrap() {
        read.insert(next.record.raw().to_owned());
    }
    assert_eq!(read, all);
    assert!(pager.report().is_complete(), "{:?}", pager.report());
    let hidden = service.customers().iter().filter(|customer| !customer.in_scope);
    let hidden = hidden.flat_map(|customer| &customer.tenants).count();
    assert!(hidden > 0, "some tenants are outside the scope");
}

#[tokio::test]
async fn p8_a_customer_outside_the_scope_and_one_that_is_not_there_say_so() {
    let sim = simulate(avepoint::Settings::default().customers(2).out_of_scope(2)).await;
    let service = sim.avepoint().unwrap();
    let customer = &service.customers()[0];
    let hidden = client(service).sign_ins(customer.id.as_str(), customer.tenants[0].id.as_str());
    let error = hidden.first_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.to_string().contains("customer scope"), "{error}");
    assert!(error.request_id().is_some());
    let error = client(service).sign_ins("nobody", "nothing").first_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let customers = client(service).customers().first_page().await.unwrap();
    assert_eq!(customers.rows().len(), 0);
}

#[tokio::test]
async fn p6_a_service_that_says_429_again_and_again_is_read_to_its_end() {
    let sim = simulate(avepoint::Settings::default().events(200).fail_every(2, 429)).await;
    let service = sim.avepoint().unwrap();
    let (customer, tenant) = tenants(service).pop().unwrap();
    let truth = truth(service, &customer, &tenant);
    let mut items = client(service).sign_ins(customer, tenant).page_size(15).items();
    assert_eq!(rows(&mut items).await, truth);
    let report = items.report();
    assert!(report.throttled >= 3 && report.is_complete(), "{report:?}");
    assert_eq!(service.stats().faults, report.throttled);
    assert_eq!(report.requests, report.pages + report.retries);
}

#[tokio::test]
async fn p3_a_service_that_stops_in_the_middle_is_resumed_without_loss() {
    let settings = avepoint::Settings::default().events(600);
    let sim = simulate(settings.clone()).await;
    let service = sim.avepoint().unwrap();
    let (customer, tenant) = tenants(service).pop().unwrap();
    let all = truth(service, &customer, &tenant);
    let builder = Client::builder(Environment::Commercial).base_url(service.base_url());
    let elements = builder.token(service.token()).retry(RetryPolicy::never()).build().unwrap();
    let mut items = elements.sign_ins(customer.as_str(), tenant.as_str()).page_size(50).items();
    let mut got = BTreeSet::new();
    let error = loop {
        if got.len() == 120 {
            sim.stop().await;
        }
        match items.try_next().await {
            Ok(item) => got.insert(item.unwrap().raw().to_owned()),
            Err(error) => break error,
        };
    };
    assert_eq!(error.kind(), ErrorKind::Network);
    let checkpoint = error.checkpoint().unwrap().to_string();
    let port = service.base_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let again = simulate(settings.port(port)).await;
    let list = client(again.avepoint().unwrap()).sign_ins(customer, tenant).page_size(50);
    let mut items = list.items().resume(checkpoint.parse().unwrap()).unwrap();
    got.extend(rows(&mut items).await);
    assert_eq!(got, all);
    assert!(items.report().is_complete(), "{:?}", items.report());
}

#[tokio::test]
async fn httpmock_sees_one_request_per_page_with_its_parameters() {
    let server = MockServer::start_async().await;
    let mut mocks = Vec::new();
    for (number, rows) in [("1", vec![1, 2, 3]), ("2", vec![4])] {
        let body = page(rows, 4);
        let mock = server.mock_async(|when, then| {
            when.method("GET")
                .path("/partner/external/v3/um/customers/c/tenants/t/overview/security/compliances/signins")
                .header("authorization", "Bearer key")
                .query_param("pageSize", "3")
                .query_param("pageIndex", number);
            then.status(200).header("content-type", "application/json").body(body);
        });
        mocks.push(mock.await);
    }
    let builder = Client::builder(Environment::Commercial).base_url(server.base_url());
    let elements = builder.token("key").build().unwrap();
    let mut items = elements.sign_ins("c", "t").page_size(3).items();
    assert_eq!(ids(&mut items).await, [1, 2, 3, 4]);
    for mock in mocks {
        mock.assert_async().await;
    }
    assert!(items.report().is_complete());
}
