//! Who signed in, and by which client.

use signin_core::event::{Members, Named, NoEvent, Principal, PrincipalKind};

use crate::{Activity, ActivityActor, ActivityResource, Id};

/// The type of users, of actors as of resources.
const USER: &str = "USER";

/// The type of clients.
const CLIENT: &str = "CLIENT";

/// The mark on events in which an administrator acted on another.
const ADMINISTRATOR: &str = "adminIdentityEvent";

/// The client that asked: the application that was signed in to.
pub(super) fn client(members: &mut Members, activity: &Activity) -> Option<Named> {
    let client = activity.actors.as_ref()?.client.as_ref()?;
    let id = members.id("/actors/client/id", &client.id);
    let client_is = Named::of(id, members.text("/actors/client/name", &client.name))?;
    // Another type than the member's own is not said.
    let kind = client.kind.as_deref().filter(|kind| kind.eq_ignore_ascii_case(CLIENT));
    members.take("/actors/client/type", kind);
    Some(client_is)
}

/// Who signed in: the user who acted, else the one that it was done to, in the other order where
/// an administrator acted on another; a client where there is no user at all, of no known kind where
/// somebody's proof was tried: that was no client's own. Who it was done to is said in full by
/// `resources`, a list, which is only drawn upon.
pub(super) fn of(
    members: &mut Members,
    activity: &Activity,
    client: Option<&Named>,
    is_proof: bool,
) -> Result<Principal, NoEvent> {
    let nobody = NoEvent::without_principal("/actors/user");
    let actor = activity.actors.as_ref().and_then(|actors| actors.user.as_ref());
    let actor = actor.filter(|user| id(&user.id).is_some() || text(&user.name).is_some());
    let mut subjects = activity.resources.iter().filter(|resource| is_user(resource));
    let subject = subjects.next();
    // Who of several it is, is not said.
    let several = subjects.any(|other| subject.is_none_or(|first| !is_same(first, other)));
    let by_administrator = activity.tags.iter().any(|tag| tag.eq_ignore_ascii_case(ADMINISTRATOR));
    match (actor, subject) {
        (_, Some(subject)) if !several && (by_administrator || actor.is_none()) => {
            Ok(user(id(&subject.id), text(&subject.name)))
        }
        (Some(actor), _) if !(several && by_administrator) => Ok(who_acted(members, actor)),
        (None, None) => {
            let mut who = service_principal(client).ok_or(nobody)?;
            if is_proof {
                who.kind = PrincipalKind::Unknown;
            }
            Ok(who)
        }
        _ => Err(nobody),
    }
}

fn who_acted(members: &mut Members, actor: &ActivityActor) -> Principal {
    let id = members.id("/actors/user/id", &actor.id);
    let mut who = user(id, members.text("/actors/user/name", &actor.name));
    match text(&actor.kind).as_deref() {
        None => {}
        Some(kind) if kind.eq_ignore_ascii_case(USER) => {
            members.take("/actors/user/type", Some(()));
        }
        Some(_) => who.kind = PrincipalKind::Unknown,
    }
    who
}

fn user(id: Option<String>, name: Option<String>) -> Principal {
    let mut who = Principal::default();
    who.kind = PrincipalKind::User;
    who.id = id;
    who.set_name(name);
    who
}

fn service_principal(client: Option<&Named>) -> Option<Principal> {
    let client = client?;
    let mut who = Principal::default();
    who.kind = PrincipalKind::ServicePrincipal;
    who.id.clone_from(&client.id);
    who.name.clone_from(&client.name);
    Some(who)
}

fn is_user(resource: &ActivityResource) -> bool {
    let is_named = id(&resource.id).is_some() || text(&resource.name).is_some();
    resource.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(USER)) && is_named
}

/// By their ids, or by their names where one has no id.
fn is_same(one: &ActivityResource, other: &ActivityResource) -> bool {
    match (id(&one.id), id(&other.id)) {
        (Some(one), Some(other)) => one == other,
        _ => one.name == other.name,
    }
}

/// An id of what is only drawn upon.
fn id(value: &Option<Id>) -> Option<String> {
    Members::default().id("", value)
}

/// A text of what is only drawn upon.
fn text(value: &Option<String>) -> Option<String> {
    Members::default().text("", value)
}
