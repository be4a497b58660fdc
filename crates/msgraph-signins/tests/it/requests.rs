//! What goes over the wire, byte for byte (P5), and what is refused before that.

use std::time::Duration;

use msgraph_signins::{
    ApiVersion, Client, Cloud, ConditionalAccessStatus, ErrorKind, RiskDetail, RiskLevel,
    RiskState, SignInEventType, SignInOrder, SignIns,
};
use signin_core::testing::{Reply, Scripted};

use crate::tenant::decoded;
use crate::{TENANT, client, link, page, time};

/// The address that a list asks first.
async fn url(change: impl FnOnce(SignIns) -> SignIns) -> String {
    let script = Scripted::new([Reply::json(page([], None))]);
    change(client(&script).sign_ins()).first_page().await.unwrap();
    script.urls().remove(0)
}

#[tokio::test(start_paused = true)]
async fn p5_every_parameter_is_sent_as_documented() {
    let script = Scripted::new([Reply::json(page([], None))]);
    let list = client(&script)
        .sign_ins()
        .created_from(time("2026-02-01T00:00:00+02:00"))
        .created_before(time("2026-02-03T00:00:00.5Z"))
        .user_principal_name("Dara.O'Brien@Example.com")
        .app_display_name_starts_with("Tom & Co+#1 %")
        .order_by(SignInOrder::OldestFirst)
        .select(["createdDateTime", "riskEventTypes_v2"])
        .top(50);
    list.first_page().await.unwrap();
    let sent = script.sent();
    assert_eq!(sent[0].method, "GET");
    assert_eq!(
        sent[0].url,
        "https://graph.microsoft.com/v1.0/auditLogs/signIns?%24filter=\
         createdDateTime%20ge%202026-01-31T22%3A00%3A00Z%20and%20\
         createdDateTime%20lt%202026-02-03T00%3A00%3A00.5Z%20and%20\
         userPrincipalName%20eq%20%27dara.o%27%27brien%40example.com%27%20and%20\
         startsWith%28appDisplayName%2C%27Tom%20%26%20Co%2B%231%20%25%27%29\
         &%24orderby=createdDateTime%20asc&%24top=50&%24select=id%2CcreatedDateTime%2CriskEventTypes_v2"
    );
    let id = sent[0].header("client-request-id").unwrap().to_owned();
    let agent = concat!("msgraph-signins/", env!("CARGO_PKG_VERSION"));
    let headers: Vec<_> = sent[0].headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let expected = [
        ("accept", "application/json"),
        ("authorization", "Bearer token-0123456789"),
        ("client-request-id", &id),
        ("prefer", "include-unknown-enum-members"),
        ("user-agent", agent),
    ];
    assert_eq!(headers, expected);
    assert!(sent[0].body.is_empty());
}

