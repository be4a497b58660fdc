//! NewVendor's error bodies, and what to do about its errors.

use std::borrow::Cow;

use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};

/// The API's base, the same for all customers.
pub(crate) const BASE: &str = "https://api.newvendor.example";

pub(crate) static VENDOR: VendorSpec = VendorSpec {
    name: "newvendor",
    agent: concat!("newvendor/", env!("CARGO_PKG_VERSION")),
    documented_base: Some(BASE),
    request_id: &["x-request-id"],
    fault,
};

/// Reads an error body: an object with `code` and `message`.
fn fault(answer: &ErrorResponse<'_>) -> ErrorDetails {
    let message = answer.text(&[&["message"]]);
    ErrorDetails {
        code: answer.text(&[&["code"]]),
        message: message.or_else(|| answer.plain().map(str::to_owned)),
        next: advice(answer.status.as_u16()).map(Cow::Borrowed),
        ..ErrorDetails::default()
    }
}

fn advice(status: u16) -> Option<&'static str> {
    match status {
        401 => Some("check the token: whole, and not expired"),
        403 => Some("give the token the right to read sign-ins"),
        404 => Some("check the base URL"),
        429 => Some("wait, then resume; look for other programs that use the token"),
        _ => None,
    }
}
