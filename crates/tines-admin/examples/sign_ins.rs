//! Prints a user's sign-ins, and resumes where it stopped.
//!
//! ```text
//! TINES_BASE_URL=acme.tines.com TINES_API_KEY=… TINES_USER_ID=72 cargo run --example sign_ins
//! ```
//!
//! `CHECKPOINT=file` keeps the place in a file: run it again after a break and it goes on.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::error::Error;
use std::io::ErrorKind;
use std::{env, fs};

use tines_admin::{Client, Items, SigninActivities};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client =
        Client::builder(setting("TINES_BASE_URL")?).token(setting("TINES_API_KEY")?).build()?;
    let sign_ins = client.signin_activities(setting("TINES_USER_ID")?).items();
    let checkpoint_file = env::var("CHECKPOINT").ok();
    let mut sign_ins = resume(sign_ins, checkpoint_file.as_deref())?;

    let result = print(&mut sign_ins).await;
    if let (Some(file), Some(checkpoint)) = (checkpoint_file, sign_ins.checkpoint()) {
        fs::write(file, checkpoint.to_string())?;
    }
    let report = sign_ins.report();
    eprintln!("{} sign-ins on {} pages", report.records, report.pages);
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(result?)
}

async fn print(sign_ins: &mut Items<SigninActivities>) -> tines_admin::Result<()> {
    loop {
        match sign_ins.try_next().await {
            Ok(Some(sign_in)) => println!("{}", sign_in.raw()),
            Ok(None) => return Ok(()),
            // A record that does not fit is no reason to stop.
            Err(error) if error.rejected().is_some() => eprintln!("{error}"),
            Err(error) => return Err(error),
        }
    }
}

fn resume(
    sign_ins: Items<SigninActivities>,
    file: Option<&str>,
) -> Result<Items<SigninActivities>, Box<dyn Error>> {
    let Some(file) = file else { return Ok(sign_ins) };
    match fs::read_to_string(file) {
        Ok(text) => Ok(sign_ins.resume(text.parse()?)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(sign_ins),
        Err(error) => Err(error.into()),
    }
}

fn setting(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("set the environment variable {name}"))
}
