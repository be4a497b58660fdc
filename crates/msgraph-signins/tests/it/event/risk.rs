//! What a sign-in was judged by: risk, its reasons, policies.

use msgraph_signins::event::RiskLevel;

use super::{event, left};

#[test]
fn a_risk_is_the_higher_level_and_a_hidden_one_is_not_none() {
    for (during, aggregated, level) in [
        ("none", "none", Some(RiskLevel::None)),
        ("low", "none", Some(RiskLevel::Low)),
        ("none", "medium", Some(RiskLevel::Medium)),
        ("medium", "low", Some(RiskLevel::Medium)),
        ("high", "medium", Some(RiskLevel::High)),
        ("High", "None", Some(RiskLevel::High)),
        ("LOW", "Hidden", Some(RiskLevel::Low)),
        ("hidden", "low", Some(RiskLevel::Low)),
        ("none", "hidden", Some(RiskLevel::None)),
        ("hidden", "hidden", None),
        ("unknownFutureValue", "somethingNew", None),
        ("none", "UnknownFutureValue", Some(RiskLevel::None)),
        ("", "", None),
    ] {
        // In the spelling of the vendor's sample.
        let members = format!(
            r#""riskLevelDuringsignIn":"{during}","riskLevelAggregated":"{aggregated}","riskState":"atRisk""#
        );
        let event = event(&members);
        assert_eq!(event.risk.as_ref().map(|risk| risk.level), level, "{members}");
        assert!(event.mapped.iter().all(|member| !member.contains("risk")), "both levels stay");
    }
    assert_eq!(event(r#""riskState":"atRisk""#).risk, None);
}

#[test]
fn reasons_of_a_risk_are_those_of_the_newer_list_if_it_has_any() {
    const OLDER: &str = r#"["anonymizedIPAddress","unknownFutureValue"]"#;
    for (newer, older, reasons) in [
        (
            r#"["unfamiliarFeatures","anomalousToken"]"#,
            OLDER,
            vec!["unfamiliarFeatures", "anomalousToken"],
        ),
        ("[]", OLDER, vec!["anonymizedIPAddress"]),
        (r#"[""]"#, OLDER, vec!["anonymizedIPAddress"]),
        (r#"["generic"]"#, "[]", vec!["generic"]),
        (r#"["unknownFutureValue","generic"]"#, "[]", vec!["generic"]),
        (r#"["unknownFutureValue"]"#, r#"["AnonymizedIPAddress"]"#, vec!["AnonymizedIPAddress"]),
        ("null", "null", vec![]),
    ] {
        let lists = format!(r#""riskEventTypes_v2":{newer},"riskEventTypes":{older}"#);
        let members = format!(r#"{lists},"riskLevelAggregated":"low""#);
        assert_eq!(event(&members).risk.unwrap().reasons, reasons, "{members}");
        let hidden = event(&format!(r#"{lists},"riskLevelAggregated":"hidden""#));
        assert_eq!(hidden.risk, None);
        assert!(reasons.iter().all(|reason| left(&hidden).contains(reason)), "{members}");
    }
}

#[test]
fn policies_say_whether_they_were_in_force() {
    for (result, is_applied) in [
        ("success", Some(true)),
        ("failure", Some(true)),
        ("notApplied", Some(false)),
        ("notEnabled", Some(false)),
        ("reportOnlySuccess", Some(false)),
        ("reportOnlyFailure", Some(false)),
        ("reportOnlyNotApplied", Some(false)),
        ("reportOnlyInterrupted", Some(false)),
        ("NotApplied", Some(false)),
        ("SUCCESS", Some(true)),
        // Of the vendor's sample, and no member of its enum.
        ("applied", Some(true)),
        ("Applied", Some(true)),
        ("unknown", None),
        ("unknownFutureValue", None),
        ("somethingNew", None),
        ("", None),
    ] {
        let policy = format!(
            r#"{{"id":"p1","displayName":"MFA","result":"{result}","enforcedGrantControls":["Mfa"]}}"#
        );
        let event = event(&format!(r#""appliedConditionalAccessPolicies":[{policy},{{}}]"#));
        let [found] = event.policies.as_slice() else { panic!("one policy: {:?}", event.policies) };
        assert_eq!((found.id.as_deref(), found.name.as_deref()), (Some("p1"), Some("MFA")));
        let is_told = !["unknown", "unknownFutureValue", ""].contains(&result);
        assert_eq!(found.result.as_deref(), is_told.then_some(result));
        assert!(result.is_empty() || left(&event).contains(result), "{result}");
        assert_eq!(found.is_applied, is_applied, "{result}");
        // The list holds more: the controls, what was and was not satisfied.
        assert!(left(&event).contains("enforcedGrantControls"));
    }
}