#[tokio::test(start_paused = true)]
async fn p5_each_filter_names_its_property() {
    type Change = fn(SignIns) -> SignIns;
    let cases: [(Change, &str); 32] = [
        (
            |list| list.created_after(time("2026-02-03T00:00:00Z")),
            "createdDateTime gt 2026-02-03T00:00:00Z",
        ),
        (|list| list.id("a'b"), "id eq 'a''b'"),
        (|list| list.user_id("u").user_id("v"), "(userId eq 'u' or userId eq 'v')"),
        (|list| list.user_principal_name_starts_with("AL"), "startsWith(userPrincipalName,'al')"),
        (|list| list.user_display_name("Zoë"), "userDisplayName eq 'Zoë'"),
        (|list| list.user_display_name_starts_with("Z"), "startsWith(userDisplayName,'Z')"),
        (|list| list.app_id("a"), "appId eq 'a'"),
        (|list| list.app_display_name("Tom's"), "appDisplayName eq 'Tom''s'"),
        (|list| list.resource_id("r"), "resourceId eq 'r'"),
        (|list| list.resource_display_name("R"), "resourceDisplayName eq 'R'"),
        (|list| list.client_app_used("IMAP4"), "clientAppUsed eq 'IMAP4'"),
        (|list| list.browser("Edge 1"), "deviceDetail/browser eq 'Edge 1'"),
        (|list| list.browser_starts_with("Edge"), "startsWith(deviceDetail/browser,'Edge')"),
        (|list| list.operating_system("iOS"), "deviceDetail/operatingSystem eq 'iOS'"),
        (
            |list| list.operating_system_starts_with("Win"),
            "startsWith(deviceDetail/operatingSystem,'Win')",
        ),
        (|list| list.ip_address("2001:db8::1"), "ipAddress eq '2001:db8::1'"),
        (|list| list.ip_address_starts_with("192.0.2."), "startsWith(ipAddress,'192.0.2.')"),
        (|list| list.city("Łódź"), "location/city eq 'Łódź'"),
        (|list| list.city_starts_with("Ł"), "startsWith(location/city,'Ł')"),
        (|list| list.state("Łódzkie"), "location/state eq 'Łódzkie'"),
        (|list| list.state_starts_with("Ł"), "startsWith(location/state,'Ł')"),
        (|list| list.country_or_region("PL"), "location/countryOrRegion eq 'PL'"),
        (
            |list| list.country_or_region_starts_with("P"),
            "startsWith(location/countryOrRegion,'P')",
        ),
        (|list| list.correlation_id("c"), "correlationId eq 'c'"),
        (|list| list.error_code(50126), "status/errorCode eq 50126"),
        (
            |list| list.conditional_access_status(&ConditionalAccessStatus::Failure),
            "conditionalAccessStatus eq 'failure'",
        ),
        (|list| list.risk_state(&RiskState::AtRisk), "riskState eq 'atRisk'"),
        (|list| list.risk_level_aggregated(&RiskLevel::High), "riskLevelAggregated eq 'high'"),
        (|list| list.risk_level_during_sign_in(&RiskLevel::Low), "riskLevelDuringSignIn eq 'low'"),
        (|list| list.risk_detail(&RiskDetail::Hidden), "riskDetail eq 'hidden'"),
        (|list| list.filter_raw("a eq 1").filter_raw("b eq 2"), "(a eq 1) and (b eq 2)"),
        (|list| list.city("A").error_code(0), "location/city eq 'A' and status/errorCode eq 0"),
    ];
    for (change, filter) in cases {
        let url = url(change).await;
        let (_, query) = url.split_once("%24filter=").unwrap();
        assert_eq!(decoded(query.split('&').next().unwrap()), filter);
    }
    assert!(!url(|list| list).await.contains("filter"));
}

#[tokio::test(start_paused = true)]
async fn other_kinds_than_interactive_are_asked_of_beta() {
    assert_eq!(
        url(|list| list.event_types(SignInEventType::ALL)).await,
        "https://graph.microsoft.com/beta/auditLogs/signIns?%24filter=signInEventTypes%2Fany%28t%3A\
         %20t%20eq%20%27interactiveUser%27%20or%20t%20eq%20%27nonInteractiveUser%27%20or\
         %20t%20eq%20%27servicePrincipal%27%20or%20t%20eq%20%27managedIdentity%27%29&%24top=1000"
    );
    let interactive = [SignInEventType::InteractiveUser];
    assert_eq!(
        url(|list| list.event_types(interactive)).await,
        "https://graph.microsoft.com/v1.0/auditLogs/signIns?%24top=1000"
    );
    assert!(url(|list| list.api_version(ApiVersion::Beta)).await.contains("/beta/"));
    let list = client(&Scripted::new([])).sign_ins();
    assert_eq!(list.version(), ApiVersion::V1);
    let list = list.event_types([SignInEventType::ManagedIdentity]);
    assert_eq!(list.version(), ApiVersion::Beta, "the change can be seen before it is made");
}

