//! A running PingOne environment: its routes, and the handle that tells the truth about it.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::activities::{Activities, Sent};
use super::errors::{self, Refusal};
use super::log::{Events, Log, uuid};
use super::settings::Settings;
use super::user_activities::{Counts, UserActivities};
use crate::answer::Answer;
use crate::front::{Front, bearer, origin};
use crate::oauth;
use crate::rate::{SlidingWindow, admit};
use crate::seed::Seed;
use crate::stats::Stats;

/// A running PingOne environment. Clones are the same one; it can still be asked for the truth
/// when the simulator has stopped.
#[derive(Clone, Debug)]
pub struct Service(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    base_url: String,
    environment_id: String,
    access_token: String,
    oauth: oauth::Service,
    seed: Seed,
    settings: Settings,
    log: Log,
    front: Front,
    limits: Mutex<Limits>,
}

#[derive(Debug)]
struct Limits {
    activities: SlidingWindow,
    user_activities: SlidingWindow,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Activities,
    UserActivities,
    /// The token endpoint of another environment.
    NoTokens,
    Elsewhere,
}

/// A request, at the moment when it is answered.
struct Ask<'r> {
    endpoint: Endpoint,
    environment_id: &'r str,
    headers: &'r HeaderMap,
    query: &'r str,
    waves: u64,
}

impl Service {
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        let log = Log::new(seed, &settings);
        let path = format!("/{}/as/token", uuid(seed.branch("app's environment")));
        let oauth = oauth::Service::at(seed, settings.oauth.clone(), base_url.clone(), &path);
        Self(Arc::new(Shared {
            base_url,
            oauth,
            environment_id: log.environment_id(),
            access_token: seed.branch("access token").hex(),
            seed,
            log,
            front: Front::new(seed, settings.shared.faults),
            limits: Mutex::new(Limits {
                activities: SlidingWindow::new(settings.per_second, Duration::from_secs(1)),
                user_activities: SlidingWindow::new(settings.per_minute, Duration::from_secs(60)),
            }),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route(
                "/v1/environments/{environment_id}/activities",
                get(activities).fallback(elsewhere),
            )
            .route(
                "/v1/environments/{environment_id}/userActivities",
                get(user_activities).fallback(elsewhere),
            )
            .route("/{environment_id}/as/token", any(no_tokens))
            .fallback(elsewhere)
            .with_state(self.clone())
            .merge(self.0.oauth.router())
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The one environment that there is.
    #[must_use]
    pub fn environment_id(&self) -> &str {
        &self.0.environment_id
    }

    /// The token endpoint, with the worker app that is known: `/{environment_id}/as/token` of the
    /// app's own environment, which is another than the one that is read.
    #[must_use]
    pub fn oauth(&self) -> &oauth::Service {
        &self.0.oauth
    }

    /// A token that is accepted for ever.
    #[must_use]
    pub fn access_token(&self) -> &str {
        &self.0.access_token
    }

    /// The ids of the users.
    pub fn user_ids(&self) -> impl Iterator<Item = String> + use<> {
        let log = self.0.log;
        (0..log.users()).map(move |user| log.user_id(user))
    }

    /// The truth: the events recorded from `start` to before `end`, newest first, as they are
    /// now, those included that are no longer kept for their age of 14 days. Each is computed when
    /// it is asked for.
    #[must_use]
    pub fn events(&self, range: Range<OffsetDateTime>) -> Events {
        let (log, len, waves) = (self.0.log, self.0.len(), self.0.waves());
        let start = log.before(len, range.start).max(log.gone(waves));
        Events { log, positions: start..log.before(len, range.end).max(start), waves }
    }

    /// The truth: what was counted from `start` to before `end`, as it is now.
    #[must_use]
    pub fn counts(&self, range: Range<OffsetDateTime>) -> Counts {
        Counts::of(self.0.log, self.0.len(), &range)
    }

    /// The service's clock, which the `Date` header shows: a second after the newest event.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.log.now(self.0.waves())
    }

    /// From now on the links that were given so far are refused with 400, as after a restart of
    /// the service; new ones are taken.
    pub fn refuse_continuations(&self) {
        self.0.front.refuse_continuations();
    }

    /// What the service has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.front.counters.read()
    }

    async fn serve(
        &self,
        endpoint: Endpoint,
        environment_id: &str,
        headers: &HeaderMap,
        query: Option<String>,
    ) -> Response {
        let shared = &*self.0;
        let number = shared.front.begin().await;
        // Read once: rows and Date of an answer are of one moment.
        let waves = shared.waves();
        let query = query.as_deref().unwrap_or("");
        let ask = Ask { endpoint, environment_id, headers, query, waves };
        let body = match shared.front.faults.status(number) {
            Some(status) => Err(errors::fault(status)),
            None => shared.body(&ask),
        };
        let answer = body.map_or_else(
            |refusal| refusal.answer(&uuid(shared.seed.branch("errors").at(number))),
            |body| Answer::json(StatusCode::OK, body),
        );
        shared.front.finish(number, shared.log.now(waves), answer)
    }
}

impl Shared {
    /// Waves of arrivals so far.
    fn waves(&self) -> u64 {
        let waves = |(every, _)| self.front.counters.answered() / every;
        self.settings.shared.arrivals.map_or(0, waves).min(self.settings.shared.waves)
    }

