//! A sign-in by either way.

use std::sync::Arc;

#[cfg(feature = "events")]
use crate::event::{Context, NoEvent, SignIn};
use crate::{AuditLog, Id, Record, SigninActivity, Timestamp};

/// A sign-in, by the way that it was found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TenantSignIn {
    /// A row `Login` of the audit log.
    AuditLog(Record<AuditLog>),
    /// A sign-in activity.
    Activity {
        /// The user whose list it stood in.
        user: Arc<ListedUser>,
        /// The sign-in.
        record: Record<SigninActivity>,
    },
}

/// A user as the list of users names him.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedUser {
    /// The user's id.
    pub id: Id,
    /// The user's e-mail address.
    pub email: Option<String>,
}

impl TenantSignIn {
    /// What Tines sent.
    pub fn raw(&self) -> &str {
        match self {
            Self::AuditLog(row) => row.raw(),
            Self::Activity { record, .. } => record.raw(),
        }
    }

    /// The record's id. Rows of the audit log and sign-in activities count apart.
    pub fn id(&self) -> Option<&Id> {
        match self {
            Self::AuditLog(row) => row.id.as_ref(),
            Self::Activity { record, .. } => record.id.as_ref(),
        }
    }

    /// When it happened.
    pub fn created_at(&self) -> Option<&Timestamp> {
        match self {
            Self::AuditLog(row) => row.created_at.as_ref(),
            Self::Activity { record, .. } => record.created_at.as_ref(),
        }
    }

    /// The id of who signed in.
    pub fn user_id(&self) -> Option<&Id> {
        match self {
            Self::AuditLog(row) => row.user_id.as_ref(),
            Self::Activity { user, record } => Some(record.user_id.as_ref().unwrap_or(&user.id)),
        }
    }

    /// The e-mail address of who signed in.
    pub fn user_email(&self) -> Option<&str> {
        match self {
            Self::AuditLog(row) => row.user_email.as_deref(),
            Self::Activity { user, .. } => user.email.as_deref(),
        }
    }

    /// The sign-in in the shape that all products share.
    ///
    /// # Errors
    /// [`NoEvent`], as for its record.
    #[cfg(feature = "events")]
    pub fn to_event(&self, context: &Context) -> Result<SignIn, NoEvent> {
        match self {
            Self::AuditLog(row) => row.to_event(context),
            Self::Activity { user, record } => {
                let user = Some(user.id.to_string());
                let mut context = context.clone();
                context.user = user;
                record.to_event(&context)
            }
        }
    }
}
