//! The schema's ids with their captions.

use crate::event::{Activity, Factor, FactorKind, Outcome, PrincipalKind, Protocol, RiskLevel};

/// The id of what has no id of its own in the schema: its caption is the source's own word.
pub(super) const OTHER: u32 = 99;

/// An id and the caption that stands beside it.
pub(super) struct Coded<'a> {
    pub(super) id: u32,
    pub(super) caption: &'a str,
}

const fn coded(id: u32, caption: &str) -> Coded<'_> {
    Coded { id, caption }
}

/// `activity_id`, and `type_name`.
pub(super) fn activity(activity: Activity) -> (Coded<'static>, &'static str) {
    match activity {
        Activity::SignIn => (coded(1, "Logon"), "Authentication: Logon"),
        Activity::SignOut => (coded(2, "Logoff"), "Authentication: Logoff"),
        Activity::Step => (coded(6, "Preauth"), "Authentication: Preauth"),
    }
}

/// `status_id`.
pub(super) fn outcome(outcome: Outcome) -> Coded<'static> {
    match outcome {
        Outcome::Unknown => coded(0, "Unknown"),
        Outcome::Success => coded(1, "Success"),
        Outcome::Failure => coded(2, "Failure"),
        Outcome::Interrupted => coded(OTHER, "Interrupted"),
    }
}

/// `severity_id`: how much there is to do.
pub(super) fn severity(risk: Option<RiskLevel>) -> Coded<'static> {
    match risk {
        None | Some(RiskLevel::None) => coded(1, "Informational"),
        Some(RiskLevel::Low) => coded(2, "Low"),
        Some(RiskLevel::Medium | RiskLevel::Risky) => coded(3, "Medium"),
        Some(RiskLevel::High) => coded(4, "High"),
    }
}

/// `risk_level_id`.
pub(super) fn risk(level: RiskLevel) -> Coded<'static> {
    match level {
        RiskLevel::None => coded(0, "Info"),
        RiskLevel::Low => coded(1, "Low"),
        RiskLevel::Medium => coded(2, "Medium"),
        RiskLevel::High => coded(3, "High"),
        RiskLevel::Risky => coded(OTHER, "Risky"),
    }
}

/// The source's own word: by the id whose caption it is, in whatever case, else beside 99.
fn word<'a>(captions: &[(u32, &'static str)], word: &'a str) -> Coded<'a> {
    let known = captions.iter().find(|(_, caption)| caption.eq_ignore_ascii_case(word));
    known.map_or(coded(OTHER, word), |(id, caption)| coded(*id, caption))
}

const PROTOCOLS: [(u32, &str); 13] = [
    (0, "Unknown"),
    (1, "NTLM"),
    (2, "Kerberos"),
    (3, "Digest"),
    (4, "OpenID"),
    (5, "SAML"),
    (6, "OAUTH 2.0"),
    (7, "PAP"),
    (8, "CHAP"),
    (9, "EAP"),
    (10, "RADIUS"),
    (11, "Basic Authentication"),
    (12, "LDAP"),
];

/// `auth_protocol_id`; None for another protocol without a name.
pub(super) fn protocol(protocol: &Protocol) -> Option<Coded<'_>> {
    match protocol {
        Protocol::Unknown => Some(coded(0, "Unknown")),
        Protocol::OAuth2 => Some(coded(6, "OAUTH 2.0")),
        Protocol::Saml2 => Some(coded(5, "SAML")),
        Protocol::Kerberos => Some(coded(2, "Kerberos")),
        Protocol::Radius => Some(coded(10, "RADIUS")),
        Protocol::Other(name) => (!name.is_empty()).then(|| word(&PROTOCOLS, name)),
    }
}

const FACTORS: [(u32, &str); 12] = [
    (0, "Unknown"),
    (1, "SMS"),
    (2, "Security Question"),
    (3, "Phone Call"),
    (4, "Biometric"),
    (5, "Push Notification"),
    (6, "Hardware Token"),
    (7, "OTP"),
    (8, "Email"),
    (9, "U2F"),
    (10, "WebAuthn"),
    (11, "Password"),
];

/// `auth_factors.factor_type_id`.
pub(super) fn factor(factor: &Factor) -> Coded<'_> {
    match factor.kind {
        FactorKind::Sms => coded(1, "SMS"),
        FactorKind::Phone => coded(3, "Phone Call"),
        FactorKind::App => coded(5, "Push Notification"),
        FactorKind::Otp => coded(7, "OTP"),
        FactorKind::Email => coded(8, "Email"),
        FactorKind::Webauthn => coded(10, "WebAuthn"),
        FactorKind::Password => coded(11, "Password"),
        FactorKind::Other if factor.method.is_empty() => coded(OTHER, "Other"),
        FactorKind::Other => word(&FACTORS, &factor.method),
    }
}

/// `user.type_id`.
pub(super) fn principal(kind: PrincipalKind) -> Coded<'static> {
    match kind {
        PrincipalKind::Unknown => coded(0, "Unknown"),
        PrincipalKind::User => coded(1, "User"),
        PrincipalKind::ServicePrincipal | PrincipalKind::ManagedIdentity => coded(4, "Service"),
        PrincipalKind::Agent => coded(OTHER, "Agent"),
    }
}

const SYSTEMS: [(u32, &str); 11] = [
    (0, "Unknown"),
    (100, "Windows"),
    (101, "Windows Mobile"),
    (200, "Linux"),
    (201, "Android"),
    (300, "macOS"),
    (301, "iOS"),
    (302, "iPadOS"),
    (400, "Solaris"),
    (401, "AIX"),
    (402, "HP-UX"),
];

/// `os.type_id`: by the system's name, else by the first word of it: `Windows 11`, `Ios 17.1`,
/// `Mac OS X`.
pub(super) fn os(name: &str) -> Coded<'_> {
    let known = word(&SYSTEMS, name);
    if known.id != OTHER {
        return known;
    }
    let word = name.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "windows" => coded(100, "Windows"),
        "windowsphone" | "windowsmobile" => coded(101, "Windows Mobile"),
        "linux" => coded(200, "Linux"),
        "android" => coded(201, "Android"),
        "macos" | "mac" => coded(300, "macOS"),
        "ios" => coded(301, "iOS"),
        "ipados" => coded(302, "iPadOS"),
        "solaris" => coded(400, "Solaris"),
        "aix" => coded(401, "AIX"),
        _ => coded(OTHER, name),
    }
}
