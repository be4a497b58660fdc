//! What is added up of a sign-in that was read as `serde_json::Value`. The service's own truth
//! comes from here too.

use serde_json::Value;

use crate::Sum;

/// Adds up a sign-in.
pub fn add_up(record: &Value, beta: bool, sum: &mut Sum) {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
    sum.text(text("/id"));
    sum.text(text("/createdDateTime"));
    sum.text(text("/userPrincipalName"));
    sum.text(text("/appDisplayName"));
    sum.text(text("/ipAddress"));
    sum.text(text("/correlationId"));
    sum.text(text("/riskState"));
    sum.text(text("/resourceId"));
    sum.number(record.pointer("/status/errorCode").and_then(Value::as_i64));
    sum.text(text("/deviceDetail/operatingSystem"));
    sum.text(text("/location/city"));
    sum.coordinate(record.pointer("/location/geoCoordinates/latitude").and_then(Value::as_f64));
    let policies = record["appliedConditionalAccessPolicies"].as_array();
    for policy in policies.into_iter().flatten() {
        sum.text(policy["result"].as_str());
    }
    if beta {
        sum.text(text("/uniqueTokenIdentifier"));
        sum.text(text("/signInEventTypes/0"));
        for step in record["authenticationDetails"].as_array().into_iter().flatten() {
            sum.text(step["authenticationStepResultDetail"].as_str());
        }
    }
}
