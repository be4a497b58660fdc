//! What a client can be asked for: a page, the pages or records of a list, the lists of many
//! owners, a range of time.

use time::OffsetDateTime;
use url::Url;

use crate::client::{Answered, Call, Client};
use crate::error::{Error, ErrorKind, Result};
use crate::http::origin::changes_query;
use crate::http::request::Request;
use crate::http::transport::HttpResponse;
use crate::page::page::Page;
use crate::pager::continuation::{Continuation, WalkId};
use crate::pager::fan_out::{FanOut, Owners};
use crate::pager::operation::Operation;
use crate::pager::paging::Paging;
use crate::pager::windows::{Ranged, Windows};
use crate::pager::{Items, Pages, passes_local_filter};
use crate::send::attempts::date;
use crate::send::counters::RequestCounters;
use crate::send::task::Task;

impl Client {
    /// Asks for an operation's first page.
    ///
    /// # Errors
    /// Every kind: the request could not be built, sent, or its answer read.
    pub async fn execute<O: Operation>(&self, operation: &O) -> Result<Page<O::Item>> {
        let request = operation.request()?;
        let (client, operation) = (self.clone(), operation.clone());
        let asked = Task::start(async move {
            let start = operation.paging().start();
            let counters = RequestCounters::default();
            let mut page = client.fetch(&operation, &request, &start, &[], &counters).await?;
            page.retain(|row| passes_local_filter(&operation, row));
            Ok(page)
        });
        asked.await
    }

    /// Iterates over an operation's pages.
    pub fn pages<O: Operation>(&self, operation: O) -> Pages<O> {
        Pages::new(self.clone(), operation)
    }

    /// Iterates over an operation's records.
    pub fn items<O: Operation>(&self, operation: O) -> Items<O> {
        Items::new(self.pages(operation))
    }

    /// Iterates over the records of many owners as one.
    pub fn fan_out<S: Owners>(&self, sources: S) -> FanOut<S> {
        FanOut::new(self.clone(), sources)
    }

    /// Iterates over the records from one time on and before another, window by window.
    pub fn windows<O: Ranged>(
        &self,
        operation: O,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Windows<O> {
        Windows::new(self.clone(), operation, from, to)
    }

    /// How checkpoints name the list that this request asks for.
    pub(crate) fn walk_id(&self, operation: &'static str, request: &Request) -> WalkId {
        let base = self.base();
        WalkId {
            vendor: self.vendor().name.to_owned(),
            operation: operation.to_owned(),
            method: request.method.to_string(),
            origin: base.origin().to_string(),
            account: request.account.clone(),
            path: base.path(request),
            query: request
                .query
                .iter()
                .map(|(name, value)| (name.clone().into_owned(), value.clone()))
                .collect(),
            body: request.body.as_ref().map_or(0, |body| crc32fast::hash(body)),
        }
    }

    /// Asks for the page at a position and reads it. A page that cannot be read, or that says that
    /// the service failed, is asked for once more.
    pub(crate) async fn fetch<O: Operation>(
        &self,
        operation: &O,
        request: &Request,
        position: &Continuation,
        fixed: &[(String, String)],
        counters: &RequestCounters,
    ) -> Result<Page<O::Item>> {
        let url = self
            .address(operation.paging(), request, position, fixed)
            .map_err(|error| error.redacted(|text| self.redactor().redact(text)))?;
        let call = Call {
            operation: operation.name(),
            request,
            url,
            rate_limits: operation.rate_limits(),
        };
        let layout = operation.layout();
        let mut answered = self.send(&call, counters).await?;
        let mut page = Page::share(std::mem::take(&mut answered.response.body), &layout);
        if page.is_err() && request.idempotent {
            counters.retry();
            let before = answered.attempts;
            answered = self.send(&call, counters).await?;
            answered.attempts += before;
            page = Page::share(std::mem::take(&mut answered.response.body), &layout);
        }
        let Answered { response, attempts, sent } = answered;
        let redactor = self.redactor();
        let request_id = self.vendor().request_id(&response.headers, |text| redactor.redact(text));
        match page {
            Ok(page) => {
                let mut page = if self.is_lenient() { page.lenient() } else { page };
                page.distrust(|text| redactor.is_in(text));
                let date = date(&response.headers);
                self.clock().note(date, sent);
                Ok(page.received(request_id, date))
            }
            Err((failure, body)) if failure.is_failure() => {
                let HttpResponse { status, headers, .. } = response;
                let response = HttpResponse { status, headers, body: body.clone() };
                Err(self.error(&call, Ok(response), attempts).with_mismatch(failure, body))
            }
            Err((mismatch, body)) => {
                let why = format!("the answer is not a page of records: {mismatch}");
                let next = advice(&body);
                Err(Error::new(ErrorKind::Decode, self.what(call.operation), why, next)
                    .with_request_id(request_id)
                    .with_status(response.status.as_u16())
                    .of_host(self.origin().to_string())
                    .after_attempts(attempts, None)
                    .with_mismatch(mismatch, body))
            }
        }
    }

    /// Refuses a checkpoint's link that leads elsewhere, or asks for something else, than the
    /// pager does.
    pub(crate) fn check_link(&self, link: &str, request: &Request) -> Result<()> {
        let url = self.base().follow(link, request, self.vendor().documented_base)?;
        if changes_query(&url, request) {
            let why = "its link asks for something else than this call";
            let next = "resume with the call and the arguments that made it, or start anew";
            return Err(Error::new(ErrorKind::Checkpoint, "checkpoint", why, next));
        }
        Ok(())
    }

    fn address(
        &self,
        paging: Paging,
        request: &Request,
        position: &Continuation,
        fixed: &[(String, String)],
    ) -> Result<Url> {
        let base = self.base();
        let mut further = fixed.to_vec();
        match (position, paging) {
            (Continuation::Link(link), _) => {
                return base.follow(link, request, self.vendor().documented_base);
            }
            (Continuation::Page(number), Paging::PageNumber { parameter, .. }) => {
                further.push((parameter.to_owned(), number.to_string()));
            }
            (Continuation::Cursor(cursor), Paging::Cursor { parameter }) => {
                further.push((parameter.to_owned(), cursor.clone()));
                // A cursor that the caller began at gives way.
                return base.url(&request.clone().without(parameter), &further);
            }
            _ => {}
        }
        base.url(request, &further)
    }
}

/// What to do about an answer that is no page.
fn advice(body: &[u8]) -> &'static str {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    if start.starts_with(b"<") {
        "it looks like HTML: check the base URL, and for a proxy or login page in between"
    } else if start.is_empty() {
        "it is empty: check the base URL, or resume later"
    } else {
        "its bytes are kept in the error; resume from the checkpoint"
    }
}
