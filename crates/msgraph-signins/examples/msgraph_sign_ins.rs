//! Prints a tenant's sign-ins of the last day, and resumes where it stopped.
//!
//! ```text
//! MSGRAPH_TENANT_ID=… MSGRAPH_CLIENT_ID=… MSGRAPH_CLIENT_SECRET=… cargo run --example msgraph_sign_ins
//! ```
//!
//! `MSGRAPH_KINDS=all` reads all kinds of sign-ins, by beta. `CHECKPOINT=file` keeps the range
//! and the place in a file: run it again after a break and it goes on. Once everything was read
//! the file is removed, and the next run starts anew.
#![allow(clippy::print_stderr, reason = "an example talks")]

use std::error::Error;
use std::io::{self, Write, stdout};
use std::time::{Duration, SystemTime};
use std::{env, fs};

use msgraph_signins::{Checkpoint, Client, Missing, SignInEventType, SignIns, Timestamp, Windows};

/// Records between two checkpoints.
const OFTEN: u64 = 1000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder(setting("MSGRAPH_TENANT_ID")?)
        .client_secret(setting("MSGRAPH_CLIENT_ID")?, setting("MSGRAPH_CLIENT_SECRET")?)
        .build()?;
    let file = env::var("CHECKPOINT").ok();
    let (from, to, checkpoint) = match load(file.as_deref())? {
        Some(saved) => saved,
        None => {
            let (from, to) = last_day();
            (from, to, None)
        }
    };
    let list = client.sign_ins();
    let list = match env::var("MSGRAPH_KINDS").as_deref() {
        Ok("all") => list.event_types(SignInEventType::ALL),
        _ => list,
    };
    eprintln!("asking {} for {from} to {to}", list.version());
    let mut pager = list.window(from.clone(), to.clone());
    if let Some(checkpoint) = checkpoint {
        pager = pager.resume(checkpoint)?;
    }
    let place = |pager: &Windows<SignIns>| match (&file, pager.checkpoint()) {
        (Some(file), Some(checkpoint)) => save(file, &from, &to, &checkpoint),
        _ => Ok(()),
    };
    collect(&mut pager, place).await?;

    let report = pager.report();
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    eprintln!("{} sign-ins in {} requests", report.records, report.requests);
    if let Some(file) = file.filter(|_| report.finished) {
        fs::remove_file(file).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
    }
    Ok(())
}

/// Prints record by record, and keeps the place now and then.
async fn collect(
    pager: &mut Windows<SignIns>,
    place: impl Fn(&Windows<SignIns>) -> io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let mut out = stdout();
    let mut left = OFTEN;
    loop {
        match pager.try_next().await {
            Ok(Some(sign_in)) => writeln!(out, "{}", sign_in.raw())?,
            Ok(None) => return Ok(()),
            // A record that does not fit is no reason to stop, nor to lose it.
            Err(error) => match error.rejected() {
                Some(rejected) => eprintln!("{}: {}", rejected.mismatch(), rejected.raw()),
                None => {
                    place(pager)?;
                    let fix = Missing::of(&error).map(Missing::fix);
                    return Err(fix.map_or_else(|| error.into(), Into::into));
                }
            },
        }
        left -= 1;
        if left == 0 {
            left = OFTEN;
            out.flush()?;
            place(pager)?;
        }
    }
}

/// The day up to a quarter of an hour ago: sign-ins appear late.
#[expect(clippy::disallowed_methods, reason = "an example reads the clock")]
fn last_day() -> (Timestamp, Timestamp) {
    let to = SystemTime::now() - Duration::from_secs(15 * 60);
    ((to - Duration::from_secs(24 * 60 * 60)).into(), to.into())
}

/// Beside it first and then in its place, so that a crash leaves the old one or the new one.
fn save(file: &str, from: &Timestamp, to: &Timestamp, place: &Checkpoint) -> io::Result<()> {
    let beside = format!("{file}.new");
    fs::write(&beside, format!("{from}\n{to}\n{place}\n"))?;
    fs::rename(beside, file)
}

type Saved = (Timestamp, Timestamp, Option<Checkpoint>);

fn load(file: Option<&str>) -> Result<Option<Saved>, Box<dyn Error>> {
    let Some(file) = file else { return Ok(None) };
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{file}: {error}").into()),
    };
    let lines: Vec<&str> = text.lines().collect();
    let [from, to, checkpoint] = lines.as_slice() else {
        return Err(format!("{file} holds no range and checkpoint: remove it to start anew").into());
    };
    Ok(Some((from.parse()?, to.parse()?, Some(checkpoint.parse()?))))
}

fn setting(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("set the environment variable {name}"))
}
