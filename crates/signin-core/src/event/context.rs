//! What a record does not say of itself.

use super::NoEvent;

/// What the caller knows of a record and the record does not say: whose list it stood in.
///
/// Tenant and customer are in every event. The user and the client id stand in for what a vendor's
/// records do not say, and where a record says it itself, the record's word holds: an event is of
/// what the record says, not of what was asked.
///
/// ```
/// let mut context = signin_core::event::Context::default();
/// context.tenant = Some("contoso.onmicrosoft.com".to_owned());
/// context.keep_raw = true;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// The tenant that was asked: its id or domain, by the vendor's own word (Tines: the tenant's
    /// host; PingOne: the environment's id). It is part of the event's id: give the same tenant
    /// by the same name.
    pub tenant: Option<String>,
    /// The customer whose tenant it is, where a provider reads for many: kept in the events of
    /// all vendors, and no part of their ids.
    pub customer: Option<String>,
    /// The id of the user whose list was asked for.
    pub user: Option<String>,
    /// The client id that the vendor was asked with, where records depend on it.
    pub client_id: Option<String>,
    /// What tells the record from all others of its tenant, where it has no id of its own.
    pub identity: Option<String>,
    /// Whether the event is to hold the whole record's text ([`SignIn::raw`](super::SignIn::raw)).
    pub keep_raw: bool,
}

impl Context {
    /// The value of a field; an empty one is none.
    pub fn told(value: &Option<String>) -> Option<&str> {
        value.as_deref().filter(|value| !value.is_empty())
    }

    /// The value of a field that a vendor's events cannot do without; an empty one is none.
    ///
    /// # Errors
    /// [`NoEvent::MissingContext`], naming the field.
    pub fn required<'a>(
        field: &'static str,
        value: &'a Option<String>,
    ) -> Result<&'a str, NoEvent> {
        Self::told(value).ok_or(NoEvent::MissingContext { field })
    }
}
