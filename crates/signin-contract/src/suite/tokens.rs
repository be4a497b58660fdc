//! P4 and P6 where tokens are got for an application's secret, or a certificate's signature: who sees what, how often a token
//! is asked for, and that a pager outlives its tokens.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use signin_core::ErrorKind;
use signin_core::Step;
use signin_core::testing::{Reply, Scripted, Sent};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::pagers::{
    SIZE, assert_everything, assert_good_line, assert_no_secret, drain, stored, take,
};
use crate::secrets::{assert_hidden, assert_key_hidden, mark};
use crate::server::{Act, Server, answer, ok};
use crate::service::{Book, asked};
use crate::vendor::{App, ISSUED, KEY, SECRET, Setup};

/// Where scripted tokens come from.
pub(super) const AUTH: &str = "https://login.example";

/// How long a token is good for.
const LIFE: Duration = Duration::from_secs(3600);

/// Whether a token is asked for. An assertion in it is looked for from then on: each request has
/// another one.
pub(super) fn is_token_request(sent: &Sent) -> bool {
    let asks = sent.method == "POST" && sent.url.ends_with("token");
    if asks && let Some(assertion) = assertion(&sent.body) {
        mark(assertion);
    }
    asks
}

/// The assertion in the body of a token request.
pub(super) fn assertion(body: &[u8]) -> Option<&str> {
    let mut pairs = std::str::from_utf8(body).ok()?.split('&');
    pairs.find_map(|pair| pair.strip_prefix("client_assertion="))
}

/// What a token request proves itself by: the assertion, else the secret.
pub(super) fn proof(sent: &Sent) -> String {
    assertion(&sent.body).unwrap_or(SECRET).to_owned()
}

/// What token requests and the list have in common: which tokens are good, and since when.
#[derive(Clone, Default)]
struct Login(Arc<Mutex<Vec<Instant>>>);

impl Login {
    /// A new token; those before it stay good until they end.
    fn issue(&self) -> Reply {
        let mut issued = self.0.lock().expect("no test holds it");
        issued.push(Instant::now());
        let (number, life) = (issued.len(), LIFE.as_secs());
        Reply::json(format!(
            r#"{{"access_token":"access-{number}-{ISSUED}","token_type":"Bearer","expires_in":{life}}}"#
        ))
    }

    fn issued(&self) -> usize {
        self.0.lock().expect("no test holds it").len()
    }

    /// The number of the token that a request shows, if that was issued and has not ended.
    fn good(&self, sent: &Sent) -> Option<usize> {
        let token = sent.header("authorization")?.strip_prefix("Bearer access-")?;
        let number: usize = token.strip_suffix(ISSUED)?.strip_suffix('-')?.parse().ok()?;
        let since = *self.0.lock().expect("no test holds it").get(number.checked_sub(1)?)?;
        (since.elapsed() < LIFE).then_some(number)
    }

    /// A script that gives tokens after this time, and pages for good ones, but for the requests
    /// that `instead` answers by their token's number.
    fn script<V: App>(
        &self,
        book: &Book<V>,
        takes: Duration,
        mut instead: impl FnMut(usize, &Sent) -> Option<Reply> + Send + 'static,
    ) -> Scripted {
        let login = self.clone();
        book.script_but(move |_, sent| {
            if is_token_request(sent) {
                return Some(login.issue().after(takes));
            }
            match login.good(sent) {
                Some(number) => instead(number, sent),
                None => Some(Reply::status(401)),
            }
        })
    }
}

fn client<V: App>(script: &Scripted) -> V::Client {
    V::app(&Setup::scripted::<V>(script), AUTH).expect("a client")
}

/// The secret is in token requests only, the token in the others only, and neither is shown.
pub async fn p4_the_secret_goes_to_the_login_and_the_token_to_the_service<V: App>() {
    let book = Book::<V>::three();
    let script = Login::default().script(&book, Duration::ZERO, |_, _| None);
    let client = client::<V>(&script);
    let mut pager = V::pager(&client, SIZE);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_everything::<V>(&drained.raw, &book.records());
    assert_no_secret(&format!("{client:?} {client:#?} {pager:?}"));
    stored(pager.checkpoint().as_ref());
    let sent = script.sent();
    let logins: Vec<_> = sent.iter().filter(|sent| is_token_request(sent)).map(proof).collect();
    let [proof] = logins.as_slice() else { panic!("{} tokens", logins.len()) };
    for sent in sent {
        let all =
            format!("{} {:?} {}", sent.url, sent.headers, String::from_utf8_lossy(&sent.body));
        assert_key_hidden(KEY, &all);
        if is_token_request(&sent) {
            assert_hidden(&[ISSUED], &all);
        } else {
            assert_hidden(&[proof], &all);
            assert_eq!(all.matches(ISSUED).count(), 1, "{all}");
        }
    }
}

