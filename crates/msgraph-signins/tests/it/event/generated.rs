//! Sign-ins of generated records: held to the contract here, and to the published schemas by the gate.

use msgraph_signins::SignIn as Row;
use msgraph_signins::event::{PrincipalKind, SignIn};
use signin_contract::events::{Records, check_many, print_many};
use signin_contract::odd_members::check_odd;

use super::{context, left};

/// A kind of event: its name and what it has.
type Kind<'a> = (&'a str, &'a dyn Fn(&SignIn) -> bool);

/// Records with what events are made of: every kind of sign-in, device, factor and protocol.
fn generated() -> Records {
    const NIL: &str = r#""00000000-0000-0000-0000-000000000000""#;
    Records::default()
        .likely("/userId", &[NIL, r#""u1""#])
        .likely(
            "/userPrincipalName",
            &[
                r#""ada@example.com""#,
                r#""sam_partner.example#EXT#@contoso.onmicrosoft.com""#,
                r#""sam_partner.example#ext#@contoso.onmicrosoft.com""#,
                r#""ada""#,
            ],
        )
        .likely("/servicePrincipalId", &[NIL, r#""s1""#])
        .likely("/signInIdentifier", &[r#""typed@example.com""#, r#""+15550100""#, r#"" ""#])
        .likely("/appId", &[NIL, r#""a1""#])
        .likely(
            "/ipAddress",
            &[
                r#""192.0.2.1""#,
                r#""192.0.2.1:443""#,
                r#""[2001:db8::1]:443""#,
                r#""unknown""#,
                r#""::ffff:192.0.2.1""#,
            ],
        )
        .likely("/userType", &[r#""member""#, r#""guest""#])
        .likely("/managedServiceIdentity/msiType", &[r#""none""#, r#""systemAssigned""#])
        .likely(
            "/agent/agentType",
            &[r#""notAgentic""#, r#""AgenticApp""#, r#""unknownFutureValue""#],
        )
        .likely("/status/errorCode", &["0", "50074", "50126"])
        .likely("/status/failureReason", &[r#""Other.""#, r#""Invalid password.""#])
        .likely("/status/additionalDetails", &[r#""MFA completed in Azure AD""#])
        .likely(
            "/authenticationRequirement",
            &[r#""multiFactorAuthentication""#, r#""singleFactorAuthentication""#],
        )
        .likely(
            "/authenticationDetails/authenticationMethod",
            &[
                r#""Password""#,
                r#""Text message""#,
                r#""Phone call approval""#,
                r#""Mobile app notification""#,
                r#""Software OATH token""#,
                r#""FIDO2""#,
                r#""Email""#,
                r#""Windows Hello for Business""#,
                r#""Previously satisfied""#,
            ],
        )
        .likely(
            "/authenticationProtocol",
            &[
                r#""none""#,
                r#""deviceCode""#,
                r#""saml20""#,
                r#""kerberos""#,
                r#""wsFederation""#,
                r#""saml20,oAuth2""#,
            ],
        )
        .likely("/riskLevelAggregated", &[r#""none""#, r#""hidden""#, r#""high""#])
        .likely("/riskLevelDuringSignIn", &[r#""none""#, r#""hidden""#, r#""low""#])
        .likely("/appliedConditionalAccessPolicies/result", &[r#""applied""#, r#""success""#])
        .likely("/location/countryOrRegion", &[r#""DE""#, r#""Germany""#, r#""de""#])
        .likely("/location/geoCoordinates/latitude", &["0", "48.4"])
        .likely("/location/geoCoordinates/longitude", &["0", "10.0"])
        .likely("/autonomousSystemNumber", &["64496", "0", "4294967296"])
        .likely("/deviceDetail/deviceId", &[NIL, r#""""#, r#""d1""#])
        .likely("/deviceDetail/operatingSystem", &[r#""Windows 11""#, r#""MacOs""#, r#""Ios 17""#])
        .likely(
            "/signInEventTypes",
            &[
                r#"["interactiveUser"]"#,
                r#"["nonInteractiveUser"]"#,
                r#"["servicePrincipal"]"#,
                r#"["managedIdentity"]"#,
                "[]",
            ],
        )
}

#[test]
fn p2_nothing_of_any_record_is_lost() {
    let (events, refused) = check_many::<Row>(&generated(), 500, &context());
    assert!(events.len() > 100 && refused.len() > 50, "{} {}", events.len(), refused.len());
    for kind in [
        PrincipalKind::User,
        PrincipalKind::ServicePrincipal,
        PrincipalKind::ManagedIdentity,
        PrincipalKind::Agent,
    ] {
        assert!(events.iter().any(|event| event.principal.kind == kind), "{kind:?}");
    }
    for member in
        ["/location/geoCoordinates/latitude", "/autonomousSystemNumber", "/signInEventTypes"]
    {
        assert!(events.iter().any(|event| event.mapped.contains(&member)), "{member}");
    }
    let seen = |what: &dyn Fn(&SignIn) -> bool| events.iter().filter(|event| what(event)).count();
    let guest = |event: &SignIn| left(event).contains(r#""userType":"guest""#);
    let device = |event: &SignIn| event.origin.device.as_ref().is_some_and(|it| it.os.is_some());
    let typed = |event: &SignIn| event.mapped.contains(&"/signInIdentifier");
    let all: [Kind<'_>; 10] = [
        ("what was typed", &typed),
        ("a device with its system", &device),
        ("several factors", &|event| event.factors.len() > 1),
        ("with a second factor", &|event| event.mfa == Some(true)),
        ("without one", &|event| event.mfa == Some(false)),
        ("a protocol", &|event| event.protocol.is_some()),
        ("a session", &|event| event.session_id.is_some()),
        ("a guest", &guest),
        ("policies", &|event| !event.policies.is_empty()),
        ("a risk", &|event| event.risk.is_some()),
    ];
    for (name, what) in all {
        assert!(seen(what) > 3, "{name}: {}", seen(what));
    }
    for protocol in ["unknown", "oauth2", "saml2", "kerberos", "wsFederation"] {
        let is_it =
            |event: &SignIn| event.protocol.as_ref().is_some_and(|it| it.as_str() == protocol);
        assert!(seen(&is_it) > 0, "{protocol}");
    }
    check_many::<Row>(&Records::default(), 250, &context());
}

/// Each JSON type into each member.
#[test]
fn p2_an_odd_member_costs_nothing_but_itself() {
    let events = check_odd::<Row>(&generated(), 4, &context());
    assert!(events > 100, "{events}");
}

/// For `.ci/events/run`, which holds them to the published schemas.
#[test]
#[ignore = "prints events for the validators: bash .ci/events/run"]
fn print_generated_events() {
    print_many::<Row>(&generated(), 400, &context());
}
