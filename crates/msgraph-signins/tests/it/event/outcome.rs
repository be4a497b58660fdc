//! How a sign-in went: outcome, reason, factors, protocol.

use msgraph_signins::event::{FactorKind, INTERRUPTS, Outcome, Protocol};

use super::{event, left};

#[test]
fn an_outcome_is_by_the_code_and_never_a_success_by_default() {
    for (status, outcome, code) in [
        (r#"{"errorCode":0}"#, Outcome::Success, Some("0")),
        (r#"{"errorCode":0,"failureReason":"Other."}"#, Outcome::Success, Some("0")),
        (r#"{"errorCode":50126}"#, Outcome::Failure, Some("50126")),
        (r#"{"errorCode":500121}"#, Outcome::Failure, Some("500121")),
        (r#"{"errorCode":53003}"#, Outcome::Failure, Some("53003")),
        (r#"{"errorCode":50053}"#, Outcome::Failure, Some("50053")),
        (r#"{"errorCode":-1}"#, Outcome::Failure, Some("-1")),
        ("{}", Outcome::Unknown, None),
        ("null", Outcome::Unknown, None),
        (r#"{"errorCode":null,"additionalDetails":"MFA completed"}"#, Outcome::Unknown, None),
    ] {
        let event = event(&format!(r#""status":{status}"#));
        assert_eq!((event.outcome, event.code.as_deref()), (outcome, code), "{status}");
    }
    assert_eq!(event(r#""appId":"a""#).outcome, Outcome::Unknown);
}

#[test]
fn interrupts_are_those_of_the_vendors_reference() {
    let mut codes = INTERRUPTS.map(|(code, _)| code);
    codes.sort_unstable();
    let published = [
        50058, 50072, 50074, 50076, 50079, 50097, 50125, 50127, 50129, 50140, 50158, 50168, 50199,
        65001,
    ];
    assert_eq!(codes, published);
    for (code, meaning) in INTERRUPTS {
        assert!(!meaning.is_empty());
        let event = event(&format!(r#""status":{{"errorCode":{code}}}"#));
        assert_eq!(event.outcome, Outcome::Interrupted, "{code}");
        assert_eq!(event.code, Some(code.to_string()));
    }
}

#[test]
fn p2_a_reason_is_told_with_its_details_and_nothing_of_both_is_lost() {
    for (reason, details, told, left_over) in [
        (
            "Other.",
            "MFA completed in Azure AD",
            Some("MFA completed in Azure AD"),
            r#"{"failureReason":"Other."}"#,
        ),
        ("Other.", "", None, r#"{"failureReason":"Other."}"#),
        ("Invalid password.", "", Some("Invalid password."), ""),
        ("", "MFA denied", Some("MFA denied"), ""),
        ("", "", None, ""),
        (
            "Strong authentication failed.",
            "MFA denied; user declined",
            Some("Strong authentication failed. (MFA denied; user declined)"),
            r#"{"failureReason":"Strong authentication failed.","additionalDetails":"MFA denied; user declined"}"#,
        ),
        ("Blocked", "Blocked", Some("Blocked"), r#"{"additionalDetails":"Blocked"}"#),
    ] {
        let members =
            format!(r#""status":{{"failureReason":"{reason}","additionalDetails":"{details}"}}"#);
        let event = event(&members);
        assert_eq!(event.reason.as_deref(), told, "{reason} {details}");
        let rest = if left_over.is_empty() {
            "{}".to_owned()
        } else {
            format!(r#"{{"status":{left_over}}}"#)
        };
        assert_eq!(left(&event), rest, "{reason} {details}");
    }
}

#[test]
fn mfa_is_what_was_done_and_a_requirement_speaks_of_successes_only() {
    let step = |purpose: &str, succeeded: &str, result: &str| {
        format!(
            r#""authenticationDetails":[{{"authenticationStepRequirement":"{purpose}","succeeded":{succeeded},"authenticationStepResultDetail":"{result}"}}]"#
        )
    };
    let status = |code: &str, details: &str| {
        format!(r#""status":{{"errorCode":{code},"additionalDetails":"{details}"}}"#)
    };
    let required = |level: &str, code: &str| {
        format!(r#"{},"authenticationRequirement":"{level}""#, status(code, ""))
    };
    for (members, mfa) in [
        // A step of the second factor that passed, in all its spellings.
        (step("MFA", "true", "methodSucceeded"), Some(true)),
        (step("Multifactor authentication", "true", ""), Some(true)),
        (step("Multi-factor authentication", "true", ""), Some(true)),
        (step("multiFactorAuthentication", "true", "MFA successfully completed"), Some(true)),
        (step("MFA", "false", "methodFailed"), None),
        (step("MFA", "null", "methodSucceeded"), None),
        (step("Primary authentication", "true", "methodSucceeded"), None),
        // One that was skipped is said to have passed.
        (step("MFA", "true", "MFA requirement skipped due to remembered device"), None),
        // The words of a step or of the status.
        (step("", "true", "MFA requirement satisfied by claim in the token"), Some(true)),
        (step("", "null", "MFA completed in Azure AD"), Some(true)),
        (step("", "false", "MFA completed in Azure AD"), None),
        (step("", "true", "First factor requirement satisfied by claim in the token"), None),
        (status("0", "MFA requirement satisfied by claim in the token"), Some(true)),
        (status("0", "MFA completed in Azure AD"), Some(true)),
        (status("53003", "MFA requirement satisfied by claim provided by another"), Some(true)),
        (status("0", "MFA requirement was not satisfied"), None),
        (status("0", "MFA requirement unsatisfied"), None),
        (status("50074", "MFA required in Azure AD"), None),
        (status("500121", "MFA denied; user declined the authentication"), None),
        (status("0", "completed"), None),
        // What was required, compared without case.
        (required("multiFactorAuthentication", "0"), Some(true)),
        (required("MultifactorAuthentication", "0"), Some(true)),
        (required("singleFactorAuthentication", "0"), Some(false)),
        (required("SINGLEFACTORAUTHENTICATION", "0"), Some(false)),
        (required("multiFactorAuthentication", "50126"), None),
        (required("singleFactorAuthentication", "50126"), None),
        (required("multiFactorAuthentication", "50074"), None),
        (required("multiFactorAuthentication", "null"), None),
        (required("somethingNew", "0"), None),
        // What was done goes before what was required.
        (
            format!(
                r#"{},"authenticationRequirement":"singleFactorAuthentication""#,
                status("0", "MFA completed in Azure AD")
            ),
            Some(true),
        ),
    ] {
        assert_eq!(event(&members).mfa, mfa, "{members}");
    }
}

#[test]
fn factors_are_the_methods_of_the_steps_by_their_words() {
    use FactorKind::{App, Email, Other, Otp, Password, Phone, Sms, Webauthn};
    for (method, kind) in [
        ("Password", Some(Password)),
        ("App password", Some(Password)),
        ("SMS", Some(Sms)),
        ("Text message", Some(Sms)),
        ("OneWaySMS", Some(Sms)),
        ("Voice", Some(Phone)),
        ("Phone call approval (Authentication phone)", Some(Phone)),
        ("TwoWayVoiceMobile", Some(Phone)),
        ("Authenticator App", Some(App)),
        ("Mobile app notification", Some(App)),
        ("PhoneAppNotification", Some(App)),
        ("Passwordless phone sign-in", Some(App)),
        ("OATH verification code", Some(Otp)),
        ("Software OATH token", Some(Otp)),
        ("Mobile app verification code", Some(Otp)),
        ("PhoneAppOTP", Some(Otp)),
        ("Time-based one-time password", Some(Otp)),
        ("FIDO2", Some(Webauthn)),
        ("FIDO2 security key", Some(Webauthn)),
        ("Passkey (Microsoft Authenticator)", Some(Webauthn)),
        ("passkey (device-bound)", Some(Webauthn)),
        ("Email", Some(Email)),
        ("E-mail one-time passcode", Some(Email)),
        ("Windows Hello for Business", Some(Other)),
        ("X.509 Certificate", Some(Other)),
        ("Temporary Access Pass", Some(Other)),
        ("Passwordless", Some(Other)),
        ("hotpatch, not present", Some(Other)),
        ("Something new", Some(Other)),
        // Nothing was proved anew.
        ("Previously satisfied", None),
        ("previously satisfied", None),
        ("Claim in access token", None),
        ("Satisfied by token", None),
        ("", None),
    ] {
        let members = format!(r#""authenticationDetails":[{{"authenticationMethod":"{method}"}}]"#);
        let event = event(&members);
        let found: Vec<_> = event.factors.iter().map(|f| (f.kind, f.method.as_str())).collect();
        assert_eq!(found, kind.map(|kind| (kind, method)).into_iter().collect::<Vec<_>>());
        // The list holds more than the methods.
        assert!(!event.mapped.contains(&"/authenticationDetails"));
    }
}

#[test]
fn factors_are_in_the_order_of_the_steps_and_tries_again_are_one() {
    let methods = ["Password", "Password", "SMS", "Previously satisfied", "FIDO2", "Password"];
    let steps = methods.map(|method| format!(r#"{{"authenticationMethod":"{method}"}}"#));
    let event = event(&format!(r#""authenticationDetails":[{},{{}}]"#, steps.join(",")));
    let found: Vec<_> = event.factors.iter().map(|factor| factor.method.as_str()).collect();
    assert_eq!(found, ["Password", "SMS", "FIDO2", "Password"]);
}

#[test]
fn a_protocol_is_told_by_its_family_and_its_grants_stay() {
    for (flags, protocol) in [
        ("oAuth2", Some("oauth2")),
        ("ropc", Some("oauth2")),
        ("deviceCode", Some("oauth2")),
        ("clientCredentials", Some("oauth2")),
        ("authorizationCodeWithPkce", Some("oauth2")),
        ("authorizationCodeWithoutPkce", Some("oauth2")),
        ("implicitAccessTokenAndGetResponseMode", Some("oauth2")),
        ("onBehalfOf", Some("oauth2")),
        ("deviceCode,refreshTokenGrant", Some("oauth2")),
        ("saml20", Some("saml2")),
        ("kerberos", Some("kerberos")),
        ("wsFederation", Some("wsFederation")),
        ("seamlessSso", Some("seamlessSso")),
        ("somethingNew", Some("somethingNew")),
        ("none,kerberos", Some("kerberos")),
        ("saml20,oAuth2", Some("saml20,oAuth2")),
        ("wsTrust,somethingNew", Some("wsTrust,somethingNew")),
        ("none", Some("unknown")),
        ("none,unknownFutureValue", Some("unknown")),
        ("unknownFutureValue", None),
        ("UnknownFutureValue", None),
        ("unknown", None),
        ("OAuth2", Some("oauth2")),
        ("SAML20", Some("saml2")),
        ("None", Some("unknown")),
        ("", None),
    ] {
        let event = event(&format!(r#""authenticationProtocol":"{flags}""#));
        assert_eq!(event.protocol.as_ref().map(Protocol::as_str), protocol, "{flags}");
        // Who looks for phishing by device code finds it.
        let rest = format!(r#"{{"authenticationProtocol":"{flags}"}}"#);
        assert_eq!(left(&event), if flags.is_empty() { "{}" } else { &rest });
    }
}

#[test]
fn kinds_are_the_vendors_words() {
    let told = event(r#""signInEventTypes":["","nonInteractiveUser","somethingNew"]"#);
    assert_eq!(told.kinds, ["nonInteractiveUser", "somethingNew"]);
    assert_eq!(left(&told), "{}");
    let drifted = event(r#""signInEventTypes":["unknownFutureValue","nonInteractiveUser"]"#);
    assert_eq!(drifted.kinds, ["nonInteractiveUser"]);
    assert!(left(&drifted).contains("unknownFutureValue"), "nothing of the list is lost");
    for none in ["null", "[]", r#"[""]"#] {
        let event = event(&format!(r#""signInEventTypes":{none}"#));
        assert_eq!(event.kinds, [""; 0]);
        assert_eq!(event.mapped, ["/createdDateTime", "/userId", "/id"]);
    }
}
