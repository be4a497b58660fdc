//! A sign-in's JSON with every member that a large tenant sees, in the order of the service.
//!
//! About 2.6 kB in v1.0 and 4.9 kB in beta: what a reader's speed is measured with.

use super::log::SignIn;
use super::record::{Members, RESOURCE, Version};
use crate::json;

/// The policies of the tenant: name, grant control, and how it goes for a sign-in that succeeds.
const POLICIES: [(&str, &str, &str); 6] = [
    ("Second factor for all users", "Mfa", "success"),
    ("Block legacy protocols", "Block", "notApplied"),
    ("Compliant device for administrators", "RequireCompliantDevice", "notApplied"),
    ("Terms of use for guests", "FederatedMfa", "notEnabled"),
    ("Fresh sign-in every four hours for finance", "Mfa", "notApplied"),
    ("Second factor at medium risk or more", "Mfa", "reportOnlyNotApplied"),
];

const TENANT: &str = "0000007e-0000-4000-8000-000000000001";
const NO_LINK: &str =
    "{\"policyId\":\"\",\"policyName\":\"\",\"resourceId\":\"\",\"policyTenantId\":\"\"}";
const NO_IDENTITY: &str = "{\"msiType\":\"none\",\"associatedResourceId\":null,\
                           \"federatedTokenId\":null,\"federatedTokenIssuer\":null}";

const PHONE: &str = "{\"deviceId\":\"000000de-0000-4000-8000-000000000007\",\
                     \"operatingSystem\":\"Android 16\",\
                     \"clientApp\":\"Microsoft Authenticator\",\
                     \"appVersion\":\"6.2601.0001\"}";

impl SignIn {
    pub(super) fn write_full(&self, record: &mut Members<'_, '_>) {
        let beta = record.view.version == Version::Beta;
        self.write_person(record);
        record.text("appId", &self.app_id());
        record.text("appDisplayName", self.app_display_name);
        record.text("ipAddress", &self.ip.to_string());
        if beta {
            record.plain("ipAddressFromResourceProvider", "null");
        }
        record.text("clientAppUsed", self.client_app_used());
        record.text("userAgent", self.user_agent);
        record.text("correlationId", &self.correlation_id);
        record.text("conditionalAccessStatus", self.conditional_access_status());
        if beta {
            record.text("originalRequestId", &self.id);
        }
        record.plain("isInteractive", self.is_interactive());
        if beta {
            self.write_issuer(record);
        }
        self.write_risk(record);
        record.text("resourceDisplayName", RESOURCE);
        record.text("resourceId", &self.resource_id());
        record.text("resourceTenantId", TENANT);
        record.text("homeTenantId", TENANT);
        if beta {
            self.write_protocol(record);
        }
        let service = if self.is_user() { "" } else { "00000059-0000-4000-8000-000000000003" };
        record.text("servicePrincipalId", service);
        record.text("servicePrincipalName", "");
        if beta {
            self.write_session(record);
        }
        self.write_status(record);
        self.write_device(record);
        self.write_location(record);
        record.plain("authenticationAppDeviceDetails", PHONE);
        if beta {
            record.plain("managedServiceIdentity", NO_IDENTITY);
            record.plain("privateLinkDetails", NO_LINK);
            self.write_steps(record);
        }
        self.write_every_policy(record);
    }

    fn write_issuer(&self, record: &mut Members<'_, '_>) {
        record.text("tokenIssuerName", "");
        record.text("tokenIssuerType", "AzureAD");
        record.text("clientCredentialType", "none");
        record.plain("processingTimeInMilliseconds", 40 + self.app * 37);
    }

    fn write_protocol(&self, record: &mut Members<'_, '_>) {
        record.text("homeTenantName", "");
        record.text("resourceOwnerTenantId", TENANT);
        record.text("resourceServicePrincipalId", "00000059-0000-4000-8000-000000000009");
        record.text("authenticationRequirement", "multiFactorAuthentication");
        record.text("signInIdentifier", &self.user_principal_name);
        record.text("signInIdentifierType", "userPrincipalName");
        record.text("authenticationProtocol", "oAuth2");
        record.text("incomingTokenType", "primaryRefreshToken");
        record.plain("authenticationMethodsUsed", "[\"Password\",\"Authenticator App\"]");
    }

