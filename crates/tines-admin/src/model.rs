//! The records of the Tines admin API.

use serde::de::{Deserialize, Deserializer, MapAccess};
use serde::ser::{Serialize, SerializeMap, Serializer};
use signin_core::model::{deserialize, serialize_member};
use signin_core::{Id, IpText, Member, Model, Shape, Table, Timestamp};

/// One sign-in of one user.
///
/// From [Get sign-in activities](https://www.tines.com/docs/api/admin/users/get-signin-activities/).
/// It has no e-mail address, outcome, second factor or place; as far as is known only successful
/// sign-ins are listed.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct SigninActivity {
    /// When the user signed in. Several sign-ins may share one instant: it tells none apart.
    pub created_at: Option<Timestamp>,
    /// The sign-in activity's own number, the only unique member. Rows of the audit log are
    /// numbered separately.
    pub id: Option<Id>,
    /// The user who signed in: the id that the request named.
    pub user_id: Option<Id>,
    /// The address that the sign-in came from, IPv4 or IPv6.
    pub ip: Option<IpText>,
    /// What the user's browser called itself (the User-Agent header). Whoever signs in chooses
    /// this text: clean it before showing it.
    pub user_agent: Option<String>,
}

impl Model for SigninActivity {
    fn table() -> &'static Table {
        const TABLE: Table = Table {
            name: "SigninActivity",
            members: &[
                Member::new("created_at", Shape::Time),
                Member::new("id", Shape::Id),
                Member::new("user_id", Shape::Id),
                Member::new("ip", Shape::Text),
                Member::new("user_agent", Shape::Text),
            ],
        };
        &TABLE
    }

    fn assign<'de, A: MapAccess<'de>>(
        &mut self,
        member: usize,
        value: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            0 => self.created_at = value.next_value()?,
            1 => self.id = value.next_value()?,
            2 => self.user_id = value.next_value()?,
            3 => self.ip = value.next_value()?,
            _ => self.user_agent = value.next_value()?,
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for SigninActivity {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        deserialize(source)
    }
}

impl Serialize for SigninActivity {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let mut map = target.serialize_map(None)?;
        serialize_member(&mut map, "created_at", &self.created_at)?;
        serialize_member(&mut map, "id", &self.id)?;
        serialize_member(&mut map, "user_id", &self.user_id)?;
        serialize_member(&mut map, "ip", &self.ip)?;
        serialize_member(&mut map, "user_agent", &self.user_agent)?;
        map.end()
    }
}
