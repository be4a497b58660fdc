//! NewVendor: the sign-ins of one account.
//!
//! | path | parameters | body |
//! |---|---|---|
//! | `/v1/sign-ins` | `limit`, `cursor` | `{"data": […], "next"}` |
//!
//! Where the vendor's pages are silent, the service decides, and says so:
//!
//! - Sign-ins are listed the oldest first, so that those that arrive come last.
//! - `limit` is 50 where none is sent; above 100 it is taken as 100. 0 or no number is answered 400.
//! - A cursor is opaque text, good for this list only; another one is answered 400.
//! - The `Date` header is the service's own clock: one second after the newest sign-in.
//!
//! Error bodies are `{"code", "message"}`.

mod log;
mod service;
mod settings;

pub use log::SignIn;
pub use service::Service;
pub use settings::Settings;
