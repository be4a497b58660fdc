//! SSOJet's error bodies, and what to do about its errors.

use std::borrow::Cow;

use signin_core::vendor::{ErrorDetails, ErrorResponse, TokenError, VendorSpec};

/// The API's base, the same for all customers.
pub(crate) const BASE: &str = "https://api.ssojet.com";

pub(crate) static VENDOR: VendorSpec = VendorSpec {
    name: "ssojet",
    agent: concat!("ssojet/", env!("CARGO_PKG_VERSION")),
    documented_base: Some(BASE),
    request_id: &["x-request-id"],
    fault: error_details,
};

/// Reads an error body: an object with `error_code` and `error_description`, or plain text.
fn error_details(response: &ErrorResponse<'_>) -> ErrorDetails {
    let message = response.text(&[&["error_description"], &["message"]]);
    ErrorDetails {
        code: response.text(&[&["error_code"], &["error"]]),
        message: message.or_else(|| response.plain().map(str::to_owned)),
        next: advice(response.operation, response.status.as_u16()).map(Cow::Borrowed),
        ..ErrorDetails::default()
    }
}

/// What to do when no token is given. SSOJet's pages name several ways to get one.
pub(crate) fn token_advice(error: &TokenError) -> Option<&'static str> {
    match (error.status, error.error.as_deref()) {
        (_, Some("invalid_client")) => {
            Some("check client id and secret: whole, of one application")
        }
        (400 | 401 | 403 | 404 | 405 | 415 | 422, _) => Some(
            "check secret and scope, or set the token URL and encoding of your account by client_credentials()",
        ),
        _ => None,
    }
}

fn advice(operation: &str, status: u16) -> Option<&'static str> {
    Some(match status {
        400 if operation == "login_logs" => {
            "check client_id and event(): the newer API demands Login, the default"
        }
        400 => "check client_id and the arguments",
        401 => {
            "check the token: a whole secret key (sk_live_), or an access token that has not expired"
        }
        403 => "give the token the right to read users: SSOJet's own examples use scope sys_owner",
        404 if operation == "login_logs" => {
            "check the user id, that client_id is the user's, and the base URL"
        }
        404 => {
            "check client_id, and that the base URL is https://api.ssojet.com or a gateway to it"
        }
        429 => "wait, then resume; look for other programs that use the token",
        _ => return None,
    })
}
