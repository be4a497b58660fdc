//! A running Tines tenant: its routes, and the handle that tells the truth about it.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use time::OffsetDateTime;
use tokio::time::Instant;

use super::audit_logs::{Filter, Logins, Office, Row};
use super::errors;
use super::log::{Log, SignIn, SignIns};
use super::page::Page;
use super::request::{AuditLogs, Bounds, PageRequest, SigninActivities, Users, digits};
use super::settings::Settings;
use super::users::{People, User};
use crate::answer::Answer;
use crate::front::{Front, bearer, header, origin};
use crate::rate::{SlidingWindow, admit};
use crate::seed::Seed;
use crate::stats::Stats;

/// A running Tines tenant. Clones are the same tenant; it can still be asked for the truth when
/// the simulator has stopped.
#[derive(Clone, Debug)]
pub struct Service(Arc<Tenant>);

#[derive(Debug)]
struct Tenant {
    base_url: String,
    api_key: String,
    seed: Seed,
    settings: Settings,
    log: Log,
    people: People,
    office: Office,
    front: Front,
    limits: Mutex<Limits>,
    /// Waves of arrivals that no request brought.
    unasked_waves: AtomicU64,
}

/// One pair of windows is enough: the limits are per token, and the tenant has one.
#[derive(Debug)]
struct Limits {
    admin_users: SlidingWindow,
    audit_logs: SlidingWindow,
    general: SlidingWindow,
}

/// The limits that a request counts in.
#[derive(Clone, Copy)]
enum Scope {
    AdminUsers,
    AuditLogs,
    General,
}

impl Service {
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        let window = |limit| SlidingWindow::new(limit, settings.shared.rate_window);
        let (log, people) = (Log::new(seed, &settings), People::new(seed));
        Self(Arc::new(Tenant {
            base_url,
            api_key: settings.api_key.clone().unwrap_or_else(|| seed.branch("api key").hex()),
            seed,
            log,
            people,
            office: Office::new(seed, log, people),
            front: Front::new(seed, settings.shared.faults),
            limits: Mutex::new(Limits {
                admin_users: window(settings.per_minute),
                audit_logs: window(settings.per_minute_audit_logs),
                general: window(settings.per_minute_general),
            }),
            unasked_waves: AtomicU64::new(0),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/api/v1/audit_logs", get(audit_logs).fallback(elsewhere))
            .route("/api/v1/admin/users", get(admin_users).fallback(elsewhere))
            .route(
                "/api/v1/admin/users/{user_id}/signin_activities",
                get(signin_activities).fallback(elsewhere),
            )
            .fallback(elsewhere)
            .with_state(self.clone())
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The one key that is accepted.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.0.api_key
    }

    /// The ids of the users that exist, ascending.
    pub fn user_ids(&self) -> impl Iterator<Item = u64> + use<> {
        let roster = self.0.log.roster();
        (0..roster.existing()).map(move |n| roster.id(roster.nth_existing(n)))
    }

    /// The ids of the users that are deleted, ascending.
    pub fn deleted_user_ids(&self) -> impl Iterator<Item = u64> + use<> {
        let roster = self.0.log.roster();
        (0..roster.deleted()).map(move |n| roster.id(roster.nth_deleted(n)))
    }

    /// The truth: the users that exist, in the order of their ids, as they are now. Each is
    /// computed when it is asked for.
    pub fn users(&self) -> impl Iterator<Item = User> + use<> {
        let (log, people, waves) = (self.0.log, self.0.people, self.0.waves());
        let roster = log.roster();
        (0..roster.existing()).map(move |n| people.user(log, roster.nth_existing(n), waves))
    }

    /// The truth: the user's sign-ins created strictly between the two, newest first, as they
    /// are now, those that vanished included. Each is computed when it is asked for. Empty for an
    /// unknown user and for a deleted one.
    #[must_use]
    pub fn sign_ins(
        &self,
        user_id: u64,
        after: Option<OffsetDateTime>,
        before: Option<OffsetDateTime>,
    ) -> SignIns {
        SignIns::new(self.0.log.of(user_id, self.0.waves()), after, before)
    }

    /// So many waves of [`arrivals`](Settings::arrivals) happen now, as if others had asked for
    /// something meanwhile. None without arrivals.
    pub fn pass(&self, waves: u32) {
        self.0.unasked_waves.fetch_add(waves.into(), Ordering::Relaxed);
    }

    /// The truth: whether a sign-in has vanished from among its user's by now.
    #[must_use]
    pub fn has_vanished(&self, sign_in: &SignIn) -> bool {
        self.0.log.has_vanished(sign_in, self.0.waves())
    }

    /// The truth: the sign-ins of all users, the deleted ones included, created strictly between
    /// the two, newest first, as the audit log has them now. Each is computed when it is asked
    /// for; the first costs time and memory for each user.
    #[must_use]
    pub fn logins(&self, after: Option<OffsetDateTime>, before: Option<OffsetDateTime>) -> Logins {
        Logins::new(self.0.office, self.0.waves(), Bounds { after, before })
    }

    /// The tenant's clock, which the `Date` header shows: the second after the newest sign-in.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.log.now(self.0.waves())
    }

    /// What the tenant has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.front.counters.read()
    }

