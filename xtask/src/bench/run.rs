//! The runs: readers take turns, each run is a process, and each is held to what the service
//! says must be found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::build::{Programs, build};
use super::plan::{List, Plan, Set};
use super::readers::Reader;
use super::results::{Results, Row, Vendor};
use super::service::{Line, Service, Truth};
use crate::say;

/// What a run cost.
#[derive(Debug, Clone, Copy)]
struct Cost {
    cpu: f64,
    wall: f64,
    ratio: f64,
    peak: f64,
    first: f64,
}

pub(super) fn measure(root: &Path, plan: &Plan) -> Result<Results, String> {
    let programs = build(root, plan)?;
    let mut results = Results { method: method(root), ..Results::default() };
    {
        let service = Service::start(&programs, &["graph"])?;
        for set in &plan.sets {
            results.graph.extend(read_set(&programs, &service, set, plan.think)?);
        }
    }
    for events in &plan.vendors {
        let service = Service::start(&programs, &["vendors", &events.to_string()])?;
        for said in &service.said {
            results.vendor.push(read_vendor(&programs, said)?);
        }
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
    let mut costs: BTreeMap<&str, Vec<Cost>> = BTreeMap::new();
    for round in 1..=set.rounds {
        let mut floor = None;
        for reader in &set.readers {
            let name = reader.name();
            let truth = service.truth(set.list, reader.reads_texts())?;
            let arguments = [base_url, token.as_str(), version];
            let mut cost = read(&programs.of(*reader), &arguments, truth)?;
            floor = floor.or(Some(cost.cpu).filter(|_| *reader == Reader::Floor));
            cost.ratio = floor.map_or(f64::NAN, |floor| cost.cpu / floor);
            say(&format!(
                "{version} gzip={gzip} {events} round {round}: {name} {:.1} µs CPU an event, {:.2} of the floor",
                cost.cpu, cost.ratio
            ));
            costs.entry(name).or_default().push(cost);
        }
    }
    let row = |reader: &Reader| {
        let costs = costs.get(reader.name())?;
        Some(Row {
            version: version.to_owned(),
            gzip,
            events,
            reader: reader.name().to_owned(),
            rounds: set.rounds,
            cpu: median(costs, |cost| cost.cpu),
            wall: median(costs, |cost| cost.wall),
            ratio: median(costs, |cost| cost.ratio),
            peak: median(costs, |cost| cost.peak),
            first: median(costs, |cost| cost.first),
        })
    };
    Ok(set.readers.iter().filter_map(row).collect())
}

fn read_vendor(programs: &Programs, said: &Line) -> Result<Vendor, String> {
    let vendor = said.text("vendor")?;
    let arguments = [vendor, said.text("base_url")?, said.text("token")?, said.text("further")?];
    let truth = Truth { events: said.number("events")?, sum: said.number("sum")? };
    let cost = read(&programs.path("vendor"), &arguments, truth)?;
    say(&format!("{vendor} {}: {:.1} MiB at most", truth.events, cost.peak));
    Ok(Vendor { vendor: vendor.to_owned(), events: truth.events, cpu: cost.cpu, peak: cost.peak })
}

/// Runs a reader, and refuses what it read where that is not everything.
#[expect(clippy::cast_precision_loss, reason = "nanoseconds of hours fit")]
fn read(program: &Path, arguments: &[&str], truth: Truth) -> Result<Cost, String> {
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
    Ok(Cost {
        cpu: each("cpu_ns")?,
        wall: each("wall_ns")?,
        ratio: f64::NAN,
        peak: told.number("peak_kib")? as f64 / 1_024.0,
        first: told.number("first_ns")? as f64 / 1_000_000.0,
    })
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The machine, the system, the compiler and the commit, as far as they can be told.
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
