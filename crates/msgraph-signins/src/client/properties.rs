//! Which sign-ins to list, by the properties that the service can filter by.
//!
//! See the vendor's page,
//! [signIn resource type](https://learn.microsoft.com/en-us/graph/api/resources/signin), which says
//! of each property whether a filter may compare it.

use signin_core::OpenEnum;

use crate::client::filter::Test;
use crate::{ConditionalAccessStatus, Id, RiskDetail, RiskLevel, RiskState, SignIns};

impl SignIns {
    /// Only the sign-in with this id: several rows where it was revised.
    pub fn id(self, id: impl Into<Id>) -> Self {
        self.is("id", id.into().as_str())
    }

    /// Only sign-ins of the user with this object id.
    pub fn user_id(self, id: impl Into<Id>) -> Self {
        self.is("userId", id.into().as_str())
    }

    /// Only sign-ins under this user principal name. The service keeps it in lower case, so it
    /// is sent in lower case.
    pub fn user_principal_name(self, name: &str) -> Self {
        self.is("userPrincipalName", &name.to_lowercase())
    }

    /// Only sign-ins under user principal names that start so, in lower case as well.
    pub fn user_principal_name_starts_with(self, prefix: &str) -> Self {
        self.starts_with("userPrincipalName", &prefix.to_lowercase())
    }

    /// Only sign-ins of users of this display name.
    pub fn user_display_name(self, name: &str) -> Self {
        self.is("userDisplayName", name)
    }

    /// Only sign-ins of users whose display name starts so.
    pub fn user_display_name_starts_with(self, prefix: &str) -> Self {
        self.starts_with("userDisplayName", prefix)
    }

    /// Only sign-ins to the application with this id.
    pub fn app_id(self, id: impl Into<Id>) -> Self {
        self.is("appId", id.into().as_str())
    }

    /// Only sign-ins to applications of this display name.
    pub fn app_display_name(self, name: &str) -> Self {
        self.is("appDisplayName", name)
    }

    /// Only sign-ins to applications whose display name starts so.
    pub fn app_display_name_starts_with(self, prefix: &str) -> Self {
        self.starts_with("appDisplayName", prefix)
    }

    /// Only sign-ins to the resource with this id.
    pub fn resource_id(self, id: impl Into<Id>) -> Self {
        self.is("resourceId", id.into().as_str())
    }

    /// Only sign-ins to resources of this display name.
    pub fn resource_display_name(self, name: &str) -> Self {
        self.is("resourceDisplayName", name)
    }

    /// Only sign-ins by this kind of client, such as `Browser`, or of those that know no modern
    /// authentication `IMAP4`: free text of the service's.
    pub fn client_app_used(self, client: &str) -> Self {
        self.is("clientAppUsed", client)
    }

    /// Only sign-ins with this browser, as the service writes it: `Edge 143.0.0`.
    pub fn browser(self, browser: &str) -> Self {
        self.is("deviceDetail/browser", browser)
    }

    /// Only sign-ins with browsers whose text starts so, such as `Edge`.
    pub fn browser_starts_with(self, prefix: &str) -> Self {
        self.starts_with("deviceDetail/browser", prefix)
    }

    /// Only sign-ins from this operating system, as the service writes it: `Windows10`.
    pub fn operating_system(self, system: &str) -> Self {
        self.is("deviceDetail/operatingSystem", system)
    }

    /// Only sign-ins from operating systems whose text starts so, such as `Windows`.
    pub fn operating_system_starts_with(self, prefix: &str) -> Self {
        self.starts_with("deviceDetail/operatingSystem", prefix)
    }

    /// Only sign-ins from this IP address, as the service writes it.
    pub fn ip_address(self, address: &str) -> Self {
        self.is("ipAddress", address)
    }

    /// Only sign-ins from IP addresses whose text starts so, such as `192.0.2.`.
    pub fn ip_address_starts_with(self, prefix: &str) -> Self {
        self.starts_with("ipAddress", prefix)
    }

    /// Only sign-ins from this city.
    pub fn city(self, city: &str) -> Self {
        self.is("location/city", city)
    }

    /// Only sign-ins from cities whose name starts so.
    pub fn city_starts_with(self, prefix: &str) -> Self {
        self.starts_with("location/city", prefix)
    }

    /// Only sign-ins from this state or province.
    pub fn state(self, state: &str) -> Self {
        self.is("location/state", state)
    }

    /// Only sign-ins from states or provinces whose name starts so.
    pub fn state_starts_with(self, prefix: &str) -> Self {
        self.starts_with("location/state", prefix)
    }

    /// Only sign-ins from this country, by its two letters.
    pub fn country_or_region(self, country: &str) -> Self {
        self.is("location/countryOrRegion", country)
    }

    /// Only sign-ins from countries whose letters start so.
    pub fn country_or_region_starts_with(self, prefix: &str) -> Self {
        self.starts_with("location/countryOrRegion", prefix)
    }

    /// Only the sign-ins of one attempt, by the id that the client gave it.
    pub fn correlation_id(self, id: impl Into<Id>) -> Self {
        self.is("correlationId", id.into().as_str())
    }

    /// Only sign-ins with this error code; 0 is success.
    pub fn error_code(mut self, code: i32) -> Self {
        self.filter.test("status/errorCode", Test::Number(code));
        self
    }

    /// Only sign-ins with this outcome of conditional access.
    pub fn conditional_access_status(self, status: &ConditionalAccessStatus) -> Self {
        self.is("conditionalAccessStatus", status.as_str())
    }

    /// Only sign-ins in this state of risk.
    pub fn risk_state(self, state: &RiskState) -> Self {
        self.is("riskState", state.as_str())
    }

    /// Only sign-ins of this aggregated risk.
    pub fn risk_level_aggregated(self, level: &RiskLevel) -> Self {
        self.is("riskLevelAggregated", level.as_str())
    }

    /// Only sign-ins of this risk while they happened.
    pub fn risk_level_during_sign_in(self, level: &RiskLevel) -> Self {
        self.is("riskLevelDuringSignIn", level.as_str())
    }

    /// Only sign-ins whose risk has this explanation.
    pub fn risk_detail(self, detail: &RiskDetail) -> Self {
        self.is("riskDetail", detail.as_str())
    }

    fn is(mut self, property: &'static str, value: &str) -> Self {
        self.filter.test(property, Test::Is(value.to_owned()));
        self
    }

    fn starts_with(mut self, property: &'static str, prefix: &str) -> Self {
        self.filter.test(property, Test::StartsWith(prefix.to_owned()));
        self
    }
}
