//! The way between a client and a service, on which the faults happen.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::AUTHORIZATION;
use signin_core::Deferred;
use signin_core::{HttpRequest, HttpResponse, Step, Transport, TransportError};
use tokio::time::{Instant, sleep};

use super::dice::Dice;
use super::faults::{Fault, answer, failed};
use crate::local_transport::Call;

/// The way to a service. Clones are the same one.
#[derive(Clone)]
pub struct Network {
    call: Call,
    state: Arc<Mutex<State>>,
}

struct State {
    dice: Dice,
    /// Of a hundred requests, and how many at most.
    share: u64,
    left: u64,
    /// Whether requests take their time.
    is_slow: bool,
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
    last: Option<(String, HttpResponse)>,
}

impl List {
    /// The answer before the first one to this page, if it was to the page before.
    fn page_before(&self, page: &str) -> Option<HttpResponse> {
        let at = self.pages.iter().position(|known| known == page)?;
        let before = self.pages.get(at.checked_sub(1)?)?;
        self.last.as_ref().filter(|(last, _)| last == before).map(|(_, answer)| answer.clone())
    }
}

impl Network {
    pub(super) fn new(call: Call, mut dice: Dice, is_slow: bool) -> Self {
        let share = dice.pick(&[0, 5, 15, 30, 50]);
        let left = 10 + dice.below(90);
        let (lists, trace) = (BTreeMap::new(), Vec::new());
        let state = State { dice, share, left, is_slow, lists, repeated: 0, begun: None, trace };
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
        // What happens to the answer is told with it.
        let before = fault.filter(|fault| !fault.is_of_the_answer());
        self.note(format_args!("{} {path}?{query} {before:?}", request.method));
        fault
    }

    /// How long a request takes to get to the service.
    fn latency(&self) -> Option<Duration> {
        let mut state = self.state();
        let is_slow = state.is_slow;
        is_slow.then(|| Duration::from_millis(state.dice.below(500)))
    }

    /// Does something to the list of this name.
    fn with_list<T>(&self, name: &str, act: impl FnOnce(&mut List) -> T) -> T {
        act(self.state().lists.entry(name.to_owned()).or_default())
    }

    async fn exchange(self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let fail = |step, reason: &str| Err(TransportError { step, reason: reason.to_owned() });
        let fault = self.throw(&request);
        let (list, page) = (list_of(&request), request.url.to_string());
        self.with_list(&list, |list| {
            if !list.pages.contains(&page) {
                list.pages.push(page.clone());
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
            Some(Fault::Repeated | Fault::Lost | Fault::Cut | Fault::Failed { .. }) | None => {}
        }
        if let Some(time) = self.latency() {
            sleep(time).await;
        }
        let refused = match fault {
            Some(Fault::Failed { .. }) => Some((self.call)(without_credential(&request)).await),
            _ => None,
        };
        let mut response = (self.call)(request).await;
        let (status, bytes) = (response.status.as_u16(), response.body.len());
        // What has no body cannot be cut.
        let fault = if bytes == 0 { fault.map(Fault::of_no_body) } else { fault };
        let note = |what: &str| self.note(format_args!("  {status} {bytes} bytes{what}"));
        match fault {
            Some(Fault::Lost) => {
                note(", lost");
                return fail(Step::Answer, "the answer was cut off");
            }
            Some(Fault::Cut) => {
                let end = self.state().dice.below(bytes as u64);
                note(&format!(", cut to {end}"));
                response.body.truncate(usize::try_from(end).unwrap_or(0));
                return Ok(response);
            }
            Some(Fault::Failed { goes_on }) => {
                let error = refused.map(|refused| refused.body).unwrap_or_default();
                if let Some(body) = failed(&response.body, &error, goes_on) {
                    note(&format!(", and an error in their place, goes on: {goes_on}"));
                    return Ok(HttpResponse { body: body.into(), ..response });
                }
            }
            Some(Fault::Repeated) => {
                if let Some(before) = self.with_list(&list, |list| list.page_before(&page)) {
                    note(", and the page before in their place");
                    self.state().repeated += 1;
                    return Ok(before);
                }
            }
            _ => {}
        }
        note("");
        if response.status.is_success() {
            let last = (page, response.clone());
            self.with_list(&list, |list| list.last = Some(last));
        }
        Ok(response)
    }
}

/// The same request of somebody whom the service does not know: it answers by an error of its own.
fn without_credential(request: &HttpRequest) -> HttpRequest {
    let mut request = request.clone();
    request.headers.remove(AUTHORIZATION);
    request
}

/// What a request asks for, without what says which page.
fn list_of(request: &HttpRequest) -> String {
    const PLACES: [&str; 4] = ["page", "pageIndex", "cursor", "$skiptoken"];
    let pairs = request.url.query_pairs().filter(|(name, _)| !PLACES.contains(&&**name));
    let mut query: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    query.sort();
    let (path, body) = (request.url.path().to_ascii_lowercase(), &request.body);
    format!("{} {path}?{} {body:?}", request.method, query.join("&"))
}

impl Transport for Network {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.clone().exchange(request))
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("left", &self.state().left).finish_non_exhaustive()
    }
}
