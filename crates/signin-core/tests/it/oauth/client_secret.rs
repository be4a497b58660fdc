//! Secrets that are read anew before each token request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use signin_core::testing::{Reply, Scripted};
use signin_core::{
    ClientCredentials, ClientSecret, Deferred, ErrorKind, Result, Secret, TokenSource,
};

use super::{TOKEN_URL, asks_token, client, grant, list};
use crate::api::{assert_good_line, page};

/// Secrets one after the other; when they are over, none comes.
struct Given(Arc<Mutex<Vec<&'static str>>>);

impl TokenSource for Given {
    fn token(&self) -> Deferred<'_, Result<Secret>> {
        let next = self.0.lock().unwrap().pop();
        Box::pin(async move {
            match next {
                Some(secret) => Ok(secret.into()),
                None => std::future::pending().await,
            }
        })
    }
}

fn secrets(of: &[&'static str]) -> ClientSecret {
    let last_first = of.iter().rev().copied().collect();
    ClientSecret::from_source(Given(Arc::new(Mutex::new(last_first))))
}

#[tokio::test(start_paused = true)]
async fn a_secrets_source_is_asked_before_each_token_request() {
    let asked = || ClientCredentials::new(TOKEN_URL, "app-1");
    for asked in [
        asked().secret_in_body(secrets(&["first-0123456789", "second-0123456789"])),
        asked().secret_in_body(secrets(&["first-0123456789", "second-0123456789"])).json(),
        asked().secret_by_basic(secrets(&["first-0123456789", "second-0123456789"])),
    ] {
        let ok = [grant("token-0123456789", "3600"), Reply::json(page("1", ""))];
        let script = Scripted::new([Reply::status(503)].into_iter().chain(ok));
        client(asked, script.clone()).execute(&list()).await.unwrap();
        let sent = script.sent();
        let shown: Vec<_> = sent
            .iter()
            .filter(|sent| asks_token(sent))
            .map(|sent| {
                let basic = sent.header("authorization").unwrap_or_default().to_owned();
                (sent.body.clone(), basic)
            })
            .collect();
        assert_eq!(shown.len(), 2);
        assert_ne!(shown[0], shown[1], "the second secret was sent");
    }
}

#[tokio::test(start_paused = true)]
async fn p8_a_source_without_a_secret_is_an_error_that_shows_none() {
    for (secret, kind, why) in [
        (secrets(&[" "]), ErrorKind::Config, "the client secret is empty"),
        (secrets(&["sEcret-0123456789\n"]), ErrorKind::Config, "a control character"),
        (secrets(&[]), ErrorKind::Timeout, "none within"),
    ] {
        let shown = format!("{secret:?}");
        let asked = ClientCredentials::new(TOKEN_URL, "app-1").secret_in_body(secret);
        let script = Scripted::new([]);
        let calling = client(asked, script.clone());
        let error = calling.execute(&list()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_good_line(&error);
        assert!(error.to_string().contains(why), "{error}");
        assert!(!format!("{error} {error:?} {shown}").contains("sEcret"), "{error}");
        assert_eq!(script.sent().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_secret_of_a_source_is_taken_out_of_what_a_service_sends_back() {
    let body = r#"{"error":"invalid_client","error_description":"not sEcret-0123456789"}"#;
    let script = Scripted::respond(move |_| Reply::status(401).body(body).after(Duration::ZERO));
    let asked = ClientCredentials::new(TOKEN_URL, "app-1");
    let asked = asked.secret_in_body(secrets(&["sEcret-0123456789"]));
    let error = client(asked, script).execute(&list()).await.unwrap_err();
    assert!(error.to_string().contains("[secret]"), "{error}");
    assert!(!format!("{error:?}").contains("0123456789"), "{error:?}");
}
