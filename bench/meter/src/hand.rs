//! Sign-ins as a good engineer writes them by hand in an hour: owned structs with the documented
//! members of each version, texts as `String`, whatever else is sent dropped.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Sum;

/// A page of OData.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// The sign-ins.
    pub value: Vec<T>,
    /// The address of the next page.
    #[serde(rename = "@odata.nextLink")]
    pub next_link: Option<String>,
}

/// A sign-in, of either version.
pub trait SignIn: DeserializeOwned {
    /// Adds it up.
    fn add_up(&self, sum: &mut Sum);
}

/// Writes a struct of optional members.
macro_rules! members {
    ($($(#[$doc:meta])* $name:ident { $($(#[$wire:meta])* $member:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Default, Deserialize)]
            #[serde(rename_all = "camelCase", default)]
            #[expect(missing_docs, reason = "the members are the vendor's")]
            pub struct $name {
                $($(#[$wire])* pub $member: Option<$type>,)*
            }
        )*
    };
}

members! {
    /// A sign-in of v1.0.
    V1 {
        id: String,
        created_date_time: String,
        user_display_name: String,
        user_principal_name: String,
        user_id: String,
        app_id: String,
        app_display_name: String,
        ip_address: String,
        client_app_used: String,
        user_agent: String,
        correlation_id: String,
        conditional_access_status: String,
        is_interactive: bool,
        risk_detail: String,
        risk_level_aggregated: String,
        risk_level_during_sign_in: String,
        risk_state: String,
        risk_event_types: Vec<String>,
        #[serde(rename = "riskEventTypes_v2")]
        risk_event_types_v2: Vec<String>,
        resource_display_name: String,
        resource_id: String,
        resource_tenant_id: String,
        home_tenant_id: String,
        service_principal_id: String,
        service_principal_name: String,
        authentication_app_device_details: AppDevice,
        status: Status,
        device_detail: Device,
        location: Location,
        applied_conditional_access_policies: Vec<Policy>,
    }

    /// A sign-in of beta.
    Beta {
        id: String,
        created_date_time: String,
        user_display_name: String,
        user_principal_name: String,
        user_id: String,
        app_id: String,
        app_display_name: String,
        app_owner_tenant_id: String,
        ip_address: String,
        ip_address_from_resource_provider: String,
        client_app_used: String,
        user_agent: String,
        correlation_id: String,
        conditional_access_status: String,
        conditional_access_audiences: Vec<String>,
        original_request_id: String,
        original_transfer_method: String,
        is_interactive: bool,
        token_issuer_name: String,
        token_issuer_type: String,
        client_credential_type: String,
        processing_time_in_milliseconds: i64,
        risk_detail: String,
        risk_level_aggregated: String,
        risk_level_during_sign_in: String,
        risk_state: String,
        #[serde(rename = "riskEventTypes_v2")]
        risk_event_types_v2: Vec<String>,
        resource_display_name: String,
        resource_id: String,
        resource_tenant_id: String,
        home_tenant_id: String,
        home_tenant_name: String,
        resource_owner_tenant_id: String,
        resource_service_principal_id: String,
        authentication_requirement: String,
        sign_in_identifier: String,
        sign_in_identifier_type: String,
        authentication_protocol: String,
        incoming_token_type: String,
        authentication_methods_used: Vec<String>,
        service_principal_id: String,
        service_principal_name: String,
        service_principal_credential_key_id: String,
        service_principal_credential_thumbprint: String,
        federated_credential_id: String,
        user_type: String,
        flagged_for_review: bool,
        is_tenant_restricted: bool,
        is_through_global_secure_access: bool,
        global_secure_access_ip_address: String,
        autonomous_system_number: i64,
        cross_tenant_access_type: String,
        unique_token_identifier: String,
        session_id: String,
        client_session_id: String,
        root_actor_id: String,
        azure_resource_id: String,
        sign_in_event_types: Vec<String>,
        mfa_detail: Mfa,
        app_token_protection_status: String,
        sign_in_token_protection_status: String,
        token_protection_status_details: TokenProtection,
        agent: Agent,
        authentication_app_device_details: AppDevice,
        authentication_app_policy_evaluation_details: Vec<AppPolicy>,
        authentication_context_class_references: Vec<Context>,
        status: Status,
        device_detail: Device,
        location: Location,
        managed_service_identity: ManagedIdentity,
        private_link_details: PrivateLink,
        authentication_details: Vec<Step>,
        authentication_processing_details: Vec<KeyValue>,
        authentication_requirement_policies: Vec<RequirementPolicy>,
        network_location_details: Vec<Network>,
        session_lifetime_policies: Vec<SessionPolicy>,
        applied_event_listeners: Vec<Listener>,
        applied_conditional_access_policies: Vec<BetaPolicy>,
    }

    /// The result.
    Status { error_code: i64, failure_reason: String, additional_details: String, }

    /// The device.
    Device {
        device_id: String,
        display_name: String,
        operating_system: String,
        browser: String,
        browser_id: String,
        is_compliant: bool,
        is_managed: bool,
        trust_type: String,
    }

    /// The place.
    Location { city: String, state: String, country_or_region: String, geo_coordinates: Geo, }

    /// Coordinates.
    Geo { altitude: f64, latitude: f64, longitude: f64, }

    /// A policy as v1.0 has it.
    Policy {
        id: String,
        display_name: String,
        enforced_grant_controls: Vec<String>,
        enforced_session_controls: Vec<String>,
        result: String,
    }

    /// A policy as beta has it.
    BetaPolicy {
        id: String,
        display_name: String,
        enforced_grant_controls: Vec<String>,
        enforced_session_controls: Vec<String>,
        session_controls_not_satisfied: Vec<String>,
        result: String,
        conditions_satisfied: String,
        conditions_not_satisfied: String,
        authentication_strength: Strength,
        include_rules_satisfied: Vec<Rule>,
        exclude_rules_satisfied: Vec<Rule>,
    }

    /// The strength that a policy asks for.
    Strength {
        authentication_strength_id: String,
        display_name: String,
        authentication_strength_result: String,
    }

    /// A rule of a policy.
    Rule { conditional_access_condition: String, rule_satisfied: String, }

    /// A second factor.
    Mfa { auth_method: String, auth_detail: String, }

    /// How a token is bound.
    TokenProtection { sign_in_session_status: String, sign_in_session_status_code: i64, }

    /// An agent.
    Agent {
        agent_type: String,
        agent_subject_type: String,
        agent_subject_parent_id: String,
        parent_app_id: String,
    }

    /// The phone of an authenticator.
    AppDevice { device_id: String, operating_system: String, client_app: String, app_version: String, }

    /// A policy of an authenticator.
    AppPolicy {
        policy_name: String,
        admin_configuration: String,
        authentication_evaluation: String,
        status: String,
    }

    /// A context.
    Context { id: String, detail: String, }

    /// A managed identity.
    ManagedIdentity {
        msi_type: String,
        associated_resource_id: String,
        federated_token_id: String,
        federated_token_issuer: String,
    }

    /// A private link.
    PrivateLink {
        policy_id: String,
        policy_name: String,
        resource_id: String,
        policy_tenant_id: String,
    }

    /// A step of the authentication.
    Step {
        authentication_step_date_time: String,
        authentication_method: String,
        authentication_method_detail: String,
        succeeded: bool,
        authentication_step_result_detail: String,
        authentication_step_requirement: String,
    }

    /// A detail.
    KeyValue { key: String, value: String, }

    /// What asked for a factor.
    RequirementPolicy { requirement_provider: String, detail: String, }

    /// A network.
    Network { network_type: String, network_names: Vec<String>, }

    /// What limits a session.
    SessionPolicy { expiration_requirement: String, detail: String, }

    /// A listener.
    Listener { event_type: String, executed_listener_id: String, }
}

/// Writes what both versions have in common.
macro_rules! add_up {
    ($record:ident, $sum:ident) => {
        $sum.text($record.id.as_deref());
        $sum.text($record.created_date_time.as_deref());
        $sum.text($record.user_principal_name.as_deref());
        $sum.text($record.app_display_name.as_deref());
        $sum.text($record.ip_address.as_deref());
        $sum.text($record.correlation_id.as_deref());
        $sum.text($record.risk_state.as_deref());
        $sum.text($record.resource_id.as_deref());
        $sum.number($record.status.as_ref().and_then(|status| status.error_code));
        let device = $record.device_detail.as_ref();
        $sum.text(device.and_then(|device| device.operating_system.as_deref()));
        let location = $record.location.as_ref();
        $sum.text(location.and_then(|location| location.city.as_deref()));
        let coordinates = location.and_then(|location| location.geo_coordinates.as_ref());
        $sum.coordinate(coordinates.and_then(|coordinates| coordinates.latitude));
        for policy in $record.applied_conditional_access_policies.iter().flatten() {
            $sum.text(policy.result.as_deref());
        }
    };
}

impl SignIn for V1 {
    fn add_up(&self, sum: &mut Sum) {
        add_up!(self, sum);
    }
}

impl SignIn for Beta {
    fn add_up(&self, sum: &mut Sum) {
        add_up!(self, sum);
        sum.text(self.unique_token_identifier.as_deref());
        sum.text(self.sign_in_event_types.iter().flatten().next().map(String::as_str));
        for step in self.authentication_details.iter().flatten() {
            sum.text(step.authentication_step_result_detail.as_deref());
        }
    }
}
