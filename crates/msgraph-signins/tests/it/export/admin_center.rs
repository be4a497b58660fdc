//! CSV files of the Entra admin center.

use msgraph_signins::SignInEventType;
use msgraph_signins::export::{Csv, Export, Found, Refusal, Shape, read};

use super::record;

const USERS: &str = "Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,\
    User type,Cross tenant access type,Incoming token type,Authentication Protocol,\
    Unique token identifier,Original transfer method,Client credential type,\
    Token Protection - Sign In Session,Token Protection - Sign In Session StatusCode,Application,\
    Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,\
    Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,\
    Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,\
    Managed,Join Type,Multifactor authentication result,Multifactor authentication auth method,\
    Multifactor authentication auth detail,Authentication requirement,Sign-in identifier,\
    Session ID,IP address (seen by resource),Through Global Secure Access,\
    Global Secure Access IP address,Autonomous system  number,Flagged for review,\
    Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access,\
    Managed Identity type,Associated Resource Id,Federated Token Id,Federated Token Issuer";
const APPLICATIONS: &str = "Date (UTC),Request ID,Correlation ID,Service principal ID,\
    Service principal name,Credential key ID,Credential thumbprint,Application,Application ID ,\
    App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,\
    Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,\
    Conditional Access";

/// A file of a header and one row, split at semicolons or commas, by the first line.
#[track_caller]
fn row(header: &str, row: &str, separator: char) -> Export<'static> {
    let header: Vec<_> = header.split(separator).collect();
    let fields: Vec<_> = row.split(separator).collect();
    let csv = Csv::new(&header).unwrap();
    let Found::SignIn(export) = csv.record(&fields).unwrap() else { panic!("no sign-in") };
    // Out of an envelope it is the same again.
    let raw = csv.raw(&fields).unwrap();
    assert_eq!(read(&raw), Ok(Found::SignIn(export.clone())));
    assert_eq!(export.shape, Shape::AdminCenterCsv);
    assert!(export.is_lossy() && export.tenant.is_none());
    record(&export.record);
    export
}

/// A row of the file of users' sign-ins in which these columns say something.
fn users(says: &[(&str, &str)]) -> Export<'static> {
    let header: Vec<_> = USERS.split(',').collect();
    let fields = header.iter().map(|name| {
        let said = says.iter().find(|(header, _)| header == name);
        said.map_or("", |(_, field)| field)
    });
    row(&header.join(";"), &fields.collect::<Vec<_>>().join(";"), ';')
}

#[test]
fn a_row_of_a_users_sign_in_is_read_column_by_column() {
    let header = format!("\u{feff}{}", USERS.replace(',', ";"));
    let fields = "2026-01-02T03:04:05Z;a;curl/8;c;u;Ada Example;ada@contoso.example;Member;\
        B2B collaboration;primaryRefreshToken;deviceCode;'-abc;Device code flow;Client secret;\
        Bound;1002;Portal;b;o;Graph;r;rt;ro;h;Contoso;192.0.2.1;Washington, D.C., Columbia, US;\
        Interrupted;50074;Strong Authentication is required.;Browser;d;Edge 143;Windows10;Yes;No;\
        Azure AD joined;MFA required;Phone call;+XX XXXXXXX01;Multifactor authentication;ada;s;\
        198.51.100.7;false;203.0.113.9;64496;FALSE;Azure AD;Primary refresh token;sts;250;\
        Not Applied;System assigned;/res;f;i";
    assert_eq!(
        row(&header, fields, ';').record,
        concat!(
            r#"{"createdDateTime":"2026-01-02T03:04:05Z","id":"a","userAgent":"curl/8","#,
            r#""correlationId":"c","userId":"u","userDisplayName":"Ada Example","#,
            r#""userPrincipalName":"ada@contoso.example","userType":"member","#,
            r#""crossTenantAccessType":"b2bCollaboration","incomingTokenType":"primaryRefreshToken","#,
            r#""authenticationProtocol":"deviceCode","uniqueTokenIdentifier":"-abc","#,
            r#""originalTransferMethod":"deviceCodeFlow","clientCredentialType":"clientSecret","#,
            r#""appDisplayName":"Portal","appId":"b","appOwnerTenantId":"o","#,
            r#""resourceDisplayName":"Graph","resourceId":"r","resourceTenantId":"rt","#,
            r#""resourceOwnerTenantId":"ro","homeTenantId":"h","homeTenantName":"Contoso","#,
            r#""ipAddress":"192.0.2.1","clientAppUsed":"Browser","#,
            r#""authenticationRequirement":"multiFactorAuthentication","signInIdentifier":"ada","#,
            r#""sessionId":"s","ipAddressFromResourceProvider":"198.51.100.7","#,
            r#""isThroughGlobalSecureAccess":false,"globalSecureAccessIpAddress":"203.0.113.9","#,
            r#""autonomousSystemNumber":64496,"flaggedForReview":false,"tokenIssuerType":"AzureAD","#,
            r#""tokenIssuerName":"sts","processingTimeInMilliseconds":250,"#,
            r#""conditionalAccessStatus":"notApplied","#,
            r#""status":{"errorCode":50074,"failureReason":"Strong Authentication is required.","#,
            r#""additionalDetails":"MFA required"},"#,
            r#""deviceDetail":{"deviceId":"d","browser":"Edge 143","operatingSystem":"Windows10","#,
            r#""isCompliant":true,"isManaged":false,"trustType":"Azure AD joined"},"#,
            r#""location":{"city":"Washington, D.C.","state":"Columbia","countryOrRegion":"US"},"#,
            r#""mfaDetail":{"authMethod":"Phone call","authDetail":"+XX XXXXXXX01"},"#,
            r#""tokenProtectionStatusDetails":{"signInSessionStatus":"bound","signInSessionStatusCode":1002},"#,
            r#""managedServiceIdentity":{"msiType":"systemAssigned","associatedResourceId":"/res","#,
            r#""federatedTokenId":"f","federatedTokenIssuer":"i"},"#,
            r#""adminCenter":{"Status":"Interrupted"}}"#
        )
    );
}

