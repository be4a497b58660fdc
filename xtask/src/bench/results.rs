//! The figures, as they are kept.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// All that was measured, and where.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Results {
    /// The machine, the system, the compiler, the commit.
    pub(super) method: String,
    #[serde(default)]
    pub(super) graph: Vec<Row>,
    #[serde(default)]
    pub(super) vendor: Vec<Vendor>,
    #[serde(default)]
    pub(super) decoding: Vec<Decoding>,
}

/// A reader of Microsoft Graph's list: times of its round with the least processor time, the
/// largest peak of all rounds, and the median of the ratios that each round had.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Row {
    pub(super) version: String,
    pub(super) gzip: bool,
    pub(super) events: u64,
    pub(super) reader: String,
    pub(super) rounds: usize,
    /// Microseconds an event.
    pub(super) cpu: f64,
    pub(super) wall: f64,
    /// Processor time by that of the floor.
    pub(super) ratio: f64,
    /// MiB.
    pub(super) peak: f64,
    /// Milliseconds.
    pub(super) first: f64,
}

/// A pager over all that a vendor's service holds; figures as those of a [`Row`].
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Vendor {
    pub(super) vendor: String,
    pub(super) events: u64,
    pub(super) rounds: usize,
    pub(super) cpu: f64,
    pub(super) wall: f64,
    pub(super) peak: f64,
    pub(super) first: f64,
    /// Whether each pager could say that it was everything.
    pub(super) complete: bool,
}

/// Decoding one page of a list.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Decoding {
    pub(super) list: String,
    pub(super) records: u64,
    pub(super) bytes: u64,
    /// Microseconds for the page, the median.
    pub(super) micros: f64,
}

impl Results {
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
        toml::from_str(&text).map_err(|error| failed(&error))
    }

    pub(super) fn to_toml(&self) -> String {
        let mut text = format!(
            "# Written by `cargo xtask bench --write`. What is measured: BENCHMARKS.md.\nmethod = {:?}\n",
            self.method
        );
        for Row { version, gzip, events, reader, rounds, cpu, wall, ratio, peak, first } in
            &self.graph
        {
            let _ = write!(
                text,
                "\n[[graph]]\nversion = \"{version}\"\ngzip = {gzip}\nevents = {events}\n\
                 reader = \"{reader}\"\nrounds = {rounds}\ncpu = {cpu:.2}\nwall = {wall:.2}\n\
                 ratio = {ratio:.3}\npeak = {peak:.1}\nfirst = {first:.1}\n"
            );
        }
        for Vendor { vendor, events, rounds, cpu, wall, peak, first, complete } in &self.vendor {
            let _ = write!(
                text,
                "\n[[vendor]]\nvendor = \"{vendor}\"\nevents = {events}\nrounds = {rounds}\n\
                 cpu = {cpu:.2}\nwall = {wall:.2}\npeak = {peak:.1}\nfirst = {first:.1}\n\
                 complete = {complete}\n"
            );
        }
        for Decoding { list, records, bytes, micros } in &self.decoding {
            let _ = write!(
                text,
                "\n[[decoding]]\nlist = \"{list}\"\nrecords = {records}\nbytes = {bytes}\n\
                 micros = {micros:.1}\n"
            );
        }
        text
    }

    /// The rows of a list, in the order in which they were measured.
    pub(super) fn of(&self, version: &str, gzip: bool, events: u64) -> Vec<&Row> {
        let is_of = |row: &&Row| row.version == version && row.gzip == gzip && row.events == events;
        self.graph.iter().filter(is_of).collect()
    }

    pub(super) fn one(&self, version: &str, gzip: bool, events: u64, reader: &str) -> Option<&Row> {
        self.of(version, gzip, events).into_iter().find(|row| row.reader == reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let row = Row {
            version: "beta".into(),
            gzip: true,
            events: 1,
            reader: "raw".into(),
            rounds: 2,
            cpu: 3.0,
            wall: 4.0,
            ratio: 5.0,
            peak: 6.0,
            first: 7.0,
        };
        let vendor = Vendor {
            vendor: "tines".into(),
            events: 1,
            rounds: 2,
            cpu: 3.0,
            wall: 4.0,
            peak: 5.0,
            first: 6.0,
            complete: true,
        };
        let decoding = Decoding { list: "msgraph v1.0".into(), records: 1, bytes: 2, micros: 3.0 };
        let results = Results {
            method: "here".into(),
            graph: vec![row],
            vendor: vec![vendor],
            decoding: vec![decoding],
        };
        let again: Results = toml::from_str(&results.to_toml()).unwrap();
        assert_eq!(format!("{again:?}"), format!("{results:?}"));
    }
}
