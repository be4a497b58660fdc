//! What building cost, as it is kept, and the table that is made of it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// Where the figures are kept from which the table is made.
pub(super) const RESULTS: &str = "bench/build-cost.toml";

/// Where the table stands, and between which lines.
pub(super) const PAGE: &str = "BENCHMARKS.md";
const BEGIN: &str = "<!-- made by `cargo xtask build-cost`: begin -->\n";
const END: &str = "<!-- made by `cargo xtask build-cost`: end -->\n";

/// All that was measured, and how.
#[derive(Debug, Deserialize)]
pub(super) struct Figures {
    /// The machine and the compiler.
    pub(super) method: String,
    /// How often everything was built; the smallest figure of each is kept.
    pub(super) rounds: usize,
    /// Whether the machine had other work when it began.
    pub(super) busy: bool,
    #[serde(default)]
    pub(super) program: Vec<Figure>,
}

/// What building a program cost.
#[derive(Debug, Deserialize)]
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) crates: usize,
    /// Seconds of processor time.
    pub(super) check: f64,
    pub(super) release: f64,
}

impl Figures {
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{RESULTS}: {error}");
        let text = fs::read_to_string(root.join(RESULTS)).map_err(|error| failed(&error))?;
        toml::from_str(&text).map_err(|error| failed(&error))
    }

    pub(super) fn to_toml(&self) -> String {
        let Self { method, rounds, busy, program } = self;
        let mut text = format!(
            "# Written by `cargo xtask build-cost --write`. What is measured: BENCHMARKS.md.\n\
             method = {method:?}\nrounds = {rounds}\nbusy = {busy}\n"
        );
        for Figure { name, crates, check, release } in program {
            let _ = write!(
                text,
                "\n[[program]]\nname = {name:?}\ncrates = {crates}\ncheck = {check:.1}\n\
                 release = {release:.1}\n"
            );
        }
        text
    }

    /// The table with what must be known of it, in Markdown.
    pub(super) fn table(&self) -> String {
        let rounds = match self.rounds {
            1 => "one round".to_owned(),
            2 => "the smaller figure of 2 rounds".to_owned(),
            more => format!("the smallest figure of {more} rounds"),
        };
        let busy = if self.busy {
            ", while the machine did other things too, which makes every figure larger than it is \
             on a quiet one"
        } else {
            ""
        };
        let mut table = format!(
            "\n{}; {rounds}{busy}.\n\n\
             | program | crates | clean check, CPU s | clean release build, CPU s |\n\
             |---|---:|---:|---:|\n",
            self.method
        );
        for Figure { name, crates, check, release } in &self.program {
            let _ = writeln!(table, "| {name} | {crates} | {check:.0} | {release:.0} |");
        }
        table + "\n"
    }

    /// The page with its table made anew.
    pub(super) fn page(&self, page: &str) -> Result<String, String> {
        let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
            let (_, behind) = rest.split_once(END)?;
            Some((before, behind))
        });
        let (before, behind) =
            parts.ok_or_else(|| format!("{PAGE}: the lines that enclose the table are gone"))?;
        Ok(format!("{before}{BEGIN}{}{END}{behind}", self.table()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rounds: usize, busy: bool) -> Figures {
        let one = Figure { name: "by \"hand\"".into(), crates: 106, check: 84.25, release: 203.7 };
        Figures { method: "here".into(), rounds, busy, program: vec![one] }
    }

    #[test]
    fn the_table_takes_the_place_of_the_one_before() {
        let page = |old: &str| format!("a\n{BEGIN}{old}{END}b\n");
        let figures = figures(2, false);
        assert_eq!(figures.page(&page("old\n")), Ok(page(&figures.table())));
        assert!(figures.page("a\nb\n").is_err());
    }

    #[test]
    fn the_words_are_what_the_figures_say() {
        let words = |rounds, busy| {
            let table = figures(rounds, busy).table();
            assert!(table.ends_with("| by \"hand\" | 106 | 84 | 204 |\n\n"), "{table}");
            table.lines().nth(1).unwrap().to_owned()
        };
        assert_eq!(words(1, false), "here; one round.");
        assert_eq!(words(2, false), "here; the smaller figure of 2 rounds.");
        assert!(words(1, true).starts_with("here; one round, while the machine did other things"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = figures(1, true).to_toml();
        assert_eq!(toml::from_str::<Figures>(&text).unwrap().to_toml(), text);
    }
}