#[test]
fn a_row_of_an_application_tells_its_kind_and_one_of_a_user_does_not() {
    let export = row(
        APPLICATIONS,
        "2026-01-02T03:04:05Z,a,c,sp,Backup,k,t,Backup,b,o,Graph,r,rt,ro,h,,192.0.2.1,,Success,,,",
        ',',
    );
    assert_eq!(export.kind, Some(SignInEventType::ServicePrincipal));
    assert_eq!(
        export.record,
        concat!(
            r#"{"createdDateTime":"2026-01-02T03:04:05Z","id":"a","correlationId":"c","#,
            r#""servicePrincipalId":"sp","servicePrincipalName":"Backup","#,
            r#""servicePrincipalCredentialKeyId":"k","servicePrincipalCredentialThumbprint":"t","#,
            r#""appDisplayName":"Backup","appId":"b","appOwnerTenantId":"o","#,
            r#""resourceDisplayName":"Graph","resourceId":"r","resourceTenantId":"rt","#,
            r#""resourceOwnerTenantId":"ro","homeTenantId":"h","ipAddress":"192.0.2.1","#,
            r#""status":{"errorCode":0},"signInEventTypes":["servicePrincipal"]}"#
        )
    );
    let header = "Date (UTC),Request ID,Service principal ID,Status,Managed Identity type";
    let identity = row(header, "2026-01-02T03:04:05Z,a,sp,Success,User assigned", ',');
    assert_eq!(identity.kind, Some(SignInEventType::ManagedIdentity));
    assert_eq!(users(&[("Request ID", "a")]).kind, None);
}

