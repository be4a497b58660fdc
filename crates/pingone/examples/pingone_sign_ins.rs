//! Prints the events about signing in of a range of time, and resumes where it stopped.
//!
//! ```text
//! PINGONE_REGION=EU PINGONE_ENVIRONMENT_ID=… PINGONE_CLIENT_ID=… PINGONE_CLIENT_SECRET=… \
//!     PINGONE_START=2026-11-02T00:00:00Z PINGONE_END=2026-11-03T00:00:00Z \
//!     cargo run --example pingone_sign_ins
//! ```
//!
//! `CHECKPOINT=file` keeps the place in a file: run it again after a break, with the same range,
//! and it goes on. Once everything was read the file is removed, and the next run starts anew.
#![allow(clippy::print_stderr, reason = "an example talks")]

use std::error::Error;
use std::io::{self, Write, stdout};
use std::{env, fs};

use pingone::{Activity, AllSignIns, Checkpoint, Client, Record, Region, Timestamp};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let region: Region = setting("PINGONE_REGION")?.parse()?;
    let client = Client::builder(region, setting("PINGONE_ENVIRONMENT_ID")?)
        .client_secret(setting("PINGONE_CLIENT_ID")?, setting("PINGONE_CLIENT_SECRET")?)
        .build()?;
    let start: Timestamp = setting("PINGONE_START")?.parse()?;
    let end: Timestamp = setting("PINGONE_END")?.parse()?;
    let file = env::var("CHECKPOINT").ok();
    let mut sign_ins = client.all_sign_ins(start, end);
    if let Some(checkpoint) = load(file.as_deref())? {
        sign_ins = sign_ins.resume(checkpoint)?;
    }
    let printed = collect(&mut sign_ins, file.as_deref()).await?;

    let report = sign_ins.report();
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    let left_out = sign_ins.left_out();
    eprintln!("{printed} events about signing in, {left_out} others, {} pages", report.pages);
    match file {
        Some(file) if fs::exists(&file)? => Ok(fs::remove_file(file)?),
        _ => Ok(()),
    }
}

/// Prints event by event, and keeps the place now and then: it holds fingerprints of the page at
/// hand, and keeping it after each event would cost more than the reading.
async fn collect(sign_ins: &mut AllSignIns, file: Option<&str>) -> Result<u64, Box<dyn Error>> {
    let mut printed = 0_u64;
    loop {
        match sign_ins.try_next().await {
            Ok(Some(event)) => print(&event)?,
            Ok(None) => return Ok(printed),
            // A record that does not fit is no reason to stop, nor to lose it.
            Err(error) => match error.rejected() {
                Some(rejected) => eprintln!("{}: {}", rejected.mismatch(), rejected.raw()),
                None => return Err(error.into()),
            },
        }
        printed += 1;
        if let (true, Some(file), Some(place)) =
            (printed.is_multiple_of(500), file, sign_ins.checkpoint())
        {
            save(file, &place).map_err(|error| format!("{file}: {error}"))?;
        }
    }
}

fn print(event: &Record<Activity>) -> io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{}", event.raw())
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
