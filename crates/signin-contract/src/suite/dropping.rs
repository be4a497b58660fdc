//! P9: a pager that is dropped, wherever it waits, leaves no task, no connection and no place in a
//! queue taken.

use std::time::Duration;

use signin_core::testing::Reply;
use signin_core::{Limits, Result};
use tokio::runtime::Handle;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, timeout};

use super::tokens::{AUTH, is_token_request};
use crate::load::assert_no_task;
use crate::pagers::{SIZE, assert_everything, drain};
use crate::server::{Act, Server, answer, ok};
use crate::service::{Book, asked};
use crate::vendor::{App, ISSUED, Setup, Vendor};

const SECOND: Duration = Duration::from_secs(1);

/// At most one request starts in it.
const WINDOW: Duration = Duration::from_secs(10);

/// The client adds a hundredth for requests that do not all travel for the same time.
const PAUSE: Duration = Duration::from_millis(10_100);

/// Drops a pager after each time in which it comes to another place: waiting for its token, its
/// turn, an answer, the next attempt, the end of a pause. Another pager of the same client then
/// starts as if the first had ended there.
async fn dropped_at_any_time<V: Vendor>(client: impl Fn(&Setup) -> Result<V::Client>) {
    let book = Book::<V>::three();
    let (mut at, mut places) = (Duration::ZERO, 0);
    loop {
        let (answered, mut trouble) = (book.clone(), 0);
        let script = book.script_but(move |_, sent| {
            let reply = if is_token_request(sent) {
                Reply::json(format!(r#"{{"access_token":"a-{ISSUED}","token_type":"Bearer"}}"#))
            } else {
                trouble += 1;
                match trouble {
                    1 => Reply::status(503),
                    2 => Reply::status(429).header("retry-after", "15"),
                    _ => Reply::json(answered.page(asked::<V>(&sent.url), V::BASE)),
                }
            };
            Some(reply.after(SECOND))
        });
        let limits = Limits::none().at_most(1, WINDOW);
        let client = client(&Setup { limits, ..Setup::scripted::<V>(&script) }).expect("a client");
        let mut pager = V::pager(&client, SIZE);
        let ended = timeout(at, drain(&mut pager)).await.is_ok();
        drop(pager);
        assert_no_task().await;
        let requests = || {
            let sent = script.sent().into_iter().filter(|sent| !is_token_request(sent));
            sent.map(|sent| sent.at).collect::<Vec<_>>()
        };
        let (before, dropped) = (requests(), Instant::now());
        let mut next = V::pager(&client, SIZE);
        let first = timeout(360 * WINDOW, next.try_next()).await.expect("it is held up for ever");
        first.expect("no error").expect("a record");
        drop(next);
        assert_no_task().await;
        let (started, last) = (requests()[before.len()], before.last().copied());
        // The second one was told to wait; and a token may have to be asked for first.
        let pause = if before.len() == 2 { 16 * SECOND } else { PAUSE };
        let free = last.map_or(dropped, |last| dropped.max(last + pause)) + SECOND;
        assert!(started <= free, "dropped after {at:?}: {:?} late", started - free);
        places += usize::from(!ended);
        if ended {
            break;
        }
        at += Duration::from_millis(700);
    }
    assert!(places > 40, "{places}");
}

/// With a token that is there.
pub async fn p9_a_walk_that_is_dropped_at_any_time_leaves_nothing_behind<V: Vendor>() {
    dropped_at_any_time::<V>(V::client).await;
}

/// With one that is asked for.
pub async fn p9_a_walk_that_is_dropped_while_it_logs_in_leaves_nothing_behind<V: App>() {
    dropped_at_any_time::<V>(|setup| V::app(setup, AUTH)).await;
}

/// A hundred pagers over sockets, each with an answer under way that has come this far.
pub async fn p9_walks_that_are_dropped_leave_no_connection<V: Vendor>() {
    const WALKS: usize = 100;
    let book = Book::<V>::new([[1, 2].as_slice()]);
    let whole = answer("200 OK", "", book.page(1, "http://127.0.0.1"));
    for length in [0, 20, whole.len() - 1] {
        let (mut held, page, part) = (0, book.clone(), whole[..length].to_vec());
        let server = Server::start(move |_, base| {
            held += 1;
            if held > WALKS { ok(page.page(1, base)) } else { Act::Hold(part.clone()) }
        })
        .await;
        let client = V::client(&Setup::at(server.base())).expect("a client");
        let mut tasks = JoinSet::new();
        for _ in 0..WALKS {
            let mut pager = V::pager(&client, SIZE);
            tasks.spawn(async move { pager.try_next().await.map(drop) });
        }
        while server.seen().len() < WALKS {
            yield_now().await;
        }
        assert_eq!(server.open(), WALKS);
        tasks.shutdown().await;
        // The server's own task is left, which waits for connections.
        let left = || (server.open(), Handle::current().metrics().num_alive_tasks());
        for _ in 0..100_000 {
            if left() == (0, 1) {
                break;
            }
            yield_now().await;
        }
        assert_eq!(left(), (0, 1), "connections and tasks");
        let drained = drain(&mut V::pager(&client, SIZE)).await;
        assert!(drained.error.is_none(), "{:?}", drained.error);
        assert_everything::<V>(&drained.raw, &book.records());
    }
}
