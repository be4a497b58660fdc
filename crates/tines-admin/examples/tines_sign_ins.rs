//! Prints a user's sign-ins, and resumes where it stopped.
//!
//! ```text
//! TINES_BASE_URL=acme.tines.com TINES_API_KEY=… TINES_USER_ID=72 cargo run --example tines_sign_ins
//! ```
//!
//! `CHECKPOINT=file` keeps the place in a file: run it again after a break and it goes on. Once
//! everything was read the file is removed, and the next run starts anew.
#![allow(clippy::print_stderr, reason = "an example talks")]

use std::error::Error;
use std::io::{self, Write, stdout};
use std::{env, fs};

use tines_admin::{Checkpoint, Client, Page, Pages, SigninActivities, SigninActivity};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client =
        Client::builder(setting("TINES_BASE_URL")?).token(setting("TINES_API_KEY")?).build()?;
    let pages = client.signin_activities(setting("TINES_USER_ID")?).pages();
    let file = env::var("CHECKPOINT").ok();
    let mut pages = match load(file.as_deref())? {
        Some(checkpoint) => pages.resume(checkpoint)?,
        None => pages,
    };
    collect(&mut pages, file.as_deref()).await?;

    let report = pages.report();
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    eprintln!("{} sign-ins on {} pages", report.records, report.pages);
    if let Some(file) = file.filter(|_| report.finished) {
        fs::remove_file(file)?;
    }
    Ok(())
}

/// Prints page by page, and keeps the place after each.
async fn collect(
    pages: &mut Pages<SigninActivities>,
    file: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    while let Some(page) = pages.try_next().await? {
        print(&page)?;
        if let (Some(file), Some(checkpoint)) = (file, pages.checkpoint()) {
            save(file, &checkpoint).map_err(|error| format!("{file}: {error}"))?;
        }
    }
    Ok(())
}

fn print(page: &Page<SigninActivity>) -> io::Result<()> {
    let mut out = stdout().lock();
    for row in page.rows() {
        match row {
            Ok(sign_in) => writeln!(out, "{}", sign_in.raw())?,
            // A record that does not fit is no reason to stop, nor to lose it.
            Err(rejected) => eprintln!("{}: {}", rejected.mismatch(), rejected.raw()),
        }
    }
    out.flush()
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
