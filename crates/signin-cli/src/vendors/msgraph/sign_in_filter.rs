//! What of Microsoft Graph's sign-ins is asked for, as options.

use clap::Args;
use msgraph_signins::{
    ConditionalAccessStatus, OpenEnum as _, RiskDetail, RiskLevel, RiskState, SignIns,
};

/// Conditions on sign-ins. One that is given several times holds for any of its values; different
/// ones all hold at once.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Microsoft Graph: only sign-ins … (each may be given several times)")]
pub(crate) struct SignInFilter {
    /// Of the user with this object id.
    #[arg(long, value_name = "ID")]
    user_id: Vec<String>,

    /// Under this user principal name.
    #[arg(long, value_name = "NAME")]
    user_principal_name: Vec<String>,

    /// Under user principal names that start so.
    #[arg(long, value_name = "START")]
    user_principal_name_starts_with: Vec<String>,

    /// Of users of this display name.
    #[arg(long, value_name = "NAME")]
    user_display_name: Vec<String>,

    /// Of users whose display name starts so.
    #[arg(long, value_name = "START")]
    user_display_name_starts_with: Vec<String>,

    /// To the application with this id.
    #[arg(long, value_name = "ID")]
    app_id: Vec<String>,

    /// To applications of this display name.
    #[arg(long, value_name = "NAME")]
    app_display_name: Vec<String>,

    /// To applications whose display name starts so.
    #[arg(long, value_name = "START")]
    app_display_name_starts_with: Vec<String>,

    /// To the resource with this id.
    #[arg(long, value_name = "ID")]
    resource_id: Vec<String>,

    /// To resources of this display name.
    #[arg(long, value_name = "NAME")]
    resource_display_name: Vec<String>,

    /// By this kind of client, such as Browser.
    #[arg(long, value_name = "CLIENT")]
    client_app_used: Vec<String>,

    /// By this browser.
    #[arg(long, value_name = "NAME")]
    browser: Vec<String>,

    /// By browsers whose name starts so.
    #[arg(long, value_name = "START")]
    browser_starts_with: Vec<String>,

    /// On this operating system.
    #[arg(long, value_name = "NAME")]
    operating_system: Vec<String>,

    /// On operating systems whose name starts so.
    #[arg(long, value_name = "START")]
    operating_system_starts_with: Vec<String>,

    /// From this IP address, as the service writes it.
    #[arg(long, value_name = "ADDRESS")]
    ip_address: Vec<String>,

    /// From IP addresses that start so, such as 192.0.2.
    #[arg(long, value_name = "START")]
    ip_address_starts_with: Vec<String>,

    /// From this city.
    #[arg(long, value_name = "CITY")]
    city: Vec<String>,

    /// From cities that start so.
    #[arg(long, value_name = "START")]
    city_starts_with: Vec<String>,

    /// From this state.
    #[arg(long, value_name = "STATE")]
    state: Vec<String>,

    /// From states that start so.
    #[arg(long, value_name = "START")]
    state_starts_with: Vec<String>,

    /// From this country, by its two letters.
    #[arg(long, value_name = "COUNTRY")]
    country_or_region: Vec<String>,

    /// From countries whose letters start so.
    #[arg(long, value_name = "START")]
    country_or_region_starts_with: Vec<String>,

    /// Of the attempt with this correlation id.
    #[arg(long, value_name = "ID")]
    correlation_id: Vec<String>,

    /// With this outcome of conditional access: success, failure, notApplied.
    #[arg(long, value_name = "STATUS")]
    conditional_access_status: Vec<String>,

    /// In this state of risk, such as atRisk.
    #[arg(long, value_name = "STATE")]
    risk_state: Vec<String>,

    /// Of this aggregated risk: none, low, medium, high.
    #[arg(long, value_name = "LEVEL")]
    risk_level_aggregated: Vec<String>,

    /// Of this risk during the sign-in.
    #[arg(long, value_name = "LEVEL")]
    risk_level_during_sign_in: Vec<String>,

    /// With this detail of risk.
    #[arg(long, value_name = "DETAIL")]
    risk_detail: Vec<String>,

    /// With this error code; 0 is success.
    #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
    error_code: Vec<i32>,

