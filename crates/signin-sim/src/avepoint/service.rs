//! A running AvePoint Elements: its routes, and the handle that tells the truth about it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::errors::Refusal;
use super::log::{Log, SignIn, SignIns};
use super::request::{Asked, customer_ids};
use super::roster::{Customer, Tenant, customers};
use super::settings::Settings;
use crate::answer::Answer;
use crate::front::{Front, bearer};
use crate::json;
use crate::oauth;
use crate::rate::{SlidingWindow, admit};
use crate::seed::Seed;
use crate::stats::Stats;

/// A running AvePoint Elements. Clones are the same service; it can still be asked for the truth
/// when the simulator has stopped.
#[derive(Clone, Debug)]
pub struct Service(Arc<Elements>);

#[derive(Debug)]
struct Elements {
    base_url: String,
    token: String,
    oauth: oauth::Service,
    seed: Seed,
    settings: Settings,
    customers: Vec<Customer>,
    tenants: u64,
    front: Front,
    limit: Mutex<SlidingWindow>,
}

impl Service {
    pub(crate) fn new(seed: Seed, settings: Settings, base_url: String) -> Self {
        let customers = customers(seed, settings.customers, settings.out_of_scope);
        let tenants = customers.iter().map(|customer| customer.tenants.len() as u64).sum();
        let (told, base) = (settings.oauth.clone(), base_url.clone());
        let oauth = oauth::Service::at(seed.branch("oauth"), told, base, "/connect/token");
        Self(Arc::new(Elements {
            base_url,
            oauth,
            token: settings.token.clone().unwrap_or_else(|| seed.branch("token").hex()),
            seed,
            customers,
            tenants,
            front: Front::new(seed, settings.shared.faults),
            limit: Mutex::new(SlidingWindow::new(settings.per_minute, settings.shared.rate_window)),
            settings,
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route(
                "/partner/external/v3/um/customers/{customer_id}/tenants/{tenant_id}/overview/security/compliances/signins",
                get(sign_ins).fallback(elsewhere),
            )
            .route(
                "/partner/external/v3/general/customers/batch",
                post(list_customers).fallback(elsewhere),
            )
            .fallback(elsewhere)
            .with_state(self.clone())
            .merge(self.0.oauth.router())
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// The access token that is good for ever.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.token
    }

    /// The token endpoint, which tells the client's id and secret.
    #[must_use]
    pub fn oauth(&self) -> &oauth::Service {
        &self.0.oauth
    }

    /// The truth: all customers, those outside the app's scope too.
    #[must_use]
    pub fn customers(&self) -> &[Customer] {
        &self.0.customers
    }

    /// The truth: a tenant's sign-ins, the newest first, as they are now. Each is computed when it
    /// is asked for. Empty for an unknown tenant.
    #[must_use]
    pub fn sign_ins(&self, customer_id: &str, tenant_id: &str) -> SignIns {
        let tenant = self.0.tenant(customer_id, tenant_id).ok();
        SignIns::new(tenant.map(|tenant| self.0.log(tenant.number)))
    }

    /// The service's clock, which the `Date` header shows: the second after the newest sign-in.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.log(0).now()
    }

    /// What the service has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.front.counters.read()
    }

    async fn serve(
        &self,
        headers: &HeaderMap,
        answer: impl FnOnce(&Elements) -> Result<Answer, Refusal>,
    ) -> Response {
        let elements = &*self.0;
        let number = elements.front.begin().await;
        let now = self.now();
        let answer = match elements.front.faults.status(number) {
            Some(status) => Err(Refusal::Told(status)),
            None => elements
                .authorise(headers)
                .and_then(|()| elements.limit())
                .and_then(|()| answer(elements)),
        };
        let answer = answer.unwrap_or_else(|refusal| refusal.answer(elements.seed, number));
        elements.front.finish(number, now, answer)
    }
}

impl Elements {
    fn authorise(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let token = bearer(headers).ok_or(Refusal::Unauthorised)?;
        let is_good = token == self.token || self.oauth.take(token).is_some();
        is_good.then_some(()).ok_or(Refusal::Unauthorised)
    }

