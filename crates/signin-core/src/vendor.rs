//! What only the vendors' crates need: how models, errors, clients and pagers over many lists are
//! made. **Outside semver**: it may change with any version, and those crates change with it.

pub use crate::page::page_info::PageInfo;
pub use crate::page::page_layout::MOST_RECORDS;
pub use crate::record::model::{Member, Model, Shape, Table};
pub use crate::record::{model, open_enum, timestamp};
pub use crate::text::is_unsafe_to_show;

#[cfg(feature = "client")]
pub use crate::{
    auth::oauth::{TokenError, is_whole, token_url},
    client::Client,
    client::options::ClientOptions,
    http::error_response::{ErrorDetails, ErrorResponse, VendorSpec},
    http::origin::BaseUrl,
    pager::fan_out::{OwnedRecord, Owner, Owners},
    pager::windows::{Ranged, WindowError},
};

/// Writes the calls that every vendor's client has, for a struct whose field `$core` is a
/// [`Client`](crate::Client).
#[doc(hidden)]
#[macro_export]
macro_rules! client_calls {
    ($core:tt) => {
        /// The scheme, host and port that every request goes to.
        pub fn origin(&self) -> &$crate::Origin {
            self.$core.origin()
        }

        /// Asks for the first page of an operation of your own.
        ///
        /// # Errors
        /// Every kind.
        pub async fn execute<O: $crate::Operation>(
            &self,
            operation: &O,
        ) -> $crate::Result<$crate::Page<O::Item>> {
            self.$core.execute(operation).await
        }

        /// Iterates over the pages of an operation of your own.
        pub fn pages<O: $crate::Operation>(&self, operation: O) -> $crate::Pages<O> {
            self.$core.pages(operation)
        }

        /// Iterates over the records of an operation of your own.
        pub fn items<O: $crate::Operation>(&self, operation: O) -> $crate::Items<O> {
            self.$core.items(operation)
        }
    };
}

/// Writes the ways to read a list, for an [`Operation`](crate::Operation) with a field `client`.
#[doc(hidden)]
#[macro_export]
macro_rules! list_calls {
    () => {
        /// Iterates over the records one by one.
        pub fn items(self) -> $crate::Items<Self> {
            self.client.clone().items(self)
        }

        /// Iterates over the records page by page.
        pub fn pages(self) -> $crate::Pages<Self> {
            self.client.clone().pages(self)
        }

        /// Asks for one page only: it is rarely everything.
        ///
        /// # Errors
        /// Every kind: an argument out of range, no answer, an answer that is an error or cannot
        /// be read.
        pub async fn first_page(
            self,
        ) -> $crate::Result<$crate::Page<<Self as $crate::Operation>::Item>> {
            self.client.execute(&self).await
        }
    };
}
