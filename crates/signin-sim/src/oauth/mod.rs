//! A token endpoint: OAuth 2.0 client credentials, with the traps that the products have.
//!
//! It stands alone ([`Builder::oauth`](crate::Builder::oauth)), at `/token` of an address of its
//! own, and is what the products' own token endpoints are made of.
//!
//! - One client is known. It proves itself in the one way that the settings name; any other way is
//!   refused, and so are two at once.
//! - Tokens live in real time, and can also end after so many uses, which no test has to wait for.
//! - Of an assertion everything is checked but the signature and today's date: no clock is read and
//!   no key is known here. So: three parts; algorithm and certificate's digest in the header; issuer,
//!   subject and audience; an id that was not seen before; a span of 10 minutes at most.
//! - A refusal looks as [`Errors`] says.
//!
//! | status | when | `error` |
//! |---|---|---|
//! | 400 | no form and no JSON, as set; a parameter twice; two proofs; no proof | `invalid_request` |
//! | 400 | another grant type | `unsupported_grant_type` |
//! | 400 | another scope | `invalid_scope` |
//! | 401 | another client, a wrong secret, a bad assertion, the wrong way | `invalid_client` |
//! | 405 | not POST | `invalid_request` |

mod assertion;
mod errors;
mod request;
mod service;
mod settings;

pub use errors::Errors;
pub use service::{Service, TokenStats};
pub use settings::{Encoding, ExpiresIn, Proof, Settings};
