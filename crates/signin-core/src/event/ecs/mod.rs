//! Events by the Elastic Common Schema (ECS) 9.4.

mod event;
mod fields;
mod own;
mod time;

use serde::ser::{Serialize, Serializer};

use self::event::Event;
use self::fields::{Host, Organization, Related, Service, Source, User, UserAgent, Version};
use self::own::Own;
use super::{NoEvent, Product, SignIn, SignInCounts};
use crate::record::json::Json;

/// An event by the [Elastic Common Schema](https://www.elastic.co/docs/reference/ecs) 9.4, to be
/// serialised: nested objects, without nulls and without empty texts. Made by [`SignIn::to_ecs`]
/// and [`SignInCounts::to_ecs`].
///
/// | ECS | what of the event |
/// |---|---|
/// | `@timestamp` | `time`; of counts the start of their span |
/// | `event.kind`, `.category`, `.type` | `event`, `[authentication]`, `[start]` for a sign-in that succeeded, `[end]` for a sign-out, else `[info]`; counts are `metric` and `[info]` |
/// | `event.outcome` | `success`, `failure` or `unknown`; see below |
/// | `event.action` | `sign-in`, `sign-in-step`, `sign-out`; `sign-ins-counted` |
/// | `event.id`, `.hash`, `.original` | `id`, `revision`, `raw` |
/// | `event.code`, `.reason` | `code`, `reason` |
/// | `event.module`, `.dataset`, `.provider` | the vendor's namespace, that and the product's list (`entra.sign_ins`), the product's name |
/// | `event.start`, `.end`, `.duration` | the span of counts; the duration in nanoseconds |
/// | `user.*` | `principal`, whatever its kind is |
/// | `source.*`, `user_agent.original` | `origin` |
/// | `host.*` | `origin.device`; the one text that there is for its system is `os.full` and `os.name` |
/// | `service.name`, `service.target.*` | the product's name, `application`; see below |
/// | `organization.id` | `tenant` |
/// | `related.*` | addresses; ids, names and e-mail addresses of who signed in; names of devices |
/// | `signin.*` | what ECS has no field for, under the names of [`SignIn`] and [`SignInCounts`]; the precise outcome |
/// | `entra.*`, `tines.*` and their like | `unmapped`, in the object that the vendor's crate names ([`Product::namespace`]); where it names none it is `signin.unmapped` |
///
/// - **The application** that was signed in to is `service.target`: ECS has `service.name` for the
///   service that data was collected from, which is the product.
/// - **Interrupted** has no outcome in ECS. It is `unknown`, since the attempt was neither let in
///   nor turned away, and `interrupted` in `signin.outcome`.
/// - **Times** are RFC 3339 in UTC with three digits of a second, with nine where the instant has
///   more. Elasticsearch's type `date` keeps milliseconds, `date_nanos` all. The vendor's own
///   spelling is `signin.original_time`.
/// - **There is no `message`**: it would say again, in words, what the fields say.
/// - **These are not the fields of a vendor's own integration** (`azure.signinlogs.*` and its
///   like): dashboards made for one find nothing here.
/// - **In an index,** map `signin.original_time` as `keyword` and the vendors' objects as
///   `flattened`: their members are the vendors', and have one type today and another tomorrow.
///   `signin.factors` and `signin.policies` keep their pairs as `nested`.
///
/// ```
/// use signin_core::Timestamp;
/// use signin_core::event::SignIn;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut sign_in = SignIn::default();
/// sign_in.time = Timestamp::parse("2026-01-02T03:04:05Z");
/// sign_in.principal.name = Some("ada@example.com".to_owned());
/// let line = serde_json::to_string(&sign_in.to_ecs()?)?;
/// assert!(line.starts_with(r#"{"@timestamp":"2026-01-02T03:04:05.000Z","ecs":{"version":"9.4.0"}"#));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Ecs<'a> {
    #[serde(rename = "@timestamp")]
    timestamp: String,
    ecs: Version,
    event: Event<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<UserAgent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<Host<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<Organization<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<Related<'a>>,
    signin: Own<'a>,
    #[serde(flatten)]
    unmapped: Option<Unmapped<'a>>,
}

/// What is left over of the record, under its vendor's name.
#[derive(Debug, Clone, PartialEq)]
struct Unmapped<'a> {
    namespace: &'static str,
    json: &'a Json,
}

impl<'a> Unmapped<'a> {
    fn of(product: &Product, json: Option<&'a Json>) -> Option<Self> {
        let (namespace, json) = namespace(product).zip(json)?;
        Some(Self { namespace, json })
    }
}

impl Serialize for Unmapped<'_> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.collect_map([(self.namespace, self.json)])
    }
}

impl SignIn {
    /// The event by the Elastic Common Schema.
    ///
    /// # Errors
    /// [`NoEvent::Unusable`], for an event that was made by hand: it has no time from 1970 to 9998, or
    /// nobody who signed in.
    pub fn to_ecs(&self) -> Result<Ecs<'_>, NoEvent> {
        let time = self.time.as_ref().and_then(time::text);
        let timestamp = time.ok_or(NoEvent::without_time("/time"))?;
        let user = User::of(&self.principal).ok_or(NoEvent::without_principal("/principal"))?;
        let source = Source::of(&self.origin);
        let host = self.origin.device.as_ref().and_then(Host::of);
        let related = Related::of(&user, self.origin.ip, host.as_ref());
        Ok(Ecs {
            timestamp,
            ecs: Version::default(),
            event: Event::of(self),
            user: Some(user),
            source,
            user_agent: said(&self.origin.user_agent).map(|original| UserAgent { original }),
            host,
            service: Service::of(&self.product, self.application.as_ref()),
            organization: said(&self.tenant).map(|id| Organization { id }),
            related,
            signin: Own::of(self),
            unmapped: Unmapped::of(&self.product, self.unmapped.as_ref()),
        })
    }
}

impl SignInCounts {
    /// The counts by the Elastic Common Schema: a metric, `signin.successes` and
    /// `signin.failures`, at the start of its span, so that a chart over time has the counts of a
    /// day on that day.
    ///
    /// # Errors
    /// [`NoEvent::Unusable`], for counts that were made by hand: their span has no start after
    /// 1970.
    pub fn to_ecs(&self) -> Result<Ecs<'_>, NoEvent> {
        let start = self.start.as_ref().and_then(time::text);
        let timestamp = start.ok_or(NoEvent::without_time("/start"))?;
        Ok(Ecs {
            timestamp,
            ecs: Version::default(),
            event: Event::of_counts(self),
            user: None,
            source: None,
            user_agent: None,
            host: None,
            service: Service::of(&self.product, None),
            organization: said(&self.tenant).map(|id| Organization { id }),
            related: None,
            signin: Own::of_counts(self),
            unmapped: Unmapped::of(&self.product, self.unmapped.as_ref()),
        })
    }
}

/// The object that a vendor's own fields go into. It is never the vendor's id, so that no id can take
/// the place of a field of ECS.
fn namespace(product: &Product) -> Option<&'static str> {
    filled(product.namespace)
}

/// The text, if it says something.
fn said(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

/// The value, unless nothing is in it.
fn filled<T: Default + PartialEq>(value: T) -> Option<T> {
    (value != T::default()).then_some(value)
}
