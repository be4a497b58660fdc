//! A running Microsoft Graph: its routes, and the handle that tells the truth about it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use super::errors;
use super::filter::Comparison;
use super::log::{Kind, Log, SignIn};
use super::record::{Version, View};
use super::request::{Asked, SkipToken};
use super::settings::Settings;
use crate::answer::Answer;
use crate::front::{Front, bearer, header, origin};
use crate::json;
use crate::oauth;
use crate::rate::{SlidingWindow, admit};
use crate::seed::Seed;
use crate::stats::Stats;

/// Where tokens of a tenant are given.
const TOKEN_PATH: &str = "/{tenant}/oauth2/v2.0/token";

/// A running Microsoft Graph of several tenants. Clones are the same service; it can still be
/// asked for the truth when the simulator has stopped.
#[derive(Clone, Debug)]
pub struct Service(Arc<Graph>);

#[derive(Debug)]
struct Graph {
    base_url: String,
    oauth: oauth::Service,
    seed: Seed,
    settings: Settings,
    front: Front,
    /// The tenants by their tokens.
    tokens: HashMap<String, u64>,
    limits: Mutex<Limits>,
}

#[derive(Debug)]
struct Limits {
    tenants: HashMap<u64, SlidingWindow>,
    app: SlidingWindow,
}

/// A request that was let in, at the moment when it is answered.
struct Ask<'r> {
    log: Log,
    number: u64,
    headers: &'r HeaderMap,
    query: &'r str,
    version: Version,
}

impl Service {
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        let app = SlidingWindow::new(settings.per_app, settings.shared.rate_window);
        let oauth = settings.oauth.clone();
        let tokens = (0..settings.tenants).map(|tenant| (token(seed, tenant), tenant)).collect();
        Self(Arc::new(Graph {
            tokens,
            oauth: oauth::Service::at(seed.branch("oauth"), oauth, base_url.clone(), TOKEN_PATH),
            base_url,
            seed,
            front: Front::new(seed, settings.shared.faults),
            limits: Mutex::new(Limits { tenants: HashMap::new(), app }),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        // The path's case does not matter, so no route can name it.
        let tokens = self.0.oauth.router();
        Router::new().fallback(serve).with_state(self.clone()).merge(tokens)
    }

    /// `http://127.0.0.1:PORT`, in place of the Graph root.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The tenants' ids.
    pub fn tenants(&self) -> impl Iterator<Item = String> + use<> {
        (0..self.0.settings.tenants).map(tenant_id)
    }

    /// The token endpoint of every tenant, with the application that is known.
    #[must_use]
    pub fn oauth(&self) -> &oauth::Service {
        &self.0.oauth
    }

    /// A token that is accepted for a tenant, for ever; None for an unknown tenant.
    #[must_use]
    pub fn token(&self, tenant: &str) -> Option<String> {
        self.0.tenant(tenant).map(|number| token(self.0.seed, number))
    }

    /// The truth: a tenant's sign-ins of these kinds from `from` on and before `before`, newest
    /// first, as they are now. Each is computed when it is asked for. Empty for an unknown
    /// tenant.
    pub fn sign_ins(
        &self,
        tenant: &str,
        kinds: &[Kind],
        from: Option<OffsetDateTime>,
        before: Option<OffsetDateTime>,
    ) -> impl Iterator<Item = SignIn> + use<> {
        let bounds: Vec<_> =
            [from.map(|at| (Comparison::Ge, at)), before.map(|at| (Comparison::Lt, at))]
                .into_iter()
                .flatten()
                .collect();
        let log = self.0.tenant(tenant).map(|number| self.0.log(number));
        let range = log.map_or(0..0, |log| log.between(&bounds));
        let kinds = kinds.to_vec();
        let rows =
            log.into_iter().flat_map(move |log| range.clone().rev().map(move |n| log.sign_in(n)));
        rows.filter(move |row| kinds.contains(&row.kind))
    }

    /// The service's clock, which the `Date` header shows.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.log(0).now()
    }

    /// From now on the links that were given so far are refused with 400, as after a restart of
    /// the service; new ones are taken.
    pub fn refuse_continuations(&self) {
        self.0.front.refuse_continuations();
    }

    /// What the service has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.front.counters.read()
    }
}

impl Graph {
    fn tenant(&self, id: &str) -> Option<u64> {
        let number = u64::from_str_radix(id.get(id.len().checked_sub(12)?..)?, 16).ok()?;
        (number < self.settings.tenants && tenant_id(number) == id).then_some(number)
    }

    fn log(&self, tenant: u64) -> Log {
        let answered = self.front.counters.answered();
        let waves = self.settings.shared.arrivals.map_or(0, |(every, _)| answered / every);
        let waves = waves.min(self.settings.shared.waves);
        Log::new(self.seed, tenant, &self.settings, waves)
    }

