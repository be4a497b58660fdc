//! Budgets of what depending on the family costs: held to what is so, and only ever lowered.

mod figures;
mod history;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::{say, vendors};

pub(crate) use figures::{LINUX, tree};
use history::Past;

/// The file of the budgets.
const FILE: &str = "budgets.toml";

/// The section that holds for every vendor's crate, but for what a section of its own says.
const SHARED: &str = "vendor";

/// Figures by crate and by what is counted.
type Budgets = BTreeMap<String, BTreeMap<String, Budget>>;

/// What a figure may be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Budget {
    /// As low as it ever was.
    Lowest(u64),
    /// Higher than it once was, with the reason.
    #[serde(rename_all = "kebab-case")]
    Raised { at: u64, because: String },
}

impl Budget {
    fn at(&self) -> u64 {
        match self {
            Self::Lowest(at) | Self::Raised { at, .. } => *at,
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Lowest(_) => None,
            Self::Raised { because, .. } => Some(because.trim()),
        }
    }
}

/// Shows each figure beside its budget, and says what is wrong.
pub(crate) fn check(root: &Path) -> Vec<String> {
    let vendors: Vec<_> = match vendors::all(root) {
        Ok(vendors) => vendors.into_iter().map(|vendor| vendor.krate).collect(),
        Err(error) => return vec![error],
    };
    let read = fs::read_to_string(root.join(FILE)).map_err(|error| format!("{FILE}: {error}"));
    let sections = match read.and_then(|text| parse(&text)) {
        Ok(sections) => sections,
        Err(error) => return vec![error],
    };
    let mut findings = repeated(&sections, &vendors);
    let budgets = by_crate(sections, &vendors);
    let measured = figures::of_all(root, &vendors).unwrap_or_else(|error| {
        findings.push(error);
        Vec::new()
    });
    for (name, figures) in &measured {
        let line: Vec<_> =
            figures.iter().map(|(what, figure)| format!("{what} {figure}")).collect();
        say(&format!("{name}: {}", line.join(", ")));
    }
    findings.extend(compare(&budgets, &measured));
    match fs::read_to_string(root.join("Cargo.toml")) {
        Ok(manifest) => findings.extend(with_defaults(&manifest)),
        Err(error) => findings.push(format!("Cargo.toml: {error}")),
    }
    match history::past(root, &vendors) {
        Ok(past) => findings.extend(raised(&budgets, &past)),
        Err(why) => say(&format!("not run: whether a budget was raised: {why}")),
    }
    findings
}

fn parse(text: &str) -> Result<Budgets, String> {
    toml::from_str(text).map_err(|error| format!("{FILE}: {error}"))
}

/// The budgets of each crate: what the shared section says goes to each vendor's, whose own section
/// goes before it.
fn by_crate(mut sections: Budgets, vendors: &[String]) -> Budgets {
    let shared = sections.remove(SHARED).unwrap_or_default();
    for vendor in vendors {
        let mut budgets = shared.clone();
        budgets.extend(sections.remove(vendor).unwrap_or_default());
        sections.insert(vendor.clone(), budgets);
    }
    sections
}

/// Budgets of vendors' crates that the shared section gives them already.
fn repeated(sections: &Budgets, vendors: &[String]) -> Vec<String> {
    let Some(shared) = sections.get(SHARED) else { return Vec::new() };
    let own = vendors.iter().filter_map(|vendor| Some((vendor, sections.get(vendor)?)));
    let own = own.flat_map(|(vendor, own)| own.iter().map(move |(what, own)| (vendor, what, own)));
    let repeated = own.filter(|(_, what, own)| shared.get(*what) == Some(own));
    let say = |(vendor, what, _)| {
        format!("{vendor}: {what}: [{SHARED}] says so already: leave it out of {FILE}")
    };
    repeated.map(say).collect()
}