    fn write_session(&self, record: &mut Members<'_, '_>) {
        record.text("userType", "member");
        record.plain("flaggedForReview", false);
        record.plain("isTenantRestricted", false);
        record.plain("autonomousSystemNumber", 64_496);
        record.text("crossTenantAccessType", "none");
        record.text("uniqueTokenIdentifier", &self.id.replace('-', ""));
        record.text("sessionId", &self.correlation_id.replacen("c0", "5e", 1));
    }

    /// The steps of the authentication, and what decided about them.
    fn write_steps(&self, record: &mut Members<'_, '_>) {
        let mut at = Vec::new();
        json::instant(&mut at, self.created_at);
        let at = String::from_utf8(at).unwrap_or_default();
        record.plain(
            "authenticationDetails",
            format_args!(
                "[{{\"authenticationStepDateTime\":{at},\"authenticationMethod\":\"Password\",\
                 \"authenticationMethodDetail\":\"Password Hash Sync\",\"succeeded\":true,\
                 \"authenticationStepResultDetail\":\"Correct password\",\
                 \"authenticationStepRequirement\":\"Primary authentication\"}},\
                 {{\"authenticationStepDateTime\":{at},\
                 \"authenticationMethod\":\"Mobile app notification\",\
                 \"authenticationMethodDetail\":null,\"succeeded\":{},\
                 \"authenticationStepResultDetail\":\"MFA completed in Azure AD\",\
                 \"authenticationStepRequirement\":\"Multifactor authentication\"}}]",
                self.error_code == 0
            ),
        );
        record.plain(
            "authenticationProcessingDetails",
            "[{\"key\":\"Login Hint Present\",\"value\":\"True\"},\
              {\"key\":\"Is CAE Token\",\"value\":\"False\"}]",
        );
        record.plain(
            "authenticationRequirementPolicies",
            "[{\"requirementProvider\":\"multiConditionalAccess\",\
               \"detail\":\"Conditional Access\"}]",
        );
        record.plain(
            "networkLocationDetails",
            "[{\"networkType\":\"namedNetwork\",\"networkNames\":[\"Example head office\"]}]",
        );
    }

    fn write_every_policy(&self, record: &mut Members<'_, '_>) {
        let (version, policies) = (record.view.version, record.view.policies);
        if !policies || !record.open("appliedConditionalAccessPolicies") {
            return;
        }
        let last = if record.view.new_members { None } else { Some("unknownFutureValue") };
        for (number, (name, control, result)) in POLICIES.into_iter().enumerate() {
            let opening = if number == 0 { "[" } else { "," };
            let result = match result {
                "reportOnlyNotApplied" => last.unwrap_or(result),
                "success" if self.error_code != 0 => "failure",
                _ => result,
            };
            let out = &mut *record.out;
            json::put(
                out,
                format_args!("{opening}{{\"id\":\"000000ca-0000-4000-8000-{number:012x}\","),
            );
            json::put(out, format_args!("\"displayName\":\"{name}\","));
            json::put(out, format_args!("\"enforcedGrantControls\":[\"{control}\"],"));
            json::put(out, "\"enforcedSessionControls\":[],");
            json::put(out, format_args!("\"result\":\"{result}\""));
            if version == Version::Beta {
                json::put(out, BETA_POLICY);
            }
            json::put(out, "}");
        }
        json::put(record.out, "]");
    }
}

/// What a policy has in beta beside.
const BETA_POLICY: &str = ",\"conditionsSatisfied\":\"application,users\"";

#[cfg(test)]
mod tests {
    use crate::msgraph::{Kind, Settings, Version};
    use crate::{Local, msgraph};

    /// The mean length of a full record.
    fn mean(version: Version) -> usize {
        let settings = Settings::default().full(true).users(500);
        let graph = Local::<msgraph::Service>::msgraph(1, settings);
        let graph = graph.service();
        let tenant = graph.tenants().next().unwrap();
        let kinds = [Kind::InteractiveUser];
        let rows: Vec<_> = graph.sign_ins(&tenant, &kinds, None, None).collect();
        rows.iter().map(|row| row.to_json(version).len()).sum::<usize>() / rows.len()
    }

    #[test]
    fn full_records_are_as_large_as_those_of_a_large_tenant() {
        let (v1, beta) = (mean(Version::V1), mean(Version::Beta));
        assert!((2_550..2_700).contains(&v1), "{v1}");
        assert!((4_800..5_000).contains(&beta), "{beta}");
    }
}
