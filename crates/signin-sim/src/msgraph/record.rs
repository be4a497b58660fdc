//! A sign-in's JSON, as each version of the service sends it.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::log::{Kind, SignIn};
use crate::json;

/// What all sign-ins have in common.
pub(super) const RESOURCE: &str = "Example API";
pub(super) const OPERATING_SYSTEM: &str = "Windows 11";
pub(super) const BROWSER: &str = "Edge 140.0.0";

/// A version of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `v1.0`.
    V1,
    /// `beta`.
    Beta,
}

impl Version {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// What of a record is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'v> {
    pub(super) version: Version,
    pub(super) policies: bool,
    /// With `Prefer: include-unknown-enum-members`.
    pub(super) new_members: bool,
    /// The members of `$select`.
    pub(super) select: Option<&'v [String]>,
    /// The `@odata.context` of a bare record.
    pub(super) context: Option<&'v str>,
}

impl SignIn {
    /// The record, byte for byte as a list sends it to an application that may read policies and
    /// asks for new members of enums.
    #[must_use]
    pub fn to_json(&self, version: Version) -> String {
        let view = View { version, policies: true, new_members: true, select: None, context: None };
        let mut out = Vec::new();
        self.write(&mut out, view);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>, view: View<'_>) {
        json::put(out, "{");
        let mut record = Members { out, view, first: true };
        if let Some(context) = view.context {
            record.open("@odata.context");
            json::text(record.out, context);
        }
        record.text("id", &self.id);
        record.time("createdDateTime", self.created_at);
        if self.full {
            self.write_full(&mut record);
        } else {
            self.write_short(&mut record);
        }
        json::put(record.out, "}");
    }

    fn write_short(&self, record: &mut Members<'_, '_>) {
        self.write_who(record);
        self.write_what(record);
        if record.view.version == Version::Beta {
            self.write_beta(record);
        }
        self.write_policies(record);
    }

    pub(super) fn is_user(&self) -> bool {
        matches!(self.kind, Kind::InteractiveUser | Kind::NonInteractiveUser)
    }

    pub(super) fn is_interactive(&self) -> bool {
        self.kind == Kind::InteractiveUser
    }

