//! The one error of the family: what failed, why, and what to do next.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::record::mismatch::Mismatch;
use crate::record::record::Rejected;
use crate::text::{cut, duration, one_line};

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, why, and what to do next, on one line of at most 300 characters.
///
/// The line never holds a body, a query or a secret. Match on [`kind`](Self::kind); the vendor's
/// own words, its request id and the number of attempts are there for the case file.
#[derive(Clone)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: ErrorKind,
    /// What failed: vendor and operation.
    what: Cow<'static, str>,
    why: Cow<'static, str>,
    next: Cow<'static, str>,
    /// The host that was asked.
    host: Option<String>,
    status: Option<u16>,
    vendor_code: Option<String>,
    vendor_message: Option<String>,
    request_id: Option<String>,
    attempts: u32,
    retry_after: Option<Duration>,
    rejected: Option<Rejected>,
    mismatch: Option<Mismatch>,
    #[cfg(feature = "client")]
    body: Option<bytes::Bytes>,
    #[cfg(feature = "client")]
    checkpoint: Option<Box<crate::pager::checkpoint::Checkpoint>>,
}

/// The kinds of errors, each with what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built as asked.
    ///
    /// # Troubleshooting
    /// The line names the setting. Nothing was sent.
    Config,
    /// An argument of a call is refused before anything is sent: an id that bends the path, a page
    /// size out of range.
    ///
    /// # Troubleshooting
    /// The line names the argument. Nothing was sent.
    Argument,
    /// The credential was not accepted (401), or there is none.
    ///
    /// # Troubleshooting
    /// Check that the credential belongs to this host and is not revoked or expired.
    Authentication,
    /// The credential is known but may not do this (403).
    ///
    /// # Troubleshooting
    /// Give it the permission or role that the line names.
    Permission,
    /// There is no such thing (404), or the credential may not see it.
    ///
    /// # Troubleshooting
    /// Check the ids and the base URL.
    NotFound,
    /// The vendor refuses the request (other 4xx).
    ///
    /// # Troubleshooting
    /// Read the vendor's message; it names the parameter as a rule.
    Request,
    /// Too many requests (429), and waiting did not help within the policy's bounds.
    ///
    /// # Troubleshooting
    /// Wait for [`Error::retry_after`], then resume from [`Error::checkpoint`]. Look for other
    /// programs that use the same credential.
    Throttled,
    /// The vendor's service failed (5xx), also after retries.
    ///
    /// # Troubleshooting
    /// Resume later from [`Error::checkpoint`]; tell the vendor [`Error::request_id`].
    Service,
    /// The vendor could not be reached, or the connection broke.
    ///
    /// # Troubleshooting
    /// The line says at which step: connection or answer.
    Network,
    /// There is no host of this name, or its certificate is not accepted. Nothing was sent, and
    /// nothing changes until somebody acts.
    ///
    /// # Troubleshooting
    /// Check the base URL. If it is right, the line says what is wrong with the certificate; one of
    /// a private authority needs that authority's root certificate.
    Host,
    /// An answer did not come in time.
    ///
    /// # Troubleshooting
    /// Ask for less (smaller pages, shorter time ranges) or raise the time-outs.
    Timeout,
    /// An answer is larger than the cap.
    ///
    /// # Troubleshooting
    /// Ask for smaller pages, or raise the cap.
    TooLarge,
    /// An address outside the origin that the client was built for: a next link or a redirect.
    /// The credential was not sent there.
    ///
    /// # Troubleshooting
    /// Set the base URL to the host that really serves the API.
    Origin,
    /// An answer or a record is not what the API documents.
    ///
    /// # Troubleshooting
    /// For a record, [`Error::rejected`] has its text; the pager goes on. For a page,
    /// [`Error::body`] has its bytes.
    Decode,
    /// The pages do not lead to an end: a continuation repeats, goes backwards or contradicts
    /// itself.
    ///
    /// # Troubleshooting
    /// What was yielded is good, but it is not everything. Resume, or tell the vendor.
    Paging,
    /// A checkpoint is damaged, or of another pager.
    ///
    /// # Troubleshooting
    /// Resume with the same call and the same arguments that made it, or start anew.
    Checkpoint,
}

