//! What an application may lack, each with its fix.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use signin_core::FromJson;

use crate::{Error, Json, Record, SignIn};

/// Something that is missing for sign-ins to be read whole.
///
/// ```no_run
/// use msgraph_signins::{Error, Missing};
///
/// fn report(tenant: &str, error: &Error) {
///     match Missing::of(error) {
///         Some(Missing::Licence) => println!("{tenant}: unlicensed, left out"),
///         Some(missing) => println!("{tenant}: {}", missing.fix()),
///         None => println!("{tenant}: {error}"),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Missing {
    /// The application lacks `AuditLog.Read.All`, or no administrator consented to it.
    Permission,
    /// The service could not look up the tenant's licence without `Directory.Read.All`.
    DirectoryPermission,
    /// The tenant has no Entra ID P1 or P2, without which sign-ins are not returned. That is
    /// ordinary among many tenants: a state, not a fault.
    Licence,
    /// The signed-in user has no role that may read sign-ins. Applications need none.
    Role,
    /// `appliedConditionalAccessPolicies` was left out. That is not the same as none: see
    /// [`Missing::policy_detail`].
    PolicyDetail,
}

impl Missing {
    /// What is missing, if that is what an error says.
    pub fn of(error: &Error) -> Option<Self> {
        let code = error.vendor_code().unwrap_or_default();
        Self::of_refusal(error.status()?, code, error.vendor_message().unwrap_or_default())
    }

    /// [`PolicyDetail`](Self::PolicyDetail) where a sign-in came without its policies, as it does
    /// to applications that may not read policies. A `$select` without them has the same effect.
    pub fn policy_detail(sign_in: &Record<SignIn>) -> Option<Self> {
        let given = Json::from_json(sign_in.raw()).ok()?.parse::<GivesPolicies>().ok()?.0;
        (!given).then_some(Self::PolicyDetail)
    }

    /// What to do about it, in one line.
    pub const fn fix(self) -> &'static str {
        match self {
            Self::Permission => {
                "the app registration lacks AuditLog.Read.All: grant it and let an administrator consent"
            }
            Self::DirectoryPermission => {
                "grant Directory.Read.All beside AuditLog.Read.All: without it the licence is not found"
            }
            Self::Licence => {
                "the tenant has no Entra ID P1 or P2 licence: license it, or leave this tenant out"
            }
            Self::Role => {
                "give the user the role Reports Reader or Security Reader, or sign in as an application"
            }
            Self::PolicyDetail => {
                "grant Policy.Read.ConditionalAccess: without it the applied policies are left out"
            }
        }
    }

    /// What a refusal says is missing. Codes first; the texts are those seen without a code.
    pub(crate) fn of_refusal(status: u16, code: &str, message: &str) -> Option<Self> {
        const SIGNS: [(Missing, &str, &str); 4] = [
            (Missing::Licence, "RequestFromNonPremiumTenant", "have premium license"),
            (Missing::DirectoryPermission, "NoDirectoryReadAccess", "premium license check"),
            (Missing::Role, "UnsupportedUserRole", "not in the allowed roles"),
            (Missing::Permission, "PermissionMissing", "required MSGraph permissions"),
        ];
        if status != 403 {
            return None;
        }
        let sign =
            SIGNS.iter().find(|(_, part, text)| code.contains(part) || message.contains(text));
        sign.map(|(missing, _, _)| *missing)
    }
}

/// Whether an object has the list of applied policies; null is none.
struct GivesPolicies(bool);

impl<'de> Deserialize<'de> for GivesPolicies {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = GivesPolicies;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<GivesPolicies, A::Error> {
        let mut given = false;
        while let Some(name) = map.next_key::<String>()? {
            if name == "appliedConditionalAccessPolicies" {
                given = map.next_value::<Option<IgnoredAny>>()?.is_some();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(GivesPolicies(given))
    }
}
