//! Pages as Tines sends them. No client is needed to read one.

use signin_core::Envelope;
use signin_core::envelope::Slot;

use crate::{Mismatch, Page, SigninActivity};

/// The documented body. The page's prose calls it an array; it is this object.
pub(crate) const SIGNIN_ACTIVITIES: Envelope = Envelope(&[
    (Slot::Records, &["admin/login_activities"]),
    (Slot::NextLink, &["meta", "next_page"]),
    (Slot::NextPage, &["meta", "next_page_number"]),
    (Slot::Total, &["meta", "count"]),
    (Slot::PageSize, &["meta", "per_page"]),
]);

/// Reads a page of sign-in activities as Tines sends it, without a client.
///
/// # Errors
/// [`Mismatch`]: the body is not JSON, or has no list of sign-in activities. A single record that
/// does not fit stands in its place as [`Rejected`](crate::Rejected).
pub fn decode_signin_activities(body: &[u8]) -> Result<Page<SigninActivity>, Mismatch> {
    Page::decode(body, &SIGNIN_ACTIVITIES)
}