impl Error {
    /// An error of this kind: `why` in the vendor's or our words, `next` as an advice.
    pub fn new(
        kind: ErrorKind,
        what: impl Into<Cow<'static, str>>,
        why: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Parts {
            kind,
            what: what.into(),
            why: why.into(),
            next: next.into(),
            host: None,
            status: None,
            vendor_code: None,
            vendor_message: None,
            request_id: None,
            attempts: 0,
            retry_after: None,
            rejected: None,
            mismatch: None,
            #[cfg(feature = "client")]
            body: None,
            #[cfg(feature = "client")]
            checkpoint: None,
        }))
    }

    /// A record that its type could not take. The pager goes on after it.
    pub fn from_rejected(what: impl Into<Cow<'static, str>>, rejected: Rejected) -> Self {
        let why = format!("a record was not read: {}", rejected.mismatch());
        let next = "the record is kept as it came; the walk goes on";
        let mut error = Self::new(ErrorKind::Decode, what, why, next);
        error.0.mismatch = Some(rejected.mismatch().clone());
        error.0.rejected = Some(rejected);
        error
    }

    /// The kind, to decide by.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status of the vendor's answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The vendor's code for the error, such as `INVALID_DATA`.
    pub fn vendor_code(&self) -> Option<&str> {
        self.0.vendor_code.as_deref()
    }

    /// The vendor's message, cut to one line without markup or control characters.
    pub fn vendor_message(&self) -> Option<&str> {
        self.0.vendor_message.as_deref()
    }

    /// The vendor's name for the failed request, to be named to its support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the vendor asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The record that was not taken. Where this is there, the pager goes on with the next call.
    pub fn rejected(&self) -> Option<&Rejected> {
        self.0.rejected.as_ref()
    }

    /// Where and why an answer or a record was not read.
    pub fn mismatch(&self) -> Option<&Mismatch> {
        self.0.mismatch.as_ref()
    }

    /// True where the same call may succeed later without anybody's help.
    pub fn is_transient(&self) -> bool {
        use ErrorKind::{Network, Service, Throttled, Timeout};
        matches!(self.kind(), Throttled | Service | Network | Timeout)
    }
}

#[cfg(feature = "client")]
impl Error {
    /// The body of a page that could not be read.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// Where to resume: everything not yet yielded comes again from here.
    pub fn checkpoint(&self) -> Option<&crate::pager::checkpoint::Checkpoint> {
        self.0.checkpoint.as_deref()
    }

    /// The error with the details of the vendor's answer.
    #[must_use]
    pub(crate) fn answered(
        mut self,
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
        request_id: Option<&str>,
    ) -> Self {
        let line = |text: &str, most| Some(one_line(text, most)).filter(|line| !line.is_empty());
        let parts = &mut self.0;
        parts.status = Some(status);
        parts.vendor_code = code.and_then(|code| line(code, 60));
        parts.vendor_message = message.and_then(|message| line(message, 300));
        parts.request_id = request_id.and_then(|id| line(id, 64));
        self
    }

    #[must_use]
    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id.map(|id| one_line(&id, 64));
        self
    }

    /// The error with the caller's name for the request, where the answer gave none.
    #[must_use]
    pub(crate) fn or_request_id(mut self, name: Option<String>) -> Self {
        self.0.request_id = self.0.request_id.or(name);
        self
    }

    #[must_use]
    pub(crate) fn after_attempts(mut self, attempts: u32, retry_after: Option<Duration>) -> Self {
        self.0.attempts = attempts;
        self.0.retry_after = retry_after;
        self
    }

    #[must_use]
    pub(crate) fn of_host(mut self, host: String) -> Self {
        self.0.host = Some(host);
        self
    }

    #[must_use]
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// The error with the credential taken out of its words.
    #[must_use]
    pub(crate) fn redacted(mut self, clean: impl Fn(&str) -> String) -> Self {
        self.0.why = clean(&self.0.why).into();
        self
    }

    #[must_use]
    pub(crate) fn with_mismatch(mut self, mismatch: Mismatch, body: bytes::Bytes) -> Self {
        self.0.mismatch = Some(mismatch);
        self.0.body = Some(body);
        self
    }

    /// The error of a pager whose continuations are dead again and again: it may be another one
    /// later.
    #[must_use]
    pub(crate) fn in_a_circle(mut self) -> Self {
        let parts = &mut self.0;
        parts.kind = ErrorKind::Paging;
        parts.why = format!("its continuations are refused again and again: {}", parts.why).into();
        parts.next = "what was handed out is good but not everything; run again later".into();
        self
    }

    #[must_use]
    pub(crate) fn at(mut self, checkpoint: crate::pager::checkpoint::Checkpoint) -> Self {
        self.0.checkpoint = Some(Box::new(checkpoint));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.0;
        let mut line = format!("{}: {}", one_line(&parts.what, 60), one_line(&parts.why, 130));
        if !parts.next.is_empty() {
            line.push_str("; ");
            line.push_str(&one_line(&parts.next, 120));
        }
        let mut notes: Vec<_> = parts.host.iter().map(|host| one_line(host, 60)).collect();
        if let Some(id) = &parts.request_id {
            notes.push(format!("request id {}", one_line(id, 40)));
        }
        if let Some(pause) = parts.retry_after {
            notes.push(format!("it asks to wait {}", duration(pause)));
        }
        if parts.attempts > 1 {
            notes.push(format!("{} attempts", parts.attempts));
        }
        if !notes.is_empty() {
            line.push_str(&format!(" ({})", notes.join(", ")));
        }
        // The parts are clean; cleaning the whole again would let a `<` of one part and a `>` of
        // another take out what stands between.
        f.write_str(&cut(&line, 300))
    }
}

/// The line, since that is what `main` prints of an error; `{:#?}` shows the details. Neither shows
/// a body or a record.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let parts = &self.0;
        f.debug_struct("Error")
            .field("kind", &parts.kind)
            .field("line", &self.to_string())
            .field("status", &parts.status)
            .field("vendor_code", &parts.vendor_code)
            .field("vendor_message", &parts.vendor_message)
            .field("attempts", &parts.attempts)
            .field("retry_after", &parts.retry_after)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}
