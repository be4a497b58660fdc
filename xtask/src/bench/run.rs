//! The runs: readers take turns, each run is a process, and each is held to what the service
//! says must be found.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::build::{Programs, build};
use super::pages;
use super::plan::{List, Plan, Set};
use super::readers::Reader;
use super::results::{Results, Row, Vendor};
use super::service::{Line, Service, Truth};
use super::turns::{Cost, ratio, take_turns};
use crate::say;

pub(super) fn measure(root: &Path, plan: &Plan) -> Result<Results, String> {
    let programs = build(root, plan)?;
    let mut results = Results { method: method(root), ..Results::default() };
    {
        let service = Service::start(&programs, &["graph"])?;
        for set in &plan.sets {
            results.graph.extend(read_set(&programs, &service, set, plan.think)?);
        }
    }
    for (events, rounds) in &plan.vendors {
        let service = Service::start(&programs, &["vendors", &events.to_string()])?;
        results.vendor.extend(read_vendors(&programs, &service.said, *rounds)?);
    }
    if plan.pages {
        results.decoding = pages::measure(root)?;
    }
    Ok(results)
}

/// Lets the readers take turns at one list.
fn read_set(
    programs: &Programs,
    service: &Service,
    set: &Set,
    think: u64,
) -> Result<Vec<Row>, String> {
    let List { version, gzip, events } = set.list;
    let base_url = service.base_url(gzip)?;
    let token = format!("bench.{events}.{think}");
    let arguments = [base_url, token.as_str(), version];
    let costs = take_turns(&set.readers, set.rounds, |round, reader| {
        let truth = service.truth(set.list, reader.reads_texts())?;
        let (cost, _) = read(&programs.of(*reader), &arguments, truth)?;
        let (name, cpu) = (reader.name(), cost.cpu);
        say(&format!(
            "{version} gzip={gzip} {events} round {round}: {name} {cpu:.1} µs CPU an event"
        ));
        Ok(cost)
    })?;
    let costs: Vec<_> = set.readers.iter().zip(costs).collect();
    let floor = costs.iter().find(|(reader, _)| **reader == Reader::Floor);
    let floor = floor.map(|(_, costs)| costs.as_slice()).unwrap_or_default();
    let row = |(reader, costs): &(&Reader, Vec<Cost>)| {
        let Cost { cpu, wall, peak, first } = Cost::of(costs)?;
        let (version, reader) = (version.to_owned(), reader.name().to_owned());
        let (rounds, ratio) = (set.rounds, ratio(costs, floor));
        Some(Row { version, gzip, events, reader, rounds, cpu, wall, ratio, peak, first })
    };
    Ok(costs.iter().filter_map(row).collect())
}

/// Lets the vendors' clients take turns, each at a service of its own.
fn read_vendors(
    programs: &Programs,
    services: &[Line],
    rounds: usize,
) -> Result<Vec<Vendor>, String> {
    let mut incomplete = BTreeSet::new();
    let costs = take_turns(services, rounds, |round, said| {
        let vendor = said.text("vendor")?;
        let further = [said.text("base_url")?, said.text("token")?, said.text("further")?];
        let arguments = [&[vendor][..], &further].concat();
        let truth = Truth { events: said.number("events")?, sum: said.number("sum")? };
        let (cost, told) = read(&programs.path("vendor"), &arguments, truth)?;
        if told.number("complete")? == 0 {
            incomplete.insert(vendor);
        }
        let (events, peak) = (truth.events, cost.peak);
        say(&format!("{vendor} {events} round {round}: {peak:.1} MiB at most"));
        Ok(cost)
    })?;
    let mut rows = Vec::new();
    for (said, costs) in services.iter().zip(costs) {
        let (vendor, events) = (said.text("vendor")?, said.number("events")?);
        let Some(Cost { cpu, wall, peak, first }) = Cost::of(&costs) else { continue };
        let (complete, vendor) = (!incomplete.contains(vendor), vendor.to_owned());
        rows.push(Vendor { vendor, events, rounds, cpu, wall, peak, first, complete });
    }
    Ok(rows)
}

/// Runs a reader, and refuses what it read where that is not everything. Gives what it cost and
/// all that it told.
#[expect(clippy::cast_precision_loss, reason = "nanoseconds of hours fit")]
fn read(program: &Path, arguments: &[&str], truth: Truth) -> Result<(Cost, Line), String> {
    let name = program.file_name().unwrap_or_default().display();
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{name} cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let told = Line::parse(&String::from_utf8_lossy(&output.stdout));
    let found = Truth { events: told.number("events")?, sum: told.number("sum")? };
    if found != truth {
        return Err(format!("{name} found {found:?}, and not {truth:?}"));
    }
    let events = truth.events.max(1) as f64;
    let each = |name| told.number(name).map(|spent| spent as f64 / 1_000.0 / events);
    let cost = Cost {
        cpu: each("cpu_ns")?,
        wall: each("wall_ns")?,
        peak: told.number("peak_kib")? as f64 / 1_024.0,
        first: told.number("first_ns")? as f64 / 1_000_000.0,
    };
    Ok((cost, told))
}

/// The machine, the system, the compiler and the commit, as far as they can be known.
pub(crate) fn method(root: &Path) -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut models = cpus.lines().filter_map(|line| line.strip_prefix("model name"));
    let model = models.next().map(|model| model.trim_start_matches([' ', '\t', ':']).to_owned());
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(root).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let compiler = said("rustc", &["-V"]).unwrap_or_default();
    let commit = said("git", &["log", "-1", "--format=%h of %cs"]).unwrap_or_default();
    format!(
        "{}, {count} cores; Linux {}; {compiler}; commit {commit}",
        model.unwrap_or_else(|| "unknown processor".to_owned()),
        kernel.trim()
    )
}
