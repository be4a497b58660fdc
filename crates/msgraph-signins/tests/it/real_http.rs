//! Over real HTTP: against the simulator, which shares no code with the client.

use std::time::Duration;

use msgraph_signins::{
    ApiVersion, Client, ErrorKind, Limits, Missing, RetryPolicy, SignInEventType, Warning,
};
use signin_sim::Simulator;
use signin_sim::msgraph::{self, Kind, Version};

const ALL: [Kind; 4] = [
    Kind::InteractiveUser,
    Kind::NonInteractiveUser,
    Kind::ServicePrincipal,
    Kind::ManagedIdentity,
];

async fn simulate(settings: msgraph::Settings) -> Simulator {
    Simulator::builder().seed(11).msgraph(settings).start().await.unwrap()
}

/// Settings without limits of requests.
fn settings() -> msgraph::Settings {
    msgraph::Settings::default().per_tenant(1_000_000).per_app(1_000_000)
}

fn client_of(graph: &msgraph::Service, tenant: &str) -> Client {
    let at_once = RetryPolicy::default().attempts(5).delays(Duration::ZERO, Duration::ZERO);
    let builder = Client::builder(tenant).base_url(graph.base_url());
    let builder = builder.token(graph.token(tenant).unwrap());
    builder.limits(Limits::none()).retry(at_once).build().unwrap()
}

fn first(graph: &msgraph::Service) -> String {
    graph.tenants().next().unwrap()
}

#[tokio::test]
async fn p1_the_list_gives_exactly_what_the_service_holds_in_all_its_moods() {
    let moods = [
        settings(),
        settings().short_pages(true),
        settings().repeated_rows(true),
        settings().short_pages(true).repeated_rows(true).arrivals(1, 5),
        settings().fail_every(3, 503),
        settings().revisions(7),
        settings().full(true),
    ];
    for mood in moods {
        let sim = simulate(mood.events(400)).await;
        let graph = sim.msgraph().unwrap();
        let tenant = first(graph);
        for top in [7, 50, 1000] {
            let truth: Vec<String> = graph
                .sign_ins(&tenant, &[Kind::InteractiveUser], None, None)
                .map(|row| row.to_json(Version::V1))
                .collect();
            let mut items = client_of(graph, &tenant).sign_ins().top(top).items();
            let mut read = Vec::new();
            while let Some(row) = items.try_next().await.unwrap() {
                assert!(row.extra().is_empty(), "{:?}", row.extra());
                read.push(row.raw().to_owned());
            }
            assert_eq!(read, truth, "{top} {graph:?}");
            assert!(items.report().is_complete(), "{:?}", items.report());
        }
        sim.stop().await;
    }
}

#[tokio::test]
async fn p1_windows_over_all_kinds_give_every_record_once() {
    for mood in [
        settings(),
        settings().most_rows(150),
        settings().short_pages(true).repeated_rows(true).revisions(9),
        settings().skip_token_life(1),
    ] {
        let sim = simulate(mood.events(3_000)).await;
        let graph = sim.msgraph().unwrap();
        let tenant = first(graph);
        let (from, to) = (graph.now() - Duration::from_secs(6 * 86_400), graph.now());
        let mut truth: Vec<String> = graph
            .sign_ins(&tenant, &ALL, Some(from), Some(to))
            .map(|row| row.to_json(Version::Beta))
            .collect();
        let client = client_of(graph, &tenant);
        let mut pager =
            client.sign_ins().event_types(SignInEventType::ALL).top(40).window(from, to);
        let mut read = Vec::new();
        while let Some(row) = pager.try_next().await.unwrap() {
            assert!(row.extra().is_empty(), "{:?}", row.extra());
            read.push(row.raw().to_owned());
        }
        truth.sort_unstable();
        read.sort_unstable();
        assert!(read == truth, "{} of {}: {:?}", read.len(), truth.len(), pager.report());
        assert!(pager.report().is_complete(), "{:?}", pager.report());
        assert_eq!(pager.covered_until(), to);
        sim.stop().await;
    }
}

#[tokio::test]
async fn p3_a_walk_goes_on_after_the_service_was_gone_and_its_links_are_dead() {
    let sim = simulate(settings().events(2_000)).await;
    let graph = sim.msgraph().unwrap();
    let tenant = first(graph);
    let (from, to) = (graph.now() - Duration::from_secs(7 * 86_400), graph.now());
    let mut truth: Vec<String> =
        graph.sign_ins(&tenant, &ALL, Some(from), Some(to)).map(|row| row.id).collect();
    let pager = |client: &Client| client.all_sign_ins(from, to).length(Duration::from_secs(86_400));
    let client = client_of(graph, &tenant);
    let mut first = pager(&client);
    let mut got = Vec::new();
    for _ in 0..450 {
        got.push(first.try_next().await.unwrap().unwrap().id.as_ref().unwrap().to_string());
    }
    let text = first.checkpoint().unwrap().to_string();
    sim.stop().await;
    let port = graph.base_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let again = simulate(settings().events(2_000).port(port).skip_token_life(0)).await;
    let graph = again.msgraph().unwrap();
    let mut second = pager(&client_of(graph, &tenant)).resume(text.parse().unwrap()).unwrap();
    while let Some(row) = second.try_next().await.unwrap() {
        got.push(row.id.as_ref().unwrap().to_string());
    }
    got.sort_unstable();
    truth.sort_unstable();
    assert_eq!(got, truth, "pages of 1000 rows: nothing comes again");
}

