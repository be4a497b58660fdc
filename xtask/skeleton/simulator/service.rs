//! A running NewVendor: its route, and the handle that tells the truth about it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use time::OffsetDateTime;

use super::log::{Log, SignIn};
use super::settings::Settings;
use crate::answer::Answer;
use crate::front::{Front, bearer};
use crate::seed::Seed;
use crate::stats::Stats;
use crate::{json, query};

const DEFAULT_LIMIT: u64 = 50;
const MOST: u64 = 100;

/// A running NewVendor. Clones are the same one; it can still be asked for the truth when the
/// simulator has stopped.
#[derive(Clone, Debug)]
pub struct Service(Arc<Account>);

#[derive(Debug)]
struct Account {
    base_url: String,
    token: String,
    seed: Seed,
    settings: Settings,
    log: Log,
    front: Front,
}

impl Service {
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        let token = settings.token.clone().unwrap_or_else(|| seed.branch("token").hex());
        Self(Arc::new(Account {
            base_url,
            token,
            seed,
            log: Log::new(seed, &settings),
            front: Front::new(seed, settings.shared.faults),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/v1/sign-ins", get(sign_ins).fallback(elsewhere))
            .fallback(elsewhere)
            .with_state(self.clone())
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The token, which is always accepted.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.token
    }

    /// The truth: the sign-ins, the oldest first, as they are now. Each is computed when it is asked
    /// for.
    pub fn sign_ins(&self) -> impl Iterator<Item = SignIn> + use<> {
        let log = self.0.log;
        (0..log.count(self.0.waves())).map(move |number| log.sign_in(number))
    }

    /// The service's clock, which the `Date` header shows: the second after the newest sign-in.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.log.now(self.0.waves())
    }

    /// What the service has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.front.counters.read()
    }

    async fn serve(&self, headers: &HeaderMap, answer: impl FnOnce(&Account, u64) -> Answer) -> Response {
        let account = &*self.0;
        let number = account.front.begin().await;
        // Read once: rows and Date of an answer are of one moment.
        let waves = account.waves();
        let answer = match account.front.faults.status(number) {
            Some(status) => Answer { fault: true, ..refusal(status, "told_to_fail") },
            None if bearer(headers) != Some(&*account.token) => {
                refusal(StatusCode::UNAUTHORIZED, "token")
            }
            None => answer(account, waves),
        };
        account.front.finish(number, account.log.now(waves), answer)
    }
}

impl Account {
    /// Waves of arrivals so far.
    fn waves(&self) -> u64 {
        let waves = |(every, _)| self.front.counters.answered() / every;
        self.settings.shared.arrivals.map_or(0, waves).min(self.settings.shared.waves)
    }

    fn sign_ins(&self, query: Option<String>, waves: u64) -> Answer {
        let (mut first, mut limit) = (0, DEFAULT_LIMIT);
        for pair in query::pairs(&query.unwrap_or_default()) {
            match (pair.name.as_str(), pair.value.parse::<u64>()) {
                ("limit", Ok(asked @ 1..)) => limit = MOST.min(asked),
                ("limit", _) => return refusal(StatusCode::BAD_REQUEST, "limit"),
                ("cursor", _) => match self.place(&pair.value) {
                    Some(place) => first = place,
                    None => return refusal(StatusCode::BAD_REQUEST, "cursor"),
                },
                _ => {}
            }
        }
        let count = self.log.count(waves);
        let end = count.min(first + limit);
        let mut out = b"{\"data\":[".to_vec();
        for number in first..end {
            if number > first {
                json::put(&mut out, ",");
            }
            self.log.sign_in(number).write(&mut out);
        }
        json::put(&mut out, "],\"next\":");
        if end < count {
            json::text(&mut out, &self.cursor(end));
        } else {
            json::put(&mut out, "null");
        }
        json::put(&mut out, "}");
        Answer::json(StatusCode::OK, out)
    }

    fn cursor(&self, place: u64) -> String {
        let check = self.seed.branch("cursors").at(place).bits() >> 32;
        format!("{check:08x}-{place:x}")
    }

    fn place(&self, cursor: &str) -> Option<u64> {
        let place = u64::from_str_radix(cursor.split_once('-')?.1, 16).ok()?;
        (self.cursor(place) == cursor).then_some(place)
    }
}

fn refusal(status: StatusCode, code: &str) -> Answer {
    let body = format!("{{\"code\":\"{code}\",\"message\":\"Refused\"}}");
    Answer::json(status, body.into_bytes())
}

async fn sign_ins(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    service.serve(&headers, |account, waves| account.sign_ins(query, waves)).await
}

async fn elsewhere(State(service): State<Service>, headers: HeaderMap) -> Response {
    service.serve(&headers, |_, _| refusal(StatusCode::NOT_FOUND, "path")).await
}
