//! A running SSOJet application: its routes, and the handle that tells the truth about it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use time::OffsetDateTime;
use tokio::time::Instant;

use super::errors::Refusal;
use super::log::{Log, SignIns};
use super::page::{List, Parameters};
use super::settings::{Body, Settings};
use super::users::{Roster, User};
use crate::answer::Answer;
use crate::front::{Front, bearer};
use crate::json;
use crate::oauth;
use crate::rate::{SlidingWindow, admit};
use crate::seed::Seed;
use crate::stats::Stats;

/// Where tokens are given.
const TOKEN_PATH: &str = "/api/v1/oauth2/token";

/// A running SSOJet application. Clones are the same one; it can still be asked for the truth when
/// the simulator has stopped.
#[derive(Clone, Debug)]
pub struct Service(Arc<Application>);

#[derive(Debug)]
struct Application {
    base_url: String,
    token: String,
    client_id: String,
    oauth: oauth::Service,
    seed: Seed,
    settings: Settings,
    log: Log,
    roster: Roster,
    front: Front,
    limit: Option<Mutex<SlidingWindow>>,
}

impl Service {
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        let drawn = |purpose: &str| seed.branch(purpose).hex();
        let token = || format!("sk_live_{}", drawn("token"));
        let window = |limit| Mutex::new(SlidingWindow::new(limit, settings.shared.rate_window));
        let client_id = settings.client_id.clone().unwrap_or_else(|| drawn("client id"));
        let asked = settings.oauth.clone().client_id(&*client_id);
        let oauth = oauth::Service::at(seed.branch("oauth"), asked, base_url.clone(), TOKEN_PATH);
        Self(Arc::new(Application {
            base_url,
            token: settings.token.clone().unwrap_or_else(token),
            client_id,
            oauth,
            seed,
            log: Log::new(seed, &settings),
            roster: Roster::new(seed, &settings),
            front: Front::new(seed, settings.shared.faults),
            limit: settings.per_minute.map(window),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/api/v1/users", get(users).fallback(elsewhere))
            .route("/api/v1/users/{user_id}/loginlogs", get(login_logs).fallback(elsewhere))
            .fallback(elsewhere)
            .with_state(self.clone())
            .merge(self.0.oauth.router())
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The secret key, which is always accepted.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.token
    }

    /// The one client id that is accepted.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.client_id
    }

    /// The endpoint that gives tokens, which are accepted as well.
    #[must_use]
    pub fn oauth(&self) -> &oauth::Service {
        &self.0.oauth
    }

    /// The ids of the users, in the order in which they are listed.
    pub fn user_ids(&self) -> impl Iterator<Item = String> + use<> {
        self.users().map(|user| user.id)
    }

    /// The truth: the users that are listed, in that order. Each is computed when it is asked
    /// for.
    pub fn users(&self) -> impl Iterator<Item = User> + use<> {
        let roster = self.0.roster;
        (0..roster.users()).map(move |user| roster.user(user))
    }

    /// The truth: the user's sign-ins, the oldest first, as they are now. Each is computed when it
    /// is asked for. Empty for an unknown user and for a deleted one.
    #[must_use]
    pub fn sign_ins(&self, user_id: &str) -> SignIns {
        let (user, waves) = (self.0.user(user_id), self.0.waves());
        let rows = user.map_or(0..0, |user| self.0.log.rows(user, waves));
        SignIns::new(self.0.log, user.unwrap_or_default(), rows, waves)
    }

    /// The service's clock, which the `Date` header shows: the second after the newest sign-in.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.log.now(self.0.waves())
    }

    /// From now on the cursors that were given so far are refused with 400, as after a restart of
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
        headers: &HeaderMap,
        answer: impl FnOnce(&Application, u64) -> Result<Answer, Refusal>,
    ) -> Response {
        let application = &*self.0;
        let number = application.front.begin().await;
        // Read once: rows and Date of an answer are of one moment.
        let waves = application.waves();
        let refuse = |refusal: Refusal| refusal.answer(application.settings.body);
        let answer = match application.front.faults.status(number) {
            Some(status) => Answer { fault: true, ..refuse(Refusal::told(status)) },
            None => match application.admit(headers) {
                Ok(()) => answer(application, waves).unwrap_or_else(refuse),
                Err(refused) => refused,
            },
        };
        application.front.finish(number, application.log.now(waves), answer)
    }
}

