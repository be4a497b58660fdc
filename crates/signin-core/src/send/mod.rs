//! Sending: limits, attempts and the decision whether to try again, for API and token requests
//! alike.

pub(crate) mod attempts;
pub(crate) mod clock;
pub(crate) mod counters;
pub(crate) mod rate_limit;
pub(crate) mod request_id;
pub(crate) mod retry;
pub(crate) mod task;
