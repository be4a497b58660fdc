//! The figures in words: tables for the terminal and for the page.

use std::fmt::Write as _;

use super::readers::Reader;
use super::results::{Results, Row, Vendor};

/// Between these lines the page is made.
const BEGIN: &str = "<!-- made by `cargo xtask bench`: begin -->\n";
const END: &str = "<!-- made by `cargo xtask bench`: end -->\n";

/// The page with its tables made anew.
pub(super) fn page(page: &str, results: &Results) -> Result<String, String> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) =
        parts.ok_or("BENCHMARKS.md: the lines that enclose the tables are gone")?;
    let made = format!("\n{}\n\n{}\n", results.method, tables(results));
    Ok(format!("{before}{BEGIN}{made}{END}{after}"))
}

/// Every table, that of the targets first.
pub(super) fn tables(results: &Results) -> String {
    let mut text = targets(results);
    let mut lists: Vec<(&str, bool, u64)> = Vec::new();
    for row in &results.graph {
        let list = (row.version.as_str(), row.gzip, row.events);
        if !lists.contains(&list) {
            lists.push(list);
        }
    }
    for (version, gzip, events) in lists {
        let rows = results.of(version, gzip, events);
        let rounds = rows.first().map_or(0, |row| row.rounds);
        let gzip = if gzip { "gzip" } else { "no gzip" };
        let rounds = if rounds == 1 { "one round".into() } else { format!("{rounds} rounds") };
        let _ = write!(
            text,
            "\n**{} sign-ins of {version}, {gzip}** ({rounds})\n\n\
             | reader | CPU µs an event | of the floor | wall µs an event | peak MiB | first event ms |\n\
             |---|---:|---:|---:|---:|---:|\n",
            thousands(events)
        );
        for Row { reader, cpu, wall, ratio, peak, first, .. } in rows {
            let title = Reader::title(reader);
            let _ = writeln!(
                text,
                "| {title} | {cpu:.1} | {ratio:.2} | {wall:.1} | {peak:.1} | {first:.1} |"
            );
        }
    }
    text.push_str("\n**Every vendor's client, its whole list**\n\n");
    text.push_str(&vendors(results));
    text
}

/// The table of the vendors' clients, each with its lists from the shortest on.
fn vendors(results: &Results) -> String {
    if results.vendor.is_empty() {
        return "not measured\n".to_owned();
    }
    let mut text = "| client | events | rounds | CPU µs an event | wall µs an event | peak MiB | first event ms | complete |\n\
        |---|---:|---:|---:|---:|---:|---:|---|\n"
        .to_owned();
    let first = |name: &str| results.vendor.iter().position(|one| one.vendor == name);
    let mut rows: Vec<&Vendor> = results.vendor.iter().collect();
    rows.sort_by_key(|row| (first(&row.vendor), row.events));
    for Vendor { vendor, events, rounds, cpu, wall, peak, first, complete } in rows {
        let (client, events) = (crate_of(vendor), thousands(*events));
        let complete = if *complete { "yes" } else { "cannot tell" };
        let _ = writeln!(
            text,
            "| {client} | {events} | {rounds} | {cpu:.1} | {wall:.1} | {peak:.1} | {first:.1} | {complete} |"
        );
    }
    text
}

