//! What SSOJet's lists have in common: the client id, pages of a caller's size, and a cursor.

use signin_core::{Paging, Request};

use crate::{Error, ErrorKind, Result};

/// The arguments that say which part of a list is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listing {
    pub(crate) limit: Option<u32>,
    pub(crate) cursor: Option<String>,
}

impl Listing {
    /// Only a page without a cursor ends the list.
    pub(crate) const PAGING: Paging = Paging::Cursor { parameter: "cursor" };

    /// A request with these arguments.
    pub(crate) fn add_to(&self, request: Request, operation: &'static str) -> Result<Request> {
        self.check(operation)?;
        Ok(request
            .query_opt("limit", self.limit.map(|limit| limit.to_string()))
            .query_opt("cursor", self.cursor.as_deref()))
    }

    /// Refuses arguments that are out of range.
    pub(crate) fn check(&self, operation: &'static str) -> Result<()> {
        let refuse = |why| {
            let next = "nothing was sent; check the argument";
            Err(Error::new(ErrorKind::Argument, format!("ssojet {operation}"), why, next))
        };
        if self.limit == Some(0) {
            return refuse("limit is 0; a page holds 1 record at least");
        }
        if self.cursor.as_deref().is_some_and(str::is_empty) {
            return refuse("cursor is empty: that is the end of a list");
        }
        Ok(())
    }
}

/// Writes the setters for the pages, and the ways to read them, for a list with the fields
/// `listing` and `client`.
macro_rules! cursor_pages {
    () => {
        /// How many records a page holds, from 1. Default: the service's own; it documents
        /// neither that nor a greatest one.
        pub fn limit(mut self, limit: u32) -> Self {
            self.listing.limit = Some(limit);
            self
        }

        /// Begins at this cursor: the `next_cursor` of a page that was read elsewhere. Default:
        /// the beginning. A pager's own checkpoint resumes it; this is for cursors from elsewhere.
        pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
            self.listing.cursor = Some(cursor.into());
            self
        }

        signin_core::list_calls!();
    };
}

pub(crate) use cursor_pages;
