//! Exit codes: what a script can decide by.

use std::io;

use signin_core::{Error, ErrorKind};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was read, or nobody wants more.
    Complete,
    /// The program itself failed.
    Internal,
    /// It was asked for something that cannot be, as was known before anything was asked for.
    Usage,
    /// Everything was read, but some records did not fit their type.
    Rejected,
    /// The run came to its end, but what it read may not be everything.
    Doubtful,
    /// The range of an earlier run was read to its end, and what came since it is left for another.
    Unread,
    /// Not everything was read; the same call may succeed later.
    Incomplete,
    /// Not everything was read; a person must act first: key, role, licence, host, certificate.
    PersonNeeded,
    /// Ended by SIGINT (Ctrl-C).
    Interrupted,
    /// Ended by SIGTERM.
    Terminated,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Rejected => 3,
            Self::Doubtful | Self::Unread | Self::Incomplete => 4,
            Self::PersonNeeded => 5,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The one place that says what error ends the program how.
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            // Nothing was asked for: the command, a setting or the checkpoint is to be changed.
            ErrorKind::Config | ErrorKind::Argument | ErrorKind::Checkpoint => Self::Usage,
            // The service or the way to it failed: what was read is good, and not everything. Also
            // where the vendor calls a refusal a passing one.
            ErrorKind::Throttled
            | ErrorKind::Service
            | ErrorKind::Network
            | ErrorKind::Timeout
            | ErrorKind::Decode
            | ErrorKind::Paging => Self::Incomplete,
            // What a service answers is nobody's command line.
            ErrorKind::Authentication
            | ErrorKind::Permission
            | ErrorKind::NotFound
            | ErrorKind::Request
            | ErrorKind::Host
            | ErrorKind::TooLarge
            | ErrorKind::Origin => match error.status() {
                Some(status) if passes(status) => Self::Incomplete,
                _ => Self::PersonNeeded,
            },
            _ => Self::Internal,
        }
    }

    /// How a file that cannot be opened or written ends a run before anything is asked for: a path
    /// that cannot be is to be changed, a disk that is full or broken is not.
    pub(crate) fn of_file(error: &io::Error) -> Self {
        use io::ErrorKind::{
            AlreadyExists, InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound,
            PermissionDenied, ReadOnlyFilesystem, UnexpectedEof,
        };
        match error.kind() {
            AlreadyExists | InvalidFilename | InvalidInput | IsADirectory | NotADirectory
            | NotFound | PermissionDenied | ReadOnlyFilesystem | UnexpectedEof => Self::Usage,
            _ => Self::Incomplete,
        }
    }
}

/// Whether an answer with this status may be another one later.
fn passes(status: u16) -> bool {
    matches!(status, 408 | 409 | 423 | 425 | 429 | 500..=599)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_has_its_exit_code() {
        use ErrorKind::*;
        let codes = [
            (Config, 2),
            (Argument, 2),
            (Authentication, 5),
            (Permission, 5),
            (NotFound, 5),
            (Request, 5),
            (Throttled, 4),
            (Service, 4),
            (Network, 4),
            (Host, 5),
            (Timeout, 4),
            (TooLarge, 5),
            (Origin, 5),
            (Decode, 4),
            (Paging, 4),
            (Checkpoint, 2),
        ];
        for (kind, code) in codes {
            assert_eq!(Exit::of(&Error::new(kind, "", "", "")).code(), code, "{kind:?}");
        }
    }

    #[test]
    fn what_can_be_tried_again_is_incomplete() {
        use ErrorKind::*;
        for kind in [Throttled, Service, Network, Timeout] {
            let error = Error::new(kind, "", "", "");
            assert!(error.is_transient());
            assert_eq!(Exit::of(&error), Exit::Incomplete);
        }
    }

    #[test]
    fn statuses_that_pass_are_those_that_the_service_takes_back() {
        for status in [408, 409, 423, 425, 429, 500, 503, 509, 522, 530] {
            assert!(passes(status), "{status}");
        }
        for status in [301, 304, 400, 401, 402, 403, 404, 405, 410, 413, 422, 451] {
            assert!(!passes(status), "{status}");
        }
    }

    #[test]
    fn a_path_that_cannot_be_is_usage_and_a_disk_that_fails_is_not() {
        use io::ErrorKind::*;
        for kind in [NotFound, PermissionDenied, IsADirectory, NotADirectory, ReadOnlyFilesystem] {
            assert_eq!(Exit::of_file(&io::Error::from(kind)), Exit::Usage, "{kind}");
        }
        for kind in [StorageFull, QuotaExceeded, Other, TimedOut] {
            assert_eq!(Exit::of_file(&io::Error::from(kind)), Exit::Incomplete, "{kind}");
        }
        #[cfg(target_os = "linux")]
        for (number, name) in [(28, "ENOSPC"), (5, "EIO"), (122, "EDQUOT")] {
            let error = io::Error::from_raw_os_error(number);
            assert_eq!(Exit::of_file(&error), Exit::Incomplete, "{name}");
        }
    }

    #[test]
    fn signals_end_the_program_as_shells_expect() {
        assert_eq!(Exit::Interrupted.code(), 128 + 2);
        assert_eq!(Exit::Terminated.code(), 128 + 15);
        assert_eq!((Exit::Complete.code(), Exit::Internal.code()), (0, 1));
        assert_eq!(Exit::Rejected.code(), 3);
    }
}
