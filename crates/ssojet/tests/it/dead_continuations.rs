//! Cursors that the service takes no more (P3): that user's log, or the list of users, is begun
//! again, and what comes again is told.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use signin_core::testing::{Reply, Scripted, Sent};
use ssojet::{Checkpoint, ErrorKind, Items, LoginLogs, Warning};

use crate::{client, page, seconds, take};

const SECONDS: [u64; 9] = [1, 2, 2, 2, 3, 4, 5, 5, 6];
const USERS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Five users with the same sign-ins; two rows a page.
#[derive(Clone, Default)]
struct Application {
    breaks: Arc<AtomicU64>,
    gone: Option<&'static str>,
}

impl Application {
    fn script(&self) -> Scripted {
        let application = self.clone();
        Scripted::respond(move |sent| application.serve(sent))
    }

    fn break_cursors(&self) {
        self.breaks.fetch_add(1, Relaxed);
    }

    fn serve(&self, sent: &Sent) -> Reply {
        let breaks = self.breaks.load(Relaxed);
        if self.gone.is_some_and(|user| sent.url.contains(&format!("/{user}/loginlogs"))) {
            return Reply::status(404);
        }
        let start = match sent.url.split_once("&cursor=") {
            None => 0,
            Some((_, cursor)) => match cursor.split_once('.') {
                Some((issued, start)) if issued == breaks.to_string() => start.parse().unwrap(),
                _ => return Reply::status(400),
            },
        };
        let next = |length: usize| (start + 2 < length).then(|| format!("{breaks}.{}", start + 2));
        if sent.url.contains("/loginlogs") {
            let rows = SECONDS.iter().copied().skip(start).take(2);
            return Reply::json(page(rows, next(SECONDS.len()).as_deref()));
        }
        let users = USERS.iter().skip(start).take(2).map(|id| format!(r#"{{"id":"{id}"}}"#));
        let users: Vec<_> = users.collect();
        let next = next(USERS.len()).map_or_else(|| "null".into(), |next| format!("\"{next}\""));
        let users = users.join(",");
        Reply::json(format!(r#"{{"users":[{users}],"limit":2,"next_cursor":{next}}}"#))
    }

    fn log(&self) -> Items<LoginLogs> {
        client(&self.script()).login_logs("a").items()
    }
}

fn stored(checkpoint: Option<Checkpoint>) -> Checkpoint {
    checkpoint.unwrap().to_string().parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn p3_a_log_whose_cursor_died_is_begun_again_and_that_is_told() {
    for cut in 0..=SECONDS.len() {
        let application = Application::default();
        let mut first = application.log();
        let mut got = take(&mut first, cut).await;
        application.break_cursors();
        let mut second = application.log().resume(stored(first.checkpoint())).unwrap();
        let rest = seconds(&mut second).await;
        let began_again = second.begun_again() > 0;
        if began_again {
            assert_eq!(rest, SECONDS, "cut behind {cut}");
            let told = [Warning::BeganAgain { times: 1, before: None }];
            assert_eq!(second.report().warnings, told);
        } else {
            got.extend(rest);
            assert_eq!(got, SECONDS, "cut behind {cut}");
        }
        assert_eq!(began_again, cut >= 2 && cut < SECONDS.len(), "cut behind {cut}");
        assert!(second.report().is_complete());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_of_all_users_only_the_one_whose_cursor_died_is_begun_again() {
    let each = SECONDS.len();
    for cut in [0, 1, 3, each, each + 4, 2 * each + 5, 5 * each - 1] {
        let application = Application::default();
        let everyone = || client(&application.script()).all_sign_ins().concurrency(1).items();
        let mut pager = everyone();
        let mut got = Vec::new();
        for _ in 0..cut {
            got.push(pager.try_next().await.unwrap().unwrap().owner.id.to_string());
        }
        application.break_cursors();
        let mut second = everyone().resume(stored(pager.checkpoint())).unwrap();
        while let Some(row) = second.try_next().await.unwrap() {
            got.push(row.owner.id.to_string());
        }
        let report = second.report();
        assert!(report.is_complete(), "{report:?}");
        for (number, user) in USERS.iter().enumerate() {
            let came = got.iter().filter(|id| *id == user).count();
            let at_hand = number == cut / each && cut % each >= 2;
            assert!(came >= each && (at_hand || came == each), "cut {cut}, {user}: {came}");
        }
        assert!(report.warnings.len() <= 1, "{:?}", report.warnings);
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_list_of_users_whose_cursor_dies_is_read_from_its_start() {
    let application = Application::default();
    let mut left = 1;
    let script = {
        let application = application.clone();
        Scripted::respond(move |sent| {
            if left > 0 && sent.url.contains("/users?") && sent.url.contains("cursor=") {
                left -= 1;
                application.break_cursors();
            }
            application.serve(sent)
        })
    };
    let mut pager = client(&script).all_sign_ins().items();
    let mut came = 0;
    while pager.try_next().await.unwrap().is_some() {
        came += 1;
    }
    assert_eq!(came, USERS.len() * SECONDS.len());
    assert!(pager.report().is_complete(), "{:?}", pager.report());
}

/// The user went away meanwhile: a 404 at his cursor is one at his log's beginning, too.
#[tokio::test(start_paused = true)]
async fn p3_a_user_who_went_away_costs_himself_only() {
    let application = Application::default();
    let mut pager = client(&application.script()).all_sign_ins().concurrency(1).items();
    for _ in 0..4 {
        pager.try_next().await.unwrap();
    }
    let gone = Application { gone: Some("a"), ..application.clone() };
    let list = client(&gone.script()).all_sign_ins().items();
    let mut second = list.resume(stored(pager.checkpoint())).unwrap();
    let mut came = 0;
    while second.try_next().await.unwrap().is_some() {
        came += 1;
    }
    assert_eq!(came, 4 * SECONDS.len());
    let warnings = second.report().warnings;
    let told = |warning: &Warning| matches!(warning, Warning::OwnerGone { owner } if owner == "a");
    assert!(warnings.iter().any(told), "{warnings:?}");
}

#[tokio::test(start_paused = true)]
async fn p3_cursors_that_are_always_dead_are_an_error_whose_checkpoint_still_goes_on() {
    let application = Application::default();
    let script = {
        let application = application.clone();
        Scripted::respond(move |sent| {
            application.break_cursors();
            application.serve(sent)
        })
    };
    let mut pager = client(&script).login_logs("a").items();
    let error = loop {
        match pager.try_next().await {
            Ok(row) => assert!(row.is_some(), "no end"),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), error.status()), (ErrorKind::Paging, Some(400)));
    assert!(script.sent().len() <= 10, "{}", script.sent().len());
    let checkpoint = stored(error.checkpoint().cloned());
    let mut second = application.log().resume(checkpoint).unwrap();
    assert_eq!(seconds(&mut second).await, SECONDS);
}
