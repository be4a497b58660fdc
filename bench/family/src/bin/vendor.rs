//! The typed path over all that a product's service holds: `VENDOR BASE_URL TOKEN FURTHER`.

use std::error::Error;

use msgraph_signins::{Report, Warning};
use signin_bench_family::unreached;
use signin_bench_meter::Meter;
use time::OffsetDateTime;

fn main() -> Result<(), Box<dyn Error>> {
    let mut meter = Meter::new();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let complete = runtime.block_on(read(&arguments, &mut meter))?;
    meter.tell();
    println!("complete={}", u8::from(complete));
    Ok(())
}

/// Whether a pager can say of what it read that it is everything. One may not be able to, by
/// design: over a list in no known order that is longer than what it remembers.
fn is_complete(report: &Report) -> Result<bool, Box<dyn Error>> {
    fn is_by_design(warning: &Warning) -> bool {
        match warning {
            Warning::TooLongToCompare => true,
            Warning::OfOwner { warning, .. } => is_by_design(warning),
            _ => false,
        }
    }
    if report.is_complete() {
        return Ok(true);
    }
    if report.finished && report.warnings.iter().all(is_by_design) {
        return Ok(false);
    }
    Err(format!("{report:?}").into())
}

/// Reads all that a pager yields, and gives whether that is everything.
macro_rules! walk {
    ($items:expr, $meter:ident $(, $record:ident)?) => {{
        let mut items = $items;
        while let Some(next) = items.try_next().await? {
            $meter.event(|sum| sum.raw(next $(.$record)? .raw()));
        }
        is_complete(&items.report())
    }};
}

async fn read(arguments: &[String], meter: &mut Meter) -> Result<bool, Box<dyn Error>> {
    let [vendor, base_url, token, further] = arguments else {
        return Err("usage: VENDOR BASE_URL TOKEN FURTHER".into());
    };
    let (token, further) = (token.as_str(), further.as_str());
    match vendor.as_str() {
        "tines" => {
            let builder = tines_admin::Client::builder(base_url.as_str()).token(token);
            let client = builder.limits(unreached()).build()?;
            walk!(client.signin_activities(further).per_page(500).items(), meter)
        }
        "avepoint" => {
            let builder = avepoint_graph::Client::builder(avepoint_graph::Environment::Commercial);
            let builder = builder.base_url(base_url).token(token);
            let client = builder.limits(unreached()).build()?;
            walk!(client.all_sign_ins().items(), meter, record)
        }
        "ssojet" => {
            let builder = ssojet::Client::builder(further).base_url(base_url).token(token);
            let client = builder.limits(unreached()).build()?;
            walk!(client.all_sign_ins().limit(1000).items(), meter, record)
        }
        "pingone" => {
            let (environment, from, to) = range(further)?;
            let builder = pingone::Client::builder(pingone::Region::Europe, environment);
            let builder = builder.base_url(base_url).token(token);
            let client = builder.limits(unreached()).build()?;
            walk!(client.activities(from, to).items(), meter)
        }
        "msgraph" => {
            let (tenant, from, to) = range(further)?;
            let builder = msgraph_signins::Client::builder(tenant).base_url(base_url).token(token);
            let client = builder.limits(unreached()).build()?;
            walk!(client.all_sign_ins(from, to), meter)
        }
        _ => Err("no such vendor".into()),
    }
}

/// What `ID,FROM,TO` says, with times in seconds.
fn range(further: &str) -> Result<(&str, OffsetDateTime, OffsetDateTime), Box<dyn Error>> {
    let parts: Vec<&str> = further.split(',').collect();
    let [id, from, to] = parts[..] else { return Err("no range".into()) };
    let at = |seconds: &str| -> Result<OffsetDateTime, Box<dyn Error>> {
        Ok(OffsetDateTime::from_unix_timestamp(seconds.parse()?)?)
    };
    Ok((id, at(from)?, at(to)?))
}
