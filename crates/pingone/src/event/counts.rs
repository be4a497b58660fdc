//! Buckets of user activities as counts of sign-ins.

use signin_core::event::{Context, Members, NoEvent, SignInCounts, ToEvent};

use crate::{Record, UserActivity};

/// A bucket of counts: a metric, which names no user. [`Context::tenant`] is the environment's id;
/// without it, the bucket's own is taken, if it has one.
///
/// - The identity is the environment and the bucket's two instants, however they were written.
/// - A count that is missing or negative is absent from the event, never 0; a bucket without any
///   is no event.
/// - The dates' offset and `passwordResets`, which are no sign-ins, stay in `unmapped`.
impl ToEvent for UserActivity {
    type Event = SignInCounts;

    fn convert(record: &Record<Self>, context: &Context) -> Result<SignInCounts, NoEvent> {
        let mut members = Members::default();
        let mut counts = SignInCounts::default();
        counts.product = super::product("user_activities");
        counts.tenant = Some(tenant(&mut members, record, context)?);
        let start = members.instant("/startDate", &record.start_date);
        let start = start.ok_or(NoEvent::without_time("/startDate"))?;
        let end = members.instant("/endDate", &record.end_date);
        let end = end.ok_or(NoEvent::without_time("/endDate"))?;
        if end <= start {
            return Err(NOT_A_SPAN);
        }
        let sign_ons = record.user_sign_ons.clone().unwrap_or_default();
        counts.successes = members.take("/userSignOns/successes", count(sign_ons.successes));
        counts.failures = members.take("/userSignOns/failures", count(sign_ons.failures));
        if counts.successes.is_none() && counts.failures.is_none() {
            return Err(WITHOUT_COUNTS);
        }
        let identity = format!("{start}/{end}");
        counts.start = Some(start);
        counts.end = Some(end);
        members.finish_counts(&mut counts, record, &identity, context);
        Ok(counts)
    }
}

const NOT_A_SPAN: NoEvent =
    NoEvent::Unusable { path: "/endDate", reason: "expected an end behind the start, found none" };

const WITHOUT_COUNTS: NoEvent =
    NoEvent::Unusable { path: "/userSignOns", reason: "expected a count of sign-ins, found none" };

/// The environment that was asked, else the one that the bucket names, which is taken over where
/// it is the same.
fn tenant(
    members: &mut Members,
    record: &Record<UserActivity>,
    context: &Context,
) -> Result<String, NoEvent> {
    let own = record.environment.as_ref().and_then(|environment| environment.id.as_deref());
    let own = own.filter(|id| !id.is_empty());
    let asked = Context::required("tenant", &context.tenant);
    let tenant = asked.or_else(|missing| own.ok_or(missing))?;
    members.take("/environment/id", own.filter(|own| *own == tenant));
    Ok(tenant.to_owned())
}

fn count(count: Option<i64>) -> Option<u64> {
    count.and_then(|count| u64::try_from(count).ok())
}