impl Application {
    /// Waves of arrivals so far.
    fn waves(&self) -> u64 {
        let waves = |(every, _)| self.front.counters.answered() / every;
        self.settings.shared.arrivals.map_or(0, waves).min(self.settings.shared.waves)
    }

    /// Looks at the token, then counts the request.
    fn admit(&self, headers: &HeaderMap) -> Result<(), Answer> {
        let good = |token: &str| token == self.token || self.oauth.take(token).is_some();
        if !bearer(headers).is_some_and(good) {
            return Err(Refusal::TOKEN.answer(self.settings.body));
        }
        let Some(window) = &self.limit else { return Ok(()) };
        let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
        admit(&mut [&mut window], Instant::now()).map_err(|wait| {
            let retry_after = self.settings.shared.retry_after.map(|form| form.seconds(wait));
            Answer { retry_after, ..Refusal::LIMITED.answer(self.settings.body) }
        })
    }

    /// The number of a user that exists.
    fn user(&self, id: &str) -> Option<u64> {
        self.roster.number(id).filter(|user| self.roster.exists(*user))
    }

    /// The parameters of a request that names the application.
    fn parameters(&self, query: Option<String>) -> Result<Parameters, Refusal> {
        let read = Parameters::read(&query.unwrap_or_default());
        let ours = read.client_id.as_ref() == Some(&self.client_id);
        if ours { Ok(read) } else { Err(Refusal::CLIENT_ID) }
    }

    fn login_logs(
        &self,
        user_id: &str,
        query: Option<String>,
        waves: u64,
    ) -> Result<Answer, Refusal> {
        let asked = self.parameters(query)?;
        let user = self.user(user_id).ok_or(Refusal::USER)?;
        let rows = self.log.rows(user, waves);
        let body = self.settings.body;
        let write = |out: &mut Vec<u8>, rows| {
            let sign_ins = SignIns::new(self.log, user, rows, waves);
            write_list(out, sign_ins, |out, sign_in| sign_in.write(out, body));
        };
        match body {
            Body::Older => {
                let mut out = b"{\"login_logs\":[".to_vec();
                write(&mut out, rows);
                json::put(&mut out, "]}");
                Ok(Answer::json(StatusCode::OK, out))
            }
            Body::Newer if asked.event.as_deref() != Some("login") => Err(Refusal::EVENT),
            Body::Newer => {
                let seed = self.seed.branch("login logs").at(user);
                let breaks = self.front.breaks();
                let list = List { settings: &self.settings, seed, rows, breaks };
                list.answer("audit_logs", &asked, write)
            }
        }
    }

    fn users(&self, query: Option<String>) -> Result<Answer, Refusal> {
        let asked = self.parameters(query)?;
        let users = match &asked.email {
            None => 0..self.roster.users(),
            Some(email) => self.roster.with_email(email).map_or(0..0, |user| user..user + 1),
        };
        let (first, rows) = (users.start, 0..users.end - users.start);
        let list = List {
            settings: &self.settings,
            seed: self.seed.branch("user list"),
            rows,
            breaks: self.front.breaks(),
        };
        list.answer("users", &asked, |out, rows| {
            let users = rows.map(|row| self.roster.user(first + row));
            write_list(out, users, |out, user| user.write(out));
        })
    }
}

fn write_list<T>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut Vec<u8>, &T),
) {
    for (written, item) in items.enumerate() {
        if written > 0 {
            json::put(out, ",");
        }
        write(out, &item);
    }
}

async fn login_logs(
    State(service): State<Service>,
    user_id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let user_id = user_id.map(|Path(id)| id).unwrap_or_default();
    service
        .serve(&headers, |application, waves| application.login_logs(&user_id, query, waves))
        .await
}

async fn users(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    service.serve(&headers, |application, _| application.users(query)).await
}

async fn elsewhere(State(service): State<Service>, headers: HeaderMap) -> Response {
    service.serve(&headers, |_, _| Err(Refusal::PATH)).await
}