    /// That pass this filter of OData, sent as it is: nothing is quoted for you. All of several
    /// hold.
    #[arg(long = "filter", value_name = "ODATA")]
    filters: Vec<String>,
}

/// A setter of the list.
type Set = fn(SignIns, &str) -> SignIns;

impl SignInFilter {
    /// The options with a text, and what each sets.
    fn texts(&self) -> [(&'static str, &[String], Set); 30] {
        [
            ("--user-id", &self.user_id, |list, text| list.user_id(text)),
            ("--user-principal-name", &self.user_principal_name, SignIns::user_principal_name),
            (
                "--user-principal-name-starts-with",
                &self.user_principal_name_starts_with,
                SignIns::user_principal_name_starts_with,
            ),
            ("--user-display-name", &self.user_display_name, SignIns::user_display_name),
            (
                "--user-display-name-starts-with",
                &self.user_display_name_starts_with,
                SignIns::user_display_name_starts_with,
            ),
            ("--app-id", &self.app_id, |list, text| list.app_id(text)),
            ("--app-display-name", &self.app_display_name, SignIns::app_display_name),
            (
                "--app-display-name-starts-with",
                &self.app_display_name_starts_with,
                SignIns::app_display_name_starts_with,
            ),
            ("--resource-id", &self.resource_id, |list, text| list.resource_id(text)),
            (
                "--resource-display-name",
                &self.resource_display_name,
                SignIns::resource_display_name,
            ),
            ("--client-app-used", &self.client_app_used, SignIns::client_app_used),
            ("--browser", &self.browser, SignIns::browser),
            ("--browser-starts-with", &self.browser_starts_with, SignIns::browser_starts_with),
            ("--operating-system", &self.operating_system, SignIns::operating_system),
            (
                "--operating-system-starts-with",
                &self.operating_system_starts_with,
                SignIns::operating_system_starts_with,
            ),
            ("--ip-address", &self.ip_address, SignIns::ip_address),
            (
                "--ip-address-starts-with",
                &self.ip_address_starts_with,
                SignIns::ip_address_starts_with,
            ),
            ("--city", &self.city, SignIns::city),
            ("--city-starts-with", &self.city_starts_with, SignIns::city_starts_with),
            ("--state", &self.state, SignIns::state),
            ("--state-starts-with", &self.state_starts_with, SignIns::state_starts_with),
            (
                "--country-or-region-starts-with",
                &self.country_or_region_starts_with,
                SignIns::country_or_region_starts_with,
            ),
            ("--country-or-region", &self.country_or_region, SignIns::country_or_region),
            ("--correlation-id", &self.correlation_id, |list, text| list.correlation_id(text)),
            ("--conditional-access-status", &self.conditional_access_status, |list, text| {
                list.conditional_access_status(&ConditionalAccessStatus::from_text(text))
            }),
            ("--risk-state", &self.risk_state, |list, text| {
                list.risk_state(&RiskState::from_text(text))
            }),
            ("--risk-level-aggregated", &self.risk_level_aggregated, |list, text| {
                list.risk_level_aggregated(&RiskLevel::from_text(text))
            }),
            ("--risk-level-during-sign-in", &self.risk_level_during_sign_in, |list, text| {
                list.risk_level_during_sign_in(&RiskLevel::from_text(text))
            }),
            ("--risk-detail", &self.risk_detail, |list, text| {
                list.risk_detail(&RiskDetail::from_text(text))
            }),
            ("--filter", &self.filters, |list, text| list.filter_raw(text)),
        ]
    }

    /// The list, of sign-ins that are asked for only.
    pub(crate) fn set(&self, list: SignIns) -> SignIns {
        let all = self.texts().into_iter();
        let all = all.flat_map(|(_, texts, set)| texts.iter().map(move |text| (text, set)));
        let list = all.fold(list, |list, (text, set)| set(list, text));
        self.error_code.iter().fold(list, |list, code| list.error_code(*code))
    }

    /// The options that were given.
    pub(crate) fn asked(&self) -> Vec<(&'static str, String)> {
        let texts = self.texts().into_iter();
        let texts =
            texts.flat_map(|(name, texts, _)| texts.iter().map(move |text| (name, text.clone())));
        let codes = self.error_code.iter().map(|code| ("--error-code", code.to_string()));
        texts.chain(codes).collect()
    }
}
