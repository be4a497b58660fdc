//! Customers and their tenants: `POST …/general/customers/batch`.

use std::borrow::Cow;

use http::{HeaderValue, header};
use signin_core::{Paging, RateLimit, Request, Segment};

use crate::client::listing::{Listing, RATE_LIMITS, ROOT, numbered_pages, refuse};
use crate::decode::CUSTOMERS;
use crate::{Client, Customer, Id, Operation, PageLayout, Result};

/// The customers that the partner manages, each with its tenants.
///
/// Made by [`Client::customers`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request. Paging is that of
/// [`SignIns`](crate::SignIns). It is a POST that only reads, and is tried again like a GET.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct Customers {
    client: Client,
    customer_ids: Option<Vec<Id>>,
    listing: Listing,
}

impl Customers {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, customer_ids: None, listing: Listing::new() }
    }

    /// The same list of these customers, or of all, with pages of another size.
    pub(crate) fn chosen(self, customer_ids: Option<Vec<Id>>, page_size: u32) -> Self {
        Self { customer_ids, ..self }.page_size(page_size)
    }

    /// Only these customers. None at all is refused, since the service would give all; one that
    /// the app may not see is left out by the service without a word. Default: all.
    pub fn customer_ids(mut self, ids: impl IntoIterator<Item = impl Into<Id>>) -> Self {
        self.customer_ids = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    numbered_pages!();
}

impl Operation for Customers {
    type Item = Customer;

    fn name(&self) -> &'static str {
        "customers"
    }

    fn request(&self) -> Result<Request> {
        let body = match &self.customer_ids {
            None => serde_json::json!({}),
            Some(ids) if ids.is_empty() => {
                return Err(refuse(self.name(), "customer_ids is empty".into()));
            }
            Some(ids) => {
                let ids: Vec<_> = ids.iter().map(Id::as_str).collect();
                serde_json::json!({ "customerIds": ids })
            }
        };
        let path = ROOT.into_iter().chain(["general", "customers", "batch"]);
        let json = HeaderValue::from_static("application/json");
        let request = Request::post_idempotent(path.map(Segment::fixed), body.to_string());
        self.listing.add_to(request.header(header::CONTENT_TYPE, json), self.name())
    }

    fn layout(&self) -> PageLayout {
        CUSTOMERS
    }

    fn paging(&self) -> Paging {
        self.listing.paging()
    }

    fn rate_limits(&self) -> &[RateLimit] {
        &RATE_LIMITS
    }

    fn identity<'a>(&self, item: &'a Customer) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }

    fn keeps_order(&self) -> bool {
        false
    }
}
