//! What building costs: processor time of a clean check and a clean release build of small
//! programs, each a package of its own in a temporary folder, taken in turn.

mod figures;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use figures::{Figure, Figures, PAGE, RESULTS};

use crate::{bench, budgets, say};

/// How often everything is built, unless once is asked for; the smallest figure of each counts.
const ROUNDS: usize = 2;

/// A program whose building is measured: what it depends on, and its source.
struct Program {
    name: &'static str,
    dependencies: &'static str,
    main: &'static str,
}

/// `{root}` is the workspace's folder. Each asks Microsoft Graph for sign-ins, but for the one
/// that only reads a page.
const PROGRAMS: [Program; 5] = [
    Program {
        name: "reqwest and serde, by hand",
        dependencies: r#"
reqwest = { version = "0.13", default-features = false, features = ["rustls", "gzip", "json"] }
serde = { version = "1", features = ["derive"] }
tokio = { version = "1", features = ["macros", "rt"] }
"#,
        main: r#"
#[derive(serde::Deserialize, Debug)]
struct Page { value: Vec<SignIn> }
#[derive(serde::Deserialize, Debug)]
struct SignIn { id: Option<String> }
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), reqwest::Error> {
    let url = "https://graph.microsoft.com/v1.0/auditLogs/signIns";
    let answer = reqwest::Client::new().get(url).bearer_auth("token").send().await?;
    let page: Page = answer.error_for_status()?.json().await?;
    for sign_in in page.value { println!("{:?}", sign_in.id); }
    Ok(())
}
"#,
    },
    Program {
        name: "msgraph-signins",
        dependencies: r#"
msgraph-signins = { path = "{root}/crates/msgraph-signins" }
tokio = { version = "1", features = ["macros", "rt"] }
"#,
        main: LIST,
    },
    Program {
        name: "msgraph-signins, with ring in place of aws-lc-rs",
        dependencies: r#"
msgraph-signins = { path = "{root}/crates/msgraph-signins", default-features = false, features = ["rustls-no-provider", "gzip"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
tokio = { version = "1", features = ["macros", "rt"] }
"#,
        main: LIST,
    },
    Program {
        name: "msgraph-signins, models only",
        dependencies: r#"
msgraph-signins = { path = "{root}/crates/msgraph-signins", default-features = false }
"#,
        main: r##"
fn main() {
    let page = msgraph_signins::decode_sign_ins(br#"{"value":[]}"#);
    println!("{:?}", page.map(|page| page.rows().len()));
}
"##,
    },
    Program {
        name: "graph-rs-sdk 3.0, with rustls-tls",
        dependencies: r#"
graph-rs-sdk = { version = "=3.0.1", default-features = false, features = ["rustls-tls"] }
tokio = { version = "1", features = ["macros", "rt"] }
"#,
        main: r#"
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let graph = graph_rs_sdk::GraphClient::new("token");
    let answer = graph.audit_logs().list_sign_ins().send().await?;
    println!("{}", answer.text().await?);
    Ok(())
}
"#,
    },
];

const LIST: &str = r#"
#[tokio::main(flavor = "current_thread")]
async fn main() -> msgraph_signins::Result<()> {
    let graph = msgraph_signins::Client::builder("contoso.onmicrosoft.com").token("token").build()?;
    let mut sign_ins = graph.sign_ins().items();
    while let Some(sign_in) = sign_ins.try_next().await? { println!("{:?}", sign_in.id); }
    Ok(())
}
"#;

/// A program laid out, and the smallest figures so far.
struct Laid {
    name: &'static str,
    folder: PathBuf,
    crates: usize,
    check: f64,
    release: f64,
}

/// Builds all of them and says what it cost, as a table of Markdown; with `--write`, the figures
/// are kept and the table in BENCHMARKS.md becomes this one. Or makes it of those that are kept.
pub(crate) fn run(root: &Path, options: &[&str]) -> Vec<String> {
    let done = match options {
        ["--render"] => render(root),
        ["--render", "--check"] => drift(root),
        _ => take(root, options),
    };
    done.err().into_iter().collect()
}

fn take(root: &Path, options: &[&str]) -> Result<(), String> {
    if let Some(other) = options.iter().find(|option| !["--write", "--once"].contains(option)) {
        return Err(format!("build-cost: there is no option `{other}`"));
    }
    let rounds = if options.contains(&"--once") { 1 } else { ROUNDS };
    let scratch = std::env::temp_dir().join(format!("build-cost-{}", std::process::id()));
    let measured = measure(root, &scratch, rounds);
    let _ = fs::remove_dir_all(&scratch);
    let figures = measured?;
    say(&figures.table());
    if !options.contains(&"--write") {
        return Ok(());
    }
    let written = fs::write(root.join(RESULTS), figures.to_toml());
    written.map_err(|error| format!("{RESULTS}: {error}"))?;
    // Of the kept figures, which are rounded.
    render(root)
}

/// The page as it is, and as the kept figures make it.
fn made(root: &Path) -> Result<(String, String), String> {
    let failed = |error: std::io::Error| format!("{PAGE}: {error}");
    let page = fs::read_to_string(root.join(PAGE)).map_err(failed)?;
    let made = Figures::read(root)?.page(&page)?;
    Ok((page, made))
}

fn render(root: &Path) -> Result<(), String> {
    let (_, made) = made(root)?;
    fs::write(root.join(PAGE), made).map_err(|error| format!("{PAGE}: {error}"))
}

fn drift(root: &Path) -> Result<(), String> {
    let (page, made) = made(root)?;
    let differs =
        || format!("{PAGE}: is not what {RESULTS} says: `cargo xtask build-cost --render`");
    if page == made { Ok(()) } else { Err(differs()) }
}

fn measure(root: &Path, scratch: &Path, rounds: usize) -> Result<Figures, String> {
    let busy = is_busy()?;
    let mut laid = Vec::new();
    for (number, program) in PROGRAMS.iter().enumerate() {
        laid.push(lay_out(program, root, &scratch.join(format!("program-{number}")))?);
    }
    let target = scratch.join("target");
    for round in 1..=rounds {
        for program in &mut laid {
            let name = program.name;
            let check = build(program, &["check"], &target)?;
            let release = build(program, &["build", "--release"], &target)?;
            say(&format!("round {round}, {name}: check {check:.1} s, release {release:.1} s"));
            program.check = program.check.min(check);
            program.release = program.release.min(release);
        }
    }
    let figure = |Laid { name, crates, check, release, .. }| Figure {
        name: String::from(name),
        crates,
        check,
        release,
    };
    let program = laid.into_iter().map(figure).collect();
    Ok(Figures { method: bench::method(root), rounds, busy, program })
}

/// Whether the machine has other work to do, by the load of the last five minutes.
fn is_busy() -> Result<bool, String> {
    let path = "/proc/loadavg";
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}; needs Linux"))?;
    busy(&text).ok_or_else(|| format!("{path} says no load"))
}

