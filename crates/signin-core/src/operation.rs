//! Operations as data: what to ask for, how to read it, how to go on.

use std::borrow::Cow;

use crate::Result;
use crate::envelope::Envelope;
use crate::limit::Scope;
use crate::model::FromJson;
use crate::page::Page;
use crate::paging::Paging;
use crate::report::Warning;
use crate::request::Request;

/// One endpoint with its arguments. Plain data: it does no I/O and reads no clock, and asked
/// twice it says the same.
///
/// The vendor crates' builders are operations; an endpoint that they lack is one small type away:
///
/// ```
/// use signin_core::envelope::{Envelope, Slot};
/// use signin_core::paging::Paging;
/// use signin_core::request::{Request, Segment};
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
///     fn envelope(&self) -> Envelope {
///         Envelope(&[(Slot::Records, &["teams"]), (Slot::NextCursor, &["next_cursor"])])
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
    fn envelope(&self) -> Envelope;

    /// How the list goes on.
    fn paging(&self) -> Paging;

    /// The documented limits that a request falls under, the narrowest first.
    fn scopes(&self) -> &[Scope] {
        &[]
    }

    /// What tells a record from others of the same list. Where this is given, a record that
    /// comes again, byte for byte, within two pages is handed out once.
    fn identity<'a>(&self, _item: &'a Self::Item) -> Option<Cow<'a, str>> {
        None
    }

    /// Whether no two records of the list share an identity. In a list without ids they may, and
    /// records that are alike need not be the same one: then none is left out, but those that
    /// were handed out of a page which is asked for again behind a resume. They are counted
    /// there: of three alike, two of which were handed out, the third comes.
    fn identity_is_unique(&self) -> bool {
        true
    }

    /// The names of the query parameters that [`pin`](Self::pin) may give: a checkpoint with
    /// others is refused.
    fn pins(&self) -> &'static [&'static str] {
        &[]
    }

    /// Query parameters that the rest of the walk keeps, decided from its first page: a list
    /// with the newest first fixes its end here, so that what arrives meanwhile does not shift
    /// the pages.
    fn pin(&self, _first: &Page<Self::Item>) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What a page tells against the walk's result being everything, beside what its paging
    /// tells. Asked for each page; a walk reports the same doubt once.
    fn doubt(&self, _page: &Page<Self::Item>) -> Option<Warning> {
        None
    }
}
