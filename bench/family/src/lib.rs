//! What the family's readers share.

mod raw;

pub use raw::Raw;

use std::time::Duration;

use msgraph_signins::{Client, Limits, SignIns};
use signin_bench_meter::Task;

/// The client and the list that a task is about. Everything that a client promises is on; its limits are kept as
/// always, and their bound is one that this service does not reach.
///
/// # Errors
/// [`msgraph_signins::Error`]: the task's address is none.
pub fn sign_ins(task: &Task) -> msgraph_signins::Result<(Client, SignIns)> {
    let client = Client::builder("0000007e-0000-4000-8000-000000000000")
        .base_url(&task.base_url)
        .token(task.token.as_str())
        .limits(unreached())
        .build()?;
    let version =
        if task.beta { msgraph_signins::ApiVersion::Beta } else { msgraph_signins::ApiVersion::V1 };
    let list = client.sign_ins().api_version(version);
    Ok((client, list))
}

/// Limits that are kept and never reached.
pub fn unreached() -> Limits {
    Limits::none().at_most(1_000_000, Duration::from_secs(10))
}
