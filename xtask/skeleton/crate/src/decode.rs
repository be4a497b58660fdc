//! Pages as NewVendor sends them. No client is needed to read one.

use signin_core::{PageField, PageLayout};

use crate::{Mismatch, Page, SignIn};

pub(crate) const SIGN_INS: PageLayout = PageLayout(&[
    (PageField::Records, &["data"]),
    (PageField::NextCursor, &["next"]),
    (PageField::Error, &["code"]),
]);

/// Reads a page of sign-ins as NewVendor sends it, without a client.
///
/// # Errors
/// [`Mismatch`]: the body is not JSON, has no list of sign-ins, or says that the service failed. A
/// single record that does not fit stands in its place as [`Rejected`](crate::Rejected).
pub fn decode_sign_ins(body: &[u8]) -> Result<Page<SignIn>, Mismatch> {
    Page::decode(body, &SIGN_INS)
}
