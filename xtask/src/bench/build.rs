//! Builds the service and the readers. Each reader by a build of its own, so that none gets the
//! features that another asks of a crate they share.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::plan::Plan;
use super::readers::Reader;

/// Where the programs are.
pub(super) struct Programs {
    ours: PathBuf,
    peer: PathBuf,
}

impl Programs {
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.ours.join(name)
    }

    pub(super) fn of(&self, reader: Reader) -> PathBuf {
        let folder = if reader == Reader::Peer { &self.peer } else { &self.ours };
        folder.join(reader.program())
    }
}

pub(super) fn build(root: &Path, plan: &Plan) -> Result<Programs, String> {
    let bench = root.join("bench");
    let peer = bench.join("peer/target/release");
    if plan.brief {
        // In a hurry, with what the workspace's own builds left behind.
        let target = env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
        cargo(&bench, &target, &["build", "--workspace", "--bins"], &[])?;
        return Ok(Programs { ours: target.join("debug"), peer });
    }
    let target = bench.join("target");
    for package in ["signin-bench-service", "signin-bench-plain", "signin-bench-family"] {
        cargo(&bench, &target, &["build", "--release", "--bins", "-p", package], &[])?;
    }
    if plan.sets.iter().any(|set| set.readers.contains(&Reader::Peer)) {
        let peer = bench.join("peer");
        cargo(&peer, &peer.join("target"), &["build", "--release"], &[])?;
    }
    Ok(Programs { ours: target.join("release"), peer })
}

/// Runs cargo on a package of the benchmark.
pub(super) fn cargo(
    folder: &Path,
    target: &Path,
    arguments: &[&str],
    environment: &[(&str, &Path)],
) -> Result<(), String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).args(["--quiet", "--locked", "--target-dir"]).arg(target);
    let status = command.envs(environment.iter().copied()).current_dir(folder).status();
    let status = status.map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{}: does not build", folder.display())) }
}
