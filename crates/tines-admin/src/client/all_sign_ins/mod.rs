//! Everyone's sign-ins in one stream: by the audit log, or user by user.

mod every_user;
mod pager;
mod sign_in;

use std::fmt;

use signin_core::FanOut;

use self::every_user::EveryUser;
use self::pager::Pager;
use crate::client::listing::{Listing, time_range};
use crate::{AuditLogs, Client, Items};

pub use self::pager::TenantSignIns;
pub use self::sign_in::{ListedUser, TenantSignIn};

/// The audit log's name for a sign-in.
const LOGIN: &str = "Login";

/// Everyone's sign-ins. Made by [`Client::all_sign_ins`]; read by [`items`](Self::items).
///
/// Two ways lead to them. The audit log's rows `Login` are one list, name the user and hold those
/// of deleted users; not every plan has it, and not every key may read it. Else every user's
/// sign-in activities are asked for, which costs a request a user at least and cannot reach
/// deleted users. Unless [`way`](Self::way) is set, the audit log is tried, and where its first
/// request is answered by 403 or 404, users are read. [`TenantSignIns::way`] says which way a
/// pager went; its checkpoint keeps to it, because the two know a sign-in by different ids.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items()"]
pub struct AllSignIns {
    client: Client,
    listing: Listing,
    way: Option<Way>,
    concurrency: Option<usize>,
    ahead: usize,
    stops_at_gone: bool,
}

/// A way to everyone's sign-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// The audit log's rows `Login`.
    AuditLog,
    /// The users, and the sign-in activities of each.
    Users,
}

impl AllSignIns {
    pub(crate) fn new(client: Client) -> Self {
        let (way, concurrency, ahead) = (None, None, 0);
        Self { client, listing: Listing::new(), way, concurrency, ahead, stops_at_gone: false }
    }

    time_range!();

    /// How many records a page holds, 1 to 500. Default 500.
    pub fn per_page(mut self, per_page: u32) -> Self {
        self.listing.per_page = per_page;
        self
    }

    /// Goes this way and no other. Default: the audit log if it can be read, else the users.
    pub fn way(mut self, way: Way) -> Self {
        self.way = Some(way);
        self
    }

    /// How many users are asked for at once, 1 or more. Default 4.
    pub fn concurrency(mut self, users: usize) -> Self {
        self.concurrency = Some(users);
        self
    }

    /// How many pages of a list are fetched ahead. Default 0. See [`Items::fetch_ahead`].
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// Returns an error for a user who went away since the list of users was read, as any other
    /// error, to be passed by [`TenantSignIns::skip_user`]. Default: the user is left out with a warning.
    pub fn stop_at_gone(mut self) -> Self {
        self.stops_at_gone = true;
        self
    }

    /// Iterates over the sign-ins one by one: those of the audit log the newest first; those of
    /// users user by user in the order of their ids, each user's newest first.
    pub fn items(self) -> TenantSignIns {
        let pager = match self.way {
            Some(Way::Users) => Pager::Users(Box::new(self.users())),
            _ => Pager::AuditLog(Box::new(self.audit_log())),
        };
        TenantSignIns::new(self, pager)
    }

    fn audit_log(&self) -> Items<AuditLogs> {
        let list = AuditLogs::new(self.client.clone()).operation_name(LOGIN);
        self.client.items(list.listing(self.listing.clone())).fetch_ahead(self.ahead)
    }

    fn users(&self) -> FanOut<EveryUser> {
        let plan = EveryUser { client: self.client.clone(), listing: self.listing.clone() };
        let pager = self.client.fan_out(plan).fetch_ahead(self.ahead);
        let pager = if self.stops_at_gone { pager.stop_at_gone() } else { pager };
        match self.concurrency {
            Some(users) => pager.concurrency(users),
            None => pager,
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AuditLog => "the audit log",
            Self::Users => "the users",
        })
    }
}
