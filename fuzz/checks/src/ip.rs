//! IP addresses, against the standard library's own reading.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use signin_core::IpText;

/// One text.
pub(crate) fn check(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let ip = IpText::from(&*text);
    assert_eq!(ip.as_str(), text, "the text is kept");
    assert_eq!((ip.addr(), ip.port()), by_hand(text.trim()), "{text:?}");
    let json = serde_json::to_string(&ip).expect("it is written");
    assert_eq!(serde_json::from_str::<IpText>(&json).expect("it is read"), ip);
    ip.addr().is_some()
}

/// An address with a port, in brackets or with a zone, by trying the forms one after the other.
fn by_hand(text: &str) -> (Option<IpAddr>, Option<u16>) {
    if let Ok(addr) = text.parse::<Ipv4Addr>() {
        return (Some(addr.into()), None);
    }
    if let Some((host, port)) = text.rsplit_once(':') {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let addr = match bare {
            Some(host) => bracketed(host),
            None => host.parse::<Ipv4Addr>().ok().map(IpAddr::from),
        };
        let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if let (Some(addr), Ok(port), true) = (addr, port.parse(), digits) {
            return (Some(addr.to_canonical()), Some(port));
        }
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let addr = bare.map_or_else(|| zoned(text), bracketed);
    (addr.map(|addr| addr.to_canonical()), None)
}

/// What stands between brackets, of which there is one pair.
fn bracketed(text: &str) -> Option<IpAddr> {
    zoned(text).filter(|_| !text.contains(']'))
}

/// An address with or without a zone after it.
fn zoned(text: &str) -> Option<IpAddr> {
    let (addr, _) = text.split_once('%').unwrap_or((text, ""));
    let v6 = addr.parse::<Ipv6Addr>().map(IpAddr::from);
    v6.or_else(|_| addr.parse::<Ipv4Addr>().map(IpAddr::from)).ok()
}

/// Every form that occurs.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let socket = SocketAddr::from((Ipv6Addr::LOCALHOST, 443)).to_string();
    crate::seeds::texts(&[
        "192.158.1.38",
        " 192.0.2.1 ",
        "192.0.2.1:5060",
        "[2001:db8::1]:443",
        "[2001:db8::1]",
        "::ffff:192.0.2.9",
        "[::ffff:192.0.2.9]:1",
        "fe80::1%eth0",
        "[fe80::1%3]:443",
        "2001:db8:3333:4444:5555:6666:7777:8888",
        "010.0.0.1",
        "unknown",
        &socket,
    ])
}
