//! Prints a user's sign-ins, and resumes where it stopped.
//!
//! ```text
//! SSOJET_TOKEN=sk_live_… SSOJET_CLIENT_ID=… SSOJET_USER_ID=… cargo run --example ssojet_sign_ins
//! ```
//!
//! Without `SSOJET_USER_ID` it prints everyone's, each after its identity. `SSOJET_BASE_URL`
//! names a gateway. `CHECKPOINT=file` keeps the place in a file where the pager was cut by an error:
//! run it again and it goes on. Once everything was read the file is removed.
#![allow(clippy::print_stderr, reason = "an example talks")]

use std::error::Error;
use std::io::{self, Write, stdout};
use std::{env, fs};

use ssojet::{Checkpoint, Client, Identities, Report};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(setting("SSOJET_CLIENT_ID")?).token(setting("SSOJET_TOKEN")?);
    if let Ok(base_url) = env::var("SSOJET_BASE_URL") {
        builder = builder.base_url(base_url);
    }
    let client = builder.build()?;
    let file = env::var("CHECKPOINT").ok();
    let checkpoint = load(file.as_deref())?;
    let report = match env::var("SSOJET_USER_ID") {
        Ok(user_id) => of_one(&client, &user_id, checkpoint, file.as_deref()).await?,
        Err(_) => of_all(&client, checkpoint, file.as_deref()).await?,
    };
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    eprintln!("{} sign-ins on {} pages", report.records, report.pages);
    match file {
        Some(file) if fs::exists(&file)? => Ok(fs::remove_file(file)?),
        _ => Ok(()),
    }
}

async fn of_one(
    client: &Client,
    user_id: &str,
    checkpoint: Option<Checkpoint>,
    file: Option<&str>,
) -> Result<Report, Box<dyn Error>> {
    let mut items = client.login_logs(user_id).items();
    if let Some(checkpoint) = checkpoint {
        items = items.resume(checkpoint)?;
    }
    loop {
        match items.try_next().await {
            Ok(Some(log)) => writeln!(stdout().lock(), "{}", log.raw())?,
            Ok(None) => return Ok(items.report().clone()),
            Err(error) => tell(error, file)?,
        }
    }
}

async fn of_all(
    client: &Client,
    checkpoint: Option<Checkpoint>,
    file: Option<&str>,
) -> Result<Report, Box<dyn Error>> {
    let mut items = client.all_sign_ins().items();
    if let Some(checkpoint) = checkpoint {
        items = items.resume(checkpoint)?;
    }
    let mut identities = Identities::new(client.client_id());
    loop {
        match items.try_next().await {
            Ok(Some(sign_in)) => {
                let identity = identities.of(&sign_in.owner.id, &sign_in.record);
                let identity = identity.as_deref().unwrap_or("-");
                writeln!(stdout().lock(), "{identity}\t{}", sign_in.record.raw())?;
            }
            Ok(None) => return Ok(items.report()),
            Err(error) => tell(error, file)?,
        }
    }
}

/// A record that does not fit is no reason to stop, nor to lose it; other errors keep their place.
fn tell(error: ssojet::Error, file: Option<&str>) -> Result<(), Box<dyn Error>> {
    if let Some(rejected) = error.rejected() {
        eprintln!("{}: {}", rejected.mismatch(), rejected.raw());
        return Ok(());
    }
    if let (Some(file), Some(checkpoint)) = (file, error.checkpoint()) {
        // Beside it first and then in its place, so that a crash leaves the old one or the new.
        let beside = format!("{file}.new");
        fs::write(&beside, checkpoint.to_string())?;
        fs::rename(beside, file)?;
    }
    Err(error.into())
}

fn load(file: Option<&str>) -> Result<Option<Checkpoint>, Box<dyn Error>> {
    let Some(file) = file else { return Ok(None) };
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text.parse()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{file}: {error}").into()),
    }
}

fn setting(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("set the environment variable {name}"))
}
