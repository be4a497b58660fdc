//! What the readers of the benchmark read, in a process of its own: simulated services on
//! loopback, until the program's input ends.
//!
//! ```text
//! signin-bench-service graph
//! signin-bench-service vendors EVENTS
//! ```
//!
//! It prints what the readers are to be told and what they must find, a `name=value …` line each,
//! then `ready`.

mod graph;
mod pages;
mod vendors;

use std::error::Error;
use std::io::{self, stdin};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["graph"] => {
            graph::start().await?;
            serve().await
        }
        ["vendors", events] => {
            let _running = vendors::start(events.parse()?).await?;
            serve().await
        }
        _ => Err("usage: graph | vendors EVENTS".into()),
    }
}

/// Says that all is ready, and lets it run to the end of the input.
async fn serve() -> Result<(), Box<dyn Error>> {
    println!("ready");
    tokio::task::spawn_blocking(|| io::copy(&mut stdin(), &mut io::sink())).await??;
    Ok(())
}
