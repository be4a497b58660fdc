//! The figures in words: tables for the terminal and for the page.

use std::fmt::Write as _;

use super::readers::{Reader, client};
use super::results::{Decoding, Results, Row, Vendor};
use super::targets::targets;
use crate::vendors;

/// Between these lines the page is made.
const BEGIN: &str = "<!-- made by `cargo xtask bench`: begin -->\n";
const END: &str = "<!-- made by `cargo xtask bench`: end -->\n";

/// The page with its tables made anew.
pub(super) fn page(
    page: &str,
    results: &Results,
    known: &[vendors::Vendor],
) -> Result<String, String> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) =
        parts.ok_or("BENCHMARKS.md: the lines that enclose the tables are gone")?;
    let made = format!("\n{}\n\n{}\n", results.method, tables(results, known));
    Ok(format!("{before}{BEGIN}{made}{END}{after}"))
}

/// Every table, that of the targets first.
pub(super) fn tables(results: &Results, known: &[vendors::Vendor]) -> String {
    let mut text = targets(results, known);
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
    text.push_str(&vendors(results, known));
    text.push_str("\n**Decoding one page** (criterion's median)\n\n");
    text.push_str(&decodings(results));
    text
}

/// The table of the vendors' clients, each with its lists from the shortest on.
fn vendors(results: &Results, known: &[vendors::Vendor]) -> String {
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
        let krate = known.iter().find(|one| one.name == *vendor).map_or(vendor, |one| &one.krate);
        let (name, events) = (client(krate), thousands(*events));
        let complete = if *complete { "yes" } else { "cannot tell" };
        let _ = writeln!(
            text,
            "| {name} | {events} | {rounds} | {cpu:.1} | {wall:.1} | {peak:.1} | {first:.1} | {complete} |"
        );
    }
    text
}

/// The table of decoding alone.
#[expect(clippy::cast_precision_loss, reason = "a page is small")]
fn decodings(results: &Results) -> String {
    if results.decoding.is_empty() {
        return "not measured\n".to_owned();
    }
    let mut text =
        "| page of | records | bytes a record | µs a record | records a second | MB a second |\n\
        |---|---:|---:|---:|---:|---:|\n"
            .to_owned();
    for Decoding { list, records, bytes, micros } in &results.decoding {
        let (count, size) = (*records as f64, *bytes as f64);
        let (each, length) = (micros / count, bytes / (*records).max(1));
        let (rate, speed) = (1_000_000.0 * count / micros, size / micros);
        let _ = writeln!(
            text,
            "| {list} | {records} | {} | {each:.2} | {} | {speed:.0} |",
            thousands(length),
            thousands(format!("{rate:.0}"))
        );
    }
    text
}

/// 1000000 as `1,000,000`; a whole number.
#[expect(clippy::needless_pass_by_value, reason = "a number costs nothing to pass")]
fn thousands(number: impl ToString) -> String {
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
        let made = page(&format!("before\n{BEGIN}old\n{END}after\n"), &results, &[]).unwrap();
        assert!(made.starts_with("before\n") && made.ends_with("after\n"), "{made}");
        assert!(made.contains("\nhere\n") && !made.contains("old"), "{made}");
        assert_eq!(page(&made, &results, &[]).unwrap(), made);
        assert!(page("nothing", &results, &[]).is_err());
    }

    #[test]
    fn decoding_is_told_as_throughput() {
        let page = Decoding { list: "a".into(), records: 500, bytes: 250_000, micros: 1_000.0 };
        let told = decodings(&Results { decoding: vec![page], ..Results::default() });
        assert!(told.ends_with("\n| a | 500 | 500 | 2.00 | 500,000 | 250 |\n"), "{told}");
        assert_eq!(decodings(&Results::default()), "not measured\n");
    }

    #[test]
    fn numbers_are_written_in_thousands() {
        assert_eq!([7, 1_000, 1_234_567].map(thousands), ["7", "1,000", "1,234,567"]);
    }
}
