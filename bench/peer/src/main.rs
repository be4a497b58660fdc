//! graph-rs-sdk, by its typed stream, into the same structs as the floor.
//!
//! It refuses every host but Microsoft's, and plain http; its feature `test-util` lifts both.

use std::error::Error;

use futures_util::StreamExt as _;
use graph_rs_sdk::http::Url;
use graph_rs_sdk::{GraphClient, GraphClientConfiguration, ODataQuery as _};
use signin_bench_meter::hand::{Beta, Page, SignIn, V1};
use signin_bench_meter::{Meter, Task};

fn main() -> Result<(), Box<dyn Error>> {
    let mut meter = Meter::new();
    let task = Task::from_arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if task.beta {
        runtime.block_on(read::<Beta>(&task, &mut meter))?;
    } else {
        runtime.block_on(read::<V1>(&task, &mut meter))?;
    }
    meter.tell();
    Ok(())
}

async fn read<T: SignIn>(task: &Task, meter: &mut Meter) -> Result<(), Box<dyn Error>> {
    let configuration = GraphClientConfiguration::new().access_token(&task.token).https_only(false);
    let mut client = GraphClient::from(configuration);
    let version = if task.beta { "beta" } else { "v1.0" };
    client.use_test_endpoint(&Url::parse(&format!("{}/{version}", task.base_url))?);
    let list = client.audit_logs().list_sign_ins().top("1000");
    let mut pages = list.paging().stream::<Page<T>>()?;
    while let Some(page) = pages.next().await {
        let page = page?.into_body().map_err(|error| format!("{error:?}"))?;
        for record in &page.value {
            meter.event(|sum| record.add_up(sum));
        }
    }
    Ok(())
}
