//! Our typed path: records with their bytes, nothing yielded twice, limits, retries, the check
//! of the origin, checkpoints.

use msgraph_signins::{SignIn, Spelled};
use signin_bench_family::sign_ins;
use signin_bench_meter::{Meter, Sum, Task};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut meter = Meter::new();
    let task = Task::from_arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(read(&task, &mut meter))?;
    meter.tell();
    Ok(())
}

async fn read(task: &Task, meter: &mut Meter) -> Result<(), Box<dyn std::error::Error>> {
    let mut items = sign_ins(task)?.1.items();
    while let Some(record) = items.try_next().await? {
        meter.event(|sum| add_up(&record, task.beta, sum));
    }
    if !items.report().is_complete() {
        return Err(format!("{:?}", items.report()).into());
    }
    Ok(())
}

fn add_up(record: &SignIn, beta: bool, sum: &mut Sum) {
    sum.text(record.id.as_deref());
    sum.text(record.created_date_time.as_ref().and_then(|time| time.text()));
    sum.text(record.user_principal_name.as_deref());
    sum.text(record.app_display_name.as_deref());
    sum.text(record.ip_address.as_deref());
    sum.text(record.correlation_id.as_deref());
    sum.text(record.risk_state.as_ref().map(Spelled::as_sent));
    sum.text(record.resource_id.as_deref());
    sum.number(record.status.as_ref().and_then(|status| status.error_code));
    let device = record.device_detail.as_ref();
    sum.text(device.and_then(|device| device.operating_system.as_deref()));
    let location = record.location.as_ref();
    sum.text(location.and_then(|location| location.city.as_deref()));
    let coordinates = location.and_then(|location| location.geo_coordinates.as_ref());
    sum.coordinate(coordinates.and_then(|coordinates| coordinates.latitude));
    for policy in &record.applied_conditional_access_policies {
        sum.text(policy.result.as_ref().map(Spelled::as_sent));
    }
    if beta {
        sum.text(record.unique_token_identifier.as_deref());
        sum.text(record.sign_in_event_types.first().map(AsRef::as_ref));
        for step in &record.authentication_details {
            sum.text(step.authentication_step_result_detail.as_deref());
        }
    }
}
