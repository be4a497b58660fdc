//! Operations as data: what to ask for, how to read it, how to go on.

use std::borrow::Cow;

use time::OffsetDateTime;

use crate::error::{Error, ErrorKind, Result};
use crate::http::request::Request;
use crate::page::page::Page;
use crate::page::page_layout::PageLayout;
use crate::pager::paging::Paging;
use crate::pager::report::Warning;
use crate::record::model::FromJson;
use crate::send::rate_limit::RateLimit;

/// One endpoint with its arguments. Plain data: it does no I/O and reads no clock, and asked
/// twice it says the same.
///
/// The vendor crates' builders are operations; an endpoint that they lack is one small type away:
///
/// ```
/// use signin_core::{PageField, PageLayout};
/// use signin_core::Paging;
/// use signin_core::{Request, Segment};
/// use signin_core::{Json, Operation, Result};
///
/// /// `GET /api/v1/teams`, its records kept as they come.
/// #[derive(Clone)]
/// struct Teams;
///
/// impl Operation for Teams {
///     type Item = Json;
///
///     fn name(&self) -> &'static str {
///         "teams"
///     }
///
///     fn request(&self) -> Result<Request> {
///         Ok(Request::get(["api", "v1", "teams"].map(Segment::fixed)))
///     }
///
///     fn layout(&self) -> PageLayout {
///         PageLayout(&[(PageField::Records, &["teams"]), (PageField::NextCursor, &["next_cursor"])])
///     }
///
///     fn paging(&self) -> Paging {
///         Paging::Cursor { parameter: "cursor" }
///     }
/// }
/// ```
pub trait Operation: Clone + Send + Sync + Unpin + 'static {
    /// The type of a record.
    type Item: FromJson + Send + Sync + Unpin + 'static;

    /// The name in messages and checkpoints: the vendor's noun.
    fn name(&self) -> &'static str;

    /// The request for the first page, without what says which page.
    ///
    /// # Errors
    /// An argument that cannot be sent.
    fn request(&self) -> Result<Request>;

    /// Where the records and the continuation stand in an answer.
    fn layout(&self) -> PageLayout;

    /// How the list goes on.
    fn paging(&self) -> Paging;

    /// The documented limits that a request falls under, the narrowest first.
    fn rate_limits(&self) -> &[RateLimit] {
        &[]
    }

    /// What tells a record from others of the same list. Where this is given, a record that
    /// comes again, byte for byte, within two pages is yielded once.
    fn identity<'a>(&self, _item: &'a Self::Item) -> Option<Cow<'a, str>> {
        None
    }

    /// Whether no two records of the list share an identity. In a list without ids they may, and
    /// records that are alike need not be the same one: then none is left out, but those that
    /// were yielded of a page which is asked for again after a resume. They are counted
    /// there, and after it until all were met: of three alike, two of which were yielded, the
    /// third comes.
    fn identity_is_unique(&self) -> bool {
        true
    }

    /// Whether rows keep their order while a list is read. Where nothing says so, a row may move
    /// to a page that was read before, and be missed.
    ///
    /// Without an order, a pager over numbered pages remembers what came: 8 bytes a record, 5 MB at
    /// most. If a record comes twice or the total changes on the way, it goes through the pages
    /// again, three times at most, until two passes gave the same, and hands out what is new. No
    /// agreement is [`Warning::Unstable`], one that the list's own count contradicts
    /// [`Warning::Unconfirmed`]; more than 400,000 records are
    /// [`Warning::TooLongToCompare`]. The memory does not go
    /// into checkpoints: a pager that is resumed after the first pages goes on to the list's end,
    /// then through all of it from its start, and hands out again, once, what came before the
    /// checkpoint's own pages.
    fn keeps_order(&self) -> bool {
        true
    }

    /// Whether the caller asked for this record, where the service has no parameter to ask by.
    /// The others are received, counted by [`Report::filtered`](crate::Report::filtered), and not
    /// yielded. What the choice depends on belongs into [`filter_arguments`](Self::filter_arguments).
    fn passes_filter(&self, _item: &Self::Item) -> bool {
        true
    }

    /// Arguments that are not sent: a checkpoint made with others is refused.
    fn filter_arguments(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The names of the query parameters that [`fix_parameters`](Self::fix_parameters) may give: a checkpoint with
    /// others is refused.
    fn fixed_parameters(&self) -> &'static [&'static str] {
        &[]
    }

    /// Query parameters that all further requests keep, decided from its first page: a list
    /// with the newest first fixes its end here, so that what arrives meanwhile does not shift
    /// the pages.
    fn fix_parameters(&self, _first: &Page<Self::Item>) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What a page says against the result being everything, apart from what its paging
    /// says. Asked for each page; a pager reports the same warning once.
    fn check_completeness(&self, _page: &Page<Self::Item>) -> Option<Warning> {
        None
    }

    /// Whether an error, which a continuation was answered with, says that it is not taken any
    /// more, while the list may be read from its beginning. Default: the API's own 400, 404, 410 and
    /// 422.
    ///
    /// The pager then asks anew: where [`time`](Self::time) and [`before`](Self::before) are there,
    /// for what is not newer than the last two pages that came, and else for the whole list. Records
    /// may come twice by it; [`Warning::BeganAgain`] tells. What is wrong at the list's beginning
    /// too is the caller's error, and so is a continuation that is dead again and again after the
    /// same records.
    fn is_dead(&self, error: &Error) -> bool {
        // A login refuses by the same statuses.
        error.kind() != ErrorKind::Authentication
            && matches!(error.status(), Some(400 | 404 | 410 | 422))
    }

    /// The time by which the list is ordered, **the newest first**; to the minute is enough.
    /// Default: it is in no such order.
    fn time(&self, _item: &Self::Item) -> Option<OffsetDateTime> {
        None
    }

    /// The same list, of what is before a time, in the same order. Default: it cannot be asked for
    /// so.
    fn before(&self, _end: OffsetDateTime) -> Option<Self> {
        None
    }
}
