//! Exit codes: what a script can decide by.

use signin_core::ErrorKind;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was read, or nobody wants more.
    Complete,
    /// The program itself failed.
    Internal,
    /// It was asked for something that cannot be.
    Usage,
    /// Everything was read, but some records did not fit their type.
    Rejected,
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
            Self::Incomplete => 4,
            Self::PersonNeeded => 5,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The one place that says what kind of error ends the program how.
    pub(crate) fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Authentication | ErrorKind::Permission | ErrorKind::Host => {
                Self::PersonNeeded
            }
            // What was asked for has to be asked differently: ids, addresses, sizes, checkpoints.
            ErrorKind::Config
            | ErrorKind::Argument
            | ErrorKind::NotFound
            | ErrorKind::Request
            | ErrorKind::TooLarge
            | ErrorKind::Origin
            | ErrorKind::Checkpoint => Self::Usage,
            // The service or the way to it failed: what was read is good, and not everything.
            ErrorKind::Throttled
            | ErrorKind::Service
            | ErrorKind::Network
            | ErrorKind::Timeout
            | ErrorKind::Decode
            | ErrorKind::Paging => Self::Incomplete,
            _ => Self::Internal,
        }
    }
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
            (NotFound, 2),
            (Request, 2),
            (Throttled, 4),
            (Service, 4),
            (Network, 4),
            (Host, 5),
            (Timeout, 4),
            (TooLarge, 2),
            (Origin, 2),
            (Decode, 4),
            (Paging, 4),
            (Checkpoint, 2),
        ];
        for (kind, code) in codes {
            assert_eq!(Exit::of(kind).code(), code, "{kind:?}");
        }
    }

    #[test]
    fn what_can_be_tried_again_is_incomplete() {
        use ErrorKind::*;
        for kind in [Throttled, Service, Network, Timeout] {
            assert!(signin_core::Error::new(kind, "", "", "").is_transient());
            assert_eq!(Exit::of(kind), Exit::Incomplete);
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
