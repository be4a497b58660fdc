//! Tines' error bodies, and what to do about its errors.

use std::borrow::Cow;

use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};

pub(crate) static VENDOR: VendorSpec = VendorSpec {
    name: "tines",
    agent: concat!("tines-admin/", env!("CARGO_PKG_VERSION")),
    // Each tenant has a host of its own.
    documented_base: None,
    request_id: &["x-request-id"],
    fault: error_details,
};

/// Reads an error body. Three shapes occur: an object with `errors`, a bare list of them, and
/// plain text.
fn error_details(response: &ErrorResponse<'_>) -> ErrorDetails {
    let message = response.text(&[&["errors", "message"], &["message"], &["error"]]);
    let details = response.text(&[&["errors", "details"], &["details"]]);
    let message = match (message, details) {
        (Some(message), Some(details)) => Some(format!("{message}: {details}")),
        (message, details) => message.or(details).or_else(|| response.plain().map(str::to_owned)),
    };
    ErrorDetails {
        code: response.text(&[&["type"]]),
        message,
        next: advice(response.operation, response.status.as_u16()),
        ..ErrorDetails::default()
    }
}

fn advice(operation: &str, status: u16) -> Option<Cow<'static, str>> {
    let audit_log = operation == "audit_logs";
    let advice = match status {
        401 => {
            "check that the key is this tenant's; older self-hosted tenants want user_token(), with user_email()"
        }
        403 if audit_log => {
            "use a key with the permission AUDIT_LOG_READ; not every plan has the audit log"
        }
        403 => "use a tenant owner's key: users and their sign-ins are for tenant owners",
        404 if audit_log => {
            "not every plan has the audit log; else check that the base URL is the tenant's own domain"
        }
        404 => "check the user id, and that the base URL is the tenant's own domain",
        429 => "wait, then resume; the limit counts all programs behind this IP and key",
        _ => return None,
    };
    Some(Cow::Borrowed(advice))
}
