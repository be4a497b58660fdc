//! An output that has another name than in the run that is gone on with, such as one with the
//! date in it: the records so far move there.

use std::fs;
use std::path::Path;

use super::{State, StateFile};
use crate::commands::fetch::command::{self, Change};
use crate::outputs::partial_file;
use crate::reporting::reporter::Reporter;

/// Moves the records so far of a run to where this one, which asks for the same, writes, and keeps
/// that they are there.
///
/// # Errors
/// They cannot be moved: what to run instead.
pub(crate) fn take_over(
    checkpoint: &StateFile,
    state: &mut State,
    asked: &State,
    reporter: &Reporter,
) -> Result<(), String> {
    let Some((old, new)) = state.other_output(asked) else { return Ok(()) };
    let (old, new) = (old.to_owned(), new.to_owned());
    let shown = checkpoint.path().display();
    let (from, to) = (partial_file::real(Path::new(&old)), partial_file::real(Path::new(&new)));
    let places =
        partial_file::partial(&from).and_then(|from| Ok((from, partial_file::partial(&to)?)));
    let (partial, moved) = places.map_err(|error| format!("-o {new}: {error}"))?;
    if state.pager.is_none() {
        state.asked.clone_from(&asked.asked);
        return Ok(());
    }
    let size = |path: &Path| {
        let found = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
        found.map(|found| found.len())
    };
    let (holds, good) = (size(&partial), state.written);
    let has_its_name = state.ended && holds.is_none() && size(&from) == good;
    if !has_its_name && holds < good {
        return Err(format!(
            "--checkpoint {shown} is of a run with -o {old}, and {} holds {} bytes of {} that were \
             written; remove the file to start anew",
            partial.display(),
            holds.unwrap_or_default(),
            good.unwrap_or_default(),
        ));
    }
    let is_ours = state.good().end.is_none_or(|end| {
        good.is_some_and(|good| {
            partial_file::end_of(&partial, good).is_ok_and(|found| found == end)
        })
    });
    let is_there = holds.is_some() && good.is_some() && is_ours;
    let (one, other) = (partial_file::folder(&partial), partial_file::folder(&moved));
    let moves = is_there && fs::symlink_metadata(&moved).is_err() && partial_file::same(one, other);
    if moves && fs::rename(&partial, &moved).is_ok() {
        state.asked.clone_from(&asked.asked);
        if let Err(failed) = checkpoint.save(state) {
            let _ = fs::rename(&moved, &partial);
            return Err(failed.to_string());
        }
        let (partial, moved) = (partial.display(), moved.display());
        reporter.info(&format!("the records so far move from {partial} to {moved}"));
        return Ok(());
    }
    let next = command::with(&[Change::Output(&old)]);
    let next = next.unwrap_or_else(|| format!("the same command with -o {old}"));
    Err(format!("--checkpoint {shown} is of a run with -o {old}; to finish that, run: {next}"))
}
