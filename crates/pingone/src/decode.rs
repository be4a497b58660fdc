//! Pages as PingOne sends them. No client is needed to read one.

use signin_core::{PageField, PageLayout};

use crate::{Activity, Mismatch, Page, UserActivity};

/// A body in HAL with its records under this name in `_embedded`, which may be left out where
/// there are none, and `_links`.
macro_rules! layout {
    ($records:literal) => {
        PageLayout(&[
            (PageField::Records, &["_embedded", $records]),
            (PageField::NextLink, &["_links", "next", "href"]),
            (PageField::Count, &["count"]),
            (PageField::Count, &["size"]),
            (PageField::Error, &["code"]),
            (PageField::Error, &["details"]),
            (PageField::Error, &["error"]),
            (PageField::Error, &["errors"]),
        ])
    };
}

pub(crate) const USER_ACTIVITIES: PageLayout = layout!("userActivities");
pub(crate) const ACTIVITIES: PageLayout = layout!("activities");

/// Reads a page of user activities (counts) as PingOne sends it, without a client.
///
/// # Errors
/// [`Mismatch`]: the body is not JSON, has no list of user activities, or says that the service
/// failed. A single record that does not fit stands in its place as [`Rejected`](crate::Rejected).
pub fn decode_user_activities(body: &[u8]) -> Result<Page<UserActivity>, Mismatch> {
    Page::decode(body, &USER_ACTIVITIES)
}

/// Reads a page of activities (events) as PingOne sends it, without a client.
///
/// # Errors
/// As [`decode_user_activities`].
pub fn decode_activities(body: &[u8]) -> Result<Page<Activity>, Mismatch> {
    Page::decode(body, &ACTIVITIES)
}
