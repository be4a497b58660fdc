//! Sign-ins in the shape that all products share.

mod generated;
mod outcome;
mod principal;
mod risk;

use msgraph_signins::event::{Context, NoEvent, PrincipalKind, SignIn};
use msgraph_signins::{Record, SignIn as Row};
use signin_contract::events::{check, forms};
use signin_contract::samples::body;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

fn context() -> Context {
    let mut context = Context::default();
    context.tenant = Some(crate::TENANT.to_owned());
    context
}

fn row(members: &str) -> Record<Row> {
    let time = r#""createdDateTime":"2026-02-03T08:15:32Z""#;
    Record::from_json(format!(r#"{{"id":"7",{time},{members}}}"#)).unwrap()
}

/// The event of a sign-in with these members, held to the contract.
fn event_of(members: &str) -> SignIn {
    check(&row(members), &context()).unwrap()
}

/// The same for a sign-in of somebody.
fn event(members: &str) -> SignIn {
    event_of(&format!(r#""userId":"u1",{members}"#))
}

/// What is left of the members that were given.
fn left(event: &SignIn) -> &str {
    event.unmapped.as_ref().map_or("{}", |json| json.get())
}

fn events(records: &[Record<Row>]) -> serde_json::Value {
    let events = records.iter().map(|record| check(record, &context()).unwrap());
    forms(&events.collect::<Vec<_>>())
}

fn page(text: &str) -> serde_json::Value {
    let page = msgraph_signins::decode_sign_ins(body(text).as_bytes()).unwrap();
    events(&page.items().cloned().collect::<Vec<_>>())
}

#[test]
fn every_documented_sample_is_an_event() {
    let fido2 = include_str!("../../../../fixtures/msgraph/sign_in.fido2_mfa.http");
    insta::assert_json_snapshot!("the_documented_sample_with_fido2_and_mfa", page(fido2));
    let password = include_str!("../../../../fixtures/msgraph/sign_in.password.http");
    insta::assert_json_snapshot!("the_documented_sample_with_a_password", page(password));
}

#[test]
fn a_sign_in_of_v1_is_an_event() {
    let text = include_str!("../../../../fixtures/msgraph/sign_in.entity.json");
    insta::assert_json_snapshot!(events(&[Record::from_json(text).unwrap()]));
}

#[test]
fn sign_ins_of_every_kind_of_beta_are_events() {
    let text = include_str!("../../../../fixtures/msgraph/sign_ins.page.json");
    insta::assert_json_snapshot!(page(text));
}

#[test]
fn a_record_without_a_usable_time_somebody_or_an_id_is_no_event() {
    let time = r#""createdDateTime":"2026-02-03T08:15:32Z""#;
    for (json, path) in [
        (r#"{"id":"7","userId":"u1"}"#.to_owned(), "/createdDateTime"),
        (r#"{"id":"7","userId":"u1","createdDateTime":null}"#.to_owned(), "/createdDateTime"),
        (
            r#"{"id":"7","userId":"u1","createdDateTime":"0001-01-01T00:00:00Z"}"#.to_owned(),
            "/createdDateTime",
        ),
        (format!(r#"{{"id":"7",{time}}}"#), "/userId"),
        (format!(r#"{{"id":"7",{time},"userId":"{NIL}"}}"#), "/userId"),
        (
            r#"{"id":"7","userId":"u1","createdDateTime":"9999-12-31T23:59:59.9999999Z"}"#
                .to_owned(),
            "/createdDateTime",
        ),
        (
            format!(r#"{{"id":"7",{time},"userId":"","signInEventTypes":["interactiveUser"]}}"#),
            "/userId",
        ),
        (
            format!(r#"{{"id":"7",{time},"userId":"u1","signInEventTypes":["servicePrincipal"]}}"#),
            "/servicePrincipalId",
        ),
        (format!(r#"{{{time},"userId":"u1"}}"#), "/id"),
        (format!(r#"{{"id":"",{time},"userId":"u1"}}"#), "/id"),
        (format!(r#"{{"id":"{NIL}",{time},"userId":"u1"}}"#), "/id"),
    ] {
        let record = Record::<Row>::from_json(json.clone()).unwrap();
        let refused = record.to_event(&context()).unwrap_err();
        assert!(matches!(refused, NoEvent::Unusable { path: at, .. } if at == path), "{json}");
    }
}

#[test]
fn the_tenant_must_be_told_and_a_customer_may_be() {
    let row = row(r#""userId":"u1""#);
    let mut context = Context::default();
    for tenant in [None, Some(String::new())] {
        context.tenant = tenant;
        let refused = row.to_event(&context).unwrap_err();
        assert_eq!(refused, NoEvent::MissingContext { field: "tenant" });
    }
    context.tenant = Some("contoso.onmicrosoft.com".to_owned());
    context.customer = Some("Contoso".to_owned());
    context.keep_raw = true;
    let event = check(&row, &context).unwrap();
    assert_eq!(event.tenant.as_deref(), Some("contoso.onmicrosoft.com"));
    assert_eq!(event.customer.as_deref(), Some("Contoso"));
}

#[test]
fn a_principal_is_who_the_kind_of_sign_in_speaks_of() {
    const USER: &str = r#""userId":"u1","userPrincipalName":"ada@example.com""#;
    const WORKLOAD: &str = r#""servicePrincipalId":"s1","servicePrincipalName":"Backup""#;
    const ZEROS: &str = r#""userId":"00000000-0000-0000-0000-000000000000""#;
    let kinds = |kinds: &str| format!(r#""signInEventTypes":[{kinds}]"#);
    let user = (PrincipalKind::User, "u1");
    let service = (PrincipalKind::ServicePrincipal, "s1");
    let managed = (PrincipalKind::ManagedIdentity, "s1");
    for (members, (kind, id)) in [
        // v1.0 says nothing of the kind.
        (USER.to_owned(), user),
        (format!(r#"{USER},"servicePrincipalId":"","servicePrincipalName":null"#), user),
        (WORKLOAD.to_owned(), service),
        (format!(r#""userId":"","userPrincipalName":"",{WORKLOAD}"#), service),
        (format!("{ZEROS},{WORKLOAD}"), service),
        (format!("{USER},{WORKLOAD}"), user),
        // Beta does, in an open set of texts.
        (format!("{USER},{}", kinds(r#""interactiveUser""#)), user),
        (format!("{USER},{WORKLOAD},{}", kinds(r#""nonInteractiveUser""#)), user),
        (format!("{USER},{WORKLOAD},{}", kinds(r#""servicePrincipal""#)), service),
        (format!("{USER},{WORKLOAD},{}", kinds(r#""managedIdentity""#)), managed),
        (format!("{WORKLOAD},{}", kinds(r#""servicePrincipal","managedIdentity""#)), managed),
        (format!("{WORKLOAD},{}", kinds(r#""somethingNew""#)), service),
        (format!("{USER},{WORKLOAD},{}", kinds(r#""somethingNew""#)), user),
        (
            format!("{USER},{WORKLOAD},{}", kinds(r#""nonInteractiveUser","servicePrincipal""#)),
            user,
        ),
        // A managed identity is told by its type as well, which users' rows have as `none`.
        (format!(r#"{WORKLOAD},"managedServiceIdentity":{{"msiType":"systemAssigned"}}"#), managed),
        (format!(r#"{WORKLOAD},"managedServiceIdentity":{{"msiType":"userAssigned"}}"#), managed),
        (format!(r#"{WORKLOAD},"managedServiceIdentity":{{"msiType":"none"}}"#), service),
        (format!(r#"{USER},"managedServiceIdentity":{{"msiType":"none"}}"#), user),
        (format!(r#"{USER},"managedServiceIdentity":{{}}"#), user),
    ] {
        let who = event_of(&members).principal;
        assert_eq!((who.kind, who.id.as_deref()), (kind, Some(id)), "{members}");
    }
}

#[test]
fn an_agent_is_told_from_users_and_applications() {
    const USER: &str = r#""userId":"u1","signInEventTypes":["nonInteractiveUser"]"#;
    const WORKLOAD: &str = r#""servicePrincipalId":"s1","signInEventTypes":["servicePrincipal"]"#;
    let (agent, user) = (PrincipalKind::Agent, PrincipalKind::User);
    let service = PrincipalKind::ServicePrincipal;
    for (who, described, kind, id) in [
        (
            USER,
            r#"{"agentType":"agenticAppInstance","agentSubjectType":"notAgentic"}"#,
            agent,
            "u1",
        ),
        (USER, r#"{"agentType":"agentIDuser"}"#, agent, "u1"),
        (USER, r#"{"agentType":"notAgentic","agentSubjectType":"agentIDuser"}"#, agent, "u1"),
        (WORKLOAD, r#"{"agentType":"agenticApp"}"#, agent, "s1"),
        (WORKLOAD, r#"{"agentType":"agentIdentityBlueprintPrincipal"}"#, agent, "s1"),
        (WORKLOAD, r#"{"agentType":"AgenticApp"}"#, agent, "s1"),
        (USER, r#"{"agentType":"AGENTIDUSER"}"#, agent, "u1"),
        // What is not known says nothing.
        (WORKLOAD, r#"{"agentType":"unknownFutureValue"}"#, service, "s1"),
        (USER, r#"{"agentType":"unknownFutureValue"}"#, user, "u1"),
        (USER, r#"{"agentType":"UnknownFutureValue","agentSubjectType":"x"}"#, user, "u1"),
        (USER, r#"{"agentType":"newKindOfAgent"}"#, user, "u1"),
        (USER, r#"{"agentType":"NotAgentic"}"#, user, "u1"),
        (USER, r#"{"agentType":"notAgentic","agentSubjectType":"notAgentic"}"#, user, "u1"),
        (USER, r#"{"agentType":"","agentSubjectType":null}"#, user, "u1"),
        (USER, "{}", user, "u1"),
        (USER, "null", user, "u1"),
    ] {
        let event = event_of(&format!(r#"{who},"agent":{described}"#));
        let found = (event.principal.kind, event.principal.id.as_deref());
        assert_eq!(found, (kind, Some(id)), "{described}");
        // The agent's parents and the subject's type are told by it only.
        assert!(event.mapped.iter().all(|member| !member.starts_with("/agent")));
    }
}

#[test]
fn a_users_name_is_an_address_only_where_it_is_one_and_a_guest_has_no_domain_here() {
    for (name, kind, email, domain) in [
        ("ada@example.com", "member", true, Some("example.com")),
        ("ada@example.com", "unknownFutureValue", true, Some("example.com")),
        ("sam@partner.example", "guest", true, None),
        ("sam@partner.example", "Guest", true, None),
        ("sam_partner.example#EXT#@contoso.onmicrosoft.com", "guest", false, None),
        ("sam_partner.example#EXT#@contoso.onmicrosoft.com", "member", false, None),
        // As the log has it: in small letters.
        ("sam_partner.example#ext#@contoso.onmicrosoft.com", "guest", false, None),
        ("sam_partner.example#ext#@contoso.onmicrosoft.com", "member", false, None),
        ("ada", "member", false, None),
    ] {
        let members =
            format!(r#""userPrincipalName":"{name}","userType":"{kind}","userDisplayName":"Ada""#);
        let event = event_of(&members);
        let who = &event.principal;
        assert_eq!(who.name.as_deref(), Some(name));
        assert_eq!(who.email.as_deref(), email.then_some(name), "{name}");
        assert_eq!(who.domain.as_deref(), domain, "{name} {kind}");
        assert_eq!(who.full_name.as_deref(), Some("Ada"));
        assert_eq!(left(&event), format!(r#"{{"userType":"{kind}"}}"#));
    }
    let backup = event_of(r#""servicePrincipalName":"backup@example.com""#).principal;
    assert_eq!((backup.name.as_deref(), backup.email), (Some("backup@example.com"), None));
}

#[test]
fn ids_of_zeros_mean_nothing_and_stay() {
    let members = format!(
        r#""userPrincipalName":"ada@example.com","userId":"{NIL}","appId":"{NIL}","resourceId":"{NIL}","sessionId":"{NIL}","correlationId":"{NIL}","deviceDetail":{{"deviceId":"{NIL}"}},"appliedConditionalAccessPolicies":[{{"id":"{NIL}"}}]"#
    );
    let event = event_of(&members);
    assert_eq!(event.mapped, ["/createdDateTime", "/userPrincipalName", "/id"]);
    assert_eq!(left(&event).matches(NIL).count(), 7);
    let mut told = event;
    told.unmapped = None;
    let told = serde_json::to_value(told).unwrap();
    assert!(!told.to_string().contains(NIL), "{told}");
}

#[test]
fn an_address_may_have_a_port_and_what_is_none_stays() {
    for (text, ip, port) in [
        ("192.0.2.1", Some("192.0.2.1"), None),
        ("192.0.2.1:50123", Some("192.0.2.1"), Some(50123)),
        ("2001:db8:17::2a", Some("2001:db8:17::2a"), None),
        ("[2001:db8::1]:443", Some("2001:db8::1"), Some(443)),
        ("::ffff:192.0.2.9", Some("192.0.2.9"), None),
        // A zone has no place in the event, and neither has a spelling that is not its own.
        ("fe80::1%eth0", Some("fe80::1"), None),
        ("2001:DB8:0:0::1", Some("2001:db8::1"), None),
        ("unknown", None, None),
    ] {
        let event = event(&format!(r#""ipAddress":"{text}""#));
        assert_eq!(event.origin.ip.map(|ip| ip.to_string()).as_deref(), ip, "{text}");
        assert_eq!(event.origin.port, port, "{text}");
        let is_told =
            !["::ffff:192.0.2.9", "fe80::1%eth0", "2001:DB8:0:0::1", "unknown"].contains(&text);
        assert_eq!(event.mapped.contains(&"/ipAddress"), is_told, "{text}");
        assert_eq!(left(&event).contains(text), !is_told, "{text}");
    }
}

#[test]
fn a_place_is_told_by_its_parts() {
    const POINT: &str = r#"{"latitude":48.5,"longitude":10.25,"altitude":478}"#;
    for (place, told, left_over) in [
        (
            format!(
                r#"{{"city":"Ulm","state":"BW","countryOrRegion":"DE","geoCoordinates":{POINT}}}"#
            ),
            r#"{"city":"Ulm","region":"BW","country":"DE","coordinates":{"latitude":48.5,"longitude":10.25}}"#,
            r#"{"geoCoordinates":{"altitude":478}}"#,
        ),
        (
            r#"{"city":"","state":"","countryOrRegion":"NL","geoCoordinates":{}}"#.to_owned(),
            r#"{"country":"NL"}"#,
            "{}",
        ),
        // An older sample has a code of three letters: the event has the code of two.
        (
            r#"{"countryOrRegion":"United States"}"#.to_owned(),
            r#"{"country":"US"}"#,
            r#"{"countryOrRegion":"United States"}"#,
        ),
        (
            r#"{"countryOrRegion":"de"}"#.to_owned(),
            r#"{"country":"DE"}"#,
            r#"{"countryOrRegion":"de"}"#,
        ),
        (
            r#"{"countryOrRegion":"Atlantis"}"#.to_owned(),
            "null",
            r#"{"countryOrRegion":"Atlantis"}"#,
        ),
        // Coordinates alone are no place in OCSF.
        (
            r#"{"geoCoordinates":{"latitude":48.5,"longitude":10.25}}"#.to_owned(),
            r#"{"coordinates":{"latitude":48.5,"longitude":10.25}}"#,
            r#"{"geoCoordinates":{"latitude":48.5,"longitude":10.25}}"#,
        ),
        (
            r#"{"geoCoordinates":{"latitude":0,"longitude":0}}"#.to_owned(),
            "null",
            r#"{"geoCoordinates":{"latitude":0,"longitude":0}}"#,
        ),
        (
            r#"{"city":"","countryOrRegion":"NL","geoCoordinates":{"latitude":0,"longitude":0}}"#
                .to_owned(),
            r#"{"country":"NL"}"#,
            r#"{"geoCoordinates":{"latitude":0,"longitude":0}}"#,
        ),
        (
            r#"{"city":"Ulm","state":"BW","geoCoordinates":{"latitude":-0.0,"longitude":0.0}}"#
                .to_owned(),
            r#"{"city":"Ulm","region":"BW"}"#,
            r#"{"geoCoordinates":{"latitude":-0.0,"longitude":0.0}}"#,
        ),
        (
            r#"{"city":"Unknown","countryOrRegion":"NL"}"#.to_owned(),
            r#"{"country":"NL"}"#,
            r#"{"city":"Unknown"}"#,
        ),
        (
            r#"{"city":"Ulm","geoCoordinates":{"latitude":91,"longitude":0}}"#.to_owned(),
            r#"{"city":"Ulm"}"#,
            r#"{"geoCoordinates":{"latitude":91,"longitude":0}}"#,
        ),
        (
            r#"{"city":"Ulm","geoCoordinates":{"latitude":48.5}}"#.to_owned(),
            r#"{"city":"Ulm"}"#,
            r#"{"geoCoordinates":{"latitude":48.5}}"#,
        ),
        ("{}".to_owned(), "null", "{}"),
    ] {
        let with_address = event(&format!(r#""ipAddress":"192.0.2.1","location":{place}"#));
        let location = serde_json::to_string(&with_address.origin.location).unwrap();
        assert_eq!(location, told, "{place}");
        let rest = if left_over == "{}" {
            "{}".to_owned()
        } else {
            format!(r#"{{"location":{left_over}}}"#)
        };
        assert_eq!(left(&with_address), rest, "{place}");
        // OCSF has a place of an address only: without one it is told, and stays.
        let without = event(&format!(r#""location":{place}"#));
        assert_eq!(without.origin.location, with_address.origin.location);
        assert!(without.mapped.iter().all(|member| !member.starts_with("/location")), "{place}");
    }
}

#[test]
fn a_network_has_a_number_that_is_one() {
    for (number, told) in [
        ("64496", Some(64496)),
        ("4294967295", Some(4_294_967_295)),
        ("4294967296", None),
        ("0", None),
        ("-1", None),
        ("null", None),
    ] {
        let members = format!(r#""ipAddress":"192.0.2.1","autonomousSystemNumber":{number}"#);
        let event = event(&members);
        let found = event.origin.autonomous_system.map(|system| system.number);
        assert_eq!(found, told, "{number}");
        assert_eq!(event.mapped.contains(&"/autonomousSystemNumber"), told.is_some(), "{number}");
    }
    let without_address = event(r#""autonomousSystemNumber":64496"#);
    assert!(without_address.origin.autonomous_system.is_some());
    assert_eq!(left(&without_address), r#"{"autonomousSystemNumber":64496}"#);
}

#[test]
fn a_device_is_one_that_the_tenant_knows() {
    let known = event(
        r#""deviceDetail":{"deviceId":"d1","displayName":"","operatingSystem":"Windows 11","browser":"Edge","isCompliant":true,"isManaged":false,"trustType":"Azure AD joined"}"#,
    );
    let device = known.origin.device.as_ref().unwrap();
    assert_eq!((device.id.as_deref(), device.name.as_deref()), (Some("d1"), None));
    assert_eq!(device.os.as_deref(), Some("Windows 11"));
    assert_eq!((device.is_compliant, device.is_managed), (Some(true), Some(false)));
    let rest = r#"{"deviceDetail":{"browser":"Edge","trustType":"Azure AD joined"}}"#;
    assert_eq!(left(&known), rest);
    let named = event(r#""deviceDetail":{"displayName":"LAPTOP"}"#);
    assert_eq!(named.origin.device.unwrap().name.as_deref(), Some("LAPTOP"));
    // What an unknown one says of itself is no device.
    let detail = r#""deviceDetail":{"operatingSystem":"Linux","isCompliant":false}"#;
    let unknown = event(detail);
    assert_eq!(unknown.origin.device, None);
    assert_eq!(left(&unknown), format!("{{{detail}}}"));
}

#[test]
fn an_agent_string_is_kept_unless_it_is_empty() {
    let event = |text: &str| event(&format!(r#""userAgent":"{text}""#)).origin.user_agent;
    assert_eq!(event("curl/8").as_deref(), Some("curl/8"));
    assert_eq!(event(""), None);
}

#[test]
fn what_was_signed_in_to_and_what_joins_it_with_others_is_told() {
    let event = event(
        r#""appId":"a1","appDisplayName":"Portal","resourceId":"r1","resourceDisplayName":"API","sessionId":"s1","correlationId":"c1""#,
    );
    let names = |named: Option<msgraph_signins::event::Named>| named.map(|it| (it.id, it.name));
    assert_eq!(names(event.application.clone()), Some((Some("a1".into()), Some("Portal".into()))));
    assert_eq!(names(event.resource.clone()), Some((Some("r1".into()), Some("API".into()))));
    assert_eq!(event.session_id.as_deref(), Some("s1"));
    assert_eq!(event.correlation_id.as_deref(), Some("c1"));
    assert_eq!(event.original_id.as_deref(), Some("7"));
    assert_eq!(left(&event), "{}");
    let nothing = event_of(r#""userId":"u1","appId":"","resourceDisplayName":"""#);
    assert_eq!((nothing.application, nothing.resource), (None, None));
}

#[test]
fn a_changed_record_is_a_new_revision_of_the_same_event() {
    let (before, after) =
        (event(r#""riskLevelAggregated":"none""#), event(r#""riskLevelAggregated":"high""#));
    assert_eq!(before.id, after.id);
    assert_ne!(before.revision, after.revision);
    let mut context = context();
    context.tenant = Some("another".to_owned());
    let elsewhere = row(r#""userId":"u1""#).to_event(&context).unwrap();
    assert_ne!(elsewhere.id, before.id);
}

#[test]
fn times_of_any_fraction_are_told_in_utc_and_as_they_were_sent() {
    for time in [
        "2026-02-03T08:15:32Z",
        "2026-02-03T08:15:32.8527147Z",
        "2026-02-03T08:18:59.94725647Z",
        "2026-02-03T03:15:32.852-0500",
        "/Date(1770106532852)/",
    ] {
        let json = format!(r#"{{"id":"7","userId":"u1","createdDateTime":"{time}"}}"#);
        let event = check(&Record::<Row>::from_json(json).unwrap(), &context()).unwrap();
        assert_eq!(event.original_time.as_deref(), Some(time));
        assert_eq!(event.time, Some(crate::time(time)));
    }
}
