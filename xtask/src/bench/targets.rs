//! What was aimed at, and what came out.

use std::fmt::Write as _;

use super::readers::{Reader, client};
use super::results::Results;
use crate::vendors::Vendor;

const FEW: u64 = 10_000;
const MANY: u64 = 1_000_000;

/// The table of the targets. None is bent to what came out.
pub(super) fn targets(results: &Results, vendors: &[Vendor]) -> String {
    let mut text = "| target | measured | |\n|---|---|---|\n".to_owned();
    let mut line = |target: &str, measured: Option<f64>, met: &dyn Fn(f64) -> bool| {
        let measured = measured.filter(|measured| measured.is_finite());
        let words = measured.map_or("not measured".to_owned(), |number| format!("{number:.2}"));
        let _ = writeln!(text, "| {target} | {words} | {} |", verdict(measured.map(met)));
    };
    let ratio = |version, reader| Some(results.one(version, true, 100_000, reader)?.ratio);
    let by = |other: Option<f64>, one: Option<f64>| Some(other? / one?);
    let typed = ratio("v1.0", "typed");
    line("typed, v1.0: CPU at most 1.25 of the floor", typed, &|x| x <= 1.25);
    line("typed, beta: CPU at most 1.5 of the floor", ratio("beta", "typed"), &|x| x <= 1.5);
    let raw = by(typed, ratio("v1.0", "raw"));
    line("raw: at least 1.5 times cheaper than typed", raw, &|x| x >= 1.5);
    let peer = by(ratio("v1.0", "peer"), typed);
    line("typed: at least 2.5 times cheaper than graph-rs-sdk", peer, &|x| x >= 2.5);
    let first = |reader| Some(results.one("v1.0", true, FEW, reader)?.first);
    let first = by(first("typed"), first("floor"));
    line("first event: at most twice as late as the floor's", first, &|x| x <= 2.0);

    let many: Vec<_> =
        peaks(results, vendors).into_iter().map(|(name, _, many)| (name, many)).collect();
    let target = "memory at 1 million, every typed walk: under 16 MiB";
    text.push_str(&of_all(target, " MiB", &many, |peak| peak < 16.0));
    let growth = |(name, few, many)| (name, by(many, few));
    let growth: Vec<_> = peaks(results, vendors).into_iter().map(growth).collect();
    let target = "memory at 1 million, every typed walk: at most 1.1 of that at 10 thousand";
    text.push_str(&of_all(target, "", &growth, |growth| growth <= 1.1));
    text
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "met",
        Some(false) => "missed",
        None => "",
    }
}

/// A target that every pager must meet: the line says the worst, whose it is, and who was not
/// measured, without whom it may be missed but not met.
fn of_all(
    target: &str,
    unit: &str,
    walks: &[(String, Option<f64>)],
    met: impl Fn(f64) -> bool,
) -> String {
    let measured = walks.iter().filter_map(|(name, figure)| Some((name, (*figure)?)));
    let worst = measured.max_by(|(_, one), (_, other)| one.total_cmp(other));
    let without = walks.iter().filter(|(_, figure)| figure.is_none());
    let without: Vec<&str> = without.map(|(name, _)| name.as_str()).collect();
    let met = worst.map(|(_, figure)| met(figure)).filter(|met| !met || without.is_empty());
    let mut words = worst
        .map_or_else(String::new, |(name, figure)| format!("{figure:.2}{unit} at most ({name}); "));
    if !without.is_empty() {
        let _ = write!(words, "not measured: {}", without.join(", "));
    }
    format!("| {target} | {} | {} |\n", words.trim_end_matches("; "), verdict(met))
}

