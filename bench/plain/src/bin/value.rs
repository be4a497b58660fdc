//! What needs no structs: reqwest and `serde_json::Value`.

use serde_json::Value;
use signin_bench_meter::value::add_up;
use signin_bench_meter::{Meter, Task};
use signin_bench_plain::client;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut meter = Meter::new();
    let task = Task::from_arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(read(&task, &mut meter))?;
    meter.tell();
    Ok(())
}

async fn read(task: &Task, meter: &mut Meter) -> Result<(), Box<dyn std::error::Error>> {
    let client = client()?;
    let mut next = Some(task.first_page());
    while let Some(link) = next {
        let answer = client.get(link).bearer_auth(&task.token).send().await?.error_for_status()?;
        let page: Value = serde_json::from_slice(&answer.bytes().await?)?;
        for record in page["value"].as_array().into_iter().flatten() {
            meter.event(|sum| add_up(record, task.beta, sum));
        }
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    Ok(())
}