    fn len(&self) -> u64 {
        self.log.len(self.waves())
    }

    fn body(&self, ask: &Ask<'_>) -> Result<Vec<u8>, Refusal> {
        if ask.endpoint == Endpoint::NoTokens {
            return Err(errors::unknown_path());
        }
        let token = bearer(ask.headers).unwrap_or_default();
        if token != self.access_token && self.oauth.take(token).is_none() {
            return Err(errors::unauthorised());
        }
        let name = match ask.endpoint {
            Endpoint::Activities => "activities",
            Endpoint::UserActivities => "userActivities",
            Endpoint::NoTokens | Endpoint::Elsewhere => return Err(errors::unknown_path()),
        };
        if ask.environment_id != self.environment_id {
            return Err(errors::no_access());
        }
        self.limit(ask.endpoint)?;
        let origin = origin(ask.headers, &self.base_url);
        let path = format!("{origin}/v1/environments/{}/{name}", self.environment_id);
        let (now, len) = (self.log.now(ask.waves), self.log.len(ask.waves));
        if ask.endpoint == Endpoint::UserActivities {
            let asked = UserActivities::read(ask.query, now)?;
            return Ok(asked.body(&format!("{path}?{}", ask.query), self.log, len));
        }
        let short = self.settings.shared.short_pages.then(|| self.seed.branch("short pages"));
        let sent = Sent { path: &path, query: ask.query, now, waves: ask.waves };
        Ok(Activities::read(ask.query, self.front.breaks())?.page(&sent, self.log, len, short))
    }

    fn limit(&self, endpoint: Endpoint) -> Result<(), Refusal> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let (window, limit) = match endpoint {
            Endpoint::Activities => (&mut limits.activities, self.settings.per_second),
            _ => (&mut limits.user_activities, self.settings.per_minute),
        };
        admit(&mut [window], Instant::now()).map_err(|wait| {
            errors::throttled(
                limit,
                self.settings.shared.retry_after.map(|form| form.seconds(wait)),
            )
        })
    }
}

type EnvironmentId = Result<Path<String>, PathRejection>;

/// An id that cannot be read is nobody's.
fn text(id: EnvironmentId) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

async fn activities(
    State(service): State<Service>,
    id: EnvironmentId,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    service.serve(Endpoint::Activities, &text(id), &headers, query).await
}

async fn user_activities(
    State(service): State<Service>,
    id: EnvironmentId,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    service.serve(Endpoint::UserActivities, &text(id), &headers, query).await
}

async fn no_tokens(State(service): State<Service>, headers: HeaderMap) -> Response {
    service.serve(Endpoint::NoTokens, "", &headers, None).await
}

async fn elsewhere(State(service): State<Service>, headers: HeaderMap) -> Response {
    service.serve(Endpoint::Elsewhere, "", &headers, None).await
}
