//! Microsoft Graph's error bodies, and what to do about its errors.

use std::borrow::Cow;

use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};

use crate::{Cloud, Error, ErrorKind, Missing};

static GLOBAL: VendorSpec = vendor(Cloud::Global);
static US_GOV: VendorSpec = vendor(Cloud::UsGov);
static US_GOV_DOD: VendorSpec = vendor(Cloud::UsGovDod);
static CHINA: VendorSpec = vendor(Cloud::China);

/// Microsoft Graph as one cloud has it: they differ in the root that its links lead to.
pub(crate) fn of_cloud(cloud: Cloud) -> &'static VendorSpec {
    match cloud {
        Cloud::Global => &GLOBAL,
        Cloud::UsGov => &US_GOV,
        Cloud::UsGovDod => &US_GOV_DOD,
        Cloud::China => &CHINA,
    }
}

const fn vendor(cloud: Cloud) -> VendorSpec {
    VendorSpec {
        name: "msgraph",
        agent: concat!("msgraph-signins/", env!("CARGO_PKG_VERSION")),
        documented_base: Some(cloud.graph_root()),
        request_id: &["request-id", "client-request-id"],
        fault: error_details,
    }
}

/// Whether an error says that the range of time begins before what the service keeps. The words
/// are the same for a filter that is wrong.
pub(crate) fn may_be_before_retention(error: &Error) -> bool {
    error.status() == Some(400) && is_bad_filter(error.vendor_message().unwrap_or_default())
}

/// Whether an error says that a list cannot be gone on with from here, though from its
/// beginning it could: skip tokens die.
pub(crate) fn is_dead_link(error: &Error) -> bool {
    let refused = matches!(error.status(), Some(400 | 404 | 410 | 422));
    refused && error.kind() != ErrorKind::Authentication && !may_be_before_retention(error)
}

/// Reads an error body: `{"error": {code, message, details, innerError}}`.
fn error_details(response: &ErrorResponse<'_>) -> ErrorDetails {
    let code = response.text(&[&["error", "code"]]);
    // A gateway's HTML page stands there now and then: it says nothing.
    let message = response.text(&[&["error", "message"]]);
    let message = message.filter(|text| !text.trim_start().starts_with('<'));
    let detail = response.text(&[&["error", "details", "message"]]);
    let message = match (message, detail) {
        (Some(message), Some(detail)) => Some(format!("{message}: {detail}")),
        (message, detail) => message.or(detail).or_else(|| response.plain().map(str::to_owned)),
    };
    let next = advice(
        response.operation,
        response.status.as_u16(),
        code.as_deref().unwrap_or_default(),
        message.as_deref().unwrap_or_default(),
    );
    let passes = response.status.as_u16() == 400
        && is_passing(code.as_deref().unwrap_or_default(), message.as_deref().unwrap_or_default());
    ErrorDetails {
        request_id: response.text(&[
            &["error", "innerError", "request-id"],
            &["error", "innererror", "request-id"],
        ]),
        code,
        message,
        next: next.map(Cow::Borrowed),
        kind: passes.then_some(ErrorKind::Service),
    }
}

fn advice(operation: &str, status: u16, code: &str, message: &str) -> Option<&'static str> {
    if let Some(missing) = Missing::of_refusal(status, code, message) {
        return Some(missing.fix());
    }
    Some(match status {
        400 if is_passing(code, message) => {
            "good queries are refused so now and then: run again; if it stays, check the filter"
        }
        400 if is_bad_filter(message) => {
            "if the range begins before what the tenant keeps (7 days, 30 with P1 or P2), begin later; else check the filter"
        }
        400 if is_dead_skip_token(message) => {
            "skip tokens die: run again, and walk long ranges by sign_ins().window()"
        }
        401 => "get a new token, for this tenant, this cloud and the scope of its Graph root",
        403 => {
            "the app registration may lack AuditLog.Read.All, or the user a role: see the app's permissions"
        }
        404 if operation == "sign_in" => {
            "check the id and the tenant; sign-ins are kept for 7 days, or 30 with P1 or P2"
        }
        404 => "check that the base URL is the Graph root of the tenant's cloud",
        429 => "wait, then resume; the limit is 5 requests in 10 s for each app and tenant",
        504 => "ask for a shorter range of time: sign_ins().window() halves it by itself",
        _ => return None,
    })
}

/// Whether a 400 is one that good queries get now and then, and then not.
fn is_passing(code: &str, message: &str) -> bool {
    let message = message.trim_end_matches('.');
    code.eq_ignore_ascii_case("UnknownError") && message.eq_ignore_ascii_case("Unsupported Query")
}

fn is_bad_filter(message: &str) -> bool {
    message.to_ascii_lowercase().contains("invalid filter clause")
}

fn is_dead_skip_token(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("skip token") || message.contains("skiptoken")
}
