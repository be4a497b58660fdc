//! What the program knows of Tines.

use tines_admin::SigninActivity;

use crate::format::{Cells, Source};

pub(crate) const VENDOR: &str = "tines";
pub(crate) const ENDPOINT: &str = "signin_activities";

/// The sign-ins of one user of the tenant at this origin.
pub(crate) fn source(origin: &str, user_id: &str) -> Source {
    Source {
        vendor: VENDOR,
        endpoint: ENDPOINT,
        tenant: Some(origin.to_owned()),
        user: Some(user_id.to_owned()),
        ..Source::default()
    }
}

pub(crate) fn cells(activity: &SigninActivity) -> Cells<'_> {
    Cells {
        id: activity.id.as_ref(),
        time: activity.created_at.as_ref(),
        user: activity.user_id.as_deref(),
        ip: activity.ip.as_deref(),
        user_agent: activity.user_agent.as_deref(),
    }
}
