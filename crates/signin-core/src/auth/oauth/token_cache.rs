//! The token at hand, and its renewal: one token request at a time for all who wait.
//!
//! Everybody who waits drives the request; nobody owns it, so none who goes, or is not polled any
//! more, holds up the others. A lock held while waiting would. With the last who waits the request
//! ends.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{FutureExt, Shared, WeakShared};
use tokio::time::{Instant, timeout};

use super::client_credentials::ClientCredentials;
use super::token_request::Exchange;
use crate::auth::TokenSource;
use crate::error::Result;
use crate::http::origin::BaseUrl;
use crate::http::redact::Redactor;
use crate::http::secret::Secret;
use crate::http::transport::Deferred;
use crate::send::attempts::Sender;

/// The longest span before its end in which a token is renewed.
const LONGEST_MARGIN: Duration = Duration::from_secs(5 * 60);

/// How long a renewal is waited for while the old token is still good.
const PATIENCE: Duration = Duration::from_secs(10);

/// The shortest time between two renewals that fail while the old token is still good.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Tokens by client credentials.
pub(crate) struct TokenCache {
    exchange: Arc<Exchange>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// Alive as long as somebody waits for it. Whoever waits drives it, so it matters not who
    /// began it, whether he is still there, or whether he is polled.
    under_way: Option<WeakShared<Fetching>>,
}

type Fetching = Pin<Box<dyn Future<Output = Result<Secret>> + Send>>;

/// A token and its times.
#[derive(Clone)]
struct Held {
    token: Secret,
    renew_at: Instant,
    ends_at: Instant,
}

impl Held {
    fn new(token: Secret, asked_at: Instant, life: Duration) -> Self {
        let ends_at = asked_at + life;
        Self { token, renew_at: ends_at - (life / 10).min(LONGEST_MARGIN), ends_at }
    }
}

impl TokenCache {
    pub(crate) fn new(
        asked: ClientCredentials,
        sender: &Arc<Sender>,
        base: &BaseUrl,
        redactor: &Redactor,
    ) -> Result<Self> {
        let exchange = Arc::new(Exchange::new(asked, sender, base, redactor)?);
        Ok(Self { exchange, state: Arc::default() })
    }

    async fn current(&self) -> Result<Secret> {
        let now = Instant::now();
        let (mut fetching, old) = {
            let mut state = lock(&self.state);
            let old = state.held.clone().filter(|held| now < held.ends_at);
            if let Some(held) = old.as_ref().filter(|held| now < held.renew_at) {
                return Ok(held.token.clone());
            }
            (self.join(&mut state), old)
        };
        if let Some(old) = old {
            let result = timeout(PATIENCE.min(old.ends_at - now), &mut fetching).await;
            if let Ok(Ok(token)) = result {
                return Ok(token);
            }
            if self.goes_on_with(&old) {
                return Ok(old.token);
            }
            if let Ok(result) = result {
                return result;
            }
        }
        fetching.await
    }

    /// The exchange that is under way, or a new one.
    fn join(&self, state: &mut State) -> Shared<Fetching> {
        if let Some(fetching) = state.under_way.as_ref().and_then(WeakShared::upgrade) {
            return fetching;
        }
        let (exchange, shared) = (Arc::clone(&self.exchange), Arc::clone(&self.state));
        let fetching: Fetching = Box::pin(async move {
            let result = exchange.fetch().await;
            let mut state = lock(&shared);
            state.under_way = None;
            let (response, asked_at) = result?;
            state.held = Some(Held::new(response.token.clone(), asked_at, response.life));
            Ok(response.token)
        });
        let fetching = fetching.shared();
        state.under_way = fetching.downgrade();
        fetching
    }

    /// The renewal failed, or takes long: whether the old token still serves. Then the next
    /// renewal is put off, so that not every request waits for one.
    fn goes_on_with(&self, old: &Held) -> bool {
        let now = Instant::now();
        let mut state = lock(&self.state);
        match &mut state.held {
            Some(held) if held.token == old.token && now < held.ends_at => {
                held.renew_at = now + ((held.ends_at - now) / 2).max(SHORTEST_PAUSE);
                true
            }
            _ => false,
        }
    }
}

impl TokenSource for TokenCache {
    fn token(&self) -> Deferred<'_, Result<Secret>> {
        Box::pin(self.current())
    }

    /// A newer token than the refused one stays.
    fn refused(&self, token: &Secret) -> bool {
        lock(&self.state).held.take_if(|held| held.token == *token);
        true
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCache(…)")
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
