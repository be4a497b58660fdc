//! A running token endpoint: its route, the tokens that it gave, and what it counted.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::assertion;
use super::errors::Refusal;
use super::request::{Request, Shown};
use super::settings::{ExpiresIn, Proof, Settings};
use crate::answer::Answer;
use crate::front::{Faults, Front, origin};
use crate::seed::Seed;

/// 2026-03-02T09:30:00Z, for the `Date` header: no clock is read.
const NOW: i64 = 1_772_443_800;

/// A running token endpoint. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Service(Arc<Endpoint>);

#[derive(Debug)]
struct Endpoint {
    base_url: String,
    path: String,
    client_secret: String,
    settings: Settings,
    seed: Seed,
    front: Front,
    ledger: Mutex<Ledger>,
}

#[derive(Debug, Default)]
struct Ledger {
    stats: TokenStats,
    tokens: HashMap<String, Token>,
    /// The ids of the assertions that were taken.
    seen: HashSet<String>,
}

#[derive(Debug)]
struct Token {
    /// None: longer than the clock can count.
    ends_at: Option<Instant>,
    uses: Option<u64>,
    path: String,
}

/// What a token endpoint has done since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenStats {
    /// Token requests.
    pub requests: u64,
    /// Tokens given.
    pub issued: u64,
    /// Requests that were refused, as the settings told or for their own faults.
    pub refused: u64,
}

impl Service {
    /// The endpoint that stands alone.
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        Self::at(seed, settings, base_url, "/token")
    }

    /// The endpoint at `path`, which may have a placeholder as axum's routes have.
    pub(crate) fn at(seed: Seed, settings: Settings, base_url: String, path: &str) -> Self {
        let made = || seed.branch("client secret").hex();
        Self(Arc::new(Endpoint {
            base_url,
            path: path.to_owned(),
            client_secret: settings.client_secret.clone().unwrap_or_else(made),
            seed: seed.branch("tokens"),
            front: Front::new(seed, Faults::default()),
            ledger: Mutex::default(),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().route(&self.0.path, any(token)).with_state(self.clone())
    }

    /// Where tokens are given: `http://127.0.0.1:PORT/token` for one that stands alone.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}{}", self.0.base_url, self.0.path)
    }

    /// The one client that is known.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.settings.client_id
    }

    /// The client's secret.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.0.client_secret
    }

    /// What an API does with a token: counts a use if it is good, and gives the path of the token
    /// URL that gave it. None for one that was not given here, is over, used up or revoked.
    #[must_use]
    pub fn take(&self, token: &str) -> Option<String> {
        let mut ledger = self.0.ledger();
        let found = ledger.tokens.get_mut(token)?;
        if found.ends_at.is_some_and(|end| end <= Instant::now()) {
            return None;
        }
        if let Some(uses) = &mut found.uses {
            *uses = uses.checked_sub(1)?;
        }
        Some(found.path.clone())
    }

    /// Ends every token that was given so far.
    pub fn revoke(&self) {
        self.0.ledger().tokens.clear();
    }

    /// What the endpoint has done so far.
    #[must_use]
    pub fn stats(&self) -> TokenStats {
        self.0.ledger().stats
    }
}

impl Endpoint {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one token request.
    fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Answer {
        let mut ledger = self.ledger();
        ledger.stats.requests += 1;
        let number = ledger.stats.requests;
        let granted = self.told(number).and_then(|()| {
            if method != Method::POST {
                return Err(Refusal::Method);
            }
            let request = Request::read(headers, body, self.settings.encoding)?;
            let origin = origin(headers, &self.base_url);
            self.check(&request, &format!("{origin}{}", uri.path()), &mut ledger.seen)
        });
        match granted {
            Ok(()) => {
                ledger.stats.issued += 1;
                self.issue(&mut ledger, number, uri.path())
            }
            Err(refusal) => {
                ledger.stats.refused += 1;
                let id = self.seed.branch("traces").at(number).hex();
                refusal.answer(self.settings.errors, &id, self.settings.retry_after)
            }
        }
    }

    fn told(&self, number: u64) -> Result<(), Refusal> {
        match self.settings.fail_first {
            Some((first, status)) if number <= first => Err(Refusal::Told(status)),
            _ => Ok(()),
        }
    }

    fn check(
        &self,
        request: &Request,
        token_url: &str,
        seen: &mut HashSet<String>,
    ) -> Result<(), Refusal> {
        if request.get("grant_type") != Some("client_credentials") {
            return Err(Refusal::GrantType);
        }
        let shown = request.shown()?;
        if request.client_id() != Some(&self.settings.client_id) {
            return Err(Refusal::UnknownClient);
        }
        let proof = self.settings.proof;
        match (proof, shown) {
            (Proof::Body, Shown::Body(secret)) | (Proof::Basic, Shown::Basic(secret)) => {
                if secret != self.client_secret {
                    return Err(Refusal::WrongSecret);
                }
            }
            (Proof::Rs256 | Proof::Ps256, Shown::Assertion(assertion)) => {
                let id = assertion::check(assertion, proof, &self.settings.client_id, token_url)
                    .map_err(Refusal::Assertion)?;
                if !seen.insert(id) {
                    return Err(Refusal::Assertion("the assertion was used before"));
                }
            }
            _ => return Err(Refusal::WrongWay),
        }
        match &self.settings.scope {
            Some(scope) if request.get("scope") != Some(scope) => Err(Refusal::Scope),
            _ => Ok(()),
        }
    }

    /// Gives token `number`, and forgets those that are over.
    fn issue(&self, ledger: &mut Ledger, number: u64, path: &str) -> Answer {
        let now = Instant::now();
        ledger.tokens.retain(|_, token| token.ends_at.is_none_or(|end| now < end));
        let text = self.seed.at(number).hex();
        let (life, uses) = (self.settings.life, self.settings.uses);
        let token = Token { ends_at: now.checked_add(life), uses, path: path.to_owned() };
        ledger.tokens.insert(text.clone(), token);
        let mut body = json!({ "access_token": text, "token_type": "Bearer" });
        let seconds = life.as_secs();
        let expires_in = match self.settings.expires_in {
            ExpiresIn::Number => Some(Value::from(seconds)),
            ExpiresIn::Text => Some(Value::from(seconds.to_string())),
            ExpiresIn::Absent => None,
            ExpiresIn::Literal(json) => serde_json::from_str(json).ok(),
        };
        if let (Some(members), Some(value)) = (body.as_object_mut(), expires_in) {
            members.insert("expires_in".to_owned(), value);
        }
        Answer::json(StatusCode::OK, body.to_string().into_bytes())
    }
}

async fn token(
    State(service): State<Service>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let endpoint = &*service.0;
    let number = endpoint.front.begin().await;
    let answer = endpoint.answer(&method, &uri, &headers, &body);
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    endpoint.front.finish(number, now, answer)
}
