//! House tools of the workspace: `cargo xtask <task>`.

mod bench;
mod budgets;
mod build_cost;
mod cargo;
mod codegen;
mod new_vendor;
mod tidy;
mod vendors;

use std::io::{Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

const USAGE: &str = "\
usage: cargo xtask <task>

  codegen [--check] [vendor…]    writes the models of the vendors (of all, if none is named)
                                 from fixtures/; with --check writes nothing, and shows what
                                 differs
  bench [--write] [--short] [--think MS] [--no-peer]
                                 reads simulated sign-ins by several readers and tells what each
                                 costs; with --write also BENCHMARKS.md and its chart
  bench --brief                  the same with few events: only what is found counts
  bench --render [--check]       makes page and chart of the kept figures, or says how they differ
  new-vendor NAME                writes the skeleton of a vendor, to go on from: samples, crate,
                                 simulated service, the program's folder, its line in each list
  vendors [--names | --published]
                                 prints the crates of the vendors, one a line; or the vendors'
                                 names; or all crates that `cargo publish` takes
  tidy                           checks the house rules that no compiler knows
  budgets                        holds crates in each tree, duplicates and package sizes to
                                 budgets.toml
  build-cost [--write] [--once]  measures what building costs, beside other programs: half an
                                 hour, and best on a machine that does nothing else; with --once
                                 by one round, with --write into BENCHMARKS.md
  build-cost --render [--check]  makes its table of the kept figures, or says how it differs";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["codegen", "--check", vendors @ ..] => report(&check(vendors)),
        ["codegen", vendors @ ..] if !vendors.iter().any(|name| name.starts_with('-')) => {
            report(&write(vendors))
        }
        ["--help" | "-h" | "help"] => {
            say(USAGE);
            ExitCode::SUCCESS
        }
        ["bench", "--render"] => report(&bench::render(root())),
        ["bench", "--render", "--check"] => report(&bench::drift(root())),
        ["bench", options @ ..] => report(&bench::measure(root(), options)),
        ["new-vendor", name] => {
            report(&new_vendor::write(root(), name).err().into_iter().collect::<Vec<_>>())
        }
        ["vendors"] => list(vendors::all(root()).map(|all| each_of(all, |one| one.krate))),
        ["vendors", "--names"] => {
            list(vendors::all(root()).map(|all| each_of(all, |one| one.name)))
        }
        ["vendors", "--published"] => list(vendors::published(root())),
        ["tidy"] => report(&tidy::check(root())),
        ["budgets"] => report(&budgets::check(root())),
        ["build-cost", options @ ..] => report(&build_cost::run(root(), options)),
        _ => {
            say(USAGE);
            ExitCode::from(2)
        }
    }
}

/// The folder of the workspace that the tools are run in. It is looked for when they run: two
/// checkouts may share what is built.
fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        // Cargo tells a program that it runs whose manifest it was.
        let told = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let start = told.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        workspace_of(&start).map_or_else(|| start.clone(), Path::to_owned)
    })
}

/// The nearest folder from here upwards that holds this workspace.
fn workspace_of(start: &Path) -> Option<&Path> {
    start.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file())
}

/// Writes the vendors' models; what could not be is said.
fn write(vendors: &[&str]) -> Vec<String> {
    each(vendors, |vendor| {
        let written = codegen::generate(root(), vendor).and_then(|output| output.write());
        match written {
            Ok(files) => {
                say(&format!("{vendor}: wrote {files} files"));
                Vec::new()
            }
            Err(error) => vec![error],
        }
    })
}

/// How the vendors' models differ from what would be written now.
fn check(vendors: &[&str]) -> Vec<String> {
    each(vendors, |vendor| match codegen::generate(root(), vendor) {
        Ok(output) => output.drift_with_advice(vendor),
        Err(error) => vec![error],
    })
}

/// What `run` finds for the vendors that are named, or for all.
fn each(named: &[&str], run: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let known: Vec<_> = match vendors::all(root()) {
        Ok(known) => known.into_iter().map(|vendor| vendor.name).collect(),
        Err(error) => return vec![error],
    };
    let unknown = named.iter().find(|name| !known.iter().any(|vendor| vendor == *name));
    if let Some(unknown) = unknown {
        return vec![format!("there is no vendor `{unknown}`; there are: {}", known.join(", "))];
    }
    let chosen = known.iter().filter(|name| named.is_empty() || named.contains(&name.as_str()));
    chosen.flat_map(|vendor| run(vendor)).collect()
}

fn each_of(all: Vec<vendors::Vendor>, word: impl Fn(vendors::Vendor) -> String) -> Vec<String> {
    all.into_iter().map(word).collect()
}

/// Prints names for scripts, one a line.
fn list(names: Result<Vec<String>, String>) -> ExitCode {
    let printed = names.and_then(|names| {
        let text = names.join("\n") + "\n";
        stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())
    });
    report(&printed.err().into_iter().collect::<Vec<_>>())
}

fn report(findings: &[String]) -> ExitCode {
    for finding in findings {
        say(finding);
    }
    if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes a line for people. If even that fails, the exit code still tells.
fn say(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_work_on_the_tree_that_they_are_run_in() {
        let folder = std::env::temp_dir().join(format!("xtask-root-{}", std::process::id()));
        let (outer, inner) = (folder.join("one"), folder.join("one/trees/other"));
        for tree in [&outer, &inner] {
            std::fs::create_dir_all(tree.join("xtask/src")).unwrap();
            std::fs::create_dir_all(tree.join("crates/acme")).unwrap();
            std::fs::write(tree.join("xtask/Cargo.toml"), "").unwrap();
        }
        for tree in [&outer, &inner] {
            for here in ["", "xtask", "xtask/src", "crates/acme"] {
                assert_eq!(workspace_of(&tree.join(here)), Some(&**tree), "{here}");
            }
        }
        assert_eq!(workspace_of(&folder), None);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
