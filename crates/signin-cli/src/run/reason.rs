//! Why a run ended as it did, as a code that scripts can decide by. The program's README has the
//! table.

use std::io;

use msgraph_signins::Missing;
use serde::{Deserialize, Serialize};
use signin_core::{Error, ErrorKind, Warning};

use super::exit::Exit;

/// Why a run did not end as complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    /// The command line, a setting or a file that it names cannot be.
    Usage,
    /// The key, secret, certificate or token was not accepted, or cannot be read any more.
    Secret,
    /// The app lacks a permission that an administrator has to consent to.
    Consent,
    /// The credential may not read this: it lacks a permission or a role.
    Role,
    /// The tenant's licence or plan does not have it.
    Licence,
    /// There is no host of this name, or the service leads to another one.
    Host,
    /// The certificate is not accepted, or the port does not speak TLS.
    Tls,
    /// The service knows nothing of what was named.
    NotFound,
    /// The service refuses what it was asked for.
    Refused,
    /// An answer is larger than the program takes.
    TooLarge,
    /// The range begins before what the service keeps.
    Retention,
    /// This machine's clock is wrong.
    Clock,
    /// Too many requests, for longer than was waited.
    Throttled,
    /// The service failed.
    Service,
    /// The service could not be reached, or the connection broke.
    Network,
    /// An answer did not come in time.
    Timeout,
    /// An answer is not what the service documents.
    Unreadable,
    /// The pages do not lead to an end.
    Paging,
    /// The service counts more than it sent.
    CountMismatch,
    /// Records moved while they were read.
    Unstable,
    /// A user, a tenant or an id among several could not be read.
    SourceMissing,
    /// An earlier run that this one went on with had doubts.
    Earlier,
    /// The run went on with one of long ago: what came since then is left for the next command.
    Unread,
    /// Another run holds the checkpoint or the output.
    HeldBy,
    /// An output cannot be written: the disk is full, say.
    Disk,
    /// The input is cut off, or cannot be read on.
    Input,
    /// Records did not fit their type.
    Rejected,
    /// A signal ended the run.
    Signal,
    /// The program itself failed.
    Program,
}

/// Whether the same command may bring more when it is run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Helps,
    MayHelp,
    IsInVain,
}

/// What Microsoft's token endpoint says of an app that nobody consented to.
const NO_CONSENT: [&str; 2] = ["AADSTS65001", "AADSTS90094"];

/// What it says of an assertion whose times are not those of its clock.
const WRONG_CLOCK: [&str; 2] = ["AADSTS700024", "AADSTS500133"];

impl Reason {
    /// Why an error of the client ended the run.
    pub(crate) fn of(error: &Error) -> Self {
        let code = error.vendor_code().unwrap_or_default();
        if NO_CONSENT.contains(&code) {
            return Self::Consent;
        }
        if WRONG_CLOCK.contains(&code) {
            return Self::Clock;
        }
        match Missing::of(error) {
            Some(Missing::Permission | Missing::DirectoryPermission) => return Self::Consent,
            Some(Missing::Licence) => return Self::Licence,
            _ => {}
        }
        match error.kind() {
            ErrorKind::Config | ErrorKind::Argument | ErrorKind::Checkpoint => Self::Usage,
            ErrorKind::Authentication => Self::Secret,
            ErrorKind::Permission => Self::Role,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Host if is_about_tls(error) => Self::Tls,
            ErrorKind::Host | ErrorKind::Origin => Self::Host,
            ErrorKind::TooLarge => Self::TooLarge,
            ErrorKind::Throttled => Self::Throttled,
            ErrorKind::Service => Self::Service,
            ErrorKind::Network => Self::Network,
            ErrorKind::Timeout => Self::Timeout,
            ErrorKind::Decode => Self::Unreadable,
            ErrorKind::Paging => Self::Paging,
            ErrorKind::Request if Exit::of(error) == Exit::Incomplete => Self::Service,
            ErrorKind::Request => match error.status() {
                Some(402) => Self::Licence,
                Some(410) => Self::NotFound,
                Some(400) if is_about_retention(error) => Self::Retention,
                _ => Self::Refused,
            },
            _ => Self::Program,
        }
    }

    /// What a warning makes doubtful; None if it is no doubt.
    pub(crate) fn of_doubt(warning: &Warning) -> Option<Self> {
        if !warning.affects_completeness() {
            return None;
        }
        Some(match warning {
            Warning::OfOwner { warning, .. } => return Self::of_doubt(warning),
            Warning::OwnerNotListed { .. }
            | Warning::OwnerGone { .. }
            | Warning::OwnerSkipped { .. }
            | Warning::OwnerUnusable { .. }
            | Warning::OwnersUnreadable { .. }
            | Warning::More { .. } => Self::SourceMissing,
            Warning::TotalDiffers { .. } => Self::CountMismatch,
            Warning::NotKept { .. } | Warning::NotCovered { .. } => Self::Retention,
            Warning::IncompleteBefore => Self::Earlier,
            _ => Self::Unstable,
        })
    }

    /// Why a file could not be opened or written before anything was asked for.
    pub(crate) fn of_file(error: &io::Error) -> Self {
        if Exit::of_file(error) == Exit::Usage { Self::Usage } else { Self::Disk }
    }

