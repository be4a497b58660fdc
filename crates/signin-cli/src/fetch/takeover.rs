//! An output that has another name than in the run that is gone on with, such as one with the
//! date in it: the records so far move there.

use std::fs;
use std::path::Path;

use super::command::{self, Change};
use super::state::{State, StateFile};
use crate::file;

/// Moves the records so far of a run to where this one writes; says so, or nothing where there are
/// none yet.
///
/// # Errors
/// They cannot be moved: what to run instead.
pub(super) fn take_over(
    checkpoint: &StateFile,
    state: &State,
    (old, new): (&str, &str),
) -> Result<Option<String>, String> {
    let shown = checkpoint.path().display();
    let (from, to) = (file::real(Path::new(old)), file::real(Path::new(new)));
    let places = file::partial(&from).and_then(|from| Ok((from, file::partial(&to)?)));
    let (partial, moved) = places.map_err(|error| format!("-o {new}: {error}"))?;
    let good = state.written.unwrap_or_default();
    let there = fs::symlink_metadata(&partial).ok().filter(fs::Metadata::is_file);
    let holds = there.map_or(0, |found| found.len());
    let has_name = state.ended && fs::metadata(&from).is_ok_and(|found| found.len() == good);
    if holds < good && !has_name {
        return Err(format!(
            "--checkpoint {shown} is of a run with -o {old}, and {} holds {holds} bytes of {good} \
             that were written; remove the file to start anew",
            partial.display()
        ));
    }
    if holds == 0 && !has_name {
        return Ok(None);
    }
    let is_free = fs::symlink_metadata(&moved).is_err();
    let (one, other) = (file::folder(&partial), file::folder(&moved));
    let moves = !has_name && is_free && file::same(one, other);
    if moves && fs::rename(&partial, &moved).is_ok() {
        let (partial, moved) = (partial.display(), moved.display());
        return Ok(Some(format!("the records so far move from {partial} to {moved}")));
    }
    let next = command::with(&[Change::Output(old)]);
    let next = next.unwrap_or_else(|| format!("the same command with -o {old}"));
    Err(format!("--checkpoint {shown} is of a run with -o {old}; to finish that, run: {next}"))
}