fn busy(loads: &str) -> Option<bool> {
    let load: f64 = loads.split(' ').nth(1)?.parse().ok()?;
    Some(load > 0.5)
}

/// Writes a program's package, with the workspace's own Cargo.lock to begin with: what two
/// programs share they have in one version.
fn lay_out(program: &Program, root: &Path, folder: &Path) -> Result<Laid, String> {
    let dependencies = program.dependencies.replace("{root}", &root.display().to_string());
    let manifest = format!(
        "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [workspace]\n\n[dependencies]{dependencies}"
    );
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder.join("src")).map_err(failed)?;
    fs::write(folder.join("Cargo.toml"), manifest).map_err(failed)?;
    fs::write(folder.join("src/main.rs"), program.main).map_err(failed)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).map_err(failed)?;
    cargo(folder, &["fetch"])?;
    let tree = budgets::tree(folder, &["--target", budgets::LINUX])?;
    // The program itself is no cost of its dependencies.
    let crates = tree.len().saturating_sub(1);
    let name = program.name;
    Ok(Laid { name, folder: folder.to_owned(), crates, check: f64::MAX, release: f64::MAX })
}

/// Builds a program from nothing. Gives the processor time of all processes, in seconds.
fn build(program: &Laid, command: &[&str], target: &Path) -> Result<f64, String> {
    let place = target.display().to_string();
    let arguments = [command, &["--quiet", "--locked", "--target-dir", &place]].concat();
    let before = children()?;
    cargo(&program.folder, &arguments).map_err(|error| format!("{}: {error}", program.name))?;
    let spent = children()? - before;
    fs::remove_dir_all(target).map_err(|error| format!("{place}: {error}"))?;
    Ok(spent)
}

/// Runs cargo in a folder, without what this machine says about profiles and compilers.
fn cargo(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_") && name != "CARGO_HOME" || name.starts_with("RUSTC") {
            command.env_remove(name);
        }
    }
    let output = command.env_remove("RUSTFLAGS").output();
    let output = output.map_err(|error| format!("cargo: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)))
}

/// The processor time of all processes that this one has started and seen end, in seconds.
fn children() -> Result<f64, String> {
    let path = "/proc/self/stat";
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}; needs Linux"))?;
    spent(&text).ok_or_else(|| format!("{path} says no processor time"))
}

/// User and system time of waited-for children: members 16 and 17, in hundredths of a second.
fn spent(stat: &str) -> Option<f64> {
    // The second member is the program's name in brackets, and may hold anything.
    let (_, behind) = stat.rsplit_once(") ")?;
    let ticks = behind.split(' ').skip(13).take(2).map(str::parse::<u32>);
    let ticks: Vec<u32> = ticks.collect::<Result<_, _>>().ok()?;
    match ticks.as_slice() {
        [user, system] => Some(f64::from(user.checked_add(*system)?) / 100.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_of_children_is_read_whatever_the_program_is_called() {
        let stat = "7 (x) y (z) S 1 7 7 0 -1 4194560 900 800 0 0 11 12 1300 45 20 0 1 0 5";
        assert_eq!(spent(stat), Some(13.45));
        assert_eq!(spent("7 (x) S 1"), None);
        assert_eq!(spent("no stat"), None);
    }

    #[test]
    fn a_machine_is_busy_by_its_load_of_five_minutes() {
        assert_eq!(busy("0.10 0.60 0.20 1/200 4000"), Some(true));
        assert_eq!(busy("1.10 0.40 0.90 1/200 4000"), Some(false));
        assert_eq!(busy("0.10"), None);
    }

    #[test]
    fn the_table_is_what_the_kept_figures_say() {
        assert_eq!(drift(crate::root()), Ok(()));
    }

    #[test]
    fn an_unknown_option_is_refused_before_anything_is_built() {
        assert_eq!(run(crate::root(), &["--wirte"]), ["build-cost: there is no option `--wirte`"]);
    }
}