    /// Whether the same command may bring more when it is run again, and nobody did anything else.
    pub(crate) fn again(self) -> Again {
        match self {
            Self::Throttled
            | Self::Service
            | Self::Network
            | Self::Timeout
            | Self::Unreadable
            | Self::HeldBy
            | Self::Signal => Again::Helps,
            Self::Paging
            | Self::CountMismatch
            | Self::Unstable
            | Self::SourceMissing
            | Self::Earlier => Again::MayHelp,
            Self::Usage
            | Self::Secret
            | Self::Consent
            | Self::Role
            | Self::Licence
            | Self::Host
            | Self::Tls
            | Self::NotFound
            | Self::Refused
            | Self::TooLarge
            | Self::Retention
            | Self::Clock
            | Self::Unread
            | Self::Disk
            | Self::Input
            | Self::Rejected
            | Self::Program => Again::IsInVain,
        }
    }
}

/// What tells a certificate that is not accepted from a name that is not known: the kind is one.
fn is_about_tls(error: &Error) -> bool {
    let line = error.to_string();
    line.contains("certificate") || line.contains("TLS")
}

/// Where the service does not say it in so many words, it may as well be a filter that is wrong.
fn is_about_retention(error: &Error) -> bool {
    error.vendor_message().is_some_and(|said| said.to_ascii_lowercase().contains("retention"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Reason; 29] = [
        Reason::Usage,
        Reason::Secret,
        Reason::Consent,
        Reason::Role,
        Reason::Licence,
        Reason::Host,
        Reason::Tls,
        Reason::NotFound,
        Reason::Refused,
        Reason::TooLarge,
        Reason::Retention,
        Reason::Clock,
        Reason::Throttled,
        Reason::Service,
        Reason::Network,
        Reason::Timeout,
        Reason::Unreadable,
        Reason::Paging,
        Reason::CountMismatch,
        Reason::Unstable,
        Reason::SourceMissing,
        Reason::Earlier,
        Reason::Unread,
        Reason::HeldBy,
        Reason::Disk,
        Reason::Input,
        Reason::Rejected,
        Reason::Signal,
        Reason::Program,
    ];

    fn code(reason: Reason) -> String {
        serde_json::to_string(&reason).unwrap().trim_matches('"').to_owned()
    }

    #[test]
    fn the_readme_has_every_reason_and_whether_running_again_helps() {
        let readme = include_str!("../../README.md");
        let table = readme.split_once("| `reason` |").unwrap().1;
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let told: Vec<[String; 2]> = rows
            .map(|row| {
                let cells: Vec<&str> = row.split('|').map(str::trim).collect();
                [cells[1].trim_matches('`').to_owned(), cells[3].to_owned()]
            })
            .collect();
        let known = ALL.map(|reason| {
            let again = match reason.again() {
                Again::Helps => "yes",
                Again::MayHelp => "it may",
                Again::IsInVain => "no",
            };
            [code(reason), again.to_owned()]
        });
        assert_eq!(told, known);
    }

    #[test]
    fn every_reason_stands_in_the_list_once() {
        for (n, reason) in ALL.iter().enumerate() {
            assert_eq!(*reason as usize, n, "{reason:?}");
        }
        assert_eq!(Reason::Program as usize + 1, ALL.len(), "the last one is the last");
    }

    #[test]
    fn an_error_has_the_reason_that_its_kind_and_its_words_say() {
        use ErrorKind::*;
        let reason = |kind, why: &'static str| Reason::of(&Error::new(kind, "x", why, ""));
        for (kind, why, expected) in [
            (Authentication, "401", Reason::Secret),
            (Permission, "403", Reason::Role),
            (Host, "there is no host of this name", Reason::Host),
            (Host, "the certificate is expired", Reason::Tls),
            (Host, "the port does not speak TLS", Reason::Tls),
            (Origin, "302 to https://elsewhere.example", Reason::Host),
            (Throttled, "429", Reason::Throttled),
            (Checkpoint, "it was altered", Reason::Usage),
            (TooLarge, "more than 64 MiB", Reason::TooLarge),
        ] {
            assert_eq!(reason(kind, why), expected, "{kind:?} {why}");
        }
    }

    #[test]
    fn what_makes_a_run_doubtful_is_its_reason_and_what_does_not_is_none() {
        let provenance = || "7".to_owned();
        let short = Warning::TotalDiffers { total: 5, received: 4 };
        let of = |warning| Warning::OfOwner { owner: provenance(), warning: Box::new(warning) };
        for (warning, reason) in [
            (Warning::TotalDiffers { total: 4, received: 5 }, None),
            (Warning::NotUtf8 { records: 1 }, None),
            (short.clone(), Some(Reason::CountMismatch)),
            (of(short), Some(Reason::CountMismatch)),
            (Warning::OwnerSkipped { owner: provenance() }, Some(Reason::SourceMissing)),
            (Warning::NotKept { days: 14 }, Some(Reason::Retention)),
            (Warning::TooLongToCompare, Some(Reason::Unstable)),
        ] {
            assert_eq!(Reason::of_doubt(&warning), reason, "{warning:?}");
        }
    }
}