    fn authorise(&self, headers: &HeaderMap) -> Result<u64, Answer> {
        let token = bearer(headers).ok_or_else(errors::unauthorised)?;
        let found = self.tokens.get(token).copied().or_else(|| {
            let path = self.oauth.take(token)?;
            self.tenant(path.split('/').nth(1)?)
        });
        found.ok_or_else(errors::unauthorised)
    }

    fn limit(&self, tenant: u64) -> Result<(), Answer> {
        let Settings { per_tenant, retry_after, .. } = self.settings;
        let rate_window = self.settings.shared.rate_window;
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let Limits { tenants, app } = &mut *limits;
        let window = || SlidingWindow::new(per_tenant, rate_window);
        let tenant = tenants.entry(tenant).or_insert_with(window);
        admit(&mut [tenant, app], Instant::now())
            .map_err(|wait| errors::throttled(retry_after.unwrap_or(wait)))
    }

    fn answer(
        &self,
        method: &Method,
        uri: &Uri,
        number: u64,
        headers: &HeaderMap,
    ) -> Result<Answer, Answer> {
        let tenant = self.authorise(headers)?;
        self.limit(tenant)?;
        if tenant < self.settings.unpermitted {
            return Err(errors::unpermitted());
        }
        if tenant >= self.settings.tenants.saturating_sub(self.settings.unlicensed) {
            return Err(errors::unlicensed());
        }
        let segments: Vec<&str> = uri.path().split('/').skip(1).collect();
        let (version, id) = match segments.as_slice() {
            [version, logs, list, rest @ ..]
                if logs.eq_ignore_ascii_case("auditLogs")
                    && list.eq_ignore_ascii_case("signIns") =>
            {
                let version = match *version {
                    "v1.0" => Version::V1,
                    "beta" => Version::Beta,
                    _ => return Err(errors::unknown_path()),
                };
                (version, rest)
            }
            _ => return Err(errors::unknown_path()),
        };
        let query = uri.query().unwrap_or("");
        let ask = Ask { log: self.log(tenant), number, headers, query, version };
        match id {
            _ if method != Method::GET => Err(errors::unknown_path()),
            [] => self.list(&ask),
            [id] => self.single(&ask, &percent_decode_str(id).decode_utf8_lossy()),
            _ => Err(errors::unknown_path()),
        }
    }

    fn single(&self, ask: &Ask<'_>, id: &str) -> Result<Answer, Answer> {
        let every = self.settings.lost_by_id;
        let row = ask.log.find(id).filter(|n| every == 0 || n % every != 0);
        let row = row
            .map(|n| ask.log.sign_in(n))
            .filter(|row| ask.version == Version::Beta || row.kind == Kind::InteractiveUser);
        let row = row.ok_or_else(errors::unknown_sign_in)?;
        let asked = Asked::read(ask.query, self.seed)?;
        let context = format!("{}/$entity", ask.context());
        let mut body = Vec::new();
        let view = self.view(ask, asked.select.as_deref());
        if self.settings.wrapped {
            ask.begin(&mut body);
            row.write(&mut body, view);
            json::put(&mut body, "]}");
        } else {
            row.write(&mut body, View { context: Some(&context), ..view });
        }
        Ok(Answer::json(StatusCode::OK, body))
    }

    fn list(&self, ask: &Ask<'_>) -> Result<Answer, Answer> {
        let seed = self.seed.at(self.front.breaks());
        let asked = Asked::read(ask.query, seed)?;
        let range = self.range(ask, &asked)?;
        let at = asked.at.clone().unwrap_or(SkipToken {
            next: if asked.oldest_first { range.start } else { range.end },
            last: None,
            step: 0,
            issued: ask.number,
        });
        if self.settings.skip_token_life.is_some_and(|life| ask.number - at.issued > life) {
            return Err(errors::dead_skip_token());
        }
        let mut body = Vec::new();
        ask.begin(&mut body);
        let view = self.view(ask, asked.select.as_deref());
        let mut written = 0;
        let mut write = |row: &SignIn| {
            if written > 0 {
                json::put(&mut body, ",");
            }
            row.write(&mut body, view);
            written += 1;
        };
        if let Some(last) = at.last.filter(|_| self.settings.repeated_rows) {
            write(&ask.log.sign_in(last));
        }
        let capacity = self.capacity(asked.top, at.step);
        let (mut next, mut last, mut fresh) = (at.next, at.last, 0);
        let more =
            |next: u64| if asked.oldest_first { next < range.end } else { next > range.start };
        while more(next) && fresh < capacity {
            let n = if asked.oldest_first { next } else { next - 1 };
            let row = ask.log.sign_in(n);
            if self.passes(ask, &asked, &row)? {
                write(&row);
                (last, fresh) = (Some(n), fresh + 1);
            }
            next = if asked.oldest_first { next + 1 } else { n };
        }
        json::put(&mut body, "]");
        if more(next) {
            let token = SkipToken { next, last, step: at.step + 1, issued: ask.number };
            let query = asked.next_query(&token, seed);
            json::put(&mut body, ",\"@odata.nextLink\":");
            // The real service does not keep the path's case either.
            let path = format!("{}/auditLogs/signins", ask.version.as_str());
            json::text(&mut body, &format!("{}/{path}?{query}", self.origin(ask)));
        }
        json::put(&mut body, "}");
        Ok(Answer::json(StatusCode::OK, body))
    }