/// Links do not carry headers on.
#[tokio::test(start_paused = true)]
async fn p1_each_page_is_asked_for_with_every_header_and_an_id_of_its_own() {
    let script = Scripted::new([
        Reply::json(page([1], Some(&link("a")))),
        Reply::status(503),
        Reply::json(page([2], None)),
    ]);
    crate::ids(&mut client(&script).sign_ins().items()).await;
    let sent = script.sent();
    assert_eq!(sent.len(), 3);
    let mut names: Vec<_> =
        sent.iter().map(|sent| sent.header("client-request-id").unwrap()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 3, "one for each time that a request is sent");
    for sent in &sent {
        assert_eq!(sent.header("prefer"), Some("include-unknown-enum-members"));
        assert_eq!(sent.header("authorization"), Some("Bearer token-0123456789"));
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_out_of_range_are_refused_before_anything_is_sent() {
    type Change = fn(SignIns) -> SignIns;
    let day = || time("2026-02-03T00:00:00Z");
    let cases: [(&str, Change); 11] = [
        ("top is 0", |list| list.top(0)),
        ("top is 1001", |list| list.top(1001)),
        ("control character", |list| list.user_id("a\nb")),
        ("control character", |list| list.city("a\u{85}")),
        ("the prefix of ipAddress is empty", |list| list.ip_address_starts_with("")),
        ("the raw filter is empty", |list| list.filter_raw(" ")),
        ("control character", |list| list.filter_raw("a eq\0 1")),
        ("no name of a member", |list| list.select(["id,status"])),
        ("no name of a member", |list| list.select([""])),
        ("beta, not in v1.0", |list| {
            list.event_types(SignInEventType::ALL).api_version(ApiVersion::V1)
        }),
        ("ends before it begins", |list| {
            list.created_from(time("2026-02-03T01:00:00Z"))
                .created_before(time("2026-02-03T02:00:00+02:00"))
        }),
    ];
    for (reason, change) in cases {
        let script = Scripted::new([]);
        let error = change(client(&script).sign_ins()).first_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(script.sent().is_empty());
    }
    let script = Scripted::new([]);
    let error = client(&script).all_sign_ins(day(), day()).try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
}

#[tokio::test(start_paused = true)]
async fn each_cloud_has_its_root() {
    for (cloud, root) in [
        (Cloud::Global, "https://graph.microsoft.com"),
        (Cloud::UsGov, "https://graph.microsoft.us"),
        (Cloud::UsGovDod, "https://dod-graph.microsoft.us"),
        (Cloud::China, "https://microsoftgraph.chinacloudapi.cn"),
    ] {
        let script = Scripted::respond(|_| Reply::json(page([], None)));
        let builder = Client::builder(TENANT).token("token").transport(script.clone());
        let graph = builder.clone().cloud(cloud).build().unwrap();
        graph.sign_ins().first_page().await.unwrap();
        let gateway = builder.base_url("https://gate.example/graph").cloud(cloud).build().unwrap();
        gateway.sign_ins().first_page().await.unwrap();
        let urls = script.urls();
        assert!(urls[0].starts_with(&format!("{root}/v1.0/auditLogs/")), "{}", urls[0]);
        assert!(urls[1].starts_with("https://gate.example/graph/v1.0/"), "{}", urls[1]);
        assert_eq!(cloud.to_string().parse::<Cloud>().unwrap(), cloud);
    }
    assert!("moon".parse::<Cloud>().unwrap_err().to_string().contains("us-gov-dod"));
    assert_eq!("beta".parse::<ApiVersion>().unwrap(), ApiVersion::Beta);
    assert!("v2".parse::<ApiVersion>().is_err());
}

#[test]
fn a_client_that_cannot_be_is_refused_with_the_setting() {
    let with = |tenant: &str| Client::builder(tenant).token("token");
    let cases = [
        (Client::builder(TENANT), "there is no credential"),
        (with(TENANT).token("b"), "two credentials"),
        (with(""), "tenant: it is empty"),
        (with("common"), "signs in to one tenant"),
        (with("a/b"), "neither an id nor a domain"),
        (with(".."), "neither an id nor a domain"),
        (with("a b"), "neither an id nor a domain"),
        (with(TENANT).timeout(Duration::ZERO), "a time-out is zero"),
        (with(TENANT).base_url("http://graph.microsoft.com"), "plain http"),
        (with(TENANT).base_url(""), "base URL"),
        (Client::builder(TENANT).token(" \n"), "the key is empty"),
    ];
    for (builder, reason) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{reason}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert_eq!(
        with("contoso.onmicrosoft.com").build().unwrap().tenant(),
        "contoso.onmicrosoft.com"
    );
}

#[test]
fn walks_and_clients_can_go_to_other_threads() {
    fn sendable<T: Send + 'static>() {}
    fn shareable<T: Send + Sync + Clone + 'static>() {}
    shareable::<Client>();
    shareable::<SignIns>();
    shareable::<msgraph_signins::SignInById>();
    sendable::<msgraph_signins::Items<SignIns>>();
    sendable::<msgraph_signins::Pages<SignIns>>();
    sendable::<msgraph_signins::Windows<SignIns>>();
}
