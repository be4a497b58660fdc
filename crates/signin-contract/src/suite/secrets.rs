//! P4: whatever a service writes back, and wherever, no error, log, checkpoint or panic shows it.
//!
//! What each case prints, keeps and logs is searched by [`drain`] and by what runs the cases.

use std::time::Duration;

use serde_json::Value;
use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use tokio::task::{JoinError, JoinSet};

use super::tokens::{AUTH, is_token_request, proof};
use crate::effort::is_full;
use crate::logs::logged;
use crate::pagers::{SIZE, assert_everything, assert_no_secret, drain, pager};
use crate::secrets::written;
use crate::service::{Book, Service};
use crate::vendor::{App, Continued, ISSUED, Linked, Next, SECRET, Setup, TOKEN, Vendor};

/// Answers that hold a text wherever an answer has a place for it.
fn echoes(text: &str) -> Vec<Reply> {
    let json = |text: &str| {
        format!(
            r#"{{"message":{text},"error":{text},"error_description":{text},"code":{text},"type":{text},"id":{text},"requestId":{text},"traceId":{text},"trace_id":{text},"correlation_id":{text},"details":[{{"code":{text},"message":{text},"target":{text}}}],"errors":[{{"code":{text},"message":{text}}}]}}"#
        )
    };
    let quoted = Value::from(text).to_string();
    let nested = format!(r#"{{"code":{quoted},"message":{quoted},"details":{}}}"#, json(&quoted));
    let bodies = [
        json(&quoted),
        // As it stands: what is written as JSON text is read as that.
        json(&format!("\"the key {text}.\"")),
        json(&quoted).replacen(&quoted, &nested, 2),
        format!("bad key {text}!"),
        format!("<html><title>{text}</title><b>{text}</b></html>"),
        format!(r#"{{"access_token":"t","token_type":{quoted}}}"#),
    ];
    let statuses = [400, 401, 403, 404, 429, 500, 200].into_iter().cycle();
    let headers = ["x-request-id", "request-id", "client-request-id", "correlation-id", "x-trace"];
    let reply = |(body, status)| {
        let reply = Reply::status(status).body(body);
        headers.iter().fold(reply, |reply, name| reply.header(name, text))
    };
    // Each body with another status for each text.
    let mut replies: Vec<_> =
        bodies.into_iter().zip(statuses.skip(text.len() % 7)).map(reply).collect();
    let host: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    for to in [format!("https://{host}.example/{text}"), format!("/{text}"), text.to_owned()] {
        replies.push(Reply::status(302).header("location", &to));
    }
    replies.push(Reply::failure(Step::Answer, &format!("bad header {text}")));
    replies
}

/// A client whose requests are all answered from this script, each tried once.
fn once(script: Scripted) -> Setup {
    Setup { transport: Some(script), ..Setup::at(String::new()) }
}

/// The error's every place, in every writing.
pub async fn p4_a_token_that_an_error_answer_holds_is_not_shown<V: Vendor>() {
    for reply in written(TOKEN).iter().flat_map(|text| echoes(text)) {
        let script = Book::<V>::three().script_but(move |_, _| Some(reply.clone()));
        let setup = Setup { base_url: V::BASE.to_owned(), ..once(script) };
        drain(&mut pager::<V>(&setup)).await.error.expect("an error");
    }
}

/// Records are the service's data: they come as they are, and are quoted nowhere.
pub async fn p4_a_token_that_records_hold_is_handed_out_in_them_and_shown_nowhere<V: Vendor>() {
    let record: Value = serde_json::from_str(&V::record(1)).expect("a record");
    let record = record.as_object().expect("an object");
    let mut records = Vec::new();
    for text in written(TOKEN) {
        let mut more = record.clone();
        more.insert("echo".to_owned(), Value::from([text.as_str()].as_slice()));
        more.insert(text.clone(), Value::from(text.as_str()));
        records.push(more);
        for name in record.keys() {
            let mut other = record.clone();
            other.insert(name.clone(), Value::from(text.as_str()));
            records.push(other);
        }
    }
    let records: Vec<_> =
        records.into_iter().map(|record| Value::from(record).to_string()).collect();
    let size = usize::try_from(SIZE).expect("a small number");
    let book = Book::<V>::of(records.chunks(size).map(<[String]>::to_vec).collect());
    let drained = drain(&mut crate::pagers::scripted::<V>(&book.script())).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert!(drained.raw.iter().all(|record| records.contains(record)));
    assert!(drained.raw.iter().any(|record| record.contains(TOKEN)), "nothing was tested");
}

/// Every request is told of, with nothing of its credential.
pub async fn p4_what_is_logged_of_requests_shows_no_secret<V: Vendor>() {
    let book = Book::<V>::three();
    let service = Service::start(&book).await;
    let drained = drain(&mut pager::<V>(&service.setup())).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    let logged = logged();
    let told = logged.lines().filter(|line| line.contains("status=200")).count();
    assert_eq!(told, service.server().seen().len(), "{logged}");
    assert!(logged.contains("starting new connection"), "of the libraries too: {logged}");
}

/// Links and cursors that hold the token are no way on: sent back they would show it in an address,
/// and a checkpoint would keep it.
pub async fn p4_a_continuation_that_holds_the_token_is_neither_followed_nor_kept<V: Continued>() {
    for text in written(TOKEN) {
        let query = text.replace('#', "%23").replace(' ', "%20");
        for next in [text.clone(), format!("{}/x?{}=2&key={query}", V::BASE, V::PARAMETER)] {
            let book = Book::<V>::three();
            let first = book.clone();
            let script = book.script_but(move |number, _| {
                let page = || Reply::json(first.page_with(1, Next::Text(&next), V::BASE));
                (number == 1).then(page)
            });
            let drained = drain(&mut crate::pagers::scripted::<V>(&script)).await;
            assert_eq!(drained.raw, book.records()[..3], "{text}");
            drained.error.expect("an error");
            assert_eq!(script.sent().len(), 1, "{text}");
        }
    }
}

/// The same within the own path.
pub async fn p4_a_link_that_holds_the_token_is_neither_followed_nor_kept<V: Linked>() {
    for text in written(TOKEN) {
        let book = Book::<V>::three();
        let (first, link) = (book.clone(), V::link(V::BASE, &format!("2&key={text}")));
        let script = book.script_but(move |number, _| {
            let page = || Reply::json(first.page_with(1, Next::Text(&link), V::BASE));
            (number == 1).then(page)
        });
        let drained = drain(&mut crate::pagers::scripted::<V>(&script)).await;
        assert_eq!(drained.raw, book.records()[..3], "{text}");
        drained.error.expect("an error");
        assert_eq!(script.sent().len(), 1, "{text}");
    }
}

fn app<V: App>(script: Scripted) -> V::Client {
    let setup = Setup { base_url: V::BASE.to_owned(), ..once(script) };
    V::app(&setup, AUTH).expect("a client")
}

/// Each writing of a secret in each place of an answer, as the numbers of both. A third of these
/// has each writing in three places or more, and each place with nine writings or more.
fn all_echoes() -> impl Iterator<Item = (usize, usize)> {
    let (places, is_full) = (echoes("").len(), is_full());
    let all = (0..written(SECRET).len())
        .flat_map(move |writing| (0..places).map(move |place| (writing, place)));
    all.filter(move |(writing, place)| is_full || (writing + place).is_multiple_of(3))
}

fn echo(secret: &str, (writing, place): (usize, usize)) -> Reply {
    echoes(&written(secret)[writing]).swap_remove(place)
}

/// The token endpoint's every place.
pub async fn p4_a_secret_that_the_login_sends_back_is_not_shown<V: App>() {
    for which in all_echoes() {
        let script = Scripted::respond(move |sent| {
            assert!(is_token_request(sent), "{}", sent.url);
            echo(&proof(sent), which)
        });
        let drained = drain(&mut V::pager(&app::<V>(script), SIZE)).await;
        drained.error.expect("an error");
    }
}

/// Often the login is the same service: it knows every proof that it saw, and every token that it
/// gave.
pub async fn p4_a_secret_that_the_service_sends_back_is_not_shown<V: App>() {
    for (which, token) in all_echoes().flat_map(|which| [(which, false), (which, true)]) {
        let (mut issued, mut refused) = (["second", "first"].to_vec(), false);
        let mut known = None;
        let script = Scripted::respond(move |sent| {
            if is_token_request(sent) {
                known.get_or_insert_with(|| proof(sent));
                let token = issued.pop().expect("two tokens are enough");
                return Reply::json(format!(
                    r#"{{"access_token":"{token}-{ISSUED}","token_type":"Bearer"}}"#
                ));
            }
            let first = format!("first-{ISSUED}");
            match std::mem::replace(&mut refused, true) {
                false => Reply::status(401),
                true if token => echo(&first, which),
                true => echo(known.as_ref().expect("a token was asked for"), which),
            }
        });
        let drained = drain(&mut V::pager(&app::<V>(script), SIZE)).await;
        drained.error.expect("an error");
    }
}

const PANIC: &str = "a transport of the caller's";

/// What is thrown is the transport's own, and nothing of ours is added.
fn assert_own_panic(error: JoinError) {
    assert_no_secret(&format!("{error} {error:?}"));
    let thrown = error.into_panic();
    let text = thrown.downcast_ref::<&str>().copied();
    let text = text.or_else(|| thrown.downcast_ref::<String>().map(String::as_str));
    assert_no_secret(text.expect("a text"));
}

/// A panic is its caller's, and the client goes on.
pub async fn p4_a_transport_that_panics_shows_no_secret_and_holds_nothing_up<V: Vendor>() {
    let book = Book::<V>::three();
    let script = book.script_but(|number, _| {
        assert!(number != 2, "{PANIC}");
        None
    });
    let client = V::client(&Setup::scripted::<V>(&script)).expect("a client");
    let mut broken = V::pager(&client, SIZE);
    let broken = tokio::spawn(async move { drain(&mut broken).await });
    assert_own_panic(broken.await.expect_err("a panic"));
    let drained = drain(&mut V::pager(&client, SIZE)).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_everything::<V>(&drained.raw, &book.records());
}

/// A panic at the login is that of all who wait for it, and the next one asks anew.
pub async fn p4_a_login_that_panics_shows_no_secret_and_holds_nothing_up<V: App>() {
    let book = Book::<V>::three();
    let mut first = true;
    let script = book.script_but(move |_, sent| {
        let token = format!(r#"{{"access_token":"a-{ISSUED}","token_type":"Bearer"}}"#);
        is_token_request(sent).then(|| {
            assert!(!std::mem::take(&mut first), "{PANIC}");
            Reply::json(token).after(Duration::from_secs(1))
        })
    });
    let client = V::app(&Setup::scripted::<V>(&script), AUTH).expect("a client");
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let mut pager = V::pager(&client, SIZE);
        tasks.spawn(async move { drain(&mut pager).await });
    }
    let mut panics = 0;
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(drained) => assert_everything::<V>(&drained.raw, &book.records()),
            Err(error) => {
                panics += 1;
                assert_own_panic(error);
            }
        }
    }
    assert!(panics > 0, "nothing was tested");
    let drained = drain(&mut V::pager(&client, SIZE)).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_everything::<V>(&drained.raw, &book.records());
}
