//! A running Tines tenant: its routes, and the handle that tells the truth about it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use time::OffsetDateTime;
use tokio::time::Instant;

use super::errors;
use super::log::{Log, SignIns};
use super::page::Page;
use super::request::{Parameters, digits};
use super::settings::Settings;
use crate::answer::Answer;
use crate::front::{Front, bearer, header, host};
use crate::rate::{SlidingWindow, admit};
use crate::seed::Seed;
use crate::stats::Stats;

/// A running Tines tenant. Clones are the same tenant; it can still be asked for the truth when
/// the simulator has stopped.
#[derive(Clone, Debug)]
pub struct Service(Arc<Tenant>);

#[derive(Debug)]
struct Tenant {
    base_url: String,
    api_key: String,
    seed: Seed,
    settings: Settings,
    log: Log,
    front: Front,
    limits: Mutex<Limits>,
}

/// One pair of windows is enough: the limits are per token, and the tenant has one.
#[derive(Debug)]
struct Limits {
    activities: SlidingWindow,
    general: SlidingWindow,
}

/// The limits that a request counts in.
#[derive(Clone, Copy)]
enum Scope {
    Activities,
    General,
}

impl Service {
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        let window = |limit| SlidingWindow::new(limit, settings.rate_window);
        Self(Arc::new(Tenant {
            base_url,
            api_key: settings.api_key.clone().unwrap_or_else(|| seed.branch("api key").hex()),
            seed,
            log: Log::new(seed, &settings),
            front: Front::new(seed, settings.faults),
            limits: Mutex::new(Limits {
                activities: window(settings.per_minute),
                general: window(settings.per_minute_general),
            }),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route(
                "/api/v1/admin/users/{user_id}/signin_activities",
                get(signin_activities).fallback(elsewhere),
            )
            .fallback(elsewhere)
            .with_state(self.clone())
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The one key that is accepted.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.0.api_key
    }

    /// The ids of all users, ascending.
    pub fn user_ids(&self) -> impl Iterator<Item = u64> + use<> {
        self.0.log.user_ids()
    }

    /// The truth: the user's sign-ins created strictly between the two, newest first, as they
    /// are now. Each is computed when it is asked for. Empty for an unknown user.
    #[must_use]
    pub fn sign_ins(
        &self,
        user_id: u64,
        after: Option<OffsetDateTime>,
        before: Option<OffsetDateTime>,
    ) -> SignIns {
        SignIns::new(self.0.log.of(user_id, self.0.waves()), after, before)
    }

    /// The tenant's clock, which the `Date` header shows: the second after the newest sign-in.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.log.now(self.0.waves())
    }

    /// What the tenant has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.front.counters.read()
    }

    async fn serve(
        &self,
        scope: Scope,
        headers: &HeaderMap,
        answer: impl FnOnce(&Tenant, u64) -> Result<Answer, Answer>,
    ) -> Response {
        let tenant = &*self.0;
        let number = tenant.front.begin().await;
        // Read once: rows, counts and Date of an answer are of one moment.
        let waves = tenant.waves();
        let answer = match tenant.front.faults.status(number) {
            Some(status) => errors::fault(status, number),
            None => tenant
                .authorise(headers)
                .and_then(|()| tenant.limit(scope))
                .and_then(|()| answer(tenant, waves))
                .unwrap_or_else(|refusal| refusal),
        };
        tenant.front.finish(number, tenant.log.now(waves), answer)
    }
}

impl Tenant {
    /// Waves of arrivals so far.
    fn waves(&self) -> u64 {
        self.settings.arrivals.map_or(0, |(every, _)| self.front.counters.answered() / every)
    }

    fn authorise(&self, headers: &HeaderMap) -> Result<(), Answer> {
        let key = bearer(headers).or_else(|| header(headers, "x-user-token"));
        if key == Some(&self.api_key) { Ok(()) } else { Err(errors::unauthorised()) }
    }

    fn limit(&self, scope: Scope) -> Result<(), Answer> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let Limits { activities, general } = &mut *limits;
        let admitted = match scope {
            Scope::Activities => admit(&mut [activities, general], Instant::now()),
            Scope::General => admit(&mut [general], Instant::now()),
        };
        admitted.map_err(|wait| {
            errors::throttled(self.settings.retry_after.map(|form| form.seconds(wait)))
        })
    }

    fn page(
        &self,
        waves: u64,
        user_id: u64,
        headers: &HeaderMap,
        query: &str,
    ) -> Result<Answer, Answer> {
        let list = self.log.of(user_id, waves).ok_or_else(errors::unknown_user)?;
        let asked = Parameters::read(query)?;
        let origin =
            host(headers).map_or_else(|| self.base_url.clone(), |host| format!("http://{host}"));
        let address = format!("{origin}/api/v1/admin/users/{user_id}/signin_activities");
        let page = Page {
            settings: &self.settings,
            seed: self.seed,
            list,
            asked: &asked,
            address: &address,
        };
        Ok(page.answer())
    }
}

async fn signin_activities(
    State(service): State<Service>,
    user_id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = |tenant: &Tenant, waves| {
        let user_id = user_id.ok().and_then(|Path(text)| digits(&text));
        let user_id = user_id.ok_or_else(errors::unknown_user)?;
        tenant.page(waves, user_id, &headers, query.as_deref().unwrap_or(""))
    };
    service.serve(Scope::Activities, &headers, answer).await
}

async fn elsewhere(State(service): State<Service>, headers: HeaderMap) -> Response {
    service.serve(Scope::General, &headers, |_, _| Err(errors::unknown_path())).await
}