/// What was aimed at and what came out.
fn targets(results: &Results) -> String {
    let mut text = "| target | measured | |\n|---|---|---|\n".to_owned();
    let mut line = |target: &str, measured: Option<f64>, met: &dyn Fn(f64) -> bool, unit: &str| {
        let _ = match measured.filter(|measured| measured.is_finite()) {
            Some(measured) => {
                let verdict = if met(measured) { "met" } else { "missed" };
                writeln!(text, "| {target} | {measured:.2}{unit} | {verdict} |")
            }
            None => writeln!(text, "| {target} | not measured | |"),
        };
    };
    let ratio = |version, reader| Some(results.one(version, true, 100_000, reader)?.ratio);
    let typed = ratio("v1.0", "typed");
    let by = |other: Option<f64>, one: Option<f64>| Some(other? / one?);
    line("typed, v1.0: CPU at most 1.25 of the floor", typed, &|x| x <= 1.25, "");
    line("typed, beta: CPU at most 1.5 of the floor", ratio("beta", "typed"), &|x| x <= 1.5, "");
    line(
        "raw: at least 1.5 times cheaper than typed",
        by(typed, ratio("v1.0", "raw")),
        &|x| x >= 1.5,
        "",
    );
    line(
        "typed: at least 2.5 times cheaper than graph-rs-sdk",
        by(ratio("v1.0", "peer"), typed),
        &|x| x >= 2.5,
        "",
    );
    let first = |reader| Some(results.one("v1.0", true, 10_000, reader)?.first);
    line(
        "first event: at most twice as late as the floor's",
        by(first("typed"), first("floor")),
        &|x| x <= 2.0,
        "",
    );
    let peaks = peaks(results);
    let most = peaks.iter().map(|(_, _, large)| *large).max_by(f64::total_cmp);
    let growth = peaks.iter().map(|(_, small, large)| large / small).max_by(f64::total_cmp);
    line("memory at 1 million, every vendor: under 16 MiB", most, &|x| x < 16.0, " MiB at most");
    line(
        "memory at 1 million, every vendor: at most 1.1 of that at 10 thousand",
        growth,
        &|x| x <= 1.1,
        " at most",
    );
    text
}

/// Each client's peak at 10 thousand and at a million events.
fn peaks(results: &Results) -> Vec<(&str, f64, f64)> {
    let graph = |events| Some(results.one("v1.0", true, events, "typed")?.peak);
    let vendor = |name: &str, few: bool| {
        let of = |one: &&Vendor| one.vendor == name && (one.events < 100_000) == few;
        Some(results.vendor.iter().find(of)?.peak)
    };
    let mut names: Vec<&str> = results.vendor.iter().map(|one| one.vendor.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut peaks: Vec<_> = names
        .into_iter()
        .filter_map(|name| Some((name, vendor(name, true)?, vendor(name, false)?)))
        .collect();
    if let (Some(small), Some(large)) = (graph(10_000), graph(1_000_000)) {
        peaks.push(("msgraph", small, large));
    }
    peaks
}

fn crate_of(vendor: &str) -> &str {
    match vendor {
        "tines" => "tines-admin",
        "avepoint" => "avepoint-graph",
        other => other,
    }
}

/// 1000000 as `1,000,000`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|part| std::str::from_utf8(part).ok())
        .collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_keeps_what_stands_around_the_tables() {
        let results = Results { method: "here".into(), ..Results::default() };
        let made = page(&format!("before\n{BEGIN}old\n{END}after\n"), &results).unwrap();
        assert!(made.starts_with("before\n") && made.ends_with("after\n"), "{made}");
        assert!(made.contains("\nhere\n") && !made.contains("old"), "{made}");
        assert_eq!(page(&made, &results).unwrap(), made);
        assert!(page("nothing", &results).is_err());
    }

    #[test]
    fn a_target_without_figures_is_said_to_be_not_measured() {
        let mut results = Results::default();
        let told = targets(&results);
        assert_eq!(told.matches("| not measured | |").count(), told.lines().count() - 2, "{told}");
        let row = "version = \"v1.0\"\ngzip = true\nevents = 100000\nreader = \"typed\"\n\
            rounds = 1\ncpu = 1.0\nwall = 1.0\nratio = 1.3\npeak = 1.0\nfirst = 1.0\n";
        results.graph.push(toml::from_str(row).unwrap());
        assert!(tables(&results).contains("of the floor | 1.30 | missed |"), "{results:?}");
        assert!(tables(&results).contains("raw: at least 1.5 times cheaper than typed | not mea"));
    }

    #[test]
    fn numbers_are_written_in_thousands() {
        assert_eq!([7, 1_000, 1_234_567].map(thousands), ["7", "1,000", "1,234,567"]);
    }
}
