//! What PowerShell makes of sign-ins.

use msgraph_signins::export::{Csv, Found, Refusal, Shape};

use super::{record, sign_in};

#[test]
fn names_are_graphs_again_at_every_depth_and_additional_members_are_merged() {
    let json = r#"{"AppDisplayName":"Portal","AppId":"b","ConditionalAccessStatus":"success",
        "AppliedConditionalAccessPolicies":[{"Id":"p","EnforcedGrantControls":["mfa"],
            "ConditionsSatisfied":3,"AdditionalProperties":{"newIn2027":1.50}}],
        "CreatedDateTime":"/Date(1741893341619)/","DeviceDetail":{"IsManaged":null,"BrowserId":"x",
            "AdditionalProperties":{}},"IPAddress":"192.0.2.1","Id":"a","RiskEventTypesV2":["r"],
        "Status":{"ErrorCode":0},"UserAgent":null,"SomethingNew":{"A":1},
        "AdditionalProperties":{"@odata.type":"microsoft.graph.signIn","userAgent":"curl",
            "signInEventTypes":["nonInteractiveUser"],"mfaDetail":{"authMethod":"m"}}}"#;
    let export = sign_in(json);
    assert_eq!(
        export.record,
        concat!(
            r#"{"@odata.type":"microsoft.graph.signIn","userAgent":"curl","#,
            r#""signInEventTypes":["nonInteractiveUser"],"mfaDetail":{"authMethod":"m"},"#,
            r#""appDisplayName":"Portal","appId":"b","conditionalAccessStatus":"success","#,
            r#""appliedConditionalAccessPolicies":[{"newIn2027":1.50,"id":"p","#,
            r#""enforcedGrantControls":["mfa"],"conditionsSatisfied":"application,users"}],"#,
            r#""createdDateTime":"/Date(1741893341619)/","deviceDetail":{"isManaged":null,"#,
            r#""browserId":"x"},"ipAddress":"192.0.2.1","id":"a","riskEventTypes_v2":["r"],"#,
            r#""status":{"errorCode":0},"somethingNew":{"A":1}}"#
        )
    );
    assert_eq!((export.shape, export.shape.as_str()), (Shape::PowerShell, "powershell"));
    assert_eq!((export.tenant.as_deref(), export.kind), (None, None));
    assert!(!export.is_lossy());
}

#[test]
fn what_was_nested_too_deep_is_absent_and_reported() {
    let json = r#"{"Id":"a","CreatedDateTime":"2026-01-02T03:04:05Z",
        "Status":"Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus",
        "Location":"@{City=Ulm; State=; GeoCoordinates=}",
        "DeviceDetail":"class DeviceDetail {\n  DeviceId: x\n}\n",
        "AuthenticationDetails":["Microsoft.Graph.PowerShell.Models.X","",{"Succeeded":true}],
        "RiskEventTypesV2":"System.Object[]","AuthenticationMethodsUsed":"Password Phone call",
        "NetworkLocationDetails":"",
        "AppliedConditionalAccessPolicies":[{"Id":"p","EnforcedGrantControls":"mfa",
            "EnforcedSessionControls":"","AuthenticationStrength":"Microsoft.Graph.X",
            "AdditionalProperties":"System.Collections.Generic.Dictionary`2[System.String,System.Object]"}],
        "AdditionalProperties":"System.Collections.Generic.Dictionary`2[System.String,System.Object]"}"#;
    let export = sign_in(json);
    assert_eq!(
        export.record,
        concat!(
            r#"{"id":"a","createdDateTime":"2026-01-02T03:04:05Z","#,
            r#""authenticationDetails":[{"succeeded":true}],"#,
            r#""appliedConditionalAccessPolicies":[{"id":"p","enforcedGrantControls":["mfa"]}],"#,
            r#""powerShell":{"#,
            r#""/AdditionalProperties":"System.Collections.Generic.Dictionary`2[System.String,System.Object]","#,
            r#""/status":"Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus","#,
            r#""/location":"@{City=Ulm; State=; GeoCoordinates=}","#,
            r#""/deviceDetail":"class DeviceDetail {\n  DeviceId: x\n}\n","#,
            r#""/authenticationDetails":["Microsoft.Graph.PowerShell.Models.X","",{"Succeeded":true}],"#,
            r#""/riskEventTypes_v2":"System.Object[]","#,
            r#""/authenticationMethodsUsed":"Password Phone call","#,
            r#""/appliedConditionalAccessPolicies/0/authenticationStrength":"Microsoft.Graph.X"}}"#
        )
    );
    assert_eq!(
        export.lost,
        [
            "/AdditionalProperties",
            "/status",
            "/location",
            "/deviceDetail",
            "/authenticationDetails",
            "/riskEventTypes_v2",
            "/authenticationMethodsUsed",
            "/appliedConditionalAccessPolicies/0/authenticationStrength",
        ]
    );
    assert!(export.is_lossy());
    record(&export.record);
}

#[test]
fn an_object_that_lost_its_list_and_a_date_with_its_script_members_are_read() {
    let json = r#"{"Id":"a","CreatedDateTime":{"value":"\/Date(1741893341619)\/","DisplayHint":2},
        "AuthenticationDetails":{"Succeeded":true}}"#;
    assert_eq!(
        sign_in(json).record,
        concat!(
            r#"{"id":"a","createdDateTime":"\/Date(1741893341619)\/","#,
            r#""authenticationDetails":[{"succeeded":true}],"powerShell":{"#,
            r#""/createdDateTime":{"value":"\/Date(1741893341619)\/","DisplayHint":2}}}"#
        )
    );
}

#[test]
fn a_narrowed_record_is_known_by_its_names() {
    let json = r#"{"UserPrincipalName":"ada@contoso.example","IPAddress":"192.0.2.1"}"#;
    assert_eq!(sign_in(json).shape, Shape::PowerShell);
}

#[test]
fn a_row_of_export_csv_is_read_where_its_time_is_clear() {
    let header =
        ["AppId", "AutonomousSystemNumber", "CreatedDateTime", "Id", "IsInteractive", "Status"];
    let csv = Csv::new(&header).unwrap();
    assert_eq!(csv.shape(), Shape::PowerShell);
    let row = |time| ["b", "64496", time, "a", "False", "Microsoft.Graph.PowerShell.Models.X"];
    let Found::SignIn(export) = csv.record(&row("3/13/2025 7:15:41 PM")).unwrap() else { panic!() };
    assert_eq!(
        export.record,
        concat!(
            r#"{"appId":"b","autonomousSystemNumber":64496,"createdDateTime":"2025-03-13T19:15:41Z","#,
            r#""id":"a","isInteractive":false,"powerShell":{"#,
            r#""/createdDateTime":"3/13/2025 7:15:41 PM","/status":"Microsoft.Graph.PowerShell.Models.X"}}"#
        )
    );
    assert_eq!(export.lost, ["/status"]);
    let refused = csv.record(&row("3/12/2025 7:15:41 PM")).unwrap_err();
    assert_eq!(refused.refusal(), Refusal::UnclearTime);
    assert!(!refused.to_string().contains("2025 "), "{refused}");
}
