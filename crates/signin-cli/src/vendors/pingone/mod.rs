//! What the program knows of PingOne.

pub(crate) mod args;
pub(crate) mod demo;
pub(crate) mod fetch;

use std::borrow::Cow;

use pingone::{Activity, UserActivity};
use serde::Deserialize;
use signin_core::vendor::Model as _;
use signin_core::{Json, OpenEnum as _};

use super::{Endpoint, Profile, put};
use crate::formats::event::{self, Gives};
use crate::formats::{Cells, Kind, detail, moment};

pub(crate) const VENDOR: &str = "pingone";
pub(crate) const ACTIVITIES: &str = "activities";
pub(crate) const USER_ACTIVITIES: &str = "user_activities";

pub(crate) const PROFILE: Profile = Profile {
    name: VENDOR,
    product: "PingOne",
    in_help: "PingOne",
    endpoints: ENDPOINTS,
    demo: (ACTIVITIES, "PingOne: audit activities about signing in, of the last 14 days"),
    has_exports: false,
};

pub(crate) static USER_ACTIVITY: Kind<UserActivity> =
    Kind { cells: user_activity, event: event::counts };
pub(crate) static ACTIVITY: Kind<Activity> = Kind { cells: activity, event: event::sign_in };
/// The same with another time, for ranges of that.
pub(crate) static ACTIVITY_BY_CREATION: Kind<Activity> =
    Kind { cells: activity_by_creation, event: event::sign_in };

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: USER_ACTIVITIES,
        lists: &[&["_embedded", "userActivities"]],
        table: UserActivity::table,
        gives: Gives::Counts,
        put: |sink, source, raw| put(sink, source, raw, &USER_ACTIVITY),
    },
    Endpoint {
        name: ACTIVITIES,
        lists: &[&["_embedded", "activities"]],
        table: Activity::table,
        gives: Gives::SignIns,
        put: |sink, source, raw| put(sink, source, raw, &ACTIVITY),
    },
];

/// Counts of one period: nobody's in particular.
fn user_activity(counts: &UserActivity) -> Cells<'_> {
    let sign_ons = counts.user_sign_ons.as_ref();
    let count = |what: &str, count: Option<i64>| count.map(|n| format!("{what}: {n}").into());
    Cells {
        time: moment(&counts.start_date),
        details: [
            count("successes", sign_ons.and_then(|sign_ons| sign_ons.successes)),
            count("failures", sign_ons.and_then(|sign_ons| sign_ons.failures)),
            count("password resets", counts.password_resets),
        ],
        ..Cells::default()
    }
}

/// What the table shows of an activity's `source`, whose members are not documented.
#[derive(Deserialize)]
struct Origin {
    #[serde(rename = "ipAddress")]
    ip_address: Option<String>,
}

fn activity(activity: &Activity) -> Cells<'_> {
    let user = activity.actors.as_ref().and_then(|actors| actors.user.as_ref());
    let client = activity.actors.as_ref().and_then(|actors| actors.client.as_ref());
    let origin = activity.source.as_ref().and_then(|source| Json::parse::<Origin>(source).ok());
    let result = activity.result.as_ref();
    Cells {
        id: activity.id.as_ref(),
        time: moment(&activity.recorded_at),
        user: user.and_then(|user| user.name.as_deref().or(user.id.as_deref())),
        ip: origin.and_then(|origin| origin.ip_address).map(Cow::Owned),
        details: [
            activity.action.as_ref().and_then(|action| detail(&action.kind)),
            result.and_then(|result| result.status.as_ref()).map(|status| status.as_str().into()),
            client.and_then(|client| detail(&client.name)),
        ],
    }
}

/// The same with another time, for ranges of that.
fn activity_by_creation(created: &Activity) -> Cells<'_> {
    Cells { time: moment(&created.created_at), ..activity(created) }
}
