//! Asks cargo.

use std::path::Path;
use std::process::Command;

/// What cargo prints when it is run in this folder.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("cargo").arg("--quiet").args(arguments).current_dir(folder).output();
    let output = output.map_err(|error| format!("cargo: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)))
}
