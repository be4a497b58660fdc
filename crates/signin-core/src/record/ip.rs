//! IP addresses as vendors write them.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// An IP address as the vendor wrote it: the text is kept whatever it says, and parsed on demand.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IpText(Box<str>);

impl IpText {
    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, if the text is one: also with a port (`192.0.2.1:443`, `[2001:db8::1]:443`),
    /// in brackets, with a zone (`fe80::1%eth0`, `[fe80::1%eth0]:443`) or with white space around
    /// it. An IPv4 address mapped into IPv6 comes as IPv4.
    pub fn addr(&self) -> Option<IpAddr> {
        self.parts().map(|(addr, _)| addr.to_canonical())
    }

    /// The port, if the text has one after an address.
    pub fn port(&self) -> Option<u16> {
        self.parts().and_then(|(_, port)| port)
    }

    fn parts(&self) -> Option<(IpAddr, Option<u16>)> {
        let text = self.0.trim();
        if let Some((address, behind)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) {
            let port = match behind.strip_prefix(':') {
                Some(port) => Some(port_of(port)?),
                None if behind.is_empty() => None,
                None => return None,
            };
            return Some((without_zone(address)?, port));
        }
        if let Ok(socket) = text.parse::<SocketAddr>() {
            return Some((socket.ip(), Some(socket.port())));
        }
        Some((without_zone(text)?, None))
    }
}

/// An address without the zone after it, which is a number or an interface's name.
fn without_zone(text: &str) -> Option<IpAddr> {
    text.split_once('%').map_or(text, |(address, _zone)| address).parse().ok()
}

fn port_of(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl From<&str> for IpText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Deref for IpText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IpText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for IpText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IpText({:?})", self.0)
    }
}

impl<'de> Deserialize<'de> for IpText {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source).map(|text| Self(text.into()))
    }
}

impl Serialize for IpText {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_every_seen_form() {
        let cases = [
            ("192.158.1.38", Some("192.158.1.38"), None),
            (
                "2001:db8:3333:4444:5555:6666:7777:8888",
                Some("2001:db8:3333:4444:5555:6666:7777:8888"),
                None,
            ),
            (" 192.0.2.1 ", Some("192.0.2.1"), None),
            ("192.0.2.1:5060", Some("192.0.2.1"), Some(5060)),
            ("[2001:db8::1]:443", Some("2001:db8::1"), Some(443)),
            ("[2001:db8::1]", Some("2001:db8::1"), None),
            ("::ffff:192.0.2.9", Some("192.0.2.9"), None),
            ("fe80::1%eth0", Some("fe80::1"), None),
            ("[fe80::1%eth0]", Some("fe80::1"), None),
            ("[fe80::1%eth0]:443", Some("fe80::1"), Some(443)),
            ("[fe80::1%3]:443", Some("fe80::1"), Some(443)),
            ("[192.0.2.1]:443", Some("192.0.2.1"), Some(443)),
            ("[2001:db8::1]443", None, None),
            ("[2001:db8::1]:+443", None, None),
            ("[2001:db8::1]:65536", None, None),
            ("[2001:db8::1]:", None, None),
            ("[2001:db8::1", None, None),
            ("", None, None),
            ("unknown", None, None),
            ("192.0.2.256", None, None),
            ("010.0.0.1", None, None),
        ];
        for (text, addr, port) in cases {
            let ip = IpText::from(text);
            assert_eq!(ip.addr().map(|a| a.to_string()).as_deref(), addr, "{text}");
            assert_eq!(ip.port(), port, "{text}");
            assert_eq!(ip.as_str(), text);
        }
    }
}
