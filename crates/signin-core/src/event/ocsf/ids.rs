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

/// `auth_protocol_id`; None for another protocol without a name.
pub(super) fn protocol(protocol: &Protocol) -> Option<Coded<'_>> {
    match protocol {
        Protocol::OAuth2 => Some(coded(6, "OAUTH 2.0")),
        Protocol::Saml2 => Some(coded(5, "SAML")),
        Protocol::Kerberos => Some(coded(2, "Kerberos")),
        Protocol::Other(word) => (!word.is_empty()).then(|| coded(OTHER, word)),
    }
}

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
        FactorKind::Other => coded(OTHER, &factor.method),
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

/// `os.type_id`, by the first word of the system's name: `Windows 11`, `Ios 17.1`, `Mac OS X`.
pub(super) fn os(name: &str) -> Coded<'_> {
    let word = name.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "windows" => coded(100, "Windows"),
        "windowsphone" | "windowsmobile" => coded(101, "Windows Mobile"),
        "linux" => coded(200, "Linux"),
        "android" => coded(201, "Android"),
        "macos" | "mac" => coded(300, "macOS"),
        "ios" => coded(301, "iOS"),
        "ipados" => coded(302, "iPadOS"),
        _ => coded(OTHER, name),
    }
}
