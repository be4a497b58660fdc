//! What a service answers, before the headers that every answer carries are put on it.

use axum::http::StatusCode;

/// A status and a body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    /// Seconds for the `Retry-After` header.
    pub(crate) retry_after: Option<u64>,
    /// Further headers, which take the place of those of the same name.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// An answer in place of the real one, as the settings told.
    pub(crate) fault: bool,
}

impl Answer {
    /// A JSON body.
    pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type: "application/json",
            body,
            retry_after: None,
            headers: Vec::new(),
            fault: false,
        }
    }

    /// A plain text body.
    pub(crate) fn plain(status: StatusCode, text: &str) -> Self {
        Self { content_type: "text/plain", ..Self::json(status, text.as_bytes().to_vec()) }
    }
}
