//! Who signed in: a user, an application as itself, a managed identity, or an agent.

use std::ops::Deref;

use signin_core::event::{Members, NoEvent, Principal, PrincipalKind, says_nothing};

use crate::{AgentType, Id, MsiType, SignIn, SignInUserType};

/// The principal, by the members that this kind of sign-in speaks of.
pub(super) fn of(row: &SignIn, members: &mut Members) -> Result<Principal, NoEvent> {
    let is_workload = is_workload(row);
    let (mut who, member) = if is_workload {
        (workload(row, members), "/servicePrincipalId")
    } else {
        (user(row, members), "/userId")
    };
    who.kind = match is_workload {
        _ if is_agent(row) => PrincipalKind::Agent,
        true if is_managed(row) => PrincipalKind::ManagedIdentity,
        true => PrincipalKind::ServicePrincipal,
        false => PrincipalKind::User,
    };
    if who.is_known() { Ok(who) } else { Err(NoEvent::without_principal(member)) }
}

/// Whether an application or a resource signed in as itself. Where no kind is named (v1.0, or a
/// `$select`), or several are, it is who is named, a user first. That an application is named says
/// nothing, since users sign in to one.
fn is_workload(row: &SignIn) -> bool {
    let is_workload = is_kind(row, "servicePrincipal") || is_managed(row);
    let is_user = is_kind(row, "interactiveUser") || is_kind(row, "nonInteractiveUser");
    match (is_workload, is_user) {
        (true, false) => true,
        _ if user(row, &mut Members::default()).is_known() => false,
        // Of a kind that names somebody else than the row does, who is named is nearer the truth.
        (false, true) => named_workload(row, &mut Members::default()).is_known(),
        _ => has_workload(row),
    }
}

fn is_kind(row: &SignIn, kind: &str) -> bool {
    row.sign_in_event_types.iter().any(|named| named.eq_ignore_ascii_case(kind))
}

/// Users' rows may have the object too, with the type `none`.
fn is_managed(row: &SignIn) -> bool {
    let identity = row.managed_service_identity.as_ref();
    let kind = identity.and_then(|identity| identity.msi_type.as_deref());
    is_kind(row, "managedIdentity")
        || matches!(kind, Some(MsiType::SystemAssigned | MsiType::UserAssigned))
}

/// Whether a service principal is named, by its names or by the credential that it showed.
fn has_workload(row: &SignIn) -> bool {
    let is_id = |id: &Option<Id>| Members::default().id("", id).is_some();
    let thumbprint = row.service_principal_credential_thumbprint.as_deref();
    named_workload(row, &mut Members::default()).is_known()
        || is_id(&row.service_principal_credential_key_id)
        || thumbprint.is_some_and(|thumbprint| !says_nothing(thumbprint))
}

/// Whether an agent had a part in it, for itself or for the user: where one of the types says so. A
/// type that is not known says nothing, `unknownFutureValue` least of all, which stands for any.
///
/// An agent that acts for a user stands on the user's own row: the kind is Agent, and id, name and
/// address are the user's, whose access it is. So a search by user finds it, and a count of people
/// leaves it out; `User` would hide that no person was there. The agent itself has no id on the row
/// next to its parents', which stay in `unmapped`.
fn is_agent(row: &SignIn) -> bool {
    let types = row.agent.iter().flat_map(|agent| [&agent.agent_type, &agent.agent_subject_type]);
    types.flatten().any(|kind| match **kind {
        AgentType::AgenticApp
        | AgentType::AgenticAppInstance
        | AgentType::AgentIdentityBlueprintPrincipal
        | AgentType::AgentIDuser => true,
        AgentType::NotAgentic | AgentType::UnknownFutureValue | AgentType::Other(_) => false,
    })
}

/// The user, by what the service knows of it. Where it found none, who signed in is what was typed
/// to say so, whatever kind of name that is: attempts by names that no user has are attempts.
fn user(row: &SignIn, members: &mut Members) -> Principal {
    let mut who = Principal::default();
    who.id = known(members, "/userId", &row.user_id);
    who.set_name(known(members, "/userPrincipalName", &row.user_principal_name));
    if !who.is_known() {
        who.set_name(members.id("/signInIdentifier", &row.sign_in_identifier));
    }
    who.full_name = known(members, "/userDisplayName", &row.user_display_name);
    // A guest's address is of the domain at home, not of one of this tenant.
    if row.user_type.as_deref() == Some(&SignInUserType::Guest) {
        who.domain = None;
    }
    who
}

/// A user's id or name, unless it is a word for nobody.
fn known<T: Deref<Target = str>>(
    members: &mut Members,
    member: &'static str,
    value: &Option<T>,
) -> Option<String> {
    let value = value.as_deref().filter(|value| !says_nothing(value));
    members.id(member, &value)
}

/// The service principal; the application itself where the row says no more.
fn workload(row: &SignIn, members: &mut Members) -> Principal {
    let mut who = named_workload(row, members);
    if !who.is_known() {
        // They are taken over as the application's.
        let mut read = Members::default();
        who.id = read.id("/appId", &row.app_id);
        who.name = read.text("/appDisplayName", &row.app_display_name);
    }
    who
}

/// Names of applications are chosen freely: one that looks like an address is none.
fn named_workload(row: &SignIn, members: &mut Members) -> Principal {
    let mut who = Principal::default();
    who.id = members.id("/servicePrincipalId", &row.service_principal_id);
    who.name = members.text("/servicePrincipalName", &row.service_principal_name);
    who
}
