//! Origins and base URLs: where a credential may go, and how addresses are built and followed.
//!
//! `Url::join` and `Url::set_path` are not used: both can leave the place they were given.
//! Addresses are written as text from checked parts and parsed once; what the parser made of
//! them must be what was written.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::error::{Error, ErrorKind, Result};
use crate::http::request::{Request, encode_query};
use crate::page::page_layout::LONGEST_CONTINUATION;

/// Scheme, host and port.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an address; None for one without a host.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let default = if self.scheme == "https" { 443 } else { 80 };
        write!(f, "{}://{}", self.scheme, self.host)?;
        if self.port == default { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const BASE_FORM: &str = "give a URL such as https://host/, or the bare host";
const ENDPOINT_FORM: &str = "give a URL such as https://host/oauth2/token";

/// An address that something secret may be sent to.
struct Address {
    url: Url,
    origin: Origin,
    loopback: bool,
}

impl Address {
    fn parse(what: &'static str, form: &'static str, text: &str) -> Result<Self> {
        let refuse = |why: &str, next: &'static str| {
            Err(Error::new(ErrorKind::Config, what, why.to_owned(), next))
        };
        let text = text.trim();
        if text.is_empty() {
            return refuse("it is empty", form);
        }
        if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return refuse("it holds white space, a control character or a backslash", form);
        }
        let url = match text.split_once("://") {
            Some(_) => Url::parse(text),
            None => Url::parse(&format!("https://{text}")),
        };
        let Ok(url) = url else {
            return refuse("it is not a URL", form);
        };
        let (Some(origin), Some(host)) = (Origin::of(&url), url.host()) else {
            return refuse("it has no host", form);
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds user info", "give credentials by the builder instead");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it holds a query or a fragment", form);
        }
        let loopback = is_loopback(&host);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return refuse(
                    "plain http would show the credential to the network",
                    "use https; http is for loopback only",
                );
            }
            _ => return refuse("its scheme is not https", form),
        }
        Ok(Self { url, origin, loopback })
    }
}

/// One address in full that a secret is sent to: a token endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    plain: bool,
}

impl Endpoint {
    /// Reads an endpoint's URL. Its path must be what the parser makes of it, so that no tenant's
    /// id within it can lead elsewhere.
    pub(crate) fn parse(what: &'static str, text: &str) -> Result<Self> {
        let Address { url, origin, .. } = Address::parse(what, ENDPOINT_FORM, text)?;
        let written = text.trim().split_once("://").map_or(text.trim(), |(_, rest)| rest);
        let path = written.split_once('/').map_or("", |(_, path)| path);
        if url.path().strip_prefix('/') != Some(path) {
            let why = "its path holds relative steps or unescaped characters";
            return Err(Error::new(ErrorKind::Config, what, why, ENDPOINT_FORM));
        }
        let plain = origin.scheme == "http";
        Ok(Self { url, origin, plain })
    }

    /// True for plain http, which is loopback.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }
}

/// Where an API lives: an origin and a path before the API's own.
#[derive(Debug, Clone)]
pub struct BaseUrl {
    origin: Origin,
    prefix: String,
    loopback: bool,
}

impl BaseUrl {
    /// Reads a base URL, or a bare domain, which means https.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if it is no URL, is not https (plain http is for loopback only), or
    /// holds user info, a query or a fragment.
    pub fn parse(text: &str) -> Result<Self> {
        let Address { url, origin, loopback } = Address::parse("base URL", BASE_FORM, text)?;
        let prefix = url.path().trim_end_matches('/').to_owned();
        Ok(Self { origin, prefix, loopback })
    }

