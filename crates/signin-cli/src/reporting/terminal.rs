//! Where the program runs: what is a terminal, and how wide it is.

use std::io::{self, IsTerminal as _};

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
