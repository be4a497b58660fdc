//! Our raw path: each record's own text, with all promises of the typed path.

use signin_bench_family::{Raw, sign_ins};
use signin_bench_meter::{Meter, Task};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut meter = Meter::new();
    let task = Task::from_arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(read(&task, &mut meter))?;
    meter.tell();
    Ok(())
}

async fn read(task: &Task, meter: &mut Meter) -> Result<(), Box<dyn std::error::Error>> {
    let (client, list) = sign_ins(task)?;
    let mut items = client.items(Raw(list));
    while let Some(record) = items.try_next().await? {
        meter.event(|sum| sum.raw(record.raw()));
    }
    if !items.report().is_complete() {
        return Err(format!("{:?}", items.report()).into());
    }
    Ok(())
}
