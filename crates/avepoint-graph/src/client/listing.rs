//! What the lists of AvePoint Elements have in common: numbered pages in no documented order.

use std::time::Duration;

use signin_core::{Paging, RateLimit, Request};

use crate::{Error, ErrorKind, Result};

/// The most records on a page that the service gives.
const MOST_PER_PAGE: u32 = 100;

/// No limit is documented, but a 429 pauses everything that the app asks for.
pub(crate) static RATE_LIMITS: [RateLimit; 1] = [RateLimit::new("app", u32::MAX, Duration::ZERO)];

/// The path that all endpoints share.
pub(crate) const ROOT: [&str; 3] = ["partner", "external", "v3"];

/// The arguments that say which part of a list is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) page_index: u64,
    pub(crate) page_size: u32,
}

impl Listing {
    /// Everything, in pages as large as there are.
    pub(crate) fn new() -> Self {
        Self { page_index: 1, page_size: MOST_PER_PAGE }
    }

    /// A request with these arguments, but for the page's number. The page size is always sent:
    /// the vendor has changed its default.
    pub(crate) fn add_to(&self, request: Request, operation: &'static str) -> Result<Request> {
        self.check().map_err(|why| refuse(operation, why))?;
        Ok(request.query("pageSize", self.page_size.to_string()))
    }

    fn check(&self) -> std::result::Result<(), String> {
        if !(1..=MOST_PER_PAGE).contains(&self.page_size) {
            return Err(format!("page_size is {}, not 1 to {MOST_PER_PAGE}", self.page_size));
        }
        if self.page_index == 0 {
            return Err("page_index is 0; pages count from 1".into());
        }
        Ok(())
    }

    pub(crate) fn paging(&self) -> Paging {
        Paging::PageNumber {
            parameter: "pageIndex",
            start: self.page_index,
            first: 1,
            size: u64::from(self.page_size),
            says_next: false,
        }
    }
}

/// An argument that is refused before anything is sent.
pub(crate) fn refuse(operation: &'static str, why: String) -> Error {
    let next = "nothing was sent; check the argument";
    Error::new(ErrorKind::Argument, format!("avepoint {operation}"), why, next)
}

/// Writes the setters for the pages, and the ways to read them, for a list with the fields
/// `listing` and `client`.
macro_rules! numbered_pages {
    () => {
        /// How many records a page holds, 1 to 100. Default 100, so that a list takes few
        /// requests. It is always sent, since the service's own default has changed.
        pub fn page_size(mut self, page_size: u32) -> Self {
            self.listing.page_size = page_size;
            self
        }

        /// The page to start at, from 1. Default 1.
        pub fn page_index(mut self, page_index: u64) -> Self {
            self.listing.page_index = page_index;
            self
        }

        signin_core::list_calls!();
    };
}

pub(crate) use numbered_pages;
