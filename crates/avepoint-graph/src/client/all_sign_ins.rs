//! Everyone's sign-ins: those of every tenant of every customer.

use signin_core::FanOut;
use signin_core::vendor::{Owner, Owners};
use time::OffsetDateTime;

use crate::client::listing::Listing;
use crate::client::sign_ins::{Choice, choice};
#[cfg(feature = "events")]
use crate::event::Context;
use crate::{Client, Customer, Customers, Id, Result, SignIns};

/// The sign-ins of every tenant of every customer that the app may see.
///
/// Made by [`Client::all_sign_ins`]; read by [`items`](Self::items). The customers are listed
/// first, then tenant after tenant is asked for, those of one customer together. Each tenant's list
/// is read as [`SignIns`] says; one that went away since it was listed is left out with a warning.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items()"]
pub struct AllSignIns {
    client: Client,
    customer_ids: Option<Vec<Id>>,
    choice: Choice,
    listing: Listing,
    concurrency: Option<usize>,
    ahead: usize,
}

/// A tenant of a customer, as the list of customers names it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ManagedTenant {
    /// The customer's id.
    pub customer_id: Id,
    /// The customer's organisation.
    pub organization: Option<String>,
    /// The tenant's id.
    pub tenant_id: Id,
    /// The tenant's name.
    pub tenant_name: Option<String>,
    key: String,
}

#[cfg(feature = "events")]
impl ManagedTenant {
    /// What the tenant's sign-ins do not say of themselves: which tenant and customer they are of.
    ///
    /// ```no_run
    /// # async fn example(client: avepoint_graph::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut sign_ins = client.all_sign_ins().items();
    /// while let Some(next) = sign_ins.try_next().await? {
    ///     let event = next.record.to_event(&next.owner.context())?;
    ///     println!("{} {:?} {:?}", event.id, event.principal.name, event.risk);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn context(&self) -> Context {
        let mut context = Context::default();
        context.tenant = Some(self.tenant_id.to_string());
        context.customer = Some(self.customer_id.to_string());
        context
    }
}

impl AllSignIns {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            customer_ids: None,
            choice: Choice::default(),
            listing: Listing::new(),
            concurrency: None,
            ahead: 0,
        }
    }

    /// Only tenants of these customers. None at all is refused; one that the app may not see, or
    /// that does not exist, is reported. Default: all.
    pub fn customer_ids(mut self, ids: impl IntoIterator<Item = impl Into<Id>>) -> Self {
        self.customer_ids = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    choice!();

    /// How many records a page holds, 1 to 100. Default 100.
    pub fn page_size(mut self, page_size: u32) -> Self {
        self.listing.page_size = page_size;
        self
    }

    /// How many tenants are asked for at once, 1 or more. Default 4.
    pub fn concurrency(mut self, tenants: usize) -> Self {
        self.concurrency = Some(tenants);
        self
    }

    /// How many pages of one tenant are fetched ahead. Default 0. See
    /// [`Items::fetch_ahead`](crate::Items::fetch_ahead).
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// Iterates over the sign-ins one by one, each with its [`ManagedTenant`].
    pub fn items(self) -> FanOut<Self> {
        let (concurrency, ahead) = (self.concurrency, self.ahead);
        let items = self.client.clone().fan_out(self).fetch_ahead(ahead);
        match concurrency {
            Some(tenants) => items.concurrency(tenants),
            None => items,
        }
    }
}

impl Owners for AllSignIns {
    type List = Customers;
    type Records = SignIns;
    type Owner = ManagedTenant;

    fn name(&self) -> &'static str {
        "all_sign_ins"
    }

    fn list(&self) -> Customers {
        Customers::new(self.client.clone())
            .chosen(self.customer_ids.clone(), self.listing.page_size)
    }

    fn owners(&self, customer: &Customer) -> Option<Vec<ManagedTenant>> {
        let customer_id = customer.id.as_ref()?;
        let tenant = |tenant: &crate::CustomerTenant| {
            // A tenant without an id is one that no request can name: it is reported as such.
            let tenant_id = tenant.id.clone().unwrap_or_else(|| Id::from(""));
            ManagedTenant {
                key: format!("{}/{}", escape(customer_id), escape(&tenant_id)),
                customer_id: customer_id.clone(),
                organization: customer.organization.clone(),
                tenant_id,
                tenant_name: tenant.name.clone(),
            }
        };
        Some(customer.tenants.iter().map(tenant).collect())
    }

    fn records(&self, tenant: &ManagedTenant, _: Option<OffsetDateTime>) -> SignIns {
        let ManagedTenant { customer_id, tenant_id, .. } = tenant;
        SignIns::new(self.client.clone(), customer_id.clone(), tenant_id.clone())
            .chosen(self.choice.clone(), self.listing.clone())
    }

    fn check(&self) -> Result<()> {
        self.choice.check(self.name())
    }

    /// A customer outside the app's scope is left out of the list without a word.
    fn named(&self) -> Vec<String> {
        self.customer_ids.iter().flatten().map(Id::to_string).collect()
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        let risky = self.choice.risky.map(|risky| ("risky", risky.to_string()));
        self.choice.times().into_iter().chain(risky).collect()
    }
}

impl Owner for ManagedTenant {
    fn key(&self) -> &str {
        &self.key
    }
}

/// An id within a key: no id can end where another one's part begins.
fn escape(id: &Id) -> String {
    id.replace('%', "%25").replace('/', "%2F")
}