    pub(super) fn client_app_used(&self) -> &'static str {
        if self.is_user() { "Browser" } else { "" }
    }

    pub(super) fn risk_detail(&self) -> &'static str {
        if self.risk_state == "none" { "none" } else { "hidden" }
    }

    pub(super) fn write_person(&self, record: &mut Members<'_, '_>) {
        if self.is_user() {
            record.text("userDisplayName", &self.user_display_name);
            record.text("userPrincipalName", &self.user_principal_name);
            record.text("userId", &self.user_id);
        } else {
            record.plain("userDisplayName", "null");
            record.text("userPrincipalName", "");
        }
    }

    fn write_who(&self, record: &mut Members<'_, '_>) {
        self.write_person(record);
        record.text("appId", &self.app_id());
        record.text("appDisplayName", self.app_display_name);
        record.text("ipAddress", &self.ip.to_string());
        record.text("clientAppUsed", self.client_app_used());
        record.text("correlationId", &self.correlation_id);
    }

    fn write_what(&self, record: &mut Members<'_, '_>) {
        record.text("conditionalAccessStatus", self.conditional_access_status());
        record.plain("isInteractive", self.is_interactive());
        self.write_risk(record);
        record.text("resourceDisplayName", RESOURCE);
        record.text("resourceId", &self.resource_id());
        self.write_status(record);
        self.write_device(record);
        self.write_location(record);
    }

    pub(super) fn write_risk(&self, record: &mut Members<'_, '_>) {
        record.text("riskDetail", self.risk_detail());
        record.text("riskLevelAggregated", self.risk_level());
        record.text("riskLevelDuringSignIn", self.risk_level());
        record.text("riskState", self.risk_state);
        record.plain("riskEventTypes_v2", "[]");
    }

    pub(super) fn write_status(&self, record: &mut Members<'_, '_>) {
        if record.open("status") {
            let reason = if self.error_code == 0 { "Other." } else { "Told to fail." };
            json::put(record.out, format_args!("{{\"errorCode\":{},", self.error_code));
            json::put(record.out, format_args!("\"failureReason\":\"{reason}\","));
            json::put(record.out, "\"additionalDetails\":null}");
        }
    }

    pub(super) fn write_device(&self, record: &mut Members<'_, '_>) {
        record.plain(
            "deviceDetail",
            format_args!(
                "{{\"deviceId\":\"\",\"displayName\":null,\"operatingSystem\":\"{OPERATING_SYSTEM}\",\
                 \"browser\":\"{BROWSER}\",\"isCompliant\":null,\"isManaged\":false,\"trustType\":\"\"}}"
            ),
        );
    }

    pub(super) fn write_location(&self, record: &mut Members<'_, '_>) {
        if record.open("location") {
            let (city, country, [latitude, longitude]) = self.place;
            // 32-bit numbers, written with the digits of 64.
            let wide = |bits| f64::from(f32::from_bits(bits));
            json::put(record.out, "{\"city\":");
            json::text(record.out, city);
            json::put(
                record.out,
                format_args!(",\"state\":\"\",\"countryOrRegion\":\"{country}\""),
            );
            json::put(record.out, ",\"geoCoordinates\":{\"altitude\":null,");
            json::put(record.out, format_args!("\"latitude\":{:?},", wide(latitude)));
            json::put(record.out, format_args!("\"longitude\":{:?}}}}}", wide(longitude)));
        }
    }

    fn write_beta(&self, record: &mut Members<'_, '_>) {
        record.text("userAgent", self.user_agent);
        record.plain("signInEventTypes", format_args!("[\"{}\"]", self.kind.as_str()));
        let service = if self.is_user() { "" } else { "00000059-0000-4000-8000-000000000003" };
        record.text("servicePrincipalId", service);
        record.plain("autonomousSystemNumber", 64_496);
        record.text("crossTenantAccessType", "none");
        record.text("incomingTokenType", "primaryRefreshToken,refreshToken");
        record.plain(
            "privateLinkDetails",
            "{\"policyId\":\"\",\"policyName\":\"\",\"resourceId\":\"\",\"policyTenantId\":\"\"}",
        );
        record.plain("authenticationDetails", "[]");
    }

    fn write_policies(&self, record: &mut Members<'_, '_>) {
        let View { policies, new_members, .. } = record.view;
        if policies && record.open("appliedConditionalAccessPolicies") {
            let result = if new_members { "reportOnlySuccess" } else { "unknownFutureValue" };
            json::put(record.out, "[{\"id\":\"000000ca-0000-4000-8000-000000000001\",");
            json::put(record.out, "\"displayName\":\"Second factor\",");
            json::put(record.out, "\"enforcedGrantControls\":[\"Mfa\"],");
            json::put(record.out, "\"enforcedSessionControls\":[],");
            json::put(record.out, format_args!("\"result\":\"{result}\"}}]"));
        }
    }
}

/// The members of a record, written one by one, those that were not asked for left out.
pub(super) struct Members<'o, 'v> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) view: View<'v>,
    first: bool,
}

impl Members<'_, '_> {
    /// Begins a member, if it is to be sent.
    pub(super) fn open(&mut self, name: &str) -> bool {
        let asked = self.view.select.is_none_or(|names| names.iter().any(|asked| asked == name));
        if !asked && name != "@odata.context" {
            return false;
        }
        if !self.first {
            json::put(self.out, ",");
        }
        self.first = false;
        json::put(self.out, format_args!("\"{name}\":"));
        true
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        if self.open(name) {
            json::text(self.out, value);
        }
    }

    pub(super) fn plain(&mut self, name: &str, value: impl std::fmt::Display) {
        if self.open(name) {
            json::put(self.out, value);
        }
    }

    /// No digits of a second, or 7.
    fn time(&mut self, name: &str, at: OffsetDateTime) {
        let whole = at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default();
        let ticks = at.nanosecond() / 100;
        if ticks == 0 {
            return self.text(name, &whole);
        }
        self.text(name, &whole.replace('Z', &format!(".{ticks:07}Z")));
    }
}
