//! The way between a client and a service, on which the faults happen.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Method;
use signin_core::Deferred;
use signin_core::transport::{HttpRequest, HttpResponse, Step, Transport, TransportError};
use tokio::time::{Instant, sleep};
use url::Url;

use super::dice::Dice;
use super::faults::{Fault, answer};
use crate::called::Call;

/// The way to a service. Clones are the same one.
#[derive(Clone)]
pub struct Wire {
    call: Call,
    state: Arc<Mutex<State>>,
}

struct State {
    dice: Dice,
    /// Of a hundred requests, and how many at most.
    share: u64,
    left: u64,
    /// What this client has asked for, list by list.
    lists: BTreeMap<String, List>,
    /// Answers that came a second time.
    repeated: u64,
    /// When something happened first.
    begun: Option<Instant>,
    trace: Vec<String>,
}

/// A list as a client asks for it.
#[derive(Default)]
struct List {
    /// Its pages, in the order in which they were first asked for.
    pages: Vec<String>,
    /// The page that was answered last.
    last: Option<(String, Bytes)>,
}

impl List {
    /// The answer before the first one to this page, if it was to the page before.
    fn page_before(&self, page: &str) -> Option<Bytes> {
        let at = self.pages.iter().position(|known| known == page)?;
        let before = self.pages.get(at.checked_sub(1)?)?;
        self.last.as_ref().filter(|(last, _)| last == before).map(|(_, body)| body.clone())
    }
}

impl Wire {
    pub(super) fn new(call: Call, mut dice: Dice) -> Self {
        let share = dice.pick(&[0, 5, 15, 30, 50]);
        let left = 10 + dice.below(90);
        let (lists, trace) = (BTreeMap::new(), Vec::new());
        let state = State { dice, share, left, lists, repeated: 0, begun: None, trace };
        Self { call, state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client that knows nothing of what was asked before.
    pub(super) fn restarted(&self) {
        self.state().lists.clear();
    }

    /// From now on all goes well.
    pub(super) fn calm(&self) {
        self.state().left = 0;
    }

    pub(super) fn repeated(&self) -> u64 {
        self.state().repeated
    }

    /// Adds a line to what happened, with the seconds since the first one.
    pub(super) fn note(&self, line: impl fmt::Display) {
        let mut state = self.state();
        let at = state.begun.get_or_insert_with(Instant::now).elapsed().as_secs_f64();
        state.trace.push(format!("{at:9.3} {line}"));
    }

    /// What happened.
    pub(super) fn trace(&self) -> Vec<String> {
        self.state().trace.clone()
    }

    /// Throws what happens to a request.
    fn throw(&self, request: &HttpRequest) -> Option<Fault> {
        let mut state = self.state();
        let State { dice, share, left, .. } = &mut *state;
        let faulty = *left > 0 && dice.percent(*share);
        let fault = faulty.then(|| Fault::throw(dice));
        *left -= u64::from(faulty);
        drop(state);
        let (path, query) = (request.url.path(), request.url.query().unwrap_or(""));
        self.note(format_args!("{} {path}?{query} {fault:?}", request.method));
        fault
    }

    /// Does something to the list of which a page is asked for.
    fn with_list<T>(&self, page: &Url, act: impl FnOnce(&mut List, &str) -> T) -> T {
        let mut state = self.state();
        act(state.lists.entry(list_of(page)).or_default(), page.as_str())
    }

    async fn exchange(self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let fail = |step, reason: &str| Err(TransportError { step, reason: reason.to_owned() });
        let fault = self.throw(&request);
        let (url, is_page) = (request.url.clone(), request.method == Method::GET);
        self.with_list(&url, |list, page| {
            if !list.pages.iter().any(|known| known == page) {
                list.pages.push(page.to_owned());
            }
        });
        match fault {
            Some(Fault::Refused) => return fail(Step::Connect, "the connection was refused"),
            Some(Fault::Reset) => return fail(Step::Answer, "the connection was reset"),
            Some(Fault::Silence) => std::future::pending().await,
            Some(Fault::Status(status, retry_after)) => {
                return Ok(answer(status, retry_after, "{\"error\":\"passing\"}"));
            }
            Some(Fault::Garbage(body)) => return Ok(answer(200, None, body)),
            Some(Fault::Late(time)) => sleep(time).await,
            Some(Fault::Repeated | Fault::Lost | Fault::Cut) | None => {}
        }
        let mut response = (self.call)(request).await;
        self.note(format_args!("  {} {} bytes", response.status.as_u16(), response.body.len()));
        if !response.status.is_success() || !is_page {
            return Ok(response);
        }
        match fault {
            Some(Fault::Lost) => return fail(Step::Answer, "the answer was cut off"),
            Some(Fault::Cut) => {
                let end = self.state().dice.below(response.body.len() as u64);
                response.body.truncate(usize::try_from(end).unwrap_or(0));
            }
            Some(Fault::Repeated) => {
                if let Some(before) = self.with_list(&url, |list, page| list.page_before(page)) {
                    self.state().repeated += 1;
                    response.body = before;
                }
            }
            _ => {
                let body = response.body.clone();
                self.with_list(&url, |list, page| list.last = Some((page.to_owned(), body)));
            }
        }
        Ok(response)
    }
}

/// An address without what says which page.
fn list_of(url: &Url) -> String {
    const PLACES: [&str; 4] = ["page", "pageIndex", "cursor", "$skiptoken"];
    let pairs = url.query_pairs().filter(|(name, _)| !PLACES.contains(&&**name));
    let mut query: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    query.sort();
    format!("{}?{}", url.path().to_ascii_lowercase(), query.join("&"))
}

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.clone().exchange(request))
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("left", &self.state().left).finish_non_exhaustive()
    }
}