/// Where budgets and figures differ.
fn compare(budgets: &Budgets, measured: &[(String, Vec<(&'static str, u64)>)]) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, figures) in measured {
        for (what, figure) in figures {
            let budget = budgets.get(name).and_then(|budgets| budgets.get(*what));
            findings.extend(verdict(*figure, budget).map(|why| format!("{name}: {what}: {why}")));
        }
    }
    for (name, budgets) in budgets {
        let figures = measured.iter().find(|(other, _)| other == name).map(|(_, figures)| figures);
        let known = |what: &str| {
            figures.is_some_and(|figures| figures.iter().any(|(figure, _)| *figure == what))
        };
        let unknown = budgets.keys().filter(|what| !known(what));
        findings
            .extend(unknown.map(|what| format!("{name}: {what}: nothing of this name is counted")));
    }
    findings
}

fn verdict(figure: u64, budget: Option<&Budget>) -> Option<String> {
    let Some(budget) = budget else {
        return Some(format!("has no budget; write {figure} into {FILE}"));
    };
    let at = budget.at();
    match budget {
        _ if figure < at => Some(format!("is {figure}, better than {at}: lower it in {FILE}")),
        _ if figure > at => Some(format!(
            "is {figure}, over {at}: find what brought it and do without; if it is worth its cost, \
             write {{ at = {figure}, because = \"…\" }} into {FILE}"
        )),
        _ if budget.reason() == Some("") => Some("was raised for no reason".to_owned()),
        _ => None,
    }
}

/// Budgets that were lower in an earlier version of the file, and do not say why they rose; a
/// reason is good for one rise.
fn raised(budgets: &Budgets, past: &BTreeMap<(String, String), Past>) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, budgets) in budgets {
        for (what, budget) in budgets {
            let Some(past) = past.get(&(name.clone(), what.clone())) else { continue };
            let (at, reason) = (budget.at(), budget.reason());
            let (least, since) = match reason {
                None => (past.lowest, "once"),
                Some(reason) => {
                    let least = past.since.get(reason).copied().unwrap_or(at);
                    (least, "since its reason was given")
                }
            };
            if at > least {
                let new = if reason.is_some() { "new " } else { "" };
                findings.push(format!(
                    "{name}: {what}: was {least} {since} and may only fall; if {at} is worth its \
                     cost, write {{ at = {at}, because = \"…\" }} with a {new}reason"
                ));
            }
        }
    }
    findings
}

