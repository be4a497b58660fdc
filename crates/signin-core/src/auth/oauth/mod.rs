//! OAuth 2.0 client credentials ([RFC 6749, 4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)):
//! tokens for a program that signs in as itself.
//!
//! [`ClientCredentials`] is plain data: the token endpoint's URL, who asks, and the proof: a
//! secret in the body, a secret by HTTP Basic, or a signed assertion. Give it to
//! [`ClientOptions::set_credential`](crate::vendor::ClientOptions::set_credential) or
//! [`Client::sibling`](crate::vendor::Client::sibling); the client then fetches tokens by its own
//! transport and puts them into `Authorization: Bearer`.
//!
//! ```
//! use signin_core::ClientCredentials;
//!
//! let credentials = ClientCredentials::new("https://login.example/oauth2/token", "my-app")
//!     .secret_by_basic("the secret's text")
//!     .scope("logs.read");
//! assert!(!format!("{credentials:?}").contains("the secret's text"));
//! ```
//!
//! # What it does
//!
//! - **One token request at a time.** However many tasks need a token, one request fetches it. A task
//!   that stops waiting takes nothing from the others; the last one to stop stops the request.
//! - **Ahead of the end.** A token is renewed when a tenth of its life is left, 5 minutes at
//!   most. Should that fail, the old one is used for as long as it is good.
//! - **A 401 ends a token**, not a newer one that another task fetched meanwhile; the request is
//!   sent once more with the next.
//! - **Tried again** by the client's retry policy: 5xx, broken connections, and 429, whose
//!   Retry-After holds back every token request to that host.
//! - **Nowhere else.** The secret goes to the token endpoint's origin, the token to the API's. Both
//!   are https, or both plain http on loopback. No redirect is followed.
//!
//! # How long a token lives
//!
//! `expires_in` is read as a number or as a text, in seconds, also with a fraction, and counts
//! from the moment at which the token was asked for.
//!
//! | `expires_in` | taken as |
//! |---|---|
//! | more than a day | a day |
//! | missing, null, zero, negative, unreadable | not known: 5 minutes, and renewed at a 401 like any |
//!
//! Tokens that are not of type `Bearer`, are empty, or hold what no header can carry are refused.

mod assertion;
#[cfg(feature = "certificate")]
mod certificate;
mod client_credentials;
mod client_secret;
mod token_cache;
mod token_error;
mod token_request;
mod token_response;

pub use assertion::ClientAssertion;
#[cfg(feature = "certificate")]
pub use certificate::CertificateAssertion;
pub use client_credentials::{ClientCredentials, is_whole, token_url};
pub use client_secret::ClientSecret;
pub(crate) use token_cache::TokenCache;
pub use token_error::TokenError;
