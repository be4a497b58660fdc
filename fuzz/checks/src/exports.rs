//! Sign-ins in other wrappings than Graph's: read the same each time, as JSON, and with nothing lost.

use std::collections::HashSet;

use msgraph_signins::export::{Export, Found, Shape, read};
use serde_json::Value;

use crate::seeds;
use crate::tree::Tree;

/// The input is a record.
pub(crate) fn check(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let found = read(&text);
    assert_eq!(found, read(&text), "read twice");
    let export = match found {
        Ok(Found::SignIn(export)) => export,
        Ok(Found::Other { category }) => {
            assert!(category.chars().count() <= 41, "{category}");
            return true;
        }
        Err(refused) => {
            let line = refused.to_string();
            assert!(line.len() < 4_096 && !line.contains(char::is_control), "{line}");
            return false;
        }
    };
    match (export.shape, Tree::read(&text), Tree::read(&export.record)) {
        (Shape::Graph, _, _) => assert_eq!(export.record, text.trim_ascii()),
        (_, Some(before), Some(after)) => check_nothing_is_lost(&export, &before, &after),
        (_, before, after) => assert!(before.is_none() || after.is_some(), "{}", export.record),
    }
    true
}

/// Whatever a record says in a value is said in what it was read as, there or beside it.
fn check_nothing_is_lost(export: &Export<'_>, before: &Tree, after: &Tree) {
    // Places are split and words for people are given as Graph's.
    if export.shape == Shape::AdminCenterCsv {
        return;
    }
    let mut said = HashSet::new();
    leaves(after, "", &mut |_, leaf| {
        said.insert(leaf);
    });
    leaves(before, "", &mut |name, leaf| {
        let is_bits = name.to_ascii_lowercase().starts_with("conditions");
        let is_word = ["yes", "no"].contains(&leaf.to_lowercase().as_str());
        let is_usual = leaf.starts_with("System.Collections.");
        assert!(
            said.contains(&leaf)
                || said.contains(&leaf.to_lowercase())
                || is_bits
                || is_word
                || is_usual,
            "{name}: {leaf:?} is not in {}",
            export.record
        );
    });
}

/// The texts, numbers and truth values of a tree, each with the name of its member, also of trees
/// that stand in texts.
fn leaves(tree: &Tree, name: &str, found: &mut dyn FnMut(&str, String)) {
    match tree {
        Tree::Leaf(Value::Null) => {}
        Tree::Leaf(Value::String(text)) => {
            let text = text.trim();
            match Tree::read(text) {
                Some(inner @ (Tree::List(_) | Tree::Object(_))) => leaves(&inner, name, found),
                _ if text.is_empty() => {}
                _ => found(name, text.to_owned()),
            }
        }
        Tree::Leaf(value) => found(name, value.to_string()),
        Tree::List(list) => list.iter().for_each(|value| leaves(value, name, found)),
        Tree::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, name, found));
        }
    }
}

/// A record of each wrapping.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    seeds::texts(&[
        r#"{"time":"11/14/2025 1:48:53 AM","category":"SignInLogs","tenantId":"t","resultType":"50126","resultDescription":"Invalid.","location":"DE","properties":{"id":"a","createdDateTime":"2026-01-02T03:04:05+00:00","status":{},"appliedConditionalAccessPolicies":[{"id":"p","conditionsSatisfied":3,"conditionsNotSatisfied":0}],"conditionalAccessAudiences":["x",{"applicationId":"y","audienceReasons":"none"}],"authenticationProcessingDetails":[{"key":"k","value":"[1]"},{"key":"l","value":[1.5]}],"deviceDetail":{},"n":1e5}}"#,
        r#"{"time":"x","category":"AuditLogs","properties":{"id":"a"}}"#,
        r#"{"Type":"SigninLogs","TenantId":"w","AADTenantId":"t","Id":"a","TimeGenerated":"2026-01-02T03:15:00Z","ResultType":"0","Location":"DE","LocationDetails":"{\"city\":\"Ulm\"}","Status":"{\"additionalDetails\":\"x\"}","ConditionalAccessPolicies":"[{\"id\":\"p\"}]","AutonomousSystemNumber":"64496","IsInteractive":"TRUE","DeviceDetail":"{cut","RiskEventTypes_V2":"one"}"#,
        r#"{"CreatedDateTime [UTC]":"9/9/2023, 1:45:17.287 PM","Id":"a","Status":"{\"errorCode\":0}","IsInteractive":"TRUE","Type":"SigninLogs"}"#,
        r#"{"Id":"a","CreatedDateTime":"3/13/2025 7:15:41 PM","IPAddress":"192.0.2.1","RiskEventTypesV2":"System.Object[]","Status":{"ErrorCode":0,"AdditionalProperties":{"x":1}},"Location":"@{City=Ulm}","AuthenticationDetails":{"Succeeded":"True"},"AdditionalProperties":{"userAgent":"curl"},"DeviceDetail":{"AdditionalProperties":"System.Collections.X"}}"#,
        r#"{"Date (UTC)":"2026-01-02T03:04:05Z","Request ID":"a","Username":"ada","Location":"Ulm, Baden, DE","Status":"Success","Sign-in error code":"","Incoming token type":"none","Incoming token type":"Primary refresh token"}"#,
        r#"{"id":"a","createdDateTime":"2026-01-02T03:04:05Z","appId":"b","new":[1.50,{}]}"#,
        r#"{"Operation":"UserLoggedIn","RecordType":15}"#,
        r#"{"error":{"code":"x"}}"#,
    ])
}
