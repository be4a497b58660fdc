//! The generated models against the published schema: every property and every enum member.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_signins::{
    AgentSignIn, AppliedAuthenticationEventListener, AppliedConditionalAccessPolicy,
    AuthenticationAppDeviceDetails, AuthenticationAppPolicyDetails, AuthenticationContext,
    AuthenticationDetail, AuthenticationRequirementPolicy, AuthenticationStrength,
    ConditionalAccessRuleSatisfied, CustomExtensionCalloutResult, DeviceDetail, GeoCoordinates,
    KeyValue, ManagedIdentity, MfaDetail, NetworkLocationDetail, PrivateLinkDetails,
    SessionLifetimePolicy, SignIn, SignInLocation, SignInStatus, TokenProtectionStatusDetails,
};
use signin_core::vendor::{Model, Table};

const FIELDS: &str = include_str!("../../../../fixtures/msgraph/fields.tsv");

fn tables() -> Vec<&'static Table> {
    vec![
        SignIn::table(),
        AgentSignIn::table(),
        AppliedConditionalAccessPolicy::table(),
        AppliedAuthenticationEventListener::table(),
        AuthenticationAppDeviceDetails::table(),
        AuthenticationAppPolicyDetails::table(),
        AuthenticationContext::table(),
        AuthenticationDetail::table(),
        KeyValue::table(),
        AuthenticationRequirementPolicy::table(),
        DeviceDetail::table(),
        SignInLocation::table(),
        ManagedIdentity::table(),
        MfaDetail::table(),
        NetworkLocationDetail::table(),
        PrivateLinkDetails::table(),
        SessionLifetimePolicy::table(),
        SignInStatus::table(),
        TokenProtectionStatusDetails::table(),
        AuthenticationStrength::table(),
        ConditionalAccessRuleSatisfied::table(),
        GeoCoordinates::table(),
        CustomExtensionCalloutResult::table(),
    ]
}

#[test]
fn every_published_property_is_a_member_and_no_other_is() {
    let mut published: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut rows = 0;
    for row in FIELDS.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        published.entry(columns[0].to_lowercase()).or_default().insert(columns[1]);
        rows += 1;
    }
    let mut members = 0;
    for table in tables() {
        let mut known: BTreeSet<&str> = table.members.iter().map(|member| member.name).collect();
        if table.name == "SignIn" {
            // Inherited from `entity`, and set by the service on a single record.
            assert!(known.remove("id") && known.remove("@odata.context"));
        }
        members += known.len();
        assert_eq!(published.get(&table.name.to_lowercase()), Some(&known), "{}", table.name);
    }
    assert_eq!((members, rows), (160, 160));
}

#[test]
fn every_published_enum_member_has_a_variant() {
    let source = include_str!("../../src/generated/enums.rs");
    let source: String = source.lines().filter(|line| !line.contains("///")).collect();
    let source: String = source.split_whitespace().collect();
    let enums = include_str!("../../../../fixtures/msgraph/enums.tsv");
    let mut rows = 0;
    for row in enums.lines().skip(1) {
        let (_, member) = row.split_once('\t').unwrap();
        assert!(source.contains(&format!("(\"{member}\",Self::")), "{row}");
        rows += 1;
    }
    let variants = source.matches("(\"").count();
    assert_eq!((variants, rows), (285, 285));
}
