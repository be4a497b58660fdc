//! Simulates all five services, and says how to read them.
//!
//! ```text
//! cargo run -p signin-sim --example serve [-- FOLDER]
//! ```
//!
//! What it prints is a shell script: the addresses and keys as variables, and a command for each
//! service as a comment. The services answer until the program's input ends (Ctrl-D) or it is
//! stopped (Ctrl-C). In `FOLDER` it leaves what each service holds, a record a line.
#![allow(clippy::disallowed_methods, reason = "an example may read the clock")]

use std::error::Error;
use std::io::{self, Write as _, stdin, stdout};
use std::path::Path;
use std::{env, fs};

use signin_sim::{Simulator, avepoint, msgraph, pingone, ssojet, tines};
use time::{Duration, OffsetDateTime};

/// A service: how it is read, and what it holds.
struct Served {
    name: &'static str,
    variables: Vec<(&'static str, String)>,
    command: &'static str,
    records: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // Ranges of time that are asked for end now.
    let newest = OffsetDateTime::now_utc() - Duration::MINUTE;
    let sim = Simulator::builder()
        .seed(1)
        .tines(tines::Settings::default().newest(newest))
        .avepoint(avepoint::Settings::default().newest(newest))
        .ssojet(ssojet::Settings::default().newest(newest).body(ssojet::Body::Newer))
        .pingone(pingone::Settings::default().newest(newest))
        .msgraph(msgraph::Settings::default().newest(newest))
        .start()
        .await?;
    let folder = env::args().nth(1);
    say("# Simulated services, until this program ends (Ctrl-C). In another terminal:")?;
    let served = [
        sim.tines().map(of_tines),
        sim.avepoint().map(of_avepoint),
        sim.ssojet().map(of_ssojet),
        sim.pingone().map(of_pingone),
        sim.msgraph().map(of_msgraph),
    ];
    for service in served.into_iter().flatten() {
        service.say()?;
        if let Some(folder) = &folder {
            let file = Path::new(folder).join(format!("{}.ndjson", service.name));
            fs::write(file, service.records.join("\n") + "\n")?;
        }
    }
    say("# All of them answer.")?;
    io::copy(&mut stdin(), &mut io::sink())?;
    sim.stop().await;
    Ok(())
}

fn say(line: &str) -> io::Result<()> {
    writeln!(stdout(), "{line}")
}

impl Served {
    fn say(&self) -> io::Result<()> {
        say(&format!("\n# {} holds {} records.", self.name, self.records.len()))?;
        for (name, value) in &self.variables {
            say(&format!("export {name}={value}"))?;
        }
        say(&format!("# signin fetch {}", self.command))
    }
}

fn of_tines(tines: &tines::Service) -> Served {
    Served {
        name: "tines",
        variables: vec![
            ("TINES_BASE_URL", tines.base_url().to_owned()),
            ("TINES_API_KEY", tines.api_key().to_owned()),
            ("TINES_USER_ID", tines.user_ids().next().unwrap_or_default().to_string()),
        ],
        command: "tines --since 100d",
        records: tines.logins(None, None).map(|login| login.to_json()).collect(),
    }
}

fn of_avepoint(elements: &avepoint::Service) -> Served {
    let (app, url) = (elements.oauth(), elements.base_url());
    let customers = elements.customers().iter().filter(|customer| customer.in_scope);
    let tenants = customers
        .flat_map(|customer| customer.tenants.iter().map(|tenant| (&customer.id, &tenant.id)));
    Served {
        name: "avepoint",
        variables: vec![
            ("AVEPOINT_BASE_URL", url.to_owned()),
            ("AVEPOINT_AUTH_URL", url.to_owned()),
            ("AVEPOINT_CLIENT_ID", app.client_id().to_owned()),
            ("AVEPOINT_CLIENT_SECRET", app.client_secret().to_owned()),
        ],
        command: "avepoint --base-url $AVEPOINT_BASE_URL --auth-url $AVEPOINT_AUTH_URL --since 31d",
        records: tenants
            .flat_map(|(customer, tenant)| elements.sign_ins(customer, tenant))
            .map(|sign_in| sign_in.to_json())
            .collect(),
    }
}

fn of_ssojet(application: &ssojet::Service) -> Served {
    Served {
        name: "ssojet",
        variables: vec![
            ("SSOJET_BASE_URL", application.base_url().to_owned()),
            ("SSOJET_CLIENT_ID", application.client_id().to_owned()),
            ("SSOJET_CLIENT_SECRET", application.oauth().client_secret().to_owned()),
        ],
        command: "ssojet --base-url $SSOJET_BASE_URL --since 91d",
        records: application
            .user_ids()
            .flat_map(|user| application.sign_ins(&user))
            .map(|sign_in| sign_in.to_json(ssojet::Body::Newer))
            .collect(),
    }
}

fn of_pingone(environment: &pingone::Service) -> Served {
    let (app, now) = (environment.oauth(), environment.now());
    Served {
        name: "pingone",
        variables: vec![
            ("PINGONE_REGION", "EU".to_owned()),
            ("PINGONE_ENVIRONMENT_ID", environment.environment_id().to_owned()),
            ("PINGONE_BASE_URL", environment.base_url().to_owned()),
            ("PINGONE_AUTH_URL", app.token_url()),
            ("PINGONE_CLIENT_ID", app.client_id().to_owned()),
            ("PINGONE_CLIENT_SECRET", app.client_secret().to_owned()),
        ],
        command: "pingone --since 13d --all-activities",
        records: environment
            .events(now - Duration::days(14)..now)
            .map(|event| event.to_json())
            .collect(),
    }
}

fn of_msgraph(graph: &msgraph::Service) -> Served {
    const EVERY: [msgraph::Kind; 4] = [
        msgraph::Kind::InteractiveUser,
        msgraph::Kind::NonInteractiveUser,
        msgraph::Kind::ServicePrincipal,
        msgraph::Kind::ManagedIdentity,
    ];
    let (app, url) = (graph.oauth(), graph.base_url());
    let tenant = graph.tenants().next().unwrap_or_default();
    Served {
        name: "msgraph",
        command: "msgraph --since 8d --window 8d --longest-window 8d",
        records: graph
            .sign_ins(&tenant, &EVERY, None, None)
            .map(|sign_in| sign_in.to_json(msgraph::Version::Beta))
            .collect(),
        variables: vec![
            ("MSGRAPH_TENANT_ID", tenant),
            ("MSGRAPH_BASE_URL", url.to_owned()),
            ("MSGRAPH_AUTH_URL", url.to_owned()),
            ("MSGRAPH_CLIENT_ID", app.client_id().to_owned()),
            ("MSGRAPH_CLIENT_SECRET", app.client_secret().to_owned()),
        ],
    }
}