/// Dependencies of the workspace that have default features: its members could not do without.
fn with_defaults(manifest: &str) -> Vec<String> {
    let manifest = match toml::from_str::<toml::Table>(manifest) {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("Cargo.toml: {error}")],
    };
    let dependencies = manifest.get("workspace").and_then(|part| part.get("dependencies"));
    let dependencies = dependencies.and_then(toml::Value::as_table);
    let lacks = |dependency: &toml::Value| {
        // What has no version is not published, and in nobody's tree.
        let published = dependency.is_str() || dependency.get("version").is_some();
        let asked = dependency.get("default-features").and_then(toml::Value::as_bool);
        published && asked != Some(false)
    };
    let found = dependencies.into_iter().flatten().filter(|(_, dependency)| lacks(dependency));
    found.map(|(name, _)| format!("Cargo.toml: {name} lacks default-features = false")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budgets(text: &str) -> Budgets {
        parse(text).unwrap()
    }

    fn past(versions: &[&str]) -> BTreeMap<(String, String), Past> {
        let mut past = BTreeMap::<_, Past>::new();
        for version in versions {
            let budget = budgets(&format!("[a]\n{version}"))["a"]["client"].clone();
            past.entry(("a".to_owned(), "client".to_owned())).or_default().then(&budget);
        }
        past
    }

    fn measured(figure: u64) -> Vec<(String, Vec<(&'static str, u64)>)> {
        vec![("a".to_owned(), vec![("client", figure)])]
    }

    #[test]
    fn a_figure_that_is_not_its_budget_is_found_whether_it_is_worse_or_better() {
        let file = budgets("[a]\nclient = 108");
        assert_eq!(compare(&file, &measured(108)), [""; 0]);
        assert!(compare(&file, &measured(109))[0].starts_with("a: client: is 109, over 108: "));
        assert!(
            compare(&file, &measured(107))[0].starts_with("a: client: is 107, better than 108: ")
        );
    }

    #[test]
    fn a_figure_without_a_budget_and_a_budget_without_a_figure_are_found() {
        assert!(compare(&budgets(""), &measured(1))[0].starts_with("a: client: has no budget"));
        let both = budgets("[a]\nclient = 1\ncleint = 1\n[b]\nclient = 1");
        let findings = compare(&both, &measured(1));
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(
            findings.iter().all(|finding| finding.ends_with("nothing of this name is counted"))
        );
    }

    #[test]
    fn the_shared_section_holds_for_every_vendor_and_a_crates_own_goes_before_it() {
        let text = "[vendor]\nclient = 108\nmodels = 14\n[a]\nclient = 109\n[core]\ncrates = 13";
        let vendors = ["a", "b"].map(str::to_owned);
        let expected =
            "[a]\nclient = 109\nmodels = 14\n[b]\nclient = 108\nmodels = 14\n[core]\ncrates = 13";
        assert_eq!(by_crate(budgets(text), &vendors), budgets(expected));
        assert_eq!(repeated(&budgets(text), &vendors), [""; 0]);
        let twice = format!("{text}\n[b]\nmodels = 14");
        let findings = repeated(&budgets(&twice), &vendors);
        assert_eq!(findings, ["b: models: [vendor] says so already: leave it out of budgets.toml"]);
        // Of a crate that is no vendor's it says nothing.
        let unknown = compare(&by_crate(budgets(text), &[]), &measured(109));
        assert_eq!(unknown, ["core: crates: nothing of this name is counted"]);
    }

    #[test]
    fn a_budget_rises_with_a_reason_only() {
        let lowest = past(&["client = 108"]);
        assert_eq!(raised(&budgets("[a]\nclient = 108\nmodels = 9"), &lowest), [""; 0]);
        assert_eq!(raised(&budgets("[a]\nclient = 109"), &lowest).len(), 1);
        let reason = budgets("[a]\nclient = { at = 109, because = \"HTTP/3\" }");
        assert_eq!(raised(&reason, &lowest), [""; 0]);
        assert_eq!(compare(&reason, &measured(109)), [""; 0]);
        let none = budgets("[a]\nclient = { at = 109, because = \" \" }");
        assert_eq!(compare(&none, &measured(109)), ["a: client: was raised for no reason"]);
    }

    #[test]
    fn a_reason_is_good_for_one_rise() {
        let http = |at: u64| format!("client = {{ at = {at}, because = \"HTTP/3\" }}");
        let proxies = |at: u64| format!("client = {{ at = {at}, because = \"proxies\" }}");
        let found = |versions: &[&str], now: &str| {
            let findings = raised(&budgets(&format!("[a]\n{now}")), &past(versions));
            assert!(findings.iter().all(|found| found.ends_with("with a new reason")));
            findings.len()
        };
        let rose = ["client = 108", &http(110)];
        assert_eq!(found(&rose, &http(110)), 0);
        assert_eq!(found(&rose, &http(109)), 0);
        assert_eq!(found(&rose, &http(111)), 1);
        assert_eq!(found(&rose, &http(111).replace("HTTP/3", " HTTP/3 ")), 1);
        assert_eq!(found(&rose, &proxies(111)), 0);
        // What it once gave for its reason is gone, whatever was said of the figure since.
        let fell = ["client = 107", &http(110), "client = 107"];
        assert_eq!(found(&fell, &http(110)), 1);
        let twice = ["client = 107", &http(110), &proxies(112)];
        assert_eq!(found(&twice, &proxies(112)), 0);
        assert_eq!(found(&twice, &http(110)), 0);
        assert_eq!(found(&twice, &http(112)), 1);
    }

    #[test]
    fn a_dependency_with_default_features_is_found() {
        let manifest = "[workspace.dependencies]\na = \"1\"\nb = { version = \"1\" }\n\
            c = { version = \"1\", default-features = false }\nd = { path = \"d\" }\n";
        let findings = with_defaults(manifest);
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert_eq!(with_defaults("[workspace.dependencies]\n"), [""; 0]);
        assert_eq!(with_defaults("[workspace").len(), 1);
    }
}
