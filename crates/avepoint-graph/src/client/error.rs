//! Error bodies of AvePoint's gateway, and what to do about its errors.

use std::borrow::Cow;

use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};

pub(crate) static VENDOR: VendorSpec = VendorSpec {
    name: "avepoint",
    agent: concat!("avepoint-graph/", env!("CARGO_PKG_VERSION")),
    // Its answers hold no links.
    documented_base: None,
    request_id: &["x-request-id"],
    fault: error_details,
};

/// Reads an error body. Only status codes are documented; products on the same gateway answer with
/// `error`, or with `message` and a list of `errors`, and name the request by `requestId` or
/// `traceId`.
fn error_details(response: &ErrorResponse<'_>) -> ErrorDetails {
    let message = response.text(&[&["message"], &["error", "message"], &["error"]]);
    let detail = response.text(&[&["errors", "message"]]);
    let message = match (message, detail) {
        (Some(message), Some(detail)) if detail != message => Some(format!("{message}: {detail}")),
        (message, detail) => message.or(detail).or_else(|| response.plain().map(str::to_owned)),
    };
    ErrorDetails {
        code: response.text(&[&["errors", "code"], &["error", "code"], &["code"]]),
        message,
        request_id: response.text(&[&["requestId"], &["traceId"]]),
        next: advice(response.operation, response.status.as_u16()),
        ..ErrorDetails::default()
    }
}

fn advice(operation: &str, status: u16) -> Option<Cow<'static, str>> {
    let customers = operation == "customers";
    let advice = match status {
        401 => "get a new token: it is good for an hour, and for its own environment only",
        403 if customers => {
            "give the app the permission elements.customers.read.all, and ask for it in the scope"
        }
        403 => {
            "the app needs elements.um.user.read.all, and the customer must be in its customer scope"
        }
        404 if customers => "check the environment and the base URL",
        404 => "check both ids; the customer may also be outside the app's customer scope",
        429 => "wait, then resume; look for other programs that use the same app",
        _ => return None,
    };
    Some(Cow::Borrowed(advice))
}
