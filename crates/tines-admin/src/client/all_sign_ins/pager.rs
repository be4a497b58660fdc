//! The sign-ins by either way, and the change from one to the other.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use signin_core::FanOut;
use signin_core::vendor::OwnedRecord;

use super::every_user::EveryUser;
use super::{AllSignIns, ListedUser, TenantSignIn, Way};
use crate::{AuditLogs, Checkpoint, Error, ErrorKind, Items, Report, Result};

/// Everyone's sign-ins, one by one.
///
/// A record that does not fit its type comes in its place as an error of kind
/// [`Decode`](ErrorKind::Decode) with [`Error::rejected`]; the pager goes on after it. After any
/// other error the pager stands where it stood: the next [`try_next`](Self::try_next) tries again.
/// As a [`Stream`] it ends after such an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct TenantSignIns {
    list: AllSignIns,
    pager: Pager,
    /// Whether users are read if the audit log refuses its next request.
    may_fall_back: bool,
    /// Why the audit log was left, and what asking it cost.
    refused: Option<(Error, Report)>,
    stream_over: bool,
}

pub(super) enum Pager {
    AuditLog(Box<Items<AuditLogs>>),
    Users(Box<FanOut<EveryUser>>),
}

impl TenantSignIns {
    pub(super) fn new(list: AllSignIns, pager: Pager) -> Self {
        let may_fall_back = list.way.is_none();
        Self { list, pager, may_fall_back, refused: None, stream_over: false }
    }

    /// Starts where a checkpoint stands, and keeps to the way that its pager went.
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`] if it is of another pager: other arguments, another host, another
    /// way than the one that was asked for.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Result<Self> {
        let way =
            if checkpoint.operation() == EveryUser::NAME { Way::Users } else { Way::AuditLog };
        if self.list.way.is_some_and(|asked| asked != way) {
            let why = format!("it went by {way}, and this call asks for the other way");
            let next = "resume with the call and the arguments that made it, or start anew";
            return Err(Error::new(ErrorKind::Checkpoint, "checkpoint", why, next));
        }
        self.may_fall_back = self.list.way.is_none() && checkpoint.is_start();
        self.pager = match way {
            Way::AuditLog => Pager::AuditLog(Box::new(self.list.audit_log().resume(checkpoint)?)),
            Way::Users => Pager::Users(Box::new(self.list.users().resume(checkpoint)?)),
        };
        self.refused = None;
        Ok(self)
    }

    /// The next sign-in; None after the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same requests.
    ///
    /// # Errors
    /// Every kind. Where [`Error::rejected`] is there, the next call goes on after that record;
    /// otherwise [`Error::checkpoint`] says where to resume, and calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<TenantSignIn>> {
        poll_fn(|cx| self.poll_try_next(cx)).await.transpose()
    }

    /// The way that the pager goes; None before it is decided by the first answer.
    pub fn way(&self) -> Option<Way> {
        match self.pager {
            Pager::AuditLog(_) if self.may_fall_back => None,
            Pager::AuditLog(_) => Some(Way::AuditLog),
            Pager::Users(_) => Some(Way::Users),
        }
    }

    /// Why the audit log was left for the users, if it was.
    pub fn refusal(&self) -> Option<&Error> {
        self.refused.as_ref().map(|(error, _)| error)
    }

    /// The user whose list the last record or error came from; None on the way by the audit log.
    pub fn user(&self) -> Option<&Arc<ListedUser>> {
        match &self.pager {
            Pager::AuditLog(_) => None,
            Pager::Users(pager) => pager.owner(),
        }
    }

    /// Where the pager stands: after the sign-in that was yielded last, and on which way. None
    /// if its request could never be built.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        match &self.pager {
            Pager::AuditLog(pager) => pager.checkpoint(),
            Pager::Users(pager) => pager.checkpoint(),
        }
    }

    /// What the pager did so far.
    pub fn report(&self) -> Report {
        let mut report = match &self.pager {
            Pager::AuditLog(pager) => pager.report().clone(),
            Pager::Users(pager) => pager.report(),
        };
        if let Some((_, cost)) = &self.refused {
            report.requests += cost.requests;
            report.retries += cost.retries;
            report.throttled += cost.throttled;
            report.waited += cost.waited;
        }
        report
    }

    /// How many users' lists this pager read to their end, on the way by users.
    pub fn users_read(&self) -> u64 {
        match &self.pager {
            Pager::AuditLog(_) => 0,
            Pager::Users(pager) => pager.owners_read(),
        }
    }

    /// Leaves out the rest of the user that an error came from. The report names it, and the
    /// result is not complete.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] if no user is at hand, as always on the way by the audit log.
    pub fn skip_user(&mut self) -> Result<()> {
        match &mut self.pager {
            Pager::Users(pager) => pager.skip_owner(),
            Pager::AuditLog(_) => {
                let (why, next) = ("no user is at hand", "resume later from the checkpoint");
                Err(Error::new(ErrorKind::Argument, "tines all_sign_ins", why, next))
            }
        }
    }

    fn poll_try_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<TenantSignIn>>> {
        loop {
            let pager = match &mut self.pager {
                Pager::Users(pager) => {
                    let next = ready!(pager.poll_try_next(cx));
                    let found = |OwnedRecord { owner: user, record, .. }| TenantSignIn::Activity {
                        user,
                        record,
                    };
                    return Poll::Ready(next.map(|next| next.map(found)));
                }
                Pager::AuditLog(pager) => pager,
            };
            match ready!(pager.poll_try_next(cx)) {
                Some(Err(error)) if self.may_fall_back && is_refusal(&error) => {
                    self.refused = Some((error, pager.report().clone()));
                    self.may_fall_back = false;
                    self.pager = Pager::Users(Box::new(self.list.users()));
                }
                next => {
                    let answered = next.as_ref().is_none_or(|next| match next {
                        Ok(_) => true,
                        Err(error) => error.rejected().is_some(),
                    });
                    self.may_fall_back &= !answered;
                    return Poll::Ready(next.map(|next| next.map(TenantSignIn::AuditLog)));
                }
            }
        }
    }
}

/// Whether the audit log is not for this plan or key.
fn is_refusal(error: &Error) -> bool {
    matches!(error.status(), Some(403 | 404))
}

impl Stream for TenantSignIns {
    type Item = Result<TenantSignIn>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.stream_over {
            return Poll::Ready(None);
        }
        let next = ready!(this.poll_try_next(cx));
        this.stream_over = match &next {
            Some(Ok(_)) => false,
            Some(Err(error)) => error.rejected().is_none(),
            None => true,
        };
        Poll::Ready(next)
    }
}

impl fmt::Debug for TenantSignIns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantSignIns")
            .field("way", &self.way())
            .field("report", &self.report())
            .finish_non_exhaustive()
    }
}
