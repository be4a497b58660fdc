//! The service in a process of its own, and what it says must be found.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::build::Programs;
use super::plan::List;

/// A line of `name=value …`.
#[derive(Debug, Default)]
pub(super) struct Line(BTreeMap<String, String>);

impl Line {
    pub(super) fn parse(line: &str) -> Self {
        let pairs = line.split_whitespace().filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub(super) fn text(&self, name: &str) -> Result<&str, String> {
        self.0.get(name).map(String::as_str).ok_or_else(|| format!("no `{name}` was said"))
    }

    pub(super) fn number(&self, name: &str) -> Result<u64, String> {
        self.text(name)?.parse().map_err(|_| format!("`{name}` is no number"))
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.0.get(name).is_some_and(|there| there == value)
    }
}

/// What must be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) events: u64,
    pub(super) sum: u64,
}

/// A running service. It ends with its input.
pub(super) struct Service {
    process: Child,
    input: Option<ChildStdin>,
    pub(super) said: Vec<Line>,
}

impl Service {
    /// Starts it, and waits until it is ready.
    pub(super) fn start(programs: &Programs, arguments: &[&str]) -> Result<Self, String> {
        let failed = |error| format!("the service cannot be started: {error}");
        let mut process = Command::new(programs.path("signin-bench-service"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let input = process.stdin.take();
        let mut said = Vec::new();
        let output = process.stdout.take().ok_or("the service has no output")?;
        for line in BufReader::new(output).lines() {
            let line = line.map_err(failed)?;
            if line == "ready" {
                return Ok(Self { process, input, said });
            }
            said.push(Line::parse(&line));
        }
        Err("the service ended before it was ready".into())
    }

    /// The address where a list is.
    pub(super) fn base_url(&self, gzip: bool) -> Result<&str, String> {
        let name = if gzip { "gzip" } else { "plain" };
        let line = self.said.iter().find(|line| line.is("graph", name));
        line.ok_or("no address was said")?.text("base_url")
    }

    /// What a list holds: the pages come again in the same order until it is full. The sum of the
    /// records' texts, or of their members.
    pub(super) fn truth(&self, list: List, texts: bool) -> Result<Truth, String> {
        let pages: Vec<&Line> =
            self.said.iter().filter(|line| line.is("version", list.version)).collect();
        let mut truth = Truth { events: 0, sum: 0 };
        for page in pages.iter().cycle() {
            if truth.events >= list.events {
                break;
            }
            truth.events += page.number("events")?;
            let sum = page.number(if texts { "raw_sum" } else { "sum" })?;
            truth.sum = truth.sum.wrapping_add(sum);
        }
        Ok(truth)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}
