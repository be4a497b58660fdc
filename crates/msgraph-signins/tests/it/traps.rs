//! The traps of the record (P2).

use msgraph_signins::{
    AppliedConditionalAccessPolicyResult, ConditionalAccessStatus, ProtocolType, Record,
    RiskEventType, RiskLevel, RiskState, SignIn, TokenIssuerType,
};
use signin_contract::samples::Sample;

fn read(json: &str) -> Record<SignIn> {
    Record::from_json(json).unwrap()
}

#[test]
fn p2_both_spellings_of_the_risk_during_sign_in_are_one_field() {
    for name in ["riskLevelDuringsignIn", "riskLevelDuringSignIn"] {
        let record = read(&format!("{{\"{name}\":\"high\"}}"));
        assert_eq!(
            record.risk_level_during_sign_in.as_ref().map(|r| format!("{r:?}")).as_deref(),
            Some("High")
        );
        assert!(record.extra().is_empty());
    }
    let both = read(r#"{"riskLevelDuringSignIn":"low","riskLevelDuringsignIn":"high"}"#);
    assert_eq!(format!("{:?}", both.risk_level_during_sign_in), "Some(High)");
}

#[test]
fn p2_a_repeated_member_does_not_make_a_record_undecodable() {
    let record = read(
        r#"{"id":"a","appId":"1","appId":"2","status":{"errorCode":1},"status":{"errorCode":0}}"#,
    );
    assert_eq!(record.app_id.as_deref(), Some("2"));
    assert_eq!(record.status.as_ref().unwrap().error_code, Some(0));
}

#[test]
fn p2_members_outside_their_enum_keep_their_text() {
    let text = include_str!("../../../../fixtures/msgraph/sign_in.fido2_mfa.http");
    let sign_in = Sample::new(text, "/value").check::<SignIn>().remove(0);
    let applied = ConditionalAccessStatus::Other("applied".into());
    assert_eq!(sign_in.conditional_access_status, Some(applied.into()));
    let result = &sign_in.applied_conditional_access_policies[0].result;
    assert_eq!(*result, Some(AppliedConditionalAccessPolicyResult::Other("applied".into()).into()));
}

#[test]
fn p2_a_member_in_another_case_is_the_member_and_written_as_it_came() {
    let json = r#"{"riskState":"ATRISK","riskLevelAggregated":"High","riskEventTypes":["generic","Generic","new"],"tokenIssuerType":"AzureAd","authenticationProtocol":"OAuth2,ropc"}"#;
    let record = read(json);
    assert!(matches!(record.risk_level_aggregated.as_deref(), Some(RiskLevel::High)));
    assert_eq!(record.risk_state.as_deref(), Some(&RiskState::AtRisk));
    assert_eq!(record.token_issuer_type.as_deref(), Some(&TokenIssuerType::AzureAD));
    let events: Vec<_> = record.risk_event_types.iter().map(|kind| &**kind).collect();
    assert_eq!(events[0], events[1]);
    assert_eq!(*events[2], RiskEventType::Other("new".into()));
    assert!(record.authentication_protocol.as_ref().unwrap().contains(&ProtocolType::OAuth2));
    let [written, read] = [serde_json::to_string(&*record).unwrap(), json.to_owned()]
        .map(|json| serde_json::from_str::<serde_json::Value>(&json).unwrap());
    assert_eq!(written, read);
}

#[test]
fn p2_an_empty_status_is_there_and_says_nothing() {
    assert_eq!(read(r#"{"status":{}}"#).status.as_ref().unwrap().error_code, None);
    assert!(read("{}").status.is_none());
}

#[test]
fn p2_numbers_that_no_type_holds_are_kept_or_rejected_never_rounded() {
    for (json, path) in [
        (r#"{"status":{"errorCode":18446744073709551616}}"#, "/status/errorCode"),
        (r#"{"autonomousSystemNumber":1e999}"#, "/autonomousSystemNumber"),
        (
            r#"{"location":{"geoCoordinates":{"latitude":1e999}}}"#,
            "/location/geoCoordinates/latitude",
        ),
    ] {
        let rejected = Record::<SignIn>::from_json(json).unwrap_err();
        assert_eq!(rejected.mismatch().path(), path);
        assert_eq!(rejected.raw(), json);
    }
    let unknown = read(r#"{"newNumber":1e999,"big":18446744073709551616}"#);
    let extra: Vec<_> = unknown.extra().iter().map(|extra| extra.json.to_owned()).collect();
    assert_eq!(extra, ["1e999", "18446744073709551616"]);
}

#[test]
fn p2_a_thousand_levels_beside_the_known_members_are_kept() {
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let record = read(&format!(
        r#"{{"id":"a","deep":{deep},"appliedEventListeners":[{{"handlerResult":{deep}}}]}}"#
    ));
    assert_eq!(record.id.as_deref(), Some("a"));
    assert_eq!(record.extra()[0].json, deep);
    let listener = &record.applied_event_listeners[0];
    assert_eq!(listener.handler_result.as_ref().unwrap().get(), deep);
}
