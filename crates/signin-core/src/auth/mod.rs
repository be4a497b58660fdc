//! Credentials: static tokens, token sources of one's own, and OAuth.

mod credential;
pub mod oauth;

pub use credential::{Credential, StaticToken, TokenSource};
pub(crate) use credential::{Holder, sensitive};
