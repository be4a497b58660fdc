//! Which proxy a service is reached through: the option, else the variables that other programs
//! read as well.

use std::net::IpAddr;

use url::{Host, Url};

use super::environment::Environment;

/// The variables in the order in which they count. HTTP_PROXY is for plain http, which only
/// loopback is spoken to with.
const VARIABLES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The proxy to reach this address through, if any. Loopback never is.
///
/// # Errors
/// What to change, without a password that the proxy's address may hold.
pub(crate) fn choose(
    option: Option<&str>,
    environment: &Environment,
    target: &Url,
) -> Result<Option<String>, String> {
    let loopback = target.host().is_some_and(|host| is_loopback(&host));
    if let Some(proxy) = option {
        let url = read("--proxy", proxy)?;
        if url.password().is_some() {
            return Err("--proxy holds a password, which every user of the machine can see; put \
                 the proxy's address into HTTPS_PROXY"
                .to_owned());
        }
        if loopback {
            return Err("--proxy: the service is on this machine, which is not reached through \
                 a proxy; leave --proxy out"
                .to_owned());
        }
        return Ok(Some(url.into()));
    }
    if loopback {
        return Ok(None);
    }
    for name in VARIABLES {
        let Some(proxy) = environment.text(name)? else { continue };
        let url = read(name, proxy)?;
        let exempt = match environment.text("no_proxy")? {
            Some(list) => Some(list),
            None => environment.text("NO_PROXY")?,
        };
        let is_exempt = exempt.is_some_and(|list| list.split(',').any(|entry| fits(entry, target)));
        return Ok((!is_exempt).then(|| url.into()));
    }
    Ok(None)
}

/// A proxy's address; without a scheme it is http.
fn read(name: &str, proxy: &str) -> Result<Url, String> {
    let full = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    let refuse = |why: &str| Err(format!("{name} {why}; give http://host:port"));
    match Url::parse(full.trim()) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            refuse("names a kind of proxy that is not supported")
        }
        Ok(url) if url.host().is_some() => Ok(url),
        _ => refuse("is no address of a proxy"),
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether an entry of NO_PROXY means the target: `*`, a domain with all below it, an address, a
/// network such as `10.0.0.0/8`; each perhaps with a port.
fn fits(entry: &str, target: &Url) -> bool {
    let entry = entry.trim().to_ascii_lowercase();
    if entry == "*" {
        return true;
    }
    let (name, port) = split_port(&entry);
    if port.is_some_and(|port| Some(port) != target.port_or_known_default()) {
        return false;
    }
    match target.host() {
        Some(Host::Domain(host)) => {
            let name = name.trim_start_matches("*.").trim_matches('.');
            let host = host.trim_end_matches('.');
            let below = host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
            !name.is_empty() && (host == name || below)
        }
        Some(Host::Ipv4(address)) => in_network(name, address.into()),
        Some(Host::Ipv6(address)) => in_network(name, address.into()),
        None => false,
    }
}

/// An entry and the port at its end. An IPv6 address is full of colons: with a port it stands in
/// brackets.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let bare = |text: &str| text.matches(':').count() > 1 && !text.starts_with('[');
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) if !bare(entry) && !port.ends_with(']') => (name, port.parse().ok()),
        _ => (entry, None),
    };
    (name.trim_start_matches('[').trim_end_matches(']'), port)
}

