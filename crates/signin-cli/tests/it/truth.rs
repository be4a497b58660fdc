//! What the simulated services of a demo hold.

use signin_sim::{Simulator, avepoint, msgraph, pingone, ssojet, tines};
use time::Duration;

/// The products, in the order in which a demo reads them.
pub(crate) const VENDORS: [&str; 5] = ["tines", "avepoint", "ssojet", "pingone", "msgraph"];

const KINDS: [msgraph::Kind; 4] = [
    msgraph::Kind::InteractiveUser,
    msgraph::Kind::NonInteractiveUser,
    msgraph::Kind::ServicePrincipal,
    msgraph::Kind::ManagedIdentity,
];

/// Every sign-in of a product as the simulator itself writes it, in the order in which a demo reads
/// them. AvePoint's are in no order.
pub(crate) async fn truth(vendor: &str, seed: u64, users: u64, events: u64) -> Vec<String> {
    let simulator = Simulator::builder().seed(seed);
    match vendor {
        "tines" => {
            let settings = tines::Settings::default().users(users).events(events);
            let simulator = simulator.tines(settings).start().await.unwrap();
            let tenant = simulator.tines().unwrap();
            let rows = tenant.user_ids().flat_map(|user| tenant.sign_ins(user, None, None));
            rows.map(|sign_in| sign_in.to_json()).collect()
        }
        "avepoint" => {
            let settings = avepoint::Settings::default().users(users).events(events);
            let simulator = simulator.avepoint(settings).start().await.unwrap();
            let service = simulator.avepoint().unwrap();
            let customers = service.customers().iter();
            let tenants = customers.flat_map(|customer| {
                customer.tenants.iter().map(|tenant| (&customer.id, &tenant.id))
            });
            let rows = tenants.flat_map(|(customer, tenant)| service.sign_ins(customer, tenant));
            rows.map(|sign_in| sign_in.to_json()).collect()
        }
        "ssojet" => {
            let settings = ssojet::Settings::default().users(users).events(events);
            let simulator = simulator.ssojet(settings).start().await.unwrap();
            let service = simulator.ssojet().unwrap();
            let mut users: Vec<_> = service.user_ids().collect();
            users.sort();
            let rows = users.iter().flat_map(|user| service.sign_ins(user));
            rows.map(|sign_in| sign_in.to_json(ssojet::Body::Newer)).collect()
        }
        "pingone" => {
            let settings = pingone::Settings::default().users(users).sign_ins(events);
            let simulator = simulator.pingone(settings).start().await.unwrap();
            let service = simulator.pingone().unwrap();
            let about = ["USER.ACCESS_", "PASSWORD.CHECK_", "OTP.CHECK_"];
            let rows = service.events(service.now() - Duration::days(14)..service.now());
            let rows =
                rows.filter(|event| about.iter().any(|start| event.action_type.starts_with(start)));
            rows.map(|event| event.to_json()).collect()
        }
        _ => {
            let settings = msgraph::Settings::default().users(users).events(events);
            let simulator = simulator.msgraph(settings).start().await.unwrap();
            let service = simulator.msgraph().unwrap();
            let tenant = service.tenants().next().unwrap();
            let days = (0..8).rev().map(|day| service.now() - Duration::days(day));
            let rows = days.flat_map(|end| {
                service.sign_ins(&tenant, &KINDS, Some(end - Duration::DAY), Some(end))
            });
            rows.map(|sign_in| sign_in.to_json(msgraph::Version::Beta)).collect()
        }
    }
}
