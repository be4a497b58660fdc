//! What distinguishes one login log from another: the service gives them no ids.

use std::collections::VecDeque;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::LoginLog;

/// How many records are remembered to count those that are alike. They stand side by side in a
/// list by time.
const REMEMBERED: usize = 1024;

/// Gives login logs identities: texts that distinguish each from all others of the same
/// application, the same in every run and for both documented bodies. So a collector leaves out
/// what it has.
///
/// An identity is `<client_id>/<user_id>/<milliseconds>/<address>/<n>`: the time since 1970, the
/// address in its one canonical form, and the record's number, from 1, among those that are alike
/// in all of these. `%` and `/` within a part are percent-encoded. Fractions beyond milliseconds
/// do not count, since the older body cuts them off.
///
/// Name the records of a user in the order of the list, from its beginning: the number is counted,
/// among the last 1,024 records. A pager that is resumed may stand between two records that are
/// alike: give the `Identities` that go on with it the last ones' by [`after`](Self::after). Where
/// a log is begun again ([`BeganAgain`](crate::Warning::BeganAgain)), begin with new `Identities`.
///
/// ```
/// use ssojet::{Identities, decode_login_logs};
///
/// let older = r#"{"login_logs":[{"IpAddress":"192.0.2.7","CreatedAt":"2026-01-02T03:04:05.6Z"}]}"#;
/// let newer = r#"{"audit_logs":[{"ip_address":"192.0.2.7","created_at":"2026-01-02T03:04:05.600Z"}]}"#;
/// for body in [older, newer] {
///     let page = decode_login_logs(body.as_bytes())?;
///     let mut identities = Identities::new("app-1");
///     for log in page.items() {
///         let identity = identities.of("user-1", log);
///         assert_eq!(identity.as_deref(), Some("app-1/user-1/1767323045600/192.0.2.7/1"));
///     }
/// }
/// # Ok::<(), ssojet::Mismatch>(())
/// ```
#[derive(Debug, Clone)]
pub struct Identities {
    pub(crate) client_id: String,
    /// Hashes of what records are alike in, the newest last.
    recent: VecDeque<u64>,
}

impl Identities {
    /// Identities of the records of this application.
    pub fn new(client_id: &str) -> Self {
        Self { client_id: client_id.to_owned(), recent: VecDeque::new() }
    }

    /// Goes on after records that have these identities, the newest last. Those of the last
    /// record's user and time are enough.
    ///
    /// ```
    /// use ssojet::{Identities, decode_login_logs};
    ///
    /// let body = r#"{"login_logs":[{"IpAddress":"192.0.2.7","CreatedAt":"2026-01-02T03:04:05Z"}]}"#;
    /// let page = decode_login_logs(body.as_bytes())?;
    /// let log = page.items().next().expect("one");
    /// let first = Identities::new("app-1").of("user-1", log);
    /// let second = Identities::new("app-1").after(first).of("user-1", log);
    /// assert_eq!(second.as_deref(), Some("app-1/user-1/1767323045000/192.0.2.7/2"));
    /// # Ok::<(), ssojet::Mismatch>(())
    /// ```
    pub fn after(mut self, named: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        for identity in named {
            if let Some((alike, _)) = identity.as_ref().rsplit_once('/') {
                self.remember(hash(alike));
            }
        }
        self
    }

    /// The identity of this user's next record; None if it has no time.
    pub fn of(&mut self, user_id: &str, log: &LoginLog) -> Option<String> {
        let [client_id, user_id] = [&self.client_id, user_id].map(escaped);
        let mut identity = format!("{client_id}/{user_id}/{}", alike(log)?);
        let hash = hash(&identity);
        let number = 1 + self.recent.iter().filter(|other| **other == hash).count();
        self.remember(hash);
        // Writing into a text cannot fail.
        let _ = write!(identity, "/{number}");
        Some(identity)
    }

    fn remember(&mut self, hash: u64) {
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(hash);
    }
}

/// The hash of what records are alike in.
fn hash(alike: &str) -> u64 {
    let mut hash = DefaultHasher::new();
    alike.hash(&mut hash);
    hash.finish()
}

/// What two records of one user are alike in, whichever body they came in; None without a time.
pub(crate) fn alike(log: &LoginLog) -> Option<String> {
    let nanoseconds = log.created_at.as_ref()?.instant().unix_timestamp_nanos();
    let milliseconds = nanoseconds.div_euclid(1_000_000);
    // A time and an address of version 6 fit.
    let mut alike = String::with_capacity(64);
    let _ = write!(alike, "{milliseconds}/");
    let _ = match log.addr() {
        Some(addr) => write!(alike, "{addr}"),
        None => {
            let text = log.ip_address.as_deref().unwrap_or_default();
            write!(alike, "{}", escaped(text.trim()))
        }
    };
    Some(alike)
}

fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('/', "%2F")
}