    /// The rows that the times of a filter leave.
    fn range(&self, ask: &Ask<'_>, asked: &Asked) -> Result<Range<u64>, Answer> {
        let bounds = asked.filter.as_ref().map(super::filter::Filter::bounds).unwrap_or_default();
        // A filter by what no row has is refused also where there are no rows.
        self.passes(ask, asked, &ask.log.sign_in(0))?;
        let mut range = ask.log.between(&bounds);
        if let Some(retention) = self.settings.retention {
            let newest = OffsetDateTime::from_unix_timestamp(self.settings.shared.newest);
            let newest = newest.unwrap_or(OffsetDateTime::UNIX_EPOCH);
            let kept_from = newest.saturating_sub(Duration::seconds(retention));
            let asks_before = |how: Comparison| matches!(how, Comparison::Ge | Comparison::Gt);
            if bounds.iter().any(|(how, time)| asks_before(*how) && *time < kept_from) {
                return Err(errors::bad_filter());
            }
            let kept = ask.log.between(&[(Comparison::Ge, kept_from)]);
            range = range.start.max(kept.start)..range.end.max(kept.start);
        }
        if self.settings.most_rows.is_some_and(|most| range.end - range.start > most) {
            return Err(errors::timed_out());
        }
        Ok(range)
    }

    fn passes(&self, ask: &Ask<'_>, asked: &Asked, row: &SignIn) -> Result<bool, Answer> {
        let kinds = asked.filter.as_ref().is_some_and(super::filter::Filter::names_kinds);
        if kinds && ask.version == Version::V1 {
            return Err(errors::bad_filter());
        }
        let passed = asked
            .filter
            .as_ref()
            .map_or(Some(true), |filter| filter.passes(&|name| row.property(name)));
        let passed = passed.ok_or_else(errors::bad_filter)?;
        Ok(passed && (kinds || row.kind == Kind::InteractiveUser))
    }

    /// How many rows a page holds: every other page may be short, drawn by its number.
    fn capacity(&self, top: u64, step: u64) -> u64 {
        let seed = self.seed.branch("short pages").at(step);
        if !self.settings.shared.short_pages || step.is_multiple_of(2) || seed.at(0).below(2) == 0 {
            return top;
        }
        seed.at(1).below(top)
    }

    fn view<'v>(&self, ask: &Ask<'_>, select: Option<&'v [String]>) -> View<'v> {
        let prefer = header(ask.headers, "prefer").unwrap_or_default();
        View {
            version: ask.version,
            policies: self.settings.policies,
            new_members: prefer.split(',').any(|one| one.trim() == "include-unknown-enum-members"),
            select,
            context: None,
        }
    }

    fn origin(&self, ask: &Ask<'_>) -> String {
        origin(ask.headers, &self.base_url)
    }
}

impl Ask<'_> {
    fn context(&self) -> String {
        format!("https://graph.microsoft.com/{}/$metadata#auditLogs/signIns", self.version.as_str())
    }

    fn begin(&self, body: &mut Vec<u8>) {
        json::put(body, "{\"@odata.context\":");
        json::text(body, &self.context());
        json::put(body, ",\"value\":[");
    }
}

/// The token that is good for ever.
fn token(seed: Seed, tenant: u64) -> String {
    seed.branch("tokens of tenants").at(tenant).hex()
}

fn tenant_id(number: u64) -> String {
    format!("0000007e-0000-4000-8000-{number:012x}")
}

async fn serve(
    State(service): State<Service>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let graph = &*service.0;
    let number = graph.front.begin().await;
    let now = graph.log(0).now();
    let mut answer = match graph.front.faults.status(number) {
        Some(status) => errors::fault(status),
        None => graph.answer(&method, &uri, number, &headers).unwrap_or_else(|refusal| refusal),
    };
    answer.headers.push(("request-id", graph.seed.branch("request-id").at(number).hex()));
    if let Some(id) = header(&headers, "client-request-id") {
        answer.headers.push(("client-request-id", id.to_owned()));
    }
    graph.front.finish(number, now, answer)
}
