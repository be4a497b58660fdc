//! The floor: reqwest and serde into owned structs. No limits, no retry, nothing kept, no check
//! of where a link leads.

use signin_bench_meter::hand::{Beta, Page, SignIn, V1};
use signin_bench_meter::{Meter, Task};
use signin_bench_plain::client;

fn main() -> Result<(), Box<dyn std::error::Error>> {
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

async fn read<T: SignIn>(task: &Task, meter: &mut Meter) -> Result<(), Box<dyn std::error::Error>> {
    let client = client()?;
    let mut next = Some(task.first_page());
    while let Some(link) = next {
        let answer = client.get(link).bearer_auth(&task.token).send().await?.error_for_status()?;
        let page: Page<T> = serde_json::from_slice(&answer.bytes().await?)?;
        for record in &page.value {
            meter.event(|sum| record.add_up(sum));
        }
        next = page.next_link;
    }
    Ok(())
}
