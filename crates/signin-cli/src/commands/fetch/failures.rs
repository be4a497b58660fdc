//! One user or tenant among many that cannot be read costs itself only; all of them, or a service
//! that is down, end the run.

use signin_core::{Error, ErrorKind, Report, Warning};

use crate::reporting::reporter::Reporter;
use crate::reporting::words::in_the_programs_words;

/// So many sources that fail one after the other, and nothing read between them, are no matter of
/// single sources.
const MOST_IN_A_ROW: u32 = 3;

/// How many failures are reported one by one.
const MOST_TOLD: u32 = 100;

/// How a pager stands.
pub(crate) struct Stand {
    /// Where a later run goes on.
    pub(crate) place: Option<String>,
    /// What was noticed up to there.
    pub(crate) warnings: Vec<Warning>,
}

/// The sources of a pager that could not be read.
pub(crate) struct Failures {
    /// Whether any source was read, or a part of one.
    any_read: bool,
    /// How many of the last ones may have failed for one reason that all share.
    in_a_row: u32,
    /// How the pager stood before the first of those: once it is clear that all fail, the next run
    /// has them still to read.
    held: Option<Stand>,
    /// What the last one of those failed by.
    last: Option<Error>,
    told: u32,
    reporter: Reporter,
}

impl Failures {
    pub(crate) fn new(reporter: &Reporter) -> Self {
        let reporter = reporter.clone();
        Self { any_read: false, in_a_row: 0, held: None, last: None, told: 0, reporter }
    }

    /// A source was read, or a part of it.
    pub(crate) fn read(&mut self) {
        self.any_read = true;
        (self.in_a_row, self.held, self.last) = (0, None, None);
    }

    /// Whether any source was read, or a part of one.
    pub(crate) fn any_read(&self) -> bool {
        self.any_read
    }

    /// How the pager is to be gone on with, where that is not as it stands.
    pub(crate) fn held(&self) -> Option<&Stand> {
        self.held.as_ref()
    }

    /// Decides on an error of a source that the pager stands before: whether to go on after it.
    ///
    /// # Errors
    /// The error, where it ends the pager.
    pub(crate) fn pass(
        &mut self,
        source: &str,
        error: Error,
        stand: impl FnOnce() -> Stand,
    ) -> Result<(), Error> {
        if !is_of_one_source(error.kind()) {
            return Err(error);
        }
        // A service that answers about one source is there for the others.
        if self.any_read && error.kind() != ErrorKind::Service {
            self.read();
        } else {
            self.in_a_row += 1;
            self.held = Some(self.held.take().unwrap_or_else(stand));
            if self.in_a_row >= MOST_IN_A_ROW {
                return Err(error);
            }
            self.last = Some(error.clone());
        }
        self.tell(source, &error);
        Ok(())
    }

    /// The pager is at its end.
    ///
    /// # Errors
    /// The last error, where every source had one.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        match self.last.take() {
            Some(error) if !self.any_read => Err(error),
            _ => {
                self.held = None;
                Ok(())
            }
        }
    }

    fn tell(&mut self, source: &str, error: &Error) {
        self.told += 1;
        if self.told <= MOST_TOLD {
            let line = in_the_programs_words(error);
            self.reporter.warn(&format!("{source} is left out: {line}"));
        }
    }
}

/// A client's pager over the lists of many users or tenants.
pub(crate) trait Lists {
    type Row;

    /// The next row; None after the last one. May be dropped at any await.
    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error>;

    /// How many lists were read to their end.
    fn read(&self) -> u64;

    /// Whose list is at hand, by the id.
    fn at(&self) -> Option<String>;

    /// Where the pager stands, as text.
    fn place(&self) -> Option<String>;

    fn report(&self) -> Report;

    /// Leaves out the rest of the list at hand.
    ///
    /// # Errors
    /// No list is at hand.
    fn skip(&mut self) -> Result<(), Error>;
}

/// Such a pager, which goes on after a list that cannot be read.
pub(crate) struct GoingOn<L> {
    pub(crate) pager: L,
    failures: Failures,
    /// How many lists were read to their end when that was last looked at.
    read: u64,
}

impl<L: Lists> GoingOn<L> {
    pub(crate) fn new(pager: L, reporter: &Reporter) -> Self {
        Self { pager, failures: Failures::new(reporter), read: 0 }
    }