#[tokio::test]
async fn filters_reach_the_service_whatever_they_hold() {
    let sim = simulate(settings().events(600)).await;
    let graph = sim.msgraph().unwrap();
    let tenant = first(graph);
    let client = client_of(graph, &tenant);
    for name in ["Dara.O'Brien@example.com", "taro+ops@example.com"] {
        let expected: Vec<String> = graph
            .sign_ins(&tenant, &[Kind::InteractiveUser], None, None)
            .filter(|row| row.user_principal_name == name.to_lowercase())
            .map(|row| row.id)
            .collect();
        let mut items = client.sign_ins().user_principal_name(name).top(3).items();
        assert!(!expected.is_empty());
        assert_eq!(crate::ids(&mut items).await, expected, "{name}");
    }
    let app = client.sign_ins().app_display_name("Tom's Tool").first_page().await.unwrap();
    assert!(app.items().count() > 0);
    let app =
        client.sign_ins().app_display_name_starts_with("Build & D").first_page().await.unwrap();
    assert!(app.items().count() > 0);
    let risky = client.sign_ins().risk_state(&msgraph_signins::RiskState::AtRisk).error_code(0);
    for row in risky.first_page().await.unwrap().items() {
        assert_eq!(row.status.as_ref().unwrap().error_code, Some(0));
    }
    let list = || client.sign_ins().top(3);
    for (list, found) in [
        (list().client_app_used("Browser").browser_starts_with("edge"), true),
        (list().operating_system("Windows 11").resource_display_name("Example API"), true),
        (list().risk_detail(&msgraph_signins::RiskDetail::None).city_starts_with("Łó"), true),
        (list().browser("Edge"), false),
        (list().state_starts_with("x"), false),
    ] {
        assert_eq!(list.first_page().await.unwrap().items().next().is_some(), found);
    }
    let few = client.sign_ins().select(["ipAddress"]).top(1).first_page().await.unwrap();
    assert!(few.items().next().unwrap().raw().starts_with("{\"id\":\""));
}

#[tokio::test]
async fn one_sign_in_is_found_bare_wrapped_and_by_the_way_round() {
    for mood in [settings(), settings().wrapped(true), settings().lost_by_id(1)] {
        let sim = simulate(mood.events(50)).await;
        let graph = sim.msgraph().unwrap();
        let tenant = first(graph);
        let client = client_of(graph, &tenant);
        for row in graph.sign_ins(&tenant, &ALL, None, None) {
            let read = client.sign_in(row.id.as_str()).api_version(ApiVersion::Beta).send().await;
            let read = read.unwrap();
            assert_eq!(read.id.as_deref(), Some(row.id.as_str()));
            assert_eq!(read.created_date_time.as_ref().unwrap().instant(), row.created_at);
            assert_eq!(read.ip_address.as_ref().unwrap().addr(), Some(row.ip));
        }
        let error = client.sign_in("00000000-0000-4000-8000-000000000000").send().await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn p8_tenants_are_told_apart_by_what_they_lack() {
    let sim = simulate(settings().tenants(4).unpermitted(1).unlicensed(1).policies(false)).await;
    let graph = sim.msgraph().unwrap();
    let mut states = Vec::new();
    for tenant in graph.tenants() {
        states.push(match client_of(graph, &tenant).sign_ins().top(1).first_page().await {
            Ok(page) => Missing::policy_detail(page.items().next().unwrap()),
            Err(error) => Missing::of(&error),
        });
    }
    let policies = Some(Missing::PolicyDetail);
    assert_eq!(states, [Some(Missing::Permission), policies, policies, Some(Missing::Licence)]);
}

#[tokio::test]
async fn p1_a_range_before_retention_is_begun_where_the_service_answers() {
    let sim = simulate(settings().events(2_000).days(60).retention(30)).await;
    let graph = sim.msgraph().unwrap();
    let tenant = first(graph);
    let (from, to) = (graph.now() - Duration::from_secs(60 * 86_400), graph.now());
    let mut pager = client_of(graph, &tenant).all_sign_ins(from, to);
    let mut records = 0;
    while pager.try_next().await.unwrap().is_some() {
        records += 1;
    }
    let report = pager.report();
    let [Warning::NotCovered { to: kept_from, .. }] = &report.warnings[..] else {
        panic!("{report:?}")
    };
    assert_eq!(records, graph.sign_ins(&tenant, &ALL, Some(*kept_from), Some(to)).count());
    assert!(records > 900, "{records}");
}

#[tokio::test]
async fn p6_a_service_that_says_429_in_decimals_is_read_to_its_end() {
    let hasty = settings().events(500).per_tenant(1).rate_window(Duration::from_millis(200));
    let sim = simulate(hasty.retry_after(Duration::from_micros(20_500))).await;
    let graph = sim.msgraph().unwrap();
    let tenant = first(graph);
    let truth = graph.sign_ins(&tenant, &[Kind::InteractiveUser], None, None).count();
    let builder = Client::builder(tenant.as_str()).base_url(graph.base_url());
    let builder = builder.token(graph.token(&tenant).unwrap()).limits(Limits::none());
    let client = builder.build().unwrap();
    let mut items = client.sign_ins().top(100).items();
    assert_eq!(crate::ids(&mut items).await.len(), truth);
    let report = items.report();
    assert!(report.throttled > 0 && report.is_complete(), "{report:?}");
    assert_eq!(graph.stats().throttled, report.throttled);
}

#[tokio::test]
async fn p2_new_members_of_enums_come_by_their_names() {
    let sim = simulate(settings().events(20)).await;
    let graph = sim.msgraph().unwrap();
    let page = client_of(graph, &first(graph)).sign_ins().top(1).first_page().await.unwrap();
    let result = &page.items().next().unwrap().applied_conditional_access_policies[0].result;
    assert_eq!(format!("{result:?}"), "Some(ReportOnlySuccess)");
}
