//! Decoding one page of each list: measured by criterion, whose own files are read.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::build::cargo;
use super::results::Decoding;

/// Where criterion leaves what it measured, within the benchmark's folder.
const HOME: &str = "target/pages";

/// Measures.
pub(super) fn measure(root: &Path) -> Result<Vec<Decoding>, String> {
    let bench = root.join("bench");
    let home = bench.join(HOME);
    // What an earlier run measured is not to be taken for this one's.
    if home.exists() {
        fs::remove_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    }
    let arguments = ["bench", "--package", "signin-bench-family", "--bench", "pages"];
    cargo(&bench, &bench.join("target"), &arguments, &[("CRITERION_HOME", &home)])?;
    read(&home)
}

/// What criterion says that it measured.
#[derive(Debug, Deserialize)]
struct Benchmark {
    function_id: String,
    throughput: Throughput,
}

#[derive(Debug, Deserialize)]
enum Throughput {
    ElementsAndBytes { elements: u64, bytes: u64 },
}

/// And what came out, in nanoseconds.
#[derive(Debug, Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Debug, Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Reads `HOME/GROUP/LIST/new/`, by the names of the lists.
fn read(home: &Path) -> Result<Vec<Decoding>, String> {
    let mut decodings = Vec::new();
    for group in folders(home)? {
        // Criterion's own report stands beside the groups.
        for list in folders(&group)?.iter().filter(|list| list.join("new").exists()) {
            let text = |file: &str| {
                let file = list.join("new").join(file);
                fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
            };
            decodings.push(of(&text("benchmark.json")?, &text("estimates.json")?)?);
        }
    }
    decodings.sort_by(|one, other| one.list.cmp(&other.list));
    if decodings.is_empty() {
        return Err(format!("{}: criterion left nothing", home.display()));
    }
    Ok(decodings)
}

fn folders(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let failed = |error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>();
    let paths = entries.map_err(failed)?.into_iter().map(|entry| entry.path());
    Ok(paths.filter(|path| path.is_dir()).collect())
}

fn of(benchmark: &str, estimates: &str) -> Result<Decoding, String> {
    let failed = |error| format!("criterion writes its files in another way: {error}");
    let Benchmark { function_id: list, throughput } =
        serde_json::from_str(benchmark).map_err(failed)?;
    let Throughput::ElementsAndBytes { elements: records, bytes } = throughput;
    let Estimates { median } = serde_json::from_str(estimates).map_err(failed)?;
    Ok(Decoding { list, records, bytes, micros: median.point_estimate / 1_000.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BENCHMARK: &str = r#"{"group_id":"pages","function_id":"ssojet","value_str":null,
        "throughput":{"ElementsAndBytes":{"elements":500,"bytes":250000}},
        "full_id":"pages/ssojet","directory_name":"pages/ssojet","title":"pages/ssojet"}"#;
    const ESTIMATES: &str = r#"{"mean":{"confidence_interval":{"confidence_level":0.95,
        "lower_bound":1.0,"upper_bound":9.0},"point_estimate":9.0,"standard_error":1.0},
        "median":{"confidence_interval":{"confidence_level":0.95,"lower_bound":1.0,
        "upper_bound":9.0},"point_estimate":500000.0,"standard_error":1.0},"slope":null}"#;

    #[test]
    fn criterions_files_are_read() {
        let home = std::env::temp_dir().join(format!("pages-{}", std::process::id()));
        assert!(read(&home).is_err());
        let new = home.join("pages/ssojet/new");
        fs::create_dir_all(&new).unwrap();
        fs::create_dir_all(home.join("pages/report")).unwrap();
        assert!(read(&home).is_err());
        fs::write(new.join("benchmark.json"), BENCHMARK).unwrap();
        fs::write(new.join("estimates.json"), ESTIMATES).unwrap();
        let told = read(&home);
        fs::remove_dir_all(&home).unwrap();
        let told = told.unwrap();
        let told: Vec<_> =
            told.iter().map(|one| (&*one.list, one.records, one.bytes, one.micros)).collect();
        assert_eq!(told, [("ssojet", 500, 250_000, 500.0)]);
    }

    #[test]
    fn files_of_another_form_are_refused() {
        assert!(of("{}", ESTIMATES).is_err());
        assert!(of(&BENCHMARK.replace("AndBytes", ""), ESTIMATES).is_err());
        assert!(of(BENCHMARK, &ESTIMATES.replace("median", "mode")).is_err());
    }
}