/// Redirects of the token endpoint, over real sockets: the other server sees no connection.
pub async fn p4_a_redirect_of_the_token_endpoint_never_sees_the_secret<V: App>() {
    for status in ["302 Found", "303 See", "307 Temporary", "308 Permanent"] {
        let token = r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#;
        let other = Server::acts([ok(token)]).await;
        let location = format!("location: {}/token?key=1\r\n", other.base());
        let own = Server::acts([Act::Write(answer(status, &location, ""))]).await;
        let client = V::app(&Setup::at(own.base()), &own.base()).expect("a client");
        let error = drain(&mut V::pager(&client, SIZE)).await.error.expect("an error");
        own.seen().iter().filter_map(|request| assertion(request.as_bytes())).for_each(mark);
        assert_good_line(&error);
        assert!(!error.to_string().contains("key=1"), "{error}");
        assert_eq!(other.seen(), [""; 0], "{status}");
        assert_eq!(own.seen().len(), 1, "{status}");
    }
}

/// A token that the service refuses once, in the middle.
pub async fn p6_a_401_is_answered_by_one_new_token_and_nothing_is_lost<V: App>() {
    let (book, login) = (Book::<V>::three(), Login::default());
    let script = login.script(&book, Duration::ZERO, |number, sent| {
        (number == 1 && asked::<V>(&sent.url) == 2).then(|| Reply::status(401))
    });
    let mut pager = V::pager(&client::<V>(&script), SIZE);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    assert_eq!((login.issued(), pager.report().retries), (2, 1));
    assert!(pager.report().is_complete());
}

/// A service that takes no token any more.
pub async fn p6_a_401_for_ever_is_an_error_after_one_new_token<V: App>() {
    let (book, login) = (Book::<V>::three(), Login::default());
    let script = login.script(&book, Duration::ZERO, |_, sent| {
        (asked::<V>(&sent.url) == 2).then(|| Reply::status(401))
    });
    let mut drained = drain(&mut V::pager(&client::<V>(&script), SIZE)).await;
    let mut got = std::mem::take(&mut drained.raw);
    let error = drained.fails(ErrorKind::Authentication);
    assert_eq!((login.issued(), error.attempts()), (2, 2));
    let good = Login::default().script(&book, Duration::ZERO, |_, _| None);
    let pager = V::pager(&client::<V>(&good), SIZE);
    let mut pager = pager.resume(stored(error.checkpoint())).expect("its own");
    got.extend(drain(&mut pager).await.raw);
    assert_everything::<V>(&got, &book.records());
}

/// A script whose login gives a token once, which the second page refuses, and then answers so as
/// often as `left` says.
fn failing<V: App>(book: &Book<V>, reply: &Reply, mut left: usize) -> Scripted {
    let (login, reply) = (Login::default(), reply.clone());
    book.script_but(move |_, sent| {
        if !is_token_request(sent) {
            let old = asked::<V>(&sent.url) == 2 && login.issued() == 1;
            return old.then(|| Reply::status(401));
        }
        let fails = login.issued() == 1 && left > 0;
        left -= usize::from(fails);
        Some(if fails { reply.clone() } else { login.issue() })
    })
}

/// What each token request proved itself by. A signature is never shown twice: services refuse one
/// that they have seen.
fn proofs(script: &Scripted) -> Vec<String> {
    let sent = script.sent();
    let proofs: Vec<_> = sent.iter().filter(|sent| is_token_request(sent)).map(proof).collect();
    let different = BTreeSet::from_iter(&proofs).len();
    assert!(proofs.iter().all(|proof| proof == SECRET) || different == proofs.len());
    proofs
}

