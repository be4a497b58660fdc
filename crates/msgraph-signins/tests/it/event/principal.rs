//! Who signed in where the service found no user, and where an application is all that is told.

use msgraph_signins::SignIn as Row;
use msgraph_signins::event::{Outcome, PrincipalKind};
use serde_json::Value;
use signin_contract::events::{check, forms};
use signin_core::Record;

use super::{NIL, context, event_of, left, row};

/// A row as the service writes it for a name that nobody has.
const UNKNOWN: &str = r#""userDisplayName":"","userPrincipalName":"","userId":"",
    "appId":"a1","appDisplayName":"Graph explorer","signInEventTypes":["interactiveUser"],
    "status":{"errorCode":50034,"failureReason":"The user account does not exist."}"#;

#[test]
fn where_no_user_was_found_it_is_what_was_typed_in_all_three_forms() {
    let members = format!(
        r#"{UNKNOWN},"signInIdentifier":"ghost@contoso.example","signInIdentifierType":"userPrincipalName""#
    );
    let event = event_of(&members);
    let who = &event.principal;
    assert_eq!((who.kind, who.id.as_deref()), (PrincipalKind::User, None));
    assert_eq!(who.name.as_deref(), Some("ghost@contoso.example"));
    assert_eq!(who.email.as_deref(), Some("ghost@contoso.example"));
    assert_eq!(who.domain.as_deref(), Some("contoso.example"));
    assert_eq!((event.outcome, event.code.as_deref()), (Outcome::Failure, Some("50034")));
    assert_eq!(left(&event), r#"{"signInIdentifierType":"userPrincipalName"}"#);
    let forms = forms(&[event]);
    let said = |pointer: &str| forms.pointer(pointer).and_then(Value::as_str);
    assert_eq!(said("/0/ocsf/user/name"), Some("ghost@contoso.example"));
    assert_eq!(said("/0/ocsf/user/email_addr"), Some("ghost@contoso.example"));
    assert_eq!(forms[0]["ocsf"]["user"]["type_id"], 1);
    assert_eq!(said("/0/ecs/user/name"), Some("ghost@contoso.example"));
}

#[test]
fn what_was_typed_may_be_any_kind_of_name_and_is_an_address_only_where_it_is_one() {
    for (identifier, kind, email) in [
        ("ghost@contoso.example", "userPrincipalName", true),
        ("alias@contoso.example", "proxyAddress", true),
        ("ghost@contoso.example", "unknownFutureValue", true),
        ("+15550100", "phoneNumber", false),
        ("CONTOSO\\\\ghost", "onPremisesUserPrincipalName", false),
        ("ghost", "userPrincipalName", false),
        ("x_y.example#EXT#@contoso.onmicrosoft.com", "userPrincipalName", false),
        ("0123456789", "qrCode", false),
    ] {
        let members = format!(
            r#"{UNKNOWN},"signInIdentifier":"{identifier}","signInIdentifierType":"{kind}""#
        );
        let who = event_of(&members).principal;
        let typed = identifier.replace("\\\\", "\\");
        assert_eq!((who.name.as_deref(), who.kind), (Some(&*typed), PrincipalKind::User));
        assert_eq!(who.email.as_deref(), email.then_some(&*typed), "{identifier}");
    }
}

/// By nothing, by null, by zeros or by a word, the service says that it knows nobody.
#[test]
fn a_user_that_is_known_goes_before_what_was_typed_and_a_word_for_nobody_does_not() {
    const TYPED: &str = r#""signInIdentifier":"typed@contoso.example""#;
    for (user, id, name, full_name) in [
        (r#""userId":"u1""#, Some("u1"), None, None),
        (r#""userPrincipalName":"ada@contoso.example""#, None, Some("ada@contoso.example"), None),
        (r#""userId":null,"userPrincipalName":null"#, None, Some("typed@contoso.example"), None),
        (r#""userId":" ","userPrincipalName":"  ""#, None, Some("typed@contoso.example"), None),
        (
            r#""userId":"00000000-0000-0000-0000-000000000000","userPrincipalName":"Unknown""#,
            None,
            Some("typed@contoso.example"),
            None,
        ),
        (
            r#""userId":"unknown","userDisplayName":"Ada Test""#,
            None,
            Some("typed@contoso.example"),
            Some("Ada Test"),
        ),
        (
            r#""userDisplayName":"00000000-0000-0000-0000-000000000000""#,
            None,
            Some("typed@contoso.example"),
            None,
        ),
    ] {
        for kinds in ["", r#","signInEventTypes":["nonInteractiveUser"]"#] {
            let event = event_of(&format!(r#"{user},{TYPED}{kinds}"#));
            let who = &event.principal;
            assert_eq!((who.id.as_deref(), who.name.as_deref()), (id, name), "{user}");
            assert_eq!((who.full_name.as_deref(), who.kind), (full_name, PrincipalKind::User));
            let is_told = name == Some("typed@contoso.example");
            assert_eq!(event.mapped.contains(&"/signInIdentifier"), is_told, "{user}");
        }
    }
}

#[test]
fn a_name_for_people_alone_says_who_it_was() {
    let event = event_of(r#""userId":"","userDisplayName":"Ada Test""#);
    assert_eq!(event.principal.full_name.as_deref(), Some("Ada Test"));
    assert_eq!((&event.principal.name, event.principal.kind), (&None, PrincipalKind::User));
    let forms = forms(&[event]);
    assert_eq!(forms[0]["ocsf"]["user"]["name"], "Ada Test");
    assert_eq!(forms[0]["ecs"]["user"]["full_name"], "Ada Test");
    assert_eq!(forms[0]["ecs"]["related"]["user"][0], "Ada Test");
}

/// Where the kind and the names disagree, who is named was there.
#[test]
fn a_row_of_users_that_names_a_service_principal_alone_is_its_own() {
    let named = r#""servicePrincipalId":"sp1","servicePrincipalName":"testvm""#;
    let who = event_of(&format!("{UNKNOWN},{named}")).principal;
    assert_eq!(who.kind, PrincipalKind::ServicePrincipal);
    assert_eq!((who.id.as_deref(), who.name.as_deref()), (Some("sp1"), Some("testvm")));
    let typed = format!(r#"{UNKNOWN},{named},"signInIdentifier":"ghost@contoso.example""#);
    assert_eq!(event_of(&typed).principal.kind, PrincipalKind::User, "somebody typed a name");
}

#[test]
fn an_unknown_user_never_becomes_the_application() {
    for members in [
        UNKNOWN.to_owned(),
        format!(r#"{UNKNOWN},"signInIdentifier":" ""#),
        format!(r#"{UNKNOWN},"signInIdentifier":"{NIL}""#),
        // v1.0, which tells no kind: users sign in to applications.
        r#""userId":"","appId":"a1","appDisplayName":"Portal""#.to_owned(),
        r#""appId":"a1","servicePrincipalId":"""#.to_owned(),
        r#""appId":"a1","signInEventTypes":["nonInteractiveUser"]"#.to_owned(),
        format!(r#""appId":"a1","servicePrincipalCredentialKeyId":"{NIL}""#),
    ] {
        let refused = row(&members).to_event(&context()).unwrap_err().to_string();
        assert_eq!(refused, "/userId: expected who signed in, found nobody", "{members}");
    }
}

#[test]
fn a_service_principal_without_names_is_its_application() {
    const APP: &str =
        r#""userId":"","userPrincipalName":"","appId":"a1","appDisplayName":"Backup""#;
    let service = PrincipalKind::ServicePrincipal;
    for (members, kind, id, name) in [
        (r#""signInEventTypes":["servicePrincipal"]"#, service, "a1", Some("Backup")),
        (r#""signInEventTypes":["ServicePrincipal"]"#, service, "a1", Some("Backup")),
        (
            r#""signInEventTypes":["servicePrincipal"],"servicePrincipalId":"","servicePrincipalName":null"#,
            service,
            "a1",
            Some("Backup"),
        ),
        (
            r#""signInEventTypes":["servicePrincipal"],"servicePrincipalId":"00000000-0000-0000-0000-000000000000""#,
            service,
            "a1",
            Some("Backup"),
        ),
        (
            r#""signInEventTypes":["managedIdentity"]"#,
            PrincipalKind::ManagedIdentity,
            "a1",
            Some("Backup"),
        ),
        (
            r#""managedServiceIdentity":{"msiType":"SystemAssigned"}"#,
            PrincipalKind::ManagedIdentity,
            "a1",
            Some("Backup"),
        ),
        // No kind is told, but the credential of a service principal.
        (r#""servicePrincipalCredentialKeyId":"k1""#, service, "a1", Some("Backup")),
        (r#""servicePrincipalCredentialThumbprint":"AB12""#, service, "a1", Some("Backup")),
        // What the row says of it is enough.
        (
            r#""signInEventTypes":["servicePrincipal"],"servicePrincipalId":"s1""#,
            service,
            "s1",
            None,
        ),
    ] {
        let event = event_of(&format!("{APP},{members}"));
        let who = &event.principal;
        assert_eq!((who.kind, who.id.as_deref(), who.name.as_deref()), (kind, Some(id), name));
        assert_eq!(event.application.as_ref().unwrap().id.as_deref(), Some("a1"), "{members}");
        let taken = event.mapped.iter().filter(|member| **member == "/appId");
        assert_eq!(taken.count(), 1, "{members}");
    }
    // A name that looks like an address is none.
    let named = r#""appDisplayName":"backup@example.com","signInEventTypes":["servicePrincipal"]"#;
    assert_eq!(event_of(named).principal.email, None);
    let nobody = row(r#""userId":"u1","signInEventTypes":["servicePrincipal"]"#);
    assert!(nobody.to_event(&context()).is_err());
}

#[test]
fn kinds_are_the_same_in_whatever_case() {
    let both = r#""userId":"u1","servicePrincipalId":"s1""#;
    for (kind, id) in [("InteractiveUser", "u1"), ("serviceprincipal", "s1")] {
        let json = format!(
            r#"{{"id":"7","createdDateTime":"2026-02-03T08:15:32Z",{both},"signInEventTypes":["{kind}"]}}"#
        );
        let record = Record::<Row>::from_json(json).unwrap();
        let event = check(&record, &context()).unwrap();
        assert_eq!(event.principal.id.as_deref(), Some(id), "{kind}");
        assert_eq!(event.kinds, [kind], "as the vendor wrote it");
    }
}
