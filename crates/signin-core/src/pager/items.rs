//! The records of a list, one by one.

use std::fmt;
use std::future::poll_fn;
use std::iter::Zip;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;

use super::Row;
use super::pages::{Pages, ResumePoint};
use crate::error::{Error, Result};
use crate::pager::checkpoint::Checkpoint;
use crate::pager::operation::Operation;
use crate::pager::report::Report;
use crate::record::record::Record;

/// The records of a list, one by one; pages are fetched as they are needed, and one page at a
/// time is in memory.
///
/// A record that does not fit its type comes in its place as an error of kind
/// [`Decode`](crate::ErrorKind::Decode) with [`Error::rejected`]; the pager goes on after it. After any
/// other error the pager stands where it stood: the next [`try_next`](Self::try_next) tries again.
/// As a [`Stream`] it ends after such an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Items<O: Operation> {
    pages: Pages<O>,
    rows: Rows<O::Item>,
    /// The place before the page at hand, and what of the page was yielded.
    before: Option<ResumePoint>,
    delivered: Vec<u64>,
    last_fingerprint: Option<u64>,
}

/// The rows of a page that are still to be yielded, with their fingerprints.
type Rows<T> = Zip<IntoIter<Row<T>>, IntoIter<Option<u64>>>;

fn no_rows<T>() -> Rows<T> {
    Vec::new().into_iter().zip(Vec::new())
}

impl<O: Operation> Items<O> {
    pub(crate) fn new(pages: Pages<O>) -> Self {
        Self { pages, rows: no_rows(), before: None, delivered: Vec::new(), last_fingerprint: None }
    }

    /// See [`Pages::fetch_ahead`].
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.pages = self.pages.fetch_ahead(pages);
        self
    }

    /// See [`Pages::resume`].
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`](crate::ErrorKind::Checkpoint) if it is of another pager: other arguments, another host.
    pub fn resume(self, checkpoint: Checkpoint) -> Result<Self> {
        Ok(Self::new(self.pages.resume(checkpoint)?))
    }

    /// The next record; None after the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same request.
    ///
    /// # Errors
    /// Every kind. Where [`Error::rejected`] is there, the next call goes on after that record;
    /// otherwise [`Error::checkpoint`] says where to resume, and calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<Record<O::Item>>> {
        poll_fn(|cx| self.poll_try_next(cx)).await.transpose()
    }

    /// Where the pager stands: after the record that was yielded last. None if its request
    /// could never be built.
    ///
    /// It holds fingerprints of up to three pages of records: take one per page, or every now
    /// and then, rather than for each record.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        match &self.before {
            Some(before) if self.rows.len() > 0 => {
                self.pages.checkpoint_of(before, &self.delivered)
            }
            _ => self.pages.checkpoint(),
        }
    }

    /// What the pager did so far. Records of the page at hand count as they are yielded.
    pub fn report(&self) -> &Report {
        self.pages.report()
    }

    /// See [`Pages::skip_page`].
    ///
    /// # Errors
    /// [`ErrorKind::Paging`](crate::ErrorKind::Paging) for lists whose pages are not numbered.
    pub fn skip_page(&mut self) -> Result<()> {
        self.pages.skip_page()
    }

    /// See [`Pages::hand_over_dead`].
    pub(crate) fn hand_over_dead(mut self) -> Self {
        self.pages = self.pages.hand_over_dead();
        self
    }

    /// How often the list was begun again because its continuation was not taken any more: see
    /// [`Warning::BeganAgain`](crate::Warning::BeganAgain).
    pub fn begun_again(&self) -> u64 {
        self.pages.begun_again()
    }

    /// See [`Pages::was_continued`].
    pub(crate) fn was_continued(&self) -> bool {
        self.pages.was_continued()
    }

    /// See [`Pages::has_begun`].
    pub(crate) fn has_begun(&self) -> bool {
        self.pages.has_begun()
    }

    /// What the pager did so far, with what requests that are still under way cost.
    pub(crate) fn report_by_now(&self) -> Report {
        self.pages.report_by_now()
    }

    /// The fingerprint of the record, or of the one that did not fit, that was yielded last.
    pub(crate) fn last_fingerprint(&self) -> Option<u64> {
        self.last_fingerprint
    }

    /// See [`Pages::prefetch`].
    pub(crate) fn prefetch(&mut self) {
        self.pages.prefetch();
    }

    /// [`try_next`](Self::try_next) as a poll, for pagers made of pagers.
    pub fn poll_try_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Record<O::Item>>>> {
        loop {
            if let Some((row, fingerprint)) = self.rows.next() {
                self.delivered.extend(fingerprint);
                self.last_fingerprint = fingerprint;
                self.pages.count(&row);
                return Poll::Ready(Some(match row {
                    Ok(record) => {
                        let (record, answer) = record.by_itself();
                        if let Some(answer) = answer {
                            self.pages.client.take_back(answer.into_bytes());
                        }
                        Ok(record)
                    }
                    Err(bad) => Err(Error::from_rejected(self.pages.what(), bad)),
                }));
            }
            // The place of the rows is not kept while the next page is waited for.
            self.rows = no_rows();
            match ready!(self.pages.poll_arrival(cx)) {
                Some(Ok(arrived)) => {
                    self.delivered.clear();
                    self.before = Some(arrived.before);
                    self.rows =
                        arrived.page.into_shared_rows().into_iter().zip(arrived.fingerprints);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<O: Operation> Stream for Items<O> {
    type Item = Result<Record<O::Item>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.pages.stream_over {
            return Poll::Ready(None);
        }
        let record = ready!(this.poll_try_next(cx));
        this.pages.stream_over = match &record {
            Some(Ok(_)) => false,
            Some(Err(error)) => error.rejected().is_none(),
            None => true,
        };
        Poll::Ready(record)
    }
}

impl<O: Operation> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &self.pages.operation.name())
            .field("report", &self.pages.report)
            .finish_non_exhaustive()
    }
}
