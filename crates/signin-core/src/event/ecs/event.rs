//! The field set `event`.

use serde::Serialize;

use super::{filled, namespace, said, time};
use crate::event::{Activity, Outcome, Product, SignIn, SignInCounts};

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Event<'a> {
    kind: &'static str,
    category: [&'static str; 1],
    #[serde(rename = "type")]
    kinds: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dataset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<&'a str>,
}

impl<'a> Event<'a> {
    pub(super) fn of(sign_in: &'a SignIn) -> Self {
        Self {
            kind: "event",
            kinds: [event_type(sign_in.activity, sign_in.outcome)],
            outcome: Some(outcome(sign_in.outcome)),
            action: action(sign_in.activity),
            id: filled(&sign_in.id),
            code: said(&sign_in.code),
            reason: said(&sign_in.reason),
            hash: filled(&sign_in.revision),
            original: said(&sign_in.raw),
            ..Self::of_product(&sign_in.product)
        }
    }

    pub(super) fn of_counts(counts: &'a SignInCounts) -> Self {
        let span = counts.start.as_ref().zip(counts.end.as_ref());
        Self {
            kind: "metric",
            kinds: ["info"],
            action: "sign-ins-counted",
            id: filled(&counts.id),
            start: counts.start.as_ref().and_then(time::text),
            end: counts.end.as_ref().and_then(time::text),
            duration: span.and_then(time::between),
            hash: filled(&counts.revision),
            original: said(&counts.raw),
            ..Self::of_product(&counts.product)
        }
    }

    fn of_product(product: &Product) -> Self {
        let module = filled(namespace(product).unwrap_or(product.id));
        let endpoint = filled(product.endpoint);
        Self {
            category: ["authentication"],
            module,
            dataset: module.zip(endpoint).map(|(module, endpoint)| format!("{module}.{endpoint}")),
            provider: filled(product.name),
            ..Self::default()
        }
    }
}

/// `start` is said of what began: a sign-in that succeeded. A step begins nothing yet.
fn event_type(activity: Activity, outcome: Outcome) -> &'static str {
    match (activity, outcome) {
        (Activity::SignIn, Outcome::Success) => "start",
        (Activity::SignOut, _) => "end",
        _ => "info",
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "success",
        Outcome::Failure => "failure",
        Outcome::Interrupted | Outcome::Unknown => "unknown",
    }
}

fn action(activity: Activity) -> &'static str {
    match activity {
        Activity::SignIn => "sign-in",
        Activity::Step => "sign-in-step",
        Activity::SignOut => "sign-out",
    }
}
