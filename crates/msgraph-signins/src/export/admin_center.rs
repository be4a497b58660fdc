//! Rows of the CSV files that the Entra admin center gives for download.
//!
//! See the vendor's page,
//! [Download logs](https://learn.microsoft.com/en-us/entra/identity/monitoring-health/howto-download-logs).

use std::borrow::Cow;

use signin_core::OpenEnum;

use super::graph::{Builder, Dialect};
use super::raw::{Member, Object, quoted, text};
use super::refusal::NotASignIn;
use super::time::Order;
use super::{Found, Shape};
use crate::{
    ClientCredentialType, ConditionalAccessStatus, IncomingTokenType, MsiType,
    OriginalTransferMethods, ProtocolType, SignInAccessType, SignInEventType, SignInUserType,
    TokenIssuerType, TokenProtectionStatus,
};

const DIALECT: Dialect = Dialect {
    shape: Shape::AdminCenterCsv,
    beside: "adminCenter",
    any_case: false,
    additional: false,
    order: Order::Unknown,
};

/// What of Graph's a column says.
#[derive(Debug, Clone, Copy)]
enum Column {
    /// A member of the sign-in.
    Of(&'static str),
    /// A member that Graph writes as one of an enum's texts, and the admin center for people.
    Words(&'static str, Words),
    /// A member of one of the sign-in's objects.
    In(&'static str, &'static str),
    /// The same in words for people.
    WordsIn(&'static str, &'static str, Words),
    /// `City, State, CC`.
    Location,
    /// `Success`, `Failure` or `Interrupted`.
    Outcome,
}

/// The documented text of an enum's member, whatever the case of this one; none of a text that is no
/// member's.
type Words = fn(&str) -> Option<&'static str>;

fn known<T: OpenEnum>(text: &str) -> Option<&'static str> {
    let is_it = |(known, _): &&(&'static str, T)| known.eq_ignore_ascii_case(text);
    T::MEMBERS.iter().find(is_it).map(|(known, _)| *known)
}

/// The columns by their headers in lower case, with single spaces.
const COLUMNS: &[(&str, Column)] = &[
    ("date (utc)", Column::Of("createdDateTime")),
    ("date", Column::Of("createdDateTime")),
    ("request id", Column::Of("id")),
    ("user agent", Column::Of("userAgent")),
    ("correlation id", Column::Of("correlationId")),
    ("user id", Column::Of("userId")),
    ("user", Column::Of("userDisplayName")),
    ("username", Column::Of("userPrincipalName")),
    ("user type", Column::Words("userType", known::<SignInUserType>)),
    ("cross tenant access type", Column::Words("crossTenantAccessType", known::<SignInAccessType>)),
    ("incoming token type", Column::Words("incomingTokenType", known::<IncomingTokenType>)),
    ("authentication protocol", Column::Words("authenticationProtocol", known::<ProtocolType>)),
    ("unique token identifier", Column::Of("uniqueTokenIdentifier")),
    (
        "original transfer method",
        Column::Words("originalTransferMethod", known::<OriginalTransferMethods>),
    ),
    (
        "client credential type",
        Column::Words("clientCredentialType", known::<ClientCredentialType>),
    ),
    (
        "token protection - sign in session",
        Column::WordsIn(TOKEN_PROTECTION, "signInSessionStatus", known::<TokenProtectionStatus>),
    ),
    (
        "token protection - sign in session statuscode",
        Column::In(TOKEN_PROTECTION, "signInSessionStatusCode"),
    ),
    ("service principal id", Column::Of("servicePrincipalId")),
    ("service principal name", Column::Of("servicePrincipalName")),
    ("credential key id", Column::Of("servicePrincipalCredentialKeyId")),
    ("credential thumbprint", Column::Of("servicePrincipalCredentialThumbprint")),
    ("application", Column::Of("appDisplayName")),
    ("application id", Column::Of("appId")),
    ("app owner tenant id", Column::Of("appOwnerTenantId")),
    ("resource", Column::Of("resourceDisplayName")),
    ("resource id", Column::Of("resourceId")),
    ("resource tenant id", Column::Of("resourceTenantId")),
    ("resource owner tenant id", Column::Of("resourceOwnerTenantId")),
    ("home tenant id", Column::Of("homeTenantId")),
    ("home tenant name", Column::Of("homeTenantName")),
    ("ip address", Column::Of("ipAddress")),
    ("location", Column::Location),
    ("status", Column::Outcome),
    ("sign-in error code", Column::In("status", CODE)),
    ("failure reason", Column::In("status", "failureReason")),
    ("client app", Column::Of("clientAppUsed")),
    ("device id", Column::In(DEVICE, "deviceId")),
    ("browser", Column::In(DEVICE, "browser")),
    ("operating system", Column::In(DEVICE, "operatingSystem")),
    ("compliant", Column::In(DEVICE, "isCompliant")),
    ("managed", Column::In(DEVICE, "isManaged")),
    ("join type", Column::In(DEVICE, "trustType")),
    ("multifactor authentication result", Column::In("status", "additionalDetails")),
    ("multifactor authentication auth method", Column::In("mfaDetail", "authMethod")),
    ("multifactor authentication auth detail", Column::In("mfaDetail", "authDetail")),
    (
        "authentication requirement",
        Column::Words("authenticationRequirement", |text| {
            let known = ["singleFactorAuthentication", "multiFactorAuthentication"];
            known.into_iter().find(|known| known.eq_ignore_ascii_case(text))
        }),
    ),
    ("sign-in identifier", Column::Of("signInIdentifier")),
    ("session id", Column::Of("sessionId")),
    ("ip address (seen by resource)", Column::Of("ipAddressFromResourceProvider")),
    ("through global secure access", Column::Of("isThroughGlobalSecureAccess")),
    ("global secure access ip address", Column::Of("globalSecureAccessIpAddress")),
    ("autonomous system number", Column::Of("autonomousSystemNumber")),
    ("flagged for review", Column::Of("flaggedForReview")),
    ("token issuer type", Column::Words("tokenIssuerType", known::<TokenIssuerType>)),
    ("token issuer name", Column::Of("tokenIssuerName")),
    ("latency", Column::Of("processingTimeInMilliseconds")),
    (
        "conditional access",
        Column::Words("conditionalAccessStatus", known::<ConditionalAccessStatus>),
    ),
    ("managed identity type", Column::WordsIn(IDENTITY, "msiType", known::<MsiType>)),
    ("associated resource id", Column::In(IDENTITY, "associatedResourceId")),
    ("federated token id", Column::In(IDENTITY, "federatedTokenId")),
    ("federated token issuer", Column::In(IDENTITY, "federatedTokenIssuer")),
];

const CODE: &str = "errorCode";
const DEVICE: &str = "deviceDetail";
const IDENTITY: &str = "managedServiceIdentity";
const TOKEN_PROTECTION: &str = "tokenProtectionStatusDetails";

/// The objects of a sign-in that columns have members of.
const OBJECTS: [&str; 6] = ["status", DEVICE, "location", "mfaDetail", TOKEN_PROTECTION, IDENTITY];

/// A header as [`COLUMNS`] has it.
pub(super) fn folded(header: &str) -> String {
    header.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether these columns, folded, are those of sign-ins.
pub(super) fn is_of_sign_ins(headers: &[String]) -> bool {
    let has = |names: &[&str]| headers.iter().any(|header| names.contains(&header.as_str()));
    has(&["date (utc)", "date"]) && has(&["application", "application id", "username", "status"])
}

/// Reads a row.
pub(super) fn read(row: &[Member<'_>]) -> Result<Found<'static>, NotASignIn> {
    let headers: Vec<_> = row.iter().map(|column| folded(&column.name)).collect();
    let mut sign_in = Builder::new(DIALECT, kind(&headers));
    let mut members = Members::default();
    // The outcome last: what it adds depends on the code.
    let is_outcome = |header: &str| header == "status";
    let columns = row.iter().zip(&headers).filter(|(_, header)| !is_outcome(header));
    let outcome = row.iter().zip(&headers).filter(|(_, header)| is_outcome(header));
    for (column, header) in columns.chain(outcome) {
        let Some(field) = text(column.value) else {
            // Another program's null for an empty field, or a value of its own.
            if column.value != "null" {
                sign_in.keep(column);
            }
            continue;
        };
        let field = unguarded(field.trim());
        if field.is_empty() {
            continue;
        }
        let known = COLUMNS.iter().find(|(name, _)| name == header).map(|(_, column)| *column);
        if !known.is_some_and(|known| members.take(known, field)) {
            sign_in.keep(column);
        }
    }
    members.put(&mut sign_in);
    sign_in.end(None).map(Found::SignIn)
}

/// The kind of sign-in, where only one kind has these columns. Those of users are the same whether
/// they are interactive or not.
fn kind(headers: &[String]) -> Option<SignInEventType> {
    let has = |names: &[&str]| headers.iter().any(|header| names.contains(&header.as_str()));
    if has(&["user", "username", "user id"]) {
        None
    } else if has(&["managed identity type", "associated resource id"]) {
        Some(SignInEventType::ManagedIdentity)
    } else if has(&["service principal id"]) {
        Some(SignInEventType::ServicePrincipal)
    } else {
        None
    }
}

/// A field without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn unguarded(field: &str) -> &str {
    field.strip_prefix('\'').filter(|rest| rest.starts_with(['-', '+'])).unwrap_or(field)
}

/// The members of a sign-in, as far as they are known.
#[derive(Debug, Default)]
struct Members {
    own: Vec<(&'static str, String)>,
    inner: Vec<(&'static str, &'static str, String)>,
    /// What `Status` says, where no code says it.
    succeeded: bool,
}

impl Members {
    /// Takes what a column says. False if it has to be kept in its own words as well.
    fn take(&mut self, column: Column, field: &str) -> bool {
        match column {
            Column::Of(name) => self.own(name, quoted(field)),
            Column::Words(name, is_word) => self.own(name, quoted(&words(field, is_word))),
            Column::In(object, name) => self.inner(object, name, field),
            Column::WordsIn(object, name, is_word) => {
                self.inner(object, name, &words(field, is_word))
            }
            Column::Location => self.location(field),
            // Graph says an interruption by the code alone.
            Column::Outcome if !field.eq_ignore_ascii_case("success") => false,
            Column::Outcome => self.success(),
        }
    }

    /// Of columns with the same header the first one holds.
    fn own(&mut self, name: &'static str, json: String) -> bool {
        if let Some((_, known)) = self.own.iter().find(|(other, _)| *other == name) {
            return *known == json;
        }
        self.own.push((name, json));
        true
    }

    fn inner(&mut self, object: &'static str, name: &'static str, field: &str) -> bool {
        let json = quoted(field);
        let known = self.inner.iter().find(|known| (known.0, known.1) == (object, name));
        if let Some((_, _, known)) = known {
            return *known == json;
        }
        self.inner.push((object, name, json));
        true
    }

    /// A success has the code 0, which is left out in the file. False if another code contradicts.
    fn success(&mut self) -> bool {
        let code = self.inner.iter().find(|(_, name, _)| *name == CODE);
        let Some((_, _, code)) = code else {
            self.succeeded = true;
            return true;
        };
        code == "\"0\""
    }

    /// Splits `City, State, CC` from the right: a city's name may hold a comma.
    fn location(&mut self, field: &str) -> bool {
        const PARTS: [&str; 3] = ["countryOrRegion", "state", "city"];
        let parts: Vec<_> = field.rsplitn(3, ',').map(str::trim).collect();
        let is_code = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase());
        if parts.len() != PARTS.len() && !parts.first().is_some_and(is_code) {
            return false;
        }
        // Of two parts the other one may be a city or a state: it stays in its own words.
        let known = if parts.len() == PARTS.len() { parts.len() } else { 1 };
        for (name, part) in PARTS.into_iter().zip(parts.iter().take(known)).rev() {
            if !part.is_empty() {
                self.inner("location", name, part);
            }
        }
        parts.len() == known
    }

    fn put(mut self, sign_in: &mut Builder) {
        let has_code = self.inner.iter().any(|(_, name, _)| *name == CODE);
        if self.succeeded && !has_code {
            self.inner.push(("status", CODE, "0".to_owned()));
        }
        for (name, json) in &self.own {
            sign_in.set(name, json);
        }
        for object in OBJECTS {
            let mut inner = Object::default();
            for (_, name, json) in self.inner.iter().filter(|(of, _, _)| *of == object) {
                inner.name(name, json);
            }
            if !inner.is_empty() {
                sign_in.set(object, &inner.end());
            }
        }
    }
}

/// `Primary refresh token, SAML 1.1` as `primaryRefreshToken,saml11`, if an enum has these; else
/// the text itself.
fn words(field: &str, is_word: Words) -> Cow<'_, str> {
    let words: Option<Vec<_>> = field.split(',').map(|text| word(text, is_word)).collect();
    words.map_or(Cow::Borrowed(field), |words| Cow::Owned(words.join(",")))
}

/// The text of an enum that a text for people means: its words as one, `Primary refresh token` as
/// `primaryRefreshToken`.
fn word(text: &str, is_word: Words) -> Option<&'static str> {
    let as_one: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    is_word(text.trim()).or_else(|| is_word(&as_one))
}
