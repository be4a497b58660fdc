//! Graph's own shape.

use std::borrow::Cow;

use msgraph_signins::SignInEventType;
use msgraph_signins::export::Shape;

use super::{TENANT, record, sign_in};

#[test]
fn a_sign_in_of_graphs_own_passes_untouched() {
    for json in [
        r#"{ "id": "a", "createdDateTime":"2026-01-02T03:04:05Z", "status" : {"errorCode":0}, "newIn2027":1.50 }"#,
        r#"{"id":"a","createdDateTime":"/Date(1741893341619)/","appId":"b","category":"x","time":1}"#,
        // Narrowed by $select.
        r#"{"createdDateTime":"2026-01-02T03:04:05Z","userPrincipalName":"ada@contoso.example"}"#,
        r#"{"id":"a","newIn2027":1}"#,
        r#"{"id":"a"}"#,
        r#"{"@odata.context":"x","correlationId":"b"}"#,
    ] {
        let export = sign_in(json);
        assert_eq!((export.shape, export.shape.as_str()), (Shape::Graph, "graph"), "{json}");
        assert!(matches!(export.record, Cow::Borrowed(text) if text == json), "{json}");
        assert_eq!((export.tenant.as_deref(), export.kind), (None, None));
        assert!(!export.is_lossy());
    }
}

#[test]
fn the_fixtures_are_graphs_own() {
    let text = include_str!("../../../../../fixtures/msgraph/sign_in.entity.json");
    assert_eq!(sign_in(text).shape, Shape::Graph);
}

#[test]
fn the_properties_of_a_diagnostic_record_alone_name_the_tenant() {
    let json = format!(
        r#"{{"id":"a","createdDateTime":"2026-01-02T03:04:05Z","appId":"b","tenantId":"{TENANT}"}}"#
    );
    assert_eq!(sign_in(&json).tenant.as_deref(), Some(TENANT));
}

#[test]
fn a_kind_from_elsewhere_is_added_where_none_is_said() {
    let kind = SignInEventType::NonInteractiveUser;
    let added = sign_in(r#"{"id":"a","signInEventTypes":[],"x":1.0}"#).of_kind(kind);
    assert_eq!(added.record, r#"{"id":"a","x":1.0,"signInEventTypes":["nonInteractiveUser"]}"#);
    assert_eq!(added.kind, Some(kind));
    let own = sign_in(r#"{"id":"a","signInEventTypes":["servicePrincipal"]}"#).of_kind(kind);
    assert_eq!(own.record, r#"{"id":"a","signInEventTypes":["servicePrincipal"]}"#);
    let wrapped = r#"{"category":"ManagedIdentitySignInLogs","properties":{"id":"a"}}"#;
    let wrapped = sign_in(wrapped).of_kind(kind);
    assert_eq!(wrapped.kind, Some(SignInEventType::ManagedIdentity));
    assert_eq!(record(&wrapped.record).sign_in_event_types, ["managedIdentity"]);
}
