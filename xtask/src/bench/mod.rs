//! `cargo xtask bench`: reads simulated sign-ins by several readers, each run a process of its
//! own, and tells what each costs.

mod build;
mod chart;
mod pages;
mod plan;
mod readers;
mod report;
mod results;
mod run;
mod service;
mod targets;
mod turns;

use std::fs;
use std::path::Path;

use plan::Plan;
use results::Results;

pub(crate) use run::method;

use crate::{say, vendors};

/// Where the figures are kept from which the page and the chart are made.
const RESULTS: &str = "bench/results.toml";
const PAGE: &str = "BENCHMARKS.md";
const CHART: &str = "docs/benchmarks.svg";

/// Measures, and says what went wrong. With `--write` the page and the chart are made anew; with
/// `--brief` few events are read, by readers built in a hurry: only what they found counts.
pub(crate) fn measure(root: &Path, options: &[&str]) -> Vec<String> {
    let plan = match Plan::of(options) {
        Ok(plan) => plan,
        Err(error) => return vec![error],
    };
    let measured = run::measure(root, &plan).and_then(|results| {
        say(&report::tables(&results, &vendors::all(root)?));
        if !plan.write {
            return Ok(());
        }
        write(root, RESULTS, &results.to_toml())?;
        // Of the kept figures, which are rounded.
        make(root)
    });
    measured.err().into_iter().collect()
}

/// How the page and the chart differ from what the kept figures say.
pub(crate) fn drift(root: &Path) -> Vec<String> {
    let made = Results::read(&root.join(RESULTS)).and_then(|results| made_of(root, &results));
    let made = match made {
        Ok(made) => made,
        Err(error) => return vec![error],
    };
    let differs = |(file, text): &(&str, String)| {
        fs::read_to_string(root.join(file)).is_ok_and(|there| there == *text)
    };
    made.iter()
        .filter(|one| !differs(one))
        .map(|(file, _)| {
            format!("{file}: is not what {RESULTS} says: `cargo xtask bench --render`")
        })
        .collect()
}

/// Makes the page and the chart of the kept figures.
pub(crate) fn render(root: &Path) -> Vec<String> {
    make(root).err().into_iter().collect()
}

fn make(root: &Path) -> Result<(), String> {
    let results = Results::read(&root.join(RESULTS))?;
    made_of(root, &results)?.iter().try_for_each(|(file, text)| write(root, file, text))
}

/// The files that are made of figures, with their texts.
fn made_of(root: &Path, results: &Results) -> Result<[(&'static str, String); 2], String> {
    let page = fs::read_to_string(root.join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))?;
    Ok([(PAGE, report::page(&page, results, &vendors::all(root)?)?), (CHART, chart::draw(results))])
}

fn write(root: &Path, file: &str, text: &str) -> Result<(), String> {
    fs::write(root.join(file), text).map_err(|error| format!("{file}: {error}"))
}