fn in_network(network: &str, address: IpAddr) -> bool {
    let (first, length) = match network.split_once('/') {
        Some((first, length)) => (first, length.parse().ok()),
        None => (network, Some(128)),
    };
    let (Ok(first), Some(length)) = (first.parse::<IpAddr>(), length) else { return false };
    let differing = match (first, address) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    let bits = if first.is_ipv4() { 32 } else { 128 };
    differing >= u32::min(length, bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn choose_for(
        option: Option<&str>,
        variables: &[(&str, &str)],
        target: &str,
    ) -> Result<Option<String>, String> {
        let given = |n: usize| variables.get(n).copied().unwrap_or(("UNUSED", ""));
        choose(option, &Environment::from([given(0), given(1), given(2)]), &url(target))
    }

    const TINES: &str = "https://acme.tines.com";

    #[test]
    fn the_option_comes_first_then_the_variables_in_their_order() {
        let all = [("https_proxy", "a:1"), ("HTTPS_PROXY", "http://b:2"), ("ALL_PROXY", "c:3")];
        let chosen = |option, variables: &[(&str, &str)]| {
            choose_for(option, variables, TINES).unwrap().unwrap_or_default()
        };
        assert_eq!(chosen(Some("https://d:4"), &all), "https://d:4/");
        assert_eq!(chosen(None, &all), "http://a:1/");
        assert_eq!(chosen(None, &all[1..]), "http://b:2/");
        assert_eq!(chosen(None, &all[2..]), "http://c:3/");
        assert_eq!(chosen(None, &[("HTTP_PROXY", "e:5"), ("HTTPS_PROXY", "")]), "");
    }

    #[test]
    fn p4_a_proxys_password_stays_off_the_command_line_and_out_of_errors() {
        let kept = [("HTTPS_PROXY", "http://me:hunter2@b:2")];
        assert_eq!(
            choose_for(None, &kept, TINES).unwrap().as_deref(),
            Some("http://me:hunter2@b:2/")
        );
        for bad in ["http://me:hunter2@[b", "socks5://me:hunter2@b:2", "http://me:hunter2@b:x"] {
            for error in [
                choose_for(Some(bad), &[], TINES).unwrap_err(),
                choose_for(None, &[("ALL_PROXY", bad)], TINES).unwrap_err(),
            ] {
                assert!(error.contains("give http://host:port"), "{error}");
                assert!(!error.contains("hunter2"), "{error}");
            }
        }
        let option = choose_for(Some("http://me:hunter2@b:2"), &[], TINES).unwrap_err();
        assert!(option.contains("HTTPS_PROXY") && !option.contains("hunter2"), "{option}");
    }

    #[test]
    fn loopback_is_not_reached_through_a_proxy() {
        for target in
            ["http://127.0.0.1:8080", "https://localhost", "http://[::1]:1", "https://a.localhost"]
        {
            let variables = [("HTTPS_PROXY", "http://b:2")];
            assert_eq!(choose_for(None, &variables, target), Ok(None), "{target}");
            assert!(choose_for(Some("http://b:2"), &[], target).is_err(), "{target}");
        }
    }

    #[test]
    fn no_proxy_names_hosts_domains_addresses_and_networks() {
        for (list, target, exempt) in [
            ("*", TINES, true),
            ("tines.com", TINES, true),
            (".tines.com", TINES, true),
            ("*.tines.com", TINES, true),
            ("a.example, ACME.tines.com ,b.example", TINES, true),
            ("acme.tines.com:443", TINES, true),
            ("acme.tines.com:8443", TINES, false),
            ("nes.com", TINES, false),
            ("other.tines.com", TINES, false),
            ("", TINES, false),
            (",.,", TINES, false),
            ("192.0.2.7", "https://192.0.2.7", true),
            ("192.0.2.0/24", "https://192.0.2.7:8443", true),
            ("192.0.2.0/24", "https://192.0.3.7", false),
            ("0.0.0.0/0", "https://192.0.3.7", true),
            ("192.0.2.0/x", "https://192.0.2.7", false),
            ("192.0.2.7:8443", "https://192.0.2.7", false),
            ("2001:db8::1", "https://[2001:db8::1]", true),
            ("[2001:db8::1]:443", "https://[2001:db8::1]", true),
            ("[2001:db8::1]:444", "https://[2001:db8::1]", false),
            ("2001:db8::/32", "https://[2001:db8:9::1]", true),
            ("2001:db8::/32", "https://[2001:db9::1]", false),
        ] {
            let variables = [("HTTPS_PROXY", "b:2"), ("NO_PROXY", list)];
            let chosen = choose_for(None, &variables, target).unwrap();
            assert_eq!(chosen.is_none(), exempt, "{list} for {target}");
        }
    }
}