/// A token endpoint that cannot, while a token is renewed.
pub async fn p6_a_login_that_fails_for_a_while_loses_nothing<V: App>() {
    for reply in [
        Reply::status(500),
        Reply::status(503).header("retry-after", "2"),
        Reply::status(429).header("retry-after", "2"),
        Reply::status(400).body(r#"{"error":"temporarily_unavailable"}"#),
        Reply::failure(Step::Connect, "no connection: connection refused"),
        Reply::failure(Step::Answer, "the connection was closed"),
        Reply::hang(),
    ] {
        outlasts::<V>(&reply, 2).await;
    }
    // What is not the login's own is asked for once more.
    for reply in [
        Reply::json("<html>Sign in to the network</html>"),
        Reply::json(""),
        Reply::status(403).body("<html>Blocked</html>"),
        Reply::status(302).header("location", "https://portal.example/"),
    ] {
        outlasts::<V>(&reply, 1).await;
    }
}

/// A login that answers so this often, while a token is renewed.
async fn outlasts<V: App>(reply: &Reply, times: usize) {
    let book = Book::<V>::three();
    let script = failing(&book, reply, times);
    let mut pager = V::pager(&client::<V>(&script), SIZE);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{reply:?}: {:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    assert!(pager.report().is_complete(), "{:?}", pager.report());
    assert_eq!(proofs(&script).len(), 2 + times, "{reply:?}");
}

/// The same for ever: the pager is resumed when the login is good again.
pub async fn p8_a_login_that_fails_for_good_is_told_and_nothing_is_lost<V: App>() {
    let refusal = |status| Reply::status(status).body(r#"{"error":"invalid_client"}"#);
    // How often it is asked for; None is as often as there is time for.
    for (reply, kind, times) in [
        (refusal(400), ErrorKind::Authentication, Some(1)),
        (refusal(401), ErrorKind::Authentication, Some(1)),
        (refusal(403), ErrorKind::Authentication, Some(1)),
        (Reply::status(302), ErrorKind::Origin, Some(2)),
        (Reply::json("<html>Sign in</html>"), ErrorKind::Decode, Some(2)),
        (Reply::json(r#"{"token":"x"}"#), ErrorKind::Decode, Some(2)),
        (Reply::status(500), ErrorKind::Service, None),
        (Reply::status(429), ErrorKind::Throttled, None),
        (Reply::failure(Step::Connect, "no connection"), ErrorKind::Network, None),
        (Reply::failure(Step::Tls, "no certificate"), ErrorKind::Host, Some(1)),
        (Reply::hang(), ErrorKind::Timeout, None),
    ] {
        let book = Book::<V>::three();
        let script = failing(&book, &reply, usize::MAX);
        let mut pager = V::pager(&client::<V>(&script), SIZE);
        let mut drained = drain(&mut pager).await;
        let mut got = std::mem::take(&mut drained.raw);
        assert_eq!(got, book.records()[..3], "{reply:?}");
        let error = drained.fails(kind);
        assert!(!pager.report().finished && !pager.report().is_complete());
        let asked = proofs(&script).len() - 1;
        assert!(times.map_or(asked > 5, |times| asked == times), "{reply:?}: {asked} times");
        let good = Login::default().script(&book, Duration::ZERO, |_, _| None);
        let pager = V::pager(&client::<V>(&good), SIZE);
        let mut pager = pager.resume(stored(error.checkpoint())).expect("its own");
        got.extend(drain(&mut pager).await.raw);
        assert_everything::<V>(&got, &book.records());
    }
}

/// Tokens that end while records are worked on: none is shown after its end.
pub async fn p6_a_walk_outlives_its_tokens<V: App>() {
    let book = Book::<V>::three();
    let (login, refused) = (Login::default(), Arc::new(Mutex::new(0)));
    let counted = Arc::clone(&refused);
    let own = login.clone();
    let script = book.script_but(move |_, sent| {
        if is_token_request(sent) {
            return Some(own.issue());
        }
        if own.good(sent).is_none() {
            *counted.lock().expect("no test holds it") += 1;
            return Some(Reply::status(401));
        }
        None
    });
    let mut pager = V::pager(&client::<V>(&script), SIZE);
    let mut got = Vec::new();
    for _ in 0..book.records().len() {
        got.extend(take(&mut pager, 1).await);
        sleep(LIFE / 2).await;
    }
    assert!(pager.try_next().await.expect("no error").is_none());
    assert_everything::<V>(&got, &book.records());
    assert_eq!(*refused.lock().expect("no test holds it"), 0, "renewed before the end");
    assert_eq!(login.issued(), 3);
}

/// A hundred tasks and a token that takes its time: it is asked for once.
pub async fn p6_a_hundred_tasks_wait_for_one_token<V: App>() {
    let (book, login) = (Book::<V>::three(), Login::default());
    let script = login.script(&book, Duration::from_secs(5), |_, _| None);
    read_by_a_hundred::<V>(&client::<V>(&script), &book).await;
    assert_eq!(login.issued(), 1);
}

/// A hundred tasks whose token is refused at once: one other is asked for.
pub async fn p6_a_hundred_refused_tasks_wait_for_one_other_token<V: App>() {
    let (book, login) = (Book::<V>::three(), Login::default());
    let script = login.script(&book, Duration::from_secs(5), |number, _| {
        (number == 1).then(|| Reply::status(401).after(Duration::from_secs(1)))
    });
    read_by_a_hundred::<V>(&client::<V>(&script), &book).await;
    assert_eq!(login.issued(), 2);
}

async fn read_by_a_hundred<V: App>(client: &V::Client, book: &Book<V>) {
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let mut pager = V::pager(client, SIZE);
        tasks.spawn(async move { take(&mut pager, 1).await });
    }
    let firsts = tasks.join_all().await.concat();
    assert_eq!(firsts.len(), 100);
    assert!(firsts.iter().all(|record| *record == book.records()[0]));
}
