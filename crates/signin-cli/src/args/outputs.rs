//! The options that say where records go, the same for every command.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Format;
use crate::outputs::partial_file;

/// The file for rejected records beside `-o FILE`.
const REJECTED: &str = "rejected.ndjson";

/// What a run that came to its end with doubts does with its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Publish {
    /// FILE is replaced; the summary says what is doubtful.
    #[default]
    Always,
    /// FILE is left as it was, and what was read is in FILE.unpublished.
    Complete,
}

/// Where records go, and how they are written.
#[derive(Debug, Default, Args)]
pub(crate) struct Outputs {
    /// How records are written. Default: table on a terminal, else envelope.
    #[arg(long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    pub(crate) format: Option<Format>,

    /// With --format event, ocsf or ecs: keep the record's own text in each event.
    #[arg(long, help_heading = "Output")]
    pub(crate) keep_raw: bool,

    /// With --format typed: take records with a member of another kind than documented as well,
    /// without that member. The other formats do so by themselves.
    #[arg(long, help_heading = "Output")]
    pub(crate) lenient: bool,

    /// Write to FILE instead of standard output: all of it, or nothing.
    ///
    /// Until the run is at its end the records are in a temporary file beside it. Then they are
    /// flushed to the disk and FILE is replaced at once. A run that fails or is stopped leaves
    /// FILE as it was. While it is under way no other run may write FILE: .FILE.lock beside it
    /// stays.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// With -o: what becomes of FILE where the run came to its end, but a count is short, a user or
    /// tenant could not be read, or the input is cut off.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, help_heading = "Output")]
    pub(crate) publish: Publish,

    /// Add rejected records to FILE, each with the reason.
    ///
    /// `signin convert` reads them again. Default: rejected.ndjson beside the file of -o; without
    /// -o, or where FILE is `-`, a line on standard error each.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) rejected: Option<PathBuf>,
}

impl Outputs {
    /// The file of the records; none for standard output, which is also called `-`.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|place| *place != Path::new("-"))
    }

    /// The file of rejected records, if there is one.
    pub(crate) fn rejections(&self) -> Option<PathBuf> {
        match &self.rejected {
            Some(place) if place.as_path() == Path::new("-") => None,
            Some(place) => Some(place.clone()),
            None => Some(partial_file::folder(self.file()?).join(REJECTED)),
        }
    }

    /// The format asked for, or the one that fits.
    ///
    /// # Errors
    /// An option that this format does not know, and what to do.
    pub(crate) fn format(&self, is_terminal: bool) -> Result<Format, String> {
        let fitting = Format::fitting(is_terminal && self.file().is_none());
        let format = self.format.unwrap_or(fitting);
        if self.keep_raw && !format.is_of_events() {
            return Err("--keep-raw goes with --format event, ocsf or ecs: leave it out".to_owned());
        }
        if self.lenient && format != Format::Typed {
            return Err(
                "--lenient goes with --format typed, the others do so by themselves: leave \
                        it out"
                    .to_owned(),
            );
        }
        Ok(format)
    }

    /// Whether a record with an odd member is read without it. Who asks for typed records may rely
    /// on their types; everybody else wants the sign-in.
    pub(crate) fn reads_leniently(&self, format: Format) -> bool {
        self.lenient || format != Format::Typed
    }
}