    async fn serve(
        &self,
        scope: Scope,
        headers: &HeaderMap,
        query: Option<String>,
        answer: impl FnOnce(&Tenant, &Ask<'_>) -> Result<Answer, Answer>,
    ) -> Response {
        let tenant = &*self.0;
        let number = tenant.front.begin().await;
        // Read once: rows, counts and Date of an answer are of one moment.
        let waves = tenant.waves();
        let ask = Ask { waves, headers, query: query.as_deref().unwrap_or("") };
        let answer = match tenant.front.faults.status(number) {
            Some(status) => errors::fault(status, number),
            None => tenant
                .authorise(headers)
                .and_then(|()| tenant.limit(scope))
                .and_then(|()| answer(tenant, &ask))
                .unwrap_or_else(|refusal| refusal),
        };
        tenant.front.finish(number, tenant.log.now(waves), answer)
    }
}

impl Tenant {
    /// Waves of arrivals so far.
    fn waves(&self) -> u64 {
        let unasked = self.unasked_waves.load(Ordering::Relaxed);
        let waves = |(every, _)| self.front.counters.answered() / every + unasked;
        self.settings.shared.arrivals.map_or(0, waves).min(self.settings.shared.waves)
    }

    fn authorise(&self, headers: &HeaderMap) -> Result<(), Answer> {
        let key = bearer(headers).or_else(|| header(headers, "x-user-token"));
        if key == Some(&self.api_key) { Ok(()) } else { Err(errors::unauthorised()) }
    }

    fn limit(&self, scope: Scope) -> Result<(), Answer> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let Limits { admin_users, audit_logs, general } = &mut *limits;
        let admitted = match scope {
            Scope::AdminUsers => admit(&mut [admin_users, general], Instant::now()),
            Scope::AuditLogs => admit(&mut [audit_logs, general], Instant::now()),
            Scope::General => admit(&mut [general], Instant::now()),
        };
        admitted.map_err(|wait| {
            errors::throttled(self.settings.shared.retry_after.map(|form| form.seconds(wait)))
        })
    }

    fn signin_activities(&self, ask: &Ask<'_>, user_id: u64) -> Result<Answer, Answer> {
        let list = self.log.of(user_id, ask.waves).ok_or_else(errors::unknown_user)?;
        let SigninActivities { place, bounds } = SigninActivities::read(ask.query)?;
        let all = list.between(bounds.after, bounds.before);
        let path = format!("/api/v1/admin/users/{user_id}/signin_activities");
        let page = self.page(ask, &path, &place);
        if self.log.is_vanishing() {
            let there = |row: &SignIn| !self.log.has_vanished(row, ask.waves);
            let rows: Vec<_> = all.map(|row| list.sign_in(row)).filter(there).collect();
            let total = rows.len() as u64;
            let of = |range| slice(rows.into_iter(), range);
            return Ok(page.answer("admin/login_activities", total, of, SignIn::write));
        }
        Ok(page.answer(
            "admin/login_activities",
            all.end - all.start,
            |rows| rows.map(|row| list.sign_in(all.start + row)),
            SignIn::write,
        ))
    }

    fn admin_users(&self, ask: &Ask<'_>) -> Result<Answer, Answer> {
        let Users { place, owners, teams } = Users::read(ask.query)?;
        let page = self.page(ask, "/api/v1/admin/users", &place);
        let roster = self.log.roster();
        let user = |user| self.people.user(self.log, user, ask.waves);
        let write = |user: &User, out: &mut Vec<u8>| user.write(out, teams);
        if owners {
            let total = roster.owners().count() as u64;
            let rows = |rows: Range<u64>| slice(roster.owners(), rows).map(user);
            return Ok(page.answer("admin/users", total, rows, write));
        }
        Ok(page.answer(
            "admin/users",
            roster.existing(),
            |rows| rows.map(|n| user(roster.nth_existing(n))),
            write,
        ))
    }

    fn audit_logs(&self, ask: &Ask<'_>) -> Result<Answer, Answer> {
        if !self.settings.audit_log {
            return Err(errors::no_audit_log(self.settings.audit_log_refusal));
        }
        let AuditLogs { place, bounds, users, operations } = AuditLogs::read(ask.query)?;
        let filter = Filter { bounds, users: users.as_ref(), operations: operations.as_ref() };
        let mut found = self.office.rows(ask.waves, filter);
        let page = self.page(ask, "/api/v1/audit_logs", &place);
        let total = found.total();
        let rows = |rows: Range<u64>| {
            found.seek(rows.start);
            slice(found, 0..rows.end - rows.start)
        };
        Ok(page.answer("audit_logs", total, rows, Row::write))
    }

    /// A page at `path`, to be answered.
    fn page<'r>(&'r self, ask: &Ask<'_>, path: &str, asked: &'r PageRequest) -> Page<'r> {
        let origin = origin(ask.headers, &self.base_url);
        let address = format!("{origin}{path}");
        Page { settings: &self.settings, seed: self.seed, asked, address }
    }
}

/// A request, at the moment when it is answered.
struct Ask<'r> {
    waves: u64,
    headers: &'r HeaderMap,
    query: &'r str,
}

/// The items at a range of positions.
fn slice<T>(items: impl Iterator<Item = T>, range: Range<u64>) -> impl Iterator<Item = T> {
    let size = |n| usize::try_from(n).unwrap_or(usize::MAX);
    items.skip(size(range.start)).take(size(range.end - range.start))
}

async fn signin_activities(
    State(service): State<Service>,
    user_id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = |tenant: &Tenant, ask: &Ask<'_>| {
        let user_id = user_id.ok().and_then(|Path(text)| digits(&text));
        tenant.signin_activities(ask, user_id.ok_or_else(errors::unknown_user)?)
    };
    service.serve(Scope::AdminUsers, &headers, query, answer).await
}

async fn admin_users(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    service.serve(Scope::AdminUsers, &headers, query, Tenant::admin_users).await
}

async fn audit_logs(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    service.serve(Scope::AuditLogs, &headers, query, Tenant::audit_logs).await
}

async fn elsewhere(State(service): State<Service>, headers: HeaderMap) -> Response {
    service.serve(Scope::General, &headers, None, |_, _| Err(errors::unknown_path())).await
}
