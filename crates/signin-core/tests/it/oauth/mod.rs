//! OAuth client credentials: a scripted identity service and API, and the tests by promise.

#[cfg(feature = "certificate")]
mod certificate;
mod client_credentials;
mod client_secret;
mod dropping;
#[cfg(feature = "certificate")]
mod server;
mod siblings;
#[cfg(feature = "certificate")]
mod simulated;
mod token_cache;
mod token_error;
mod token_request;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::vendor::Client;
use signin_core::{
    ClientAssertion, ClientCredentials, Credential, Deferred, Json, Result, RetryPolicy, Secret,
    Transport,
};
use tokio::time::Instant;

use crate::api::{CURSOR, List, page, settings};

pub(crate) const SECRET: &str = "sEcret/0123456789+abc def";
pub(crate) const TOKEN_URL: &str = "https://login.example/oauth2/token";

pub(crate) fn credentials() -> ClientCredentials {
    ClientCredentials::new(TOKEN_URL, "app-1").secret_in_body(SECRET)
}

/// A client of `https://api.example` with these credentials and the default retries.
pub(crate) fn client(credentials: impl Into<Credential>, transport: impl Transport) -> Client {
    let mut settings = settings("https://api.example");
    settings.set_credential(credentials);
    settings.set_retry(RetryPolicy::default());
    settings.set_transport(transport);
    settings.build().unwrap()
}

pub(crate) fn list() -> List<Json> {
    List::new(CURSOR)
}

pub(crate) fn asks_token(sent: &Sent) -> bool {
    sent.url == TOKEN_URL
}

/// A token's answer.
pub(crate) fn grant(token: &str, expires_in: &str) -> Reply {
    Reply::json(format!(
        r#"{{"token_type":"Bearer","expires_in":{expires_in},"access_token":"{token}"}}"#
    ))
}

/// An assertion that counts how often it was asked for.
#[derive(Clone, Default)]
pub(crate) struct Counted(Arc<Mutex<usize>>);

impl ClientAssertion for Counted {
    fn assertion<'a>(
        &'a self,
        client_id: &'a str,
        audience: &'a str,
    ) -> Deferred<'a, Result<Secret>> {
        Box::pin(async move {
            let mut count = self.0.lock().unwrap();
            *count += 1;
            Ok(format!("assertion-0123456789.{client_id}.{audience}.{count}").into())
        })
    }
}

/// An identity service and an API that keep time: tokens live for `life`, and the API answers 401
/// to those that are over or revoked. Each answer takes a while.
#[derive(Clone)]
pub(crate) struct Service {
    state: Arc<Mutex<State>>,
    life: Duration,
    takes: Duration,
}

#[derive(Default)]
struct State {
    issued: usize,
    ends_at: Option<Instant>,
    /// Answers of the token endpoint that come before the good ones.
    trouble: Vec<Reply>,
    refused: usize,
    pages: usize,
}

impl Service {
    pub(crate) fn new(life: Duration, takes: Duration) -> Self {
        Self { state: Arc::default(), life, takes }
    }

    /// The token endpoint's next answers.
    pub(crate) fn trouble(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state.lock().unwrap().trouble.extend(replies);
    }

    /// From now on the API refuses the current token.
    pub(crate) fn revoke(&self) {
        self.state.lock().unwrap().ends_at = None;
    }

    pub(crate) fn issued(&self) -> usize {
        self.state.lock().unwrap().issued
    }

    /// How often the API answered 401.
    pub(crate) fn refused(&self) -> usize {
        self.state.lock().unwrap().refused
    }

    pub(crate) fn script(&self) -> Scripted {
        let service = self.clone();
        Scripted::respond(move |sent| service.answer(sent).after(service.takes))
    }

    fn answer(&self, sent: &Sent) -> Reply {
        let state = &mut *self.state.lock().unwrap();
        if asks_token(sent) {
            if !state.trouble.is_empty() {
                return state.trouble.remove(0);
            }
            state.issued += 1;
            state.ends_at = Some(Instant::now() + self.life);
            let seconds = self.life.as_secs_f64().to_string();
            return grant(&format!("token-number-{}", state.issued), &seconds);
        }
        let current = format!("Bearer token-number-{}", state.issued);
        // A request is read half-way through the time that its answer takes.
        let read_at = Instant::now() + self.takes / 2;
        let lives = state.ends_at.is_some_and(|end| read_at < end);
        if !lives || sent.header("authorization") != Some(&current) {
            state.refused += 1;
            return Reply::status(401);
        }
        state.pages += 1;
        Reply::json(page(&state.pages.to_string(), &format!(r#""cursor":{}"#, state.pages)))
    }
}