    /// As [`Lists::try_next`].
    pub(crate) async fn try_next(&mut self) -> Result<Option<L::Row>, Error> {
        loop {
            let next = self.pager.try_next().await;
            let read = self.pager.read();
            if std::mem::replace(&mut self.read, read) < read {
                self.failures.read();
            }
            match next {
                Ok(Some(row)) => {
                    self.failures.read();
                    return Ok(Some(row));
                }
                Ok(None) => {
                    self.failures.end()?;
                    return Ok(None);
                }
                Err(error) if error.rejected().is_some() => return Err(error),
                Err(error) => self.pass(error)?,
            }
        }
    }

    /// Leaves out the rest of the list that an error is of.
    fn pass(&mut self, error: Error) -> Result<(), Error> {
        let Some(source) = self.pager.at() else { return Err(error) };
        let stand = || Stand { place: self.pager.place(), warnings: self.pager.report().warnings };
        self.failures.pass(&source, error, stand)?;
        self.pager.skip()
    }

    /// Where a later run goes on.
    pub(crate) fn checkpoint(&self) -> Option<String> {
        self.failures.held().map_or_else(|| self.pager.place(), |held| held.place.clone())
    }

    /// What was noticed up to there.
    pub(crate) fn noticed(&self) -> Vec<Warning> {
        let now = || self.pager.report().warnings;
        self.failures.held().map_or_else(now, |held| held.warnings.clone())
    }

    /// Whether any list was read, or a part of one.
    pub(crate) fn any_read(&self) -> bool {
        self.failures.any_read()
    }
}

/// Whether an error may be of one source alone. Others are of the key, the way to the service, or
/// what was asked for.
fn is_of_one_source(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::Permission
            | ErrorKind::Request
            | ErrorKind::Decode
            | ErrorKind::Paging
            | ErrorKind::TooLarge
            | ErrorKind::Service
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(any_read: bool) -> Failures {
        Failures { any_read, ..Failures::new(&Reporter::new(std::io::sink())) }
    }

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, "x", "it failed", "")
    }

    fn place(n: u32) -> impl FnOnce() -> Stand {
        move || Stand { place: Some(n.to_string()), warnings: Vec::new() }
    }

    fn held(failures: &Failures) -> Option<&str> {
        failures.held()?.place.as_deref()
    }

    #[test]
    fn sources_that_all_fail_end_the_walk_and_stay_to_be_read() {
        let mut failures = failures(false);
        for n in 1..MOST_IN_A_ROW {
            failures.pass("a", error(ErrorKind::Permission), place(n)).unwrap();
            assert_eq!(held(&failures), Some("1"));
        }
        let stopped = failures.pass("c", error(ErrorKind::Permission), place(3)).unwrap_err();
        assert_eq!(stopped.kind(), ErrorKind::Permission);
        assert_eq!(held(&failures), Some("1"));
    }

    #[test]
    fn a_few_sources_that_all_fail_end_the_walk_at_its_end() {
        let mut failures = failures(false);
        failures.pass("a", error(ErrorKind::NotFound), place(1)).unwrap();
        assert_eq!(failures.end().unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(held(&failures), Some("1"));
    }

    #[test]
    fn behind_one_that_was_read_any_number_of_refusals_cost_themselves_only() {
        let mut failures = failures(false);
        failures.pass("a", error(ErrorKind::NotFound), place(1)).unwrap();
        failures.read();
        for n in 0..10 {
            failures.pass("b", error(ErrorKind::NotFound), place(n)).unwrap();
            assert_eq!(held(&failures), None);
        }
        failures.end().unwrap();
    }

    #[test]
    fn a_service_that_is_down_is_not_asked_for_every_source() {
        let mut failures = failures(true);
        failures.pass("a", error(ErrorKind::Service), place(1)).unwrap();
        failures.pass("b", error(ErrorKind::NotFound), place(2)).unwrap();
        failures.pass("c", error(ErrorKind::Service), place(3)).unwrap();
        failures.pass("d", error(ErrorKind::Service), place(4)).unwrap();
        failures.pass("e", error(ErrorKind::Service), place(5)).unwrap_err();
        assert_eq!(held(&failures), Some("3"));
    }

    #[test]
    fn what_is_everybodys_ends_the_walk_at_once() {
        use ErrorKind::*;
        for kind in [Authentication, Throttled, Network, Host, Timeout, Config, Origin, Argument] {
            assert!(failures(true).pass("a", error(kind), place(1)).is_err(), "{kind:?}");
        }
    }
}