#[test]
fn a_success_has_the_code_zero_and_nothing_else_has_one_without_its_code() {
    let status = |status, code| users(&[("Status", status), ("Sign-in error code", code)]).record;
    assert_eq!(status("Success", ""), r#"{"status":{"errorCode":0}}"#);
    assert_eq!(status("Success", "0"), r#"{"status":{"errorCode":0}}"#);
    assert_eq!(status("Failure", ""), r#"{"adminCenter":{"Status":"Failure"}}"#);
    assert_eq!(status("Erfolgreich", ""), r#"{"adminCenter":{"Status":"Erfolgreich"}}"#);
    assert_eq!(
        status("Success", "50126"),
        r#"{"status":{"errorCode":50126},"adminCenter":{"Status":"Success"}}"#
    );
}

#[test]
fn a_place_is_split_from_the_right_or_stays_as_it_is() {
    let place = |place| users(&[("Location", place)]).record;
    assert_eq!(
        place("Frankfurt, Main, Hesse, DE"),
        r#"{"location":{"city":"Frankfurt, Main","state":"Hesse","countryOrRegion":"DE"}}"#
    );
    assert_eq!(place(", , DE"), r#"{"location":{"countryOrRegion":"DE"}}"#);
    assert_eq!(place("DE"), r#"{"location":{"countryOrRegion":"DE"}}"#);
    assert_eq!(
        place("Hesse, DE"),
        r#"{"location":{"countryOrRegion":"DE"},"adminCenter":{"Location":"Hesse, DE"}}"#
    );
    assert_eq!(place("Hesse"), r#"{"adminCenter":{"Location":"Hesse"}}"#);
}

#[test]
fn text_for_people_is_an_enums_where_the_enum_has_it() {
    let protocol = |text| users(&[("Authentication Protocol", text)]).record;
    assert_eq!(protocol("ROPC"), r#"{"authenticationProtocol":"ropc"}"#);
    assert_eq!(protocol("None"), r#"{"authenticationProtocol":"none"}"#);
    assert_eq!(protocol("Gerätecode"), r#"{"authenticationProtocol":"Gerätecode"}"#);
    let token = users(&[("Incoming token type", "Primary refresh token, SAML 1.1")]).record;
    assert_eq!(token, r#"{"incomingTokenType":"primaryRefreshToken,saml11"}"#);
    let requirement = users(&[("Authentication requirement", "Single-factor authentication")]);
    assert_eq!(requirement.record, r#"{"authenticationRequirement":"singleFactorAuthentication"}"#);
}

#[test]
fn unknown_columns_and_a_second_value_stay_in_their_own_words() {
    let header = "Date,Request ID,Incoming token type,Incoming token type,Status,Neue Spalte ";
    let export = row(header, "2026-01-02 03:04:05,a,none,SAML 2.0,Success, x ", ',');
    assert_eq!(
        export.record,
        concat!(
            r#"{"createdDateTime":"2026-01-02 03:04:05","id":"a","incomingTokenType":"none","#,
            r#""status":{"errorCode":0},"#,
            r#""adminCenter":{"Incoming token type":"SAML 2.0","Neue Spalte ":" x "}}"#
        )
    );
}

#[test]
fn a_date_is_read_if_it_can_only_be_one() {
    let header = ["Date (UTC)", "Request ID", "Status"];
    let csv = Csv::new(&header).unwrap();
    let read = |time| csv.record(&[time, "a", "Success"]);
    for (text, time) in [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("13/1/2026 3:04:05", "2026-01-13T03:04:05Z"),
        ("1/13/2026 3:04:05 PM", "2026-01-13T15:04:05Z"),
        ("02.01.2026 03:04:05", "2026-01-02T03:04:05Z"),
        ("2/2/2026 3:04", "2026-02-02T03:04:00Z"),
    ] {
        let Ok(Found::SignIn(export)) = read(text) else { panic!("{text}") };
        let found = record(&export.record).created_date_time.clone().unwrap();
        assert_eq!(found.to_string(), time, "{text}");
    }
    for text in ["1/2/2026 3:04:05 PM", "01/02/2026 03:04:05", "1-2-2026 3:04"] {
        let refused = read(text).unwrap_err();
        assert_eq!((refused.refusal(), refused.path()), (Refusal::UnclearTime, "/createdDateTime"));
    }
}

#[test]
fn a_row_that_is_not_as_long_as_its_header_is_refused() {
    let csv = Csv::new(&["Date (UTC)", "Request ID", "Status"]).unwrap();
    for fields in [&["2026-01-02T03:04:05Z", "a"][..], &["x", "a", "b", "c"], &[]] {
        assert_eq!(csv.record(fields).unwrap_err().refusal(), Refusal::OtherLength);
        assert_eq!(csv.raw(fields).unwrap_err().refusal(), Refusal::OtherLength);
    }
    assert!(csv.record(&["2026-01-02T03:04:05Z", "a", "", "", ""]).is_ok());
}

#[test]
fn the_original_row_keeps_order_spaces_and_repeated_headers() {
    let csv = Csv::new(&["\u{feff}Date (UTC)", "Request ID", "Status", "x", "x", "b "]).unwrap();
    let raw = csv.raw(&["t", "a", "", "1", "2", " \"\n"]).unwrap();
    assert_eq!(
        raw,
        r#"{"Date (UTC)":"t","Request ID":"a","Status":"","x":"1","x":"2","b ":" \"\n"}"#
    );
}
