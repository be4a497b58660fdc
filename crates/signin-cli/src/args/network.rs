//! The options of the network, the same for every vendor.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::whole;

/// How the service is reached.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct Network {
    /// Trust the root certificates in this file (PEM) beside those of the system.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Go through this proxy, such as `http://proxy.example:3128`. Default: HTTPS_PROXY or
    /// ALL_PROXY, but for the hosts in NO_PROXY. A proxy's password goes into HTTPS_PROXY.
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,

    /// How long one request may take in all, 1s to 10m. Default: 5m.
    #[arg(long, value_name = "TIME", value_parser = timeout)]
    pub(crate) timeout: Option<Duration>,

    /// How long a request that fails is tried again, 1s to 1h. Waits that the service asks for
    /// do not count. Default: 10m, but 30s for a host that is not there to begin with.
    #[arg(long, value_name = "TIME", value_parser = retry_for)]
    pub(crate) retry_for: Option<Duration>,

    /// At most N requests a minute, below the service's own limits, which are kept anyway.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = |text: &str| whole::<u32>(text, 1, 1_000_000))]
    pub(crate) max_rate: Option<u32>,
}

fn timeout(text: &str) -> Result<Duration, String> {
    let span = span(text).filter(|seconds| (1..=600).contains(seconds));
    let wrong = || "give seconds or minutes from 1s to 10m, such as 30s".to_owned();
    span.map(Duration::from_secs).ok_or_else(wrong)
}

fn retry_for(text: &str) -> Result<Duration, String> {
    let span = span(text).filter(|seconds| (1..=3600).contains(seconds));
    let wrong = || "give seconds, minutes or an hour from 1s to 1h, such as 10m".to_owned();
    span.map(Duration::from_secs).ok_or_else(wrong)
}

/// A span in seconds: a whole number and its unit.
fn span(text: &str) -> Option<u64> {
    let in_units = |unit: char, seconds: u64| {
        let number = text.strip_suffix(unit).filter(|n| n.bytes().all(|b| b.is_ascii_digit()))?;
        number.parse::<u64>().ok()?.checked_mul(seconds)
    };
    in_units('s', 1).or_else(|| in_units('m', 60)).or_else(|| in_units('h', 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_seconds_or_minutes() {
        for (text, seconds) in [("1s", 1), ("30s", 30), ("10m", 600), ("600s", 600)] {
            assert_eq!(timeout(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "30", "0s", "601s", "11m", "1h", "1.5m", "-1s", "1 s", "99999999999m"]
        {
            assert!(timeout(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_to_try_in_is_up_to_an_hour() {
        for (text, seconds) in [("1s", 1), ("10m", 600), ("60m", 3600), ("1h", 3600)] {
            assert_eq!(retry_for(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "h", "10", "0s", "61m", "3601s", "2h", "0.5h", "-1s", "99999999999999999h"]
        {
            assert!(retry_for(text).is_err(), "{text}");
        }
    }
}
