//! Prints the sign-ins of every tenant of every customer, and resumes where it stopped.
//!
//! ```text
//! AVEPOINT_CLIENT_ID=… AVEPOINT_CLIENT_SECRET=… cargo run --example avepoint_sign_ins
//! ```
//!
//! `AVEPOINT_BASE_URL` and `AVEPOINT_AUTH_URL` name a gateway. `CHECKPOINT=file` keeps the place in a file: run it again
//! after a break and it goes on. Once everything was read the file is removed, and the next run
//! starts anew.
#![allow(clippy::print_stderr, reason = "an example talks")]

use std::error::Error;
use std::io::{self, Write, stdout};
use std::{env, fs};

use avepoint_graph::{AllSignIns, Checkpoint, Client, Environment, FanOut};

/// A checkpoint holds fingerprints of the pages at hand: one for so many records is enough.
const RECORDS_PER_CHECKPOINT: u64 = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder(Environment::Commercial)
        .client_secret(setting("AVEPOINT_CLIENT_ID")?, setting("AVEPOINT_CLIENT_SECRET")?);
    if let Ok(url) = env::var("AVEPOINT_BASE_URL") {
        builder = builder.base_url(url);
    }
    if let Ok(url) = env::var("AVEPOINT_AUTH_URL") {
        builder = builder.auth_url(url);
    }
    let client = builder.build()?;
    let file = env::var("CHECKPOINT").ok();
    let pager = client.all_sign_ins().items();
    let mut pager = match load(file.as_deref())? {
        Some(checkpoint) => pager.resume(checkpoint)?,
        None => pager,
    };
    let end = collect(&mut pager, file.as_deref()).await;
    if let (Some(file), Some(checkpoint)) = (&file, pager.checkpoint()) {
        save(file, &checkpoint).map_err(|error| format!("{file}: {error}"))?;
    }
    end?;

    let report = pager.report();
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    eprintln!("{} sign-ins on {} pages", report.records, report.pages);
    if let Some(file) = file {
        fs::remove_file(file)?;
    }
    Ok(())
}

/// Prints record by record, and keeps the place now and then.
async fn collect(pager: &mut FanOut<AllSignIns>, file: Option<&str>) -> Result<(), Box<dyn Error>> {
    let mut printed = 0;
    loop {
        match pager.try_next().await {
            Ok(Some(next)) => writeln!(stdout().lock(), "{}", next.record.raw())?,
            Ok(None) => return Ok(()),
            // A record that does not fit is no reason to stop, nor to lose it.
            Err(error) => match error.rejected() {
                Some(rejected) => eprintln!("{}: {}", rejected.mismatch(), rejected.raw()),
                None => return Err(error.into()),
            },
        }
        printed += 1;
        if printed % RECORDS_PER_CHECKPOINT == 0
            && let (Some(file), Some(checkpoint)) = (file, pager.checkpoint())
        {
            save(file, &checkpoint).map_err(|error| format!("{file}: {error}"))?;
        }
    }
}

/// Beside it first and then in its place, so that a crash leaves the old one or the new one.
fn save(file: &str, checkpoint: &Checkpoint) -> io::Result<()> {
    let beside = format!("{file}.new");
    fs::write(&beside, checkpoint.to_string())?;
    fs::rename(beside, file)
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