/// The peak of every typed pager at few events and at many.
fn peaks(results: &Results, vendors: &[Vendor]) -> Vec<(String, Option<f64>, Option<f64>)> {
    let graph = ["v1.0", "beta"].map(|version| {
        let peak = |events| Some(results.one(version, true, events, "typed")?.peak);
        (format!("{} {version}", Reader::title("typed")), peak(FEW), peak(MANY))
    });
    let vendors = vendors.iter().map(|vendor| {
        let rows = results.vendor.iter().filter(|row| row.vendor == vendor.name);
        let peak = |events| Some(rows.clone().find(|row| row.events == events)?.peak);
        (client(&vendor.krate), peak(FEW), peak(MANY))
    });
    graph.into_iter().chain(vendors).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(version: &str, events: u64, reader: &str, figures: &str) -> String {
        format!(
            "[[graph]]\nversion = \"{version}\"\ngzip = true\nevents = {events}\n\
             reader = \"{reader}\"\nrounds = 1\ncpu = 1.0\nwall = 1.0\nfirst = 1.0\n{figures}\n"
        )
    }

    fn vendor(name: &str, events: u64, peak: f64) -> String {
        format!(
            "[[vendor]]\nvendor = \"{name}\"\nevents = {events}\nrounds = 1\ncpu = 1.0\n\
             wall = 1.0\nfirst = 1.0\ncomplete = true\npeak = {peak:.1}\n"
        )
    }

    fn vendors() -> Vec<Vendor> {
        [("acme", "acme-sdk"), ("ssojet", "ssojet"), ("msgraph", "msgraph-signins")]
            .map(|(name, krate)| Vendor { name: name.to_owned(), krate: krate.to_owned() })
            .into()
    }

    fn told(rows: &[String]) -> String {
        let results = toml::from_str(&format!("method = \"\"\n{}", rows.concat())).unwrap();
        targets(&results, &vendors())
    }

    #[test]
    fn a_target_without_figures_is_said_to_be_not_measured() {
        let told = told(&[]);
        let targets = told.lines().skip(2);
        assert!(targets.clone().all(|line| line.contains("| not measured")), "{told}");
        assert!(targets.clone().all(|line| line.ends_with("|  |")), "{told}");
        assert_eq!(targets.count(), 7);
    }

    #[test]
    fn targets_are_met_or_missed_by_what_is_measured() {
        let typed = row("v1.0", 100_000, "typed", "ratio = 1.3\npeak = 1.0");
        let raw = row("v1.0", 100_000, "raw", "ratio = 0.5\npeak = 1.0");
        let told = told(&[typed, raw]);
        assert!(told.contains("of the floor | 1.30 | missed |"), "{told}");
        assert!(told.contains("cheaper than typed | 2.60 | met |"), "{told}");
        assert!(told.contains("cheaper than graph-rs-sdk | not measured |  |"), "{told}");
    }

    #[test]
    fn memory_is_that_of_every_typed_walk() {
        let peak = |events, peak: &str| {
            ["v1.0", "beta"]
                .map(|version| row(version, events, "typed", &format!("ratio = 1.0\n{peak}")))
        };
        let mut rows = [peak(FEW, "peak = 10.0"), peak(MANY, "peak = 10.5")].concat();
        let several = |told: &str, words: &[&str]| {
            assert!(words.iter().all(|words| told.contains(words)), "{told}");
        };
        let without = "not measured: acme-sdk, ssojet, msgraph-signins all_sign_ins |  |";
        let beta = "(msgraph-signins beta)";
        let partly = format!("| 10.50 MiB at most {beta}; {without}");
        several(&told(&rows), &[&partly, &format!("| 1.05 at most {beta}; {without}")]);
        for Vendor { name, .. } in vendors() {
            rows.extend([vendor(&name, FEW, 10.0), vendor(&name, MANY, 11.0)]);
        }
        let all = "(msgraph-signins all_sign_ins)";
        several(&told(&rows), &[&format!("| 11.00 MiB at most {all} | met |"), "| 1.10 at most"]);
        // One pager is enough to miss it, whoever else was measured.
        for rows in [&mut rows, &mut vec![vendor("ssojet", FEW, 10.0)]] {
            rows.retain(|row| *row != vendor("ssojet", MANY, 11.0));
            rows.push(vendor("ssojet", MANY, 16.0));
            let missed = told(rows);
            several(&missed, &["| 16.00 MiB at most (ssojet)", "| 1.60 at most (ssojet)"]);
            assert_eq!(missed.matches("| missed |").count(), 2, "{missed}");
        }
    }
}