    /// The same base without this path at its end, if it is there: people paste it with the API's
    /// own path.
    #[must_use]
    pub fn without_suffix(mut self, path: &str) -> Self {
        if let Some(prefix) = self.prefix.strip_suffix(path) {
            self.prefix = prefix.to_owned();
        }
        self
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// True where no certificate is needed: plain http on loopback.
    pub(crate) fn is_plain(&self) -> bool {
        self.loopback && self.origin.scheme == "http"
    }

    /// The path of a request below this base.
    pub(crate) fn path(&self, request: &Request) -> String {
        format!("{}{}", self.prefix, request.path_text())
    }

    /// The address of a request, with further query parameters after its own.
    pub(crate) fn url(&self, request: &Request, further: &[(String, String)]) -> Result<Url> {
        let own = request.query.iter().map(|(name, value)| (name.as_ref(), value.as_str()));
        let further = further.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let query = encode_query(own.chain(further));
        let path = self.path(request);
        let mut text = format!("{}{path}", self.origin);
        if !query.is_empty() {
            text.push('?');
            text.push_str(&query);
        }
        let url = Url::parse(&text).ok().filter(|url| {
            Origin::of(url).as_ref() == Some(&self.origin)
                && url.path() == path
                && url.query().unwrap_or_default() == query
        });
        url.ok_or_else(|| {
            let why = "the address would not be what was asked for";
            Error::new(ErrorKind::Argument, "request", why, "nothing was sent; check the arguments")
        })
    }

    /// The address that a next link leads to: it must be of this origin, or of the vendor's
    /// documented one, which is then taken to mean this base; and it must lead to the same path
    /// as the request that it continues (vendors change the case of letters in it).
    ///
    /// # Errors
    /// [`ErrorKind::Origin`] for another origin, user info, or another path. Nothing was sent.
    pub(crate) fn follow(
        &self,
        link: &str,
        request: &Request,
        documented: Option<&str>,
    ) -> Result<Url> {
        let refuse = |why: String| {
            let next = "it was not followed and the credential not sent; check the base URL";
            Err(Error::new(ErrorKind::Origin, "next link", why, next))
        };
        if link.len() > LONGEST_CONTINUATION {
            return refuse("it is longer than 16 KiB".into());
        }
        if link.contains(|c: char| c.is_control() || c == '\\') {
            return refuse("it holds a control character or a backslash".into());
        }
        let absolute = match link.strip_prefix('/') {
            Some(rest) if !rest.starts_with('/') => format!("{}{link}", self.origin),
            _ => link.to_owned(),
        };
        let Ok(mut url) = Url::parse(&absolute) else {
            return refuse("it is not a URL".into());
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds user info".into());
        }
        let Some(origin) = Origin::of(&url) else {
            return refuse("it has no host".into());
        };
        let documented = documented.and_then(|text| Self::parse(text).ok());
        if origin != self.origin {
            let Some(home) = documented.filter(|home| home.origin == origin) else {
                return refuse(format!("it leads to {origin}, not to {}", self.origin));
            };
            let rest = url.path().strip_prefix(home.prefix.as_str()).unwrap_or(url.path());
            let mut rebased = format!("{}{}{rest}", self.origin, self.prefix);
            if let Some(query) = url.query() {
                rebased.push('?');
                rebased.push_str(query);
            }
            let Ok(moved) = Url::parse(&rebased) else {
                return refuse("it is not a URL".into());
            };
            url = moved;
        }
        url.set_fragment(None);
        if !url.path().eq_ignore_ascii_case(&self.path(request)) {
            return refuse("it leads to another path of the API".into());
        }
        Ok(url)
    }
}

/// Whether a link says something else than the request for one of the request's parameters.
pub(crate) fn changes_query(link: &Url, request: &Request) -> bool {
    link.query_pairs().any(|(name, value)| {
        let mut asked = request.query.iter().filter(|(other, _)| *other == name).peekable();
        asked.peek().is_some() && !asked.any(|(_, asked)| asked.eq_ignore_ascii_case(&value))
    })
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(addr) => addr.is_loopback(),
        Host::Ipv6(addr) => IpAddr::V6(*addr).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::request::Segment;

    fn request() -> Request {
        Request::get([Segment::fixed("v1.0"), Segment::fixed("signIns")])
    }

    #[test]
    fn a_base_url_is_a_url_or_a_bare_domain() {
        for (text, origin, prefix) in [
            ("acme.tines.com", "https://acme.tines.com", ""),
            ("https://acme.tines.com/", "https://acme.tines.com", ""),
            ("https://ACME.tines.com:443", "https://acme.tines.com", ""),
            ("https://gate.example:8443/tines/", "https://gate.example:8443", "/tines"),
            ("acme.example:8443", "https://acme.example:8443", ""),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", ""),
            ("http://127.9.9.9", "http://127.9.9.9", ""),
            ("http://localhost:3000", "http://localhost:3000", ""),
            ("http://[::1]:3000", "http://[::1]:3000", ""),
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!(
                (base.origin.to_string().as_str(), base.prefix.as_str()),
                (origin, prefix),
                "{text}"
            );
        }
    }

    #[test]
    fn p4_a_base_url_that_could_leak_is_refused() {
        for text in [
            "",
            " ",
            "http://acme.tines.com",
            "http://192.168.0.1",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "ftp://acme.tines.com",
            "https://user:pw@acme.tines.com",
            "https://key@acme.tines.com",
            "https://:pw@acme.tines.com",
            "https://acme.tines.com/?x=1",
            "https://acme.tines.com/#f",
            "https://",
            "https://a b",
            "https://acme.tines.com\\@evil.example",
            "https://a\nb",
            "https://acme.tines.com/a b",
            "https://acme.tines.com/a\0b",
            "file:///etc/passwd",
        ] {
            let error = BaseUrl::parse(text).map(|base| base.origin).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
        }
        let plain = BaseUrl::parse("http://acme.tines.com").unwrap_err().to_string();
        assert!(plain.contains("plain http would show the credential"), "{plain}");
    }

    #[test]
    fn p5_an_address_is_built_below_the_prefix_and_is_what_was_asked_for() {
        let base = BaseUrl::parse("https://gate.example/tines").unwrap();
        let request =
            Request::get([Segment::fixed("users"), Segment::value("id", "a/../b%2e").unwrap()])
                .query("filter", "x eq 'a b'");
        let url = base.url(&request, &[("page".into(), "2".into())]).unwrap();
        assert_eq!(
            url.as_str(),
            "https://gate.example/tines/users/a%2F..%2Fb%252e?filter=x%20eq%20%27a%20b%27&page=2"
        );
    }

    #[test]
    fn p5_an_address_that_the_parser_would_bend_is_refused() {
        let base = BaseUrl::parse("https://host.example").unwrap();
        let bent = Request::get([Segment::fixed("a"), Segment::fixed(".."), Segment::fixed("b")]);
        assert_eq!(base.url(&bent, &[]).unwrap_err().kind(), ErrorKind::Argument);
    }

    #[test]
    fn p4_a_link_to_another_origin_is_refused() {
        let base = BaseUrl::parse("https://api.example").unwrap();
        for link in [
            "https://evil.example/v1.0/signIns?t=1",
            "https://api.example.evil.example/v1.0/signIns",
            "https://api.example:8443/v1.0/signIns",
            "http://api.example/v1.0/signIns",
            "https://api.example@evil.example/v1.0/signIns",
            "https://user:pw@api.example/v1.0/signIns",
            "https://user@api.example/v1.0/signIns",
            "https://:pw@api.example/v1.0/signIns",
            "//evil.example/v1.0/signIns",
            "https:\\\\evil.example\\v1.0\\signIns",
            "https://аpi.example/v1.0/signIns",
            "javascript:alert(1)",
            "data:text/plain,x",
            "v1.0/signIns",
            "",
            "https://api.example/v1.0/users?x",
            "https://api.example/v1.0/signIns/../users",
            "https://api.example/v1.0/signIns\r\nX: 1",
            "https://api.example/v1.0/sign\nIns",
            "https://api.example\\v1.0\\signIns",
        ] {
            let error = base.follow(link, &request(), None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Origin, "{link}");
        }
        let another_host = base.follow("//api.example/v1.0/signIns", &request(), None);
        assert!(another_host.unwrap_err().to_string().contains("it is not a URL"));
    }

    #[test]
    fn p7_a_link_is_followed_up_to_16_kib() {
        let base = BaseUrl::parse("https://api.example").unwrap();
        let start = "/v1.0/signIns?t=";
        let link = |length: usize| format!("{start}{}", "a".repeat(length - start.len()));
        assert!(base.follow(&link(LONGEST_CONTINUATION), &request(), None).is_ok());
        let error = base.follow(&link(LONGEST_CONTINUATION + 1), &request(), None).unwrap_err();
        assert!(error.to_string().contains("longer than 16 KiB"), "{error}");
    }

    #[test]
    fn p4_a_link_that_asks_for_something_else_is_known() {
        let request = request().query("$filter", "userId eq 'A'").query("id", "1").query("id", "2");
        for (query, changes) in [
            ("", false),
            ("$skiptoken=x", false),
            ("$filter=userId%20eq%20'A'&$skiptoken=x", false),
            ("$filter=userid+eq+'a'", false),
            ("id=2&id=1", false),
            ("$filter=userId%20eq%20'B'", true),
            ("$filter=userId%20eq%20'A'&$filter=", true),
            ("id=1&id=3", true),
        ] {
            let link = Url::parse(&format!("https://api.example/v1.0/signIns?{query}")).unwrap();
            assert_eq!(changes_query(&link, &request), changes, "{query}");
        }
    }

    #[test]
    fn p4_only_plain_http_on_loopback_needs_no_certificate() {
        for (text, plain) in [
            ("http://127.0.0.1:80", true),
            ("http://[::1]", true),
            ("https://localhost", false),
            ("https://acme.example", false),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().is_plain(), plain, "{text}");
            let endpoint = Endpoint::parse("token endpoint", &format!("{text}/token")).unwrap();
            assert_eq!(endpoint.is_plain(), plain, "{text}");
        }
    }

