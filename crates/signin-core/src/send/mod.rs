//! Sending: limits, attempts and the decision whether to try again, for API and token requests
//! alike.

pub(crate) mod clock;
pub(crate) mod counters;
pub mod limit;
pub(crate) mod request_id;
pub mod retry;
pub(crate) mod task;
pub(crate) mod wire;
