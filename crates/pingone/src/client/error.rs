//! PingOne's error bodies, and what to do about its errors.

use std::borrow::Cow;

use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};

/// The vendor as the core knows it, with the documented host of one region.
pub(crate) const fn vendor(documented_base: &'static str) -> VendorSpec {
    VendorSpec {
        name: "pingone",
        agent: concat!("pingone/", env!("CARGO_PKG_VERSION")),
        documented_base: Some(documented_base),
        request_id: &[],
        fault: error_details,
    }
}

/// Reads an error body: `id`, `code`, `message`, and `details` that say what the message does
/// not. The `id` finds the request in the vendor's logs.
fn error_details(response: &ErrorResponse<'_>) -> ErrorDetails {
    let detail = response.text(&[&["details", "message"]]);
    let target = response.text(&[&["details", "target"]]);
    let message = match (target, detail) {
        (Some(target), Some(detail)) => Some(format!("{target}: {detail}")),
        (_, detail) => detail.or_else(|| response.text(&[&["message"]])),
    };
    ErrorDetails {
        code: response.text(&[&["code"], &["details", "code"]]),
        message: message.or_else(|| response.plain().map(str::to_owned)),
        request_id: response.text(&[&["id"]]),
        next: advice(response),
        ..ErrorDetails::default()
    }
}

fn advice(response: &ErrorResponse<'_>) -> Option<Cow<'static, str>> {
    let filter = || response.text(&[&["details", "code"]]).as_deref() == Some("INVALID_FILTER");
    let advice = match (response.status.as_u16(), response.operation) {
        (400, "activities") => {
            "only 14 days can be read; beside the times take one filter, and a population with it"
        }
        (400, _) if filter() => "give both dates or neither, with the start before the end",
        (401, _) => {
            "wrong region? else check that the token is whole, of this region, and not expired"
        }
        (403, _) => {
            "check environment id and region, and the app's role: Identity Data Admin or Environment Admin"
        }
        (404, _) => "check the region, the environment id and the base URL",
        (429, _) => {
            "wait, then resume; the limit counts all programs of this IP and of the licence"
        }
        _ => return None,
    };
    Some(Cow::Borrowed(advice))
}