    #[test]
    fn p4_an_endpoint_is_what_was_written_or_refused() {
        let parse = |text: &str| Endpoint::parse("token endpoint", text);
        for text in
            ["https://login.example/a%20b/token", "login.example/t/token", "https://login.example/"]
        {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "https://login.example/tenant/../token",
            "https://login.example/tenant/%2e%2e/token",
            "https://login.example/./token",
            "https://login.example/{tenant}/token",
            "https://login.example/é/token",
        ] {
            assert_eq!(parse(text).unwrap_err().kind(), ErrorKind::Config, "{text}");
        }
    }

    #[test]
    fn origins_are_shown_without_the_ports_that_go_without_saying() {
        for (text, shown) in [
            ("https://a.example:443/x", "https://a.example"),
            ("https://a.example:80", "https://a.example:80"),
            ("http://a.example:80", "http://a.example"),
            ("http://a.example:443", "http://a.example:443"),
        ] {
            let origin = Origin::of(&Url::parse(text).unwrap()).unwrap();
            assert_eq!((origin.to_string(), format!("{origin:?}")), (shown.into(), shown.into()));
        }
    }

    #[test]
    fn a_link_of_the_same_origin_is_followed_as_it_is() {
        let base = BaseUrl::parse("https://api.example").unwrap();
        for (link, url) in [
            (
                "https://api.example/V1.0/signins?$skiptoken=a%2Bb(c)$d",
                "https://api.example/V1.0/signins?$skiptoken=a%2Bb(c)$d",
            ),
            (
                "https://API.example:443/v1.0/signIns?x=1#frag",
                "https://api.example/v1.0/signIns?x=1",
            ),
            ("/v1.0/signIns?x=1", "https://api.example/v1.0/signIns?x=1"),
        ] {
            assert_eq!(base.follow(link, &request(), None).unwrap().as_str(), url);
        }
    }

    #[test]
    fn p4_a_link_of_the_documented_origin_is_rebased_onto_the_gateway() {
        let gateway = BaseUrl::parse("https://gate.example/graph").unwrap();
        let home = Some("https://api.example");
        let link = "https://api.example/v1.0/signIns?$skiptoken=x";
        assert_eq!(
            gateway.follow(link, &request(), home).unwrap().as_str(),
            "https://gate.example/graph/v1.0/signIns?$skiptoken=x"
        );
        let foreign = "https://evil.example/v1.0/signIns";
        assert_eq!(
            gateway.follow(foreign, &request(), home).unwrap_err().kind(),
            ErrorKind::Origin
        );
    }
}
