//! Pages as AvePoint Elements sends them. No client is needed to read one.

use signin_core::{PageField, PageLayout};

use crate::{Customer, Mismatch, Page, SignIn};

/// A body of `data` and `metadata`. The page's own number is no continuation: the next one is
/// reckoned from it.
const LIST: PageLayout = PageLayout(&[
    (PageField::Records, &["data"]),
    (PageField::Total, &["metadata", "totalCount"]),
    (PageField::PageSize, &["metadata", "pageSize"]),
    (PageField::Error, &["error"]),
    (PageField::Error, &["errors"]),
    (PageField::Error, &["statusCode"]),
]);

pub(crate) const SIGN_INS: PageLayout = LIST;
pub(crate) const CUSTOMERS: PageLayout = LIST;

/// Reads a page of sign-ins of a tenant as AvePoint Elements sends it, without a client.
///
/// # Errors
/// [`Mismatch`]: the body is not JSON, has no list of sign-ins, or says that the service failed. A
/// single record that does not fit stands in its place as [`Rejected`](crate::Rejected).
pub fn decode_sign_ins(body: &[u8]) -> Result<Page<SignIn>, Mismatch> {
    Page::decode(body, &SIGN_INS)
}

/// Reads a page of customers as AvePoint Elements sends it, without a client.
///
/// # Errors
/// As [`decode_sign_ins`].
pub fn decode_customers(body: &[u8]) -> Result<Page<Customer>, Mismatch> {
    Page::decode(body, &CUSTOMERS)
}
