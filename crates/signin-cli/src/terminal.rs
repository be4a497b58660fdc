//! Where the program runs: what is a terminal, how wide it is, and what is said to people.

use std::io::{self, IsTerminal as _, Write};

use crate::text::clean;

/// The width of a table that is not shown on a terminal.
const FIXED_WIDTH: usize = 100;

/// What the standard streams are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    pub(crate) stdin: bool,
    pub(crate) stdout: bool,
    pub(crate) stderr: bool,
    /// Columns of a table.
    pub(crate) width: usize,
}

impl Terminal {
    pub(crate) fn detect() -> Self {
        let stdout = io::stdout().is_terminal();
        let size = terminal_size::terminal_size().filter(|_| stdout);
        Self {
            stdin: io::stdin().is_terminal(),
            stdout,
            stderr: io::stderr().is_terminal(),
            width: size.map_or(FIXED_WIDTH, |(columns, _)| usize::from(columns.0)),
        }
    }
}

/// The lines for people, standard error as a rule. A line that cannot be written is dropped: there
/// is nobody left to tell.
pub(crate) struct Notes(Box<dyn Write>);

impl Notes {
    pub(crate) fn new(target: impl Write + 'static) -> Self {
        Self(Box::new(target))
    }

    /// Writes one line, cleaned.
    pub(crate) fn say(&mut self, line: &str) {
        let line: String = clean(line).chain(['\n']).collect();
        // One write, so that lines of several programs do not mix.
        let _ = self.0.write_all(line.as_bytes());
        let _ = self.0.flush();
    }
}