    fn limit(&self) -> Result<(), Refusal> {
        let mut window = self.limit.lock().unwrap_or_else(PoisonError::into_inner);
        admit(&mut [&mut *window], Instant::now()).map_err(|wait| {
            Refusal::Throttled(self.settings.shared.retry_after.map(|form| form.seconds(wait)))
        })
    }

    fn tenant(&self, customer_id: &str, tenant_id: &str) -> Result<&Tenant, Refusal> {
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let mut customers = self.customers.iter();
        let customer = customers.find(|customer| same(&customer.id, customer_id));
        let customer = customer.ok_or(Refusal::NotFound)?;
        if !customer.in_scope {
            return Err(Refusal::OutOfScope);
        }
        let mut tenants = customer.tenants.iter();
        tenants.find(|tenant| same(&tenant.id, tenant_id)).ok_or(Refusal::NotFound)
    }

    /// The list of tenant `number`, at this moment.
    fn log(&self, number: u64) -> Log {
        let answered = self.front.counters.answered();
        Log::new(self.seed, &self.settings, (number, self.tenants), answered)
    }

    fn sign_ins(&self, tenant: &Tenant, query: &str) -> Result<Answer, Refusal> {
        let asked = Asked::read(query)?;
        let log = self.log(tenant.number);
        let (start, page_size) = (asked.start(), asked.page_size);
        if let Some(risky) = asked.risky {
            let all = log.listed(0..log.len()).filter(|row| row.is_risk == risky);
            let all: Vec<_> = all.collect();
            let rows: Vec<_> =
                all.iter().skip(size(start)).take(size(page_size)).cloned().collect();
            return Ok(self.page(asked, all.len() as u64, &rows, SignIn::write));
        }
        let end = start.saturating_add(page_size).min(log.len());
        let mut rows: Vec<_> = log.listed(start.min(end)..end).collect();
        if self.settings.ties
            && let (Some(before), Some(first)) = (start.checked_sub(1), rows.first_mut())
            && let Some(again) = log.listed(before..start).next()
        {
            *first = again;
        }
        let total = log.len();
        Ok(self.page(asked, total, &rows, SignIn::write))
    }

    fn customers(&self, query: &str, body: &[u8]) -> Result<Answer, Refusal> {
        let (asked, ids) = (Asked::read(query)?, customer_ids(body)?);
        let named = |customer: &&Customer| {
            customer.in_scope && ids.as_ref().is_none_or(|ids| ids.contains(&customer.id))
        };
        let all: Vec<&Customer> = self.customers.iter().filter(named).collect();
        let rows = all.iter().skip(size(asked.start())).take(size(asked.page_size));
        let rows: Vec<_> = rows.copied().collect();
        let write = |customer: &&Customer, out: &mut Vec<u8>| customer.write(out);
        Ok(self.page(asked, all.len() as u64, &rows, write))
    }

    fn page<T>(
        &self,
        asked: Asked,
        total: u64,
        rows: &[T],
        write: impl Fn(&T, &mut Vec<u8>),
    ) -> Answer {
        let mut body = b"{\"data\":[".to_vec();
        for (place, row) in rows.iter().enumerate() {
            json::put(&mut body, if place > 0 { "," } else { "" });
            write(row, &mut body);
        }
        let total = total.saturating_add_signed(self.settings.total_skew);
        let Asked { page_index, page_size, .. } = asked;
        json::put(&mut body, format_args!("],\"metadata\":{{\"pageIndex\":{page_index},"));
        json::put(&mut body, format_args!("\"pageSize\":{page_size},\"totalCount\":{total}}}}}"));
        Answer::json(StatusCode::OK, body)
    }
}

fn size(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

async fn sign_ins(
    State(service): State<Service>,
    ids: Result<Path<(String, String)>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = |elements: &Elements| {
        let Path((customer_id, tenant_id)) = ids.map_err(|_| Refusal::NotFound)?;
        let tenant = elements.tenant(&customer_id, &tenant_id)?;
        elements.sign_ins(tenant, query.as_deref().unwrap_or(""))
    };
    service.serve(&headers, answer).await
}

async fn list_customers(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = |elements: &Elements| elements.customers(query.as_deref().unwrap_or(""), &body);
    service.serve(&headers, answer).await
}

async fn elsewhere(State(service): State<Service>, headers: HeaderMap) -> Response {
    service.serve(&headers, |_| Err(Refusal::NotFound)).await
}
