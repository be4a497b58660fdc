//! What the principal proved who it is by.

use signin_core::event::{Factor, FactorKind, says_nothing};

use crate::SignIn;

/// Methods of steps in which nothing was proved anew.
const EARLIER: [&str; 3] = ["previously satisfied", "claim in access token", "satisfied by token"];

/// Methods by the words in them; the first row that fits decides. The vendor writes a method in
/// many ways: `Mobile app notification`, `PhoneAppNotification`, `Passkey (Microsoft
/// Authenticator)`, `OneWaySMS`.
const KINDS: [(&str, FactorKind); 19] = [
    ("fido", FactorKind::Webauthn),
    ("passkey", FactorKind::Webauthn),
    ("webauthn", FactorKind::Webauthn),
    ("email", FactorKind::Email),
    ("e mail", FactorKind::Email),
    ("sms", FactorKind::Sms),
    ("text message", FactorKind::Sms),
    ("oath", FactorKind::Otp),
    ("otp", FactorKind::Otp),
    ("totp", FactorKind::Otp),
    ("verification code", FactorKind::Otp),
    ("one time pass", FactorKind::Otp),
    ("notification", FactorKind::App),
    ("authenticator", FactorKind::App),
    // With the app on a phone: neither a call nor a password.
    ("phone sign in", FactorKind::App),
    ("passwordless", FactorKind::Other),
    ("voice", FactorKind::Phone),
    ("phone", FactorKind::Phone),
    ("password", FactorKind::Password),
];

/// The methods of the steps, those that failed included; the same one several times on end once.
pub(super) fn of(row: &SignIn) -> Vec<Factor> {
    let steps = row.authentication_details.iter();
    let methods = steps.filter_map(|step| step.authentication_method.as_deref());
    let mut factors: Vec<_> = methods.filter_map(factor).collect();
    factors.dedup();
    factors
}

fn factor(method: &str) -> Option<Factor> {
    let words = words(method);
    if says_nothing(method) || EARLIER.contains(&words.trim()) {
        return None;
    }
    let has = |(begin, _): &&(&str, FactorKind)| words.contains(&format!(" {begin}"));
    let kind = KINDS.iter().find(has).map_or(FactorKind::Other, |(_, kind)| *kind);
    Some(Factor::new(kind, method.to_owned()))
}

/// The words of a text in small letters, a space before each: `PhoneAppOTP` is ` phone app otp`.
pub(super) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 1);
    let mut before = ' ';
    for c in text.chars() {
        let begins = !before.is_alphanumeric() || before.is_lowercase() && c.is_uppercase();
        if c.is_alphanumeric() {
            if begins {
                words.push(' ');
            }
            words.extend(c.to_lowercase());
        }
        before = c;
    }
    words
}
