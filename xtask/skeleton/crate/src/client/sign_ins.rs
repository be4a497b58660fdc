//! Sign-ins: `GET /v1/sign-ins`.

use std::borrow::Cow;

use signin_core::{Paging, Request, Segment};

use crate::decode::SIGN_INS;
use crate::{Client, Error, ErrorKind, Operation, PageLayout, Result, SignIn};

/// The sign-ins of the account.
///
/// Made by [`Client::sign_ins`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct SignIns {
    client: Client,
    limit: Option<u32>,
    cursor: Option<String>,
}

impl SignIns {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, limit: None, cursor: None }
    }

    /// How many records a page holds, from 1. Default: the service's own.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Begins at this cursor: the `next` of a page that was read elsewhere. Default: the
    /// beginning.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    signin_core::list_calls!();
}

impl Operation for SignIns {
    type Item = SignIn;

    fn name(&self) -> &'static str {
        "sign_ins"
    }

    fn request(&self) -> Result<Request> {
        if self.limit == Some(0) {
            let next = "nothing was sent; check the argument";
            let why = "limit is 0; a page holds 1 record at least";
            return Err(Error::new(ErrorKind::Argument, "newvendor sign_ins", why, next));
        }
        Ok(Request::get(["v1", "sign-ins"].map(Segment::fixed))
            .query_opt("limit", self.limit.map(|limit| limit.to_string()))
            .query_opt("cursor", self.cursor.as_deref()))
    }

    fn layout(&self) -> PageLayout {
        SIGN_INS
    }

    fn paging(&self) -> Paging {
        Paging::Cursor { parameter: "cursor" }
    }

    fn identity<'a>(&self, item: &'a SignIn) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }
}
