//! Which kind of sign-ins a log, a table or a file holds, by its name.

use crate::SignInEventType;

/// The kind of sign-ins that a log of diagnostic settings holds, such as
/// `NonInteractiveUserSignInLogs`, or a table of Log Analytics, such as `SigninLogs` or
/// `AADManagedIdentitySignInLogs`; in any case. None if it holds no sign-ins.
///
/// ```
/// use msgraph_signins::{SignInEventType, export};
///
/// let kind = export::kind_of_log("AADServicePrincipalSignInLogs");
/// assert_eq!(kind, Some(SignInEventType::ServicePrincipal));
/// assert_eq!(export::kind_of_log("AuditLogs"), None);
/// ```
pub fn kind_of_log(name: &str) -> Option<SignInEventType> {
    let name = name.trim().to_ascii_lowercase();
    Some(match name.strip_prefix("aad").unwrap_or(&name) {
        // Those of AD FS are interactive ones that a server of one's own took.
        "signinlogs" | "adfssigninlogs" => SignInEventType::InteractiveUser,
        "noninteractiveusersigninlogs" => SignInEventType::NonInteractiveUser,
        "serviceprincipalsigninlogs" | "microsoftserviceprincipalsigninlogs" => {
            SignInEventType::ServicePrincipal
        }
        "managedidentitysigninlogs" => SignInEventType::ManagedIdentity,
        _ => return None,
    })
}

/// The kind of sign-ins that a file holds, by its path: that of a download of the admin center,
/// such as `InteractiveSignIns_2026-01-02.csv`, or one below a container of diagnostic settings
/// (`insights-logs-signinlogs`) or of a data export (`am-SigninLogs`). None if it does not say.
///
/// ```
/// use msgraph_signins::{SignInEventType, export};
///
/// let kind = export::kind_of_file("downloads/NonInteractiveSignIns_2026-01-02.json");
/// assert_eq!(kind, Some(SignInEventType::NonInteractiveUser));
/// let path = "insights-logs-managedidentitysigninlogs/tenantId=7e/y=2026/m=01/d=02/PT1H.json";
/// assert_eq!(export::kind_of_file(path), Some(SignInEventType::ManagedIdentity));
/// ```
pub fn kind_of_file(path: &str) -> Option<SignInEventType> {
    let mut steps = path.rsplit(['/', '\\']);
    let file = steps.next()?.to_ascii_lowercase();
    let named = [
        ("noninteractivesignins", SignInEventType::NonInteractiveUser),
        ("interactivesignins", SignInEventType::InteractiveUser),
        ("applicationsignins", SignInEventType::ServicePrincipal),
        ("msisignins", SignInEventType::ManagedIdentity),
    ];
    let named = named.iter().find(|(name, _)| file.contains(name)).map(|(_, kind)| *kind);
    named.or_else(|| {
        steps.find_map(|step| {
            let step = step.to_ascii_lowercase();
            let log = step.strip_prefix("insights-logs-").or_else(|| step.strip_prefix("am-"))?;
            kind_of_log(log)
        })
    })
}
