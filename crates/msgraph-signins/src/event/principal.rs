//! Who signed in: a user, an application as itself, a managed identity, or an agent.

use signin_core::OpenEnum as _;
use signin_core::event::{Members, NoEvent, Principal, PrincipalKind};

use crate::{AgentType, MsiType, SignIn, SignInUserType};

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

/// Whether an application or a resource signed in as itself. Where no kind is told (v1.0, or a
/// `$select`), or several are, it is who is named, a user first.
fn is_workload(row: &SignIn) -> bool {
    let is_workload = is_kind(row, "servicePrincipal") || is_managed(row);
    let is_user = is_kind(row, "interactiveUser") || is_kind(row, "nonInteractiveUser");
    if is_workload != is_user {
        return is_workload;
    }
    let names =
        |who: fn(&SignIn, &mut Members) -> Principal| who(row, &mut Members::default()).is_known();
    !names(user) && names(workload)
}

fn is_kind(row: &SignIn, kind: &str) -> bool {
    row.sign_in_event_types.iter().any(|told| told == kind)
}

/// Users' rows may have the object too, with the type `none`.
fn is_managed(row: &SignIn) -> bool {
    let kind =
        row.managed_service_identity.as_ref().and_then(|identity| identity.msi_type.as_ref());
    is_kind(row, "managedIdentity")
        || matches!(kind, Some(MsiType::SystemAssigned | MsiType::UserAssigned))
}

/// Whether an agent had a part in it, for itself or for the user. By the vendor, any type but
/// `notAgentic` says so, newer ones included.
///
/// An agent that acts for a user is told on the user's own row: the kind is Agent, and id, name and
/// address are the user's, whose access it is. So a search by user finds it, and a count of people
/// leaves it out; `User` would hide that no person was there. The agent itself has no id on the row
/// beside its parents', which stay in `unmapped`.
fn is_agent(row: &SignIn) -> bool {
    let types = row.agent.iter().flat_map(|agent| [&agent.agent_type, &agent.agent_subject_type]);
    types.flatten().any(|kind| *kind != AgentType::NotAgentic && !kind.as_str().is_empty())
}

fn user(row: &SignIn, members: &mut Members) -> Principal {
    let mut who = Principal::default();
    who.id = members.id("/userId", &row.user_id);
    who.set_name(members.text("/userPrincipalName", &row.user_principal_name));
    who.full_name = members.text("/userDisplayName", &row.user_display_name);
    // A guest's address is of the domain at home, not of one of this tenant.
    if row.user_type == Some(SignInUserType::Guest) {
        who.domain = None;
    }
    who
}

/// Names of applications are chosen freely: one that looks like an address is none.
fn workload(row: &SignIn, members: &mut Members) -> Principal {
    let mut who = Principal::default();
    who.id = members.id("/servicePrincipalId", &row.service_principal_id);
    who.name = members.text("/servicePrincipalName", &row.service_principal_name);
    who
}
