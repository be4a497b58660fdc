//! Requests as data: checked path segments and an encoded query, so that no argument can bend
//! the address.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, ErrorKind, Result};

/// Everything but RFC 3986's unreserved characters is percent-encoded, a space as `%20`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest path segment in bytes before encoding. No vendor's ids come near it.
const LONGEST_SEGMENT: usize = 1024;

/// One request before it has an address: method, path, query, headers, body.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) path: Vec<Segment>,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) request_id: Option<HeaderName>,
    pub(crate) account: Option<String>,
    pub(crate) body: Option<Bytes>,
    pub(crate) idempotent: bool,
}

impl Request {
    /// A GET of this path.
    pub fn get(path: impl IntoIterator<Item = Segment>) -> Self {
        Self {
            method: Method::GET,
            path: path.into_iter().collect(),
            query: Vec::new(),
            headers: Vec::new(),
            request_id: None,
            account: None,
            body: None,
            idempotent: true,
        }
    }

    /// A POST that only reads: it may be sent again like a GET.
    pub fn post_idempotent(
        path: impl IntoIterator<Item = Segment>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self { method: Method::POST, body: Some(body.into()), ..Self::get(path) }
    }

    /// Adds a query parameter. Name and value are percent-encoded when they are sent.
    #[must_use]
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a query parameter if there is a value.
    #[must_use]
    pub fn query_opt(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds a header, never a secret one: credentials are attached later, after the check of the
    /// origin.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sends a new random UUID in this header each time: the caller's name for the request, by
    /// which the vendor's support finds it even if no answer came. An error shows it where the
    /// answer has no name for the request.
    #[must_use]
    pub fn request_id(mut self, header: HeaderName) -> Self {
        self.request_id = Some(header);
        self
    }

    /// Whose list this is, where the address does not say it. It is not sent; checkpoints hold it,
    /// so that one account's pager is not resumed with another's.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// The same without this query parameter.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.query.retain(|(other, _)| other != name);
        self
    }

    /// The encoded path with its leading slash.
    pub(crate) fn path_text(&self) -> String {
        let mut text = String::new();
        for segment in &self.path {
            text.push('/');
            text.push_str(&segment.0);
        }
        text
    }
}

/// One segment of a path, checked and encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment(Cow<'static, str>);

impl Segment {
    /// A segment of the API's own, which needs no encoding.
    pub const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// A caller's value, percent-encoded. `name` is its name in the message.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] if it is empty, `.`, `..`, longer than 1,024 bytes or holds a
    /// control character: each of these could lead to another resource.
    pub fn value(name: &'static str, value: &str) -> Result<Self> {
        let refuse = |why: &str| {
            let why = format!("{name} {why}");
            Err(Error::new(
                ErrorKind::Argument,
                "request",
                why,
                "nothing was sent; check the value",
            ))
        };
        if value.is_empty() {
            return refuse("is empty");
        }
        if value == "." || value == ".." {
            return refuse("is a relative path step");
        }
        if value.len() > LONGEST_SEGMENT {
            return refuse("is longer than 1024 bytes");
        }
        if value.chars().any(char::is_control) {
            return refuse("holds a control character");
        }
        Ok(Self(Cow::Owned(encode(value))))
    }
}

/// The segment as it is sent, percent-encoded.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The query's text, without the question mark; empty for no parameters.
pub(crate) fn encode_query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&encode(name));
        text.push('=');
        text.push_str(&encode(value));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p5_a_segment_that_could_climb_is_refused() {
        let long = "a".repeat(10_000);
        for value in ["", ".", "..", "x\ny", "x\0", "\u{7f}", "\u{85}", "\r\nX-Evil: 1", &long] {
            let error = Segment::value("user_id", value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument, "{value:?}");
            assert!(error.to_string().contains("user_id"), "{error}");
        }
        assert!(Segment::value("user_id", &"a".repeat(LONGEST_SEGMENT)).is_ok());
        assert!(Segment::value("user_id", &"a".repeat(LONGEST_SEGMENT + 1)).is_err());
    }

    #[test]
    fn p5_every_other_segment_is_encoded() {
        for (value, encoded) in [
            ("72", "72"),
            ("a/b", "a%2Fb"),
            ("a\\b", "a%5Cb"),
            ("%2e%2e", "%252e%252e"),
            ("...", "..."),
            ("a b+c", "a%20b%2Bc"),
            ("?x=1#y", "%3Fx%3D1%23y"),
            ("é😀", "%C3%A9%F0%9F%98%80"),
            ("A-Z.a_z~", "A-Z.a_z~"),
        ] {
            assert_eq!(Segment::value("id", value).unwrap().to_string(), encoded);
        }
    }

    #[test]
    fn p5_a_query_is_encoded_by_rfc_3986() {
        let pairs =
            [("user_id[]", "72"), ("after", "2022-10-19T14:25:18+02:00"), ("q", "a b&c=d'e")];
        assert_eq!(
            encode_query(pairs),
            "user_id%5B%5D=72&after=2022-10-19T14%3A25%3A18%2B02%3A00&q=a%20b%26c%3Dd%27e"
        );
        assert_eq!(encode_query([]), "");
    }

    #[test]
    fn a_post_that_only_reads_is_sent_with_its_body_and_may_be_sent_again() {
        let request = Request::post_idempotent([Segment::fixed("search")], "{}");
        assert_eq!((request.method, request.idempotent), (Method::POST, true));
        assert_eq!(request.body.as_deref(), Some(b"{}".as_slice()));
    }

    #[test]
    fn a_parameter_is_taken_out_by_its_whole_name_and_no_other() {
        let request = Request::get([]).query("page", "1").query("per_page", "2").query("page", "3");
        assert_eq!(request.without("page").query, [("per_page".into(), "2".to_owned())]);
    }
}
