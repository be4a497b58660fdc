//! What a record is, by the names of its members.

use std::borrow::Cow;

use signin_core::vendor::Model;

use super::raw::{Kind, Member, is_empty, last, last_text};
use super::refusal::NotASignIn;
use super::{Shape, admin_center, diagnostic_record, graph, kind_of_log, log_analytics};
use crate::SignIn;

/// What a record is, with what is needed to read it.
#[derive(Debug)]
pub(super) enum Form<'a> {
    Graph,
    /// A record of another log.
    Other {
        log: Cow<'a, str>,
    },
    DiagnosticRecord {
        category: Cow<'a, str>,
        properties: Cow<'a, str>,
    },
    LogAnalytics(Shape),
    PowerShell,
    AdminCenter,
}

/// Members that speak of the record of something else, whatever stands next to them.
const OF_OTHERS: [&str; 4] = ["error", "riskLastUpdatedDateTime", "riskType", "isDeleted"];

/// Members of what else Graph has that is created and has an id: users, groups, applications,
/// alerts. No sign-in has one of these.
const OF_OBJECTS: [&str; 18] = [
    "displayName",
    "mail",
    "givenName",
    "surname",
    "jobTitle",
    "accountEnabled",
    "securityEnabled",
    "mailEnabled",
    "mailNickname",
    "groupTypes",
    "description",
    "signInAudience",
    "servicePrincipalType",
    "servicePrincipalNames",
    "publisherDomain",
    "title",
    "severity",
    "deletedDateTime",
];

/// Members that only a sign-in has.
const OF_SIGN_INS: [&str; 14] = [
    "signInEventTypes",
    "status",
    "ipAddress",
    "clientAppUsed",
    "isInteractive",
    "conditionalAccessStatus",
    "appliedConditionalAccessPolicies",
    "deviceDetail",
    "resourceId",
    "resourceDisplayName",
    "appDisplayName",
    "correlationId",
    "riskState",
    "authenticationDetails",
];

/// Members that stand around the sign-in in a diagnostic record.
const OF_WRAPPERS: [&str; 6] =
    ["time", "operationName", "resultType", "resultSignature", "callerIpAddress", "durationMs"];

/// Says what a record is.
///
/// # Errors
/// It is no sign-in, or none that is known.
pub(super) fn form<'a>(members: &[Member<'a>]) -> Result<Form<'a>, NotASignIn> {
    let unknown = || NotASignIn::unknown("members", members);
    let signs = Signs::of(members);
    if signs.operation && signs.record_type || signs.audit_data {
        return Err(NotASignIn::unified_audit_log());
    }
    if signs.activity {
        return Err(NotASignIn::directory_audit());
    }
    if let (Some(category), Some(properties)) =
        (last_text(members, "category"), diagnostic_record::properties(members))
        && (kind_of_log(&category).is_some() || signs.wrapper > 0)
    {
        return Ok(Form::DiagnosticRecord { category, properties });
    }
    if let Some(category) = last_text(members, "category").filter(|_| signs.wrapper > 1) {
        return match kind_of_log(&category) {
            Some(_) => Err(NotASignIn::no_properties()),
            None => Ok(Form::Other { log: category }),
        };
    }
    if signs.zoned {
        return Ok(Form::LogAnalytics(Shape::LogAnalyticsCsv));
    }
    let names_a_log =
        |name| last_text(members, name).is_some_and(|log| kind_of_log(&log).is_some());
    let is_table = names_a_log("Type") || names_a_log("Category") && signs.in_other_case > 1;
    let is_row = signs.generated && (signs.in_other_case > 1 || signs.table);
    if is_table || is_row || signs.column {
        return Ok(Form::LogAnalytics(Shape::LogAnalytics));
    }
    if signs.request {
        let headers: Vec<_> =
            members.iter().map(|member| admin_center::folded(&member.name)).collect();
        if admin_center::is_of_sign_ins(&headers) {
            return Ok(Form::AdminCenter);
        }
        let of_steps = ["authentication method", "authentication step", "succeeded"];
        if headers.iter().any(|header| of_steps.iter().any(|step| header.starts_with(step))) {
            return Err(NotASignIn::authentication_details());
        }
        return Err(unknown());
    }
    if signs.pascal_id && signs.pascal_time && (signs.sign_in || !signs.object)
        || !signs.object
            && signs.in_other_case > 1
            && signs.in_other_case > signs.known + signs.unknown
    {
        return Ok(Form::PowerShell);
    }
    let whole = signs.id && signs.time && (signs.sign_in || signs.app && !signs.object);
    let others = signs.unknown + signs.in_other_case;
    let narrowed = signs.known > 0 && !signs.object && signs.known >= others;
    if whole || narrowed && !signs.other && signs.wrapper < 2 {
        return Ok(Form::Graph);
    }
    Err(unknown())
}

/// What the names of a record's members say of it.
#[derive(Debug, Default)]
struct Signs {
    operation: bool,
    record_type: bool,
    audit_data: bool,
    activity: bool,
    /// `TimeGenerated`, `Type`, and columns that only Log Analytics has.
    generated: bool,
    table: bool,
    column: bool,
    /// A time with its zone: `CreatedDateTime [UTC]`.
    zoned: bool,
    /// `Request ID`.
    request: bool,
    pascal_id: bool,
    pascal_time: bool,
    id: bool,
    time: bool,
    /// A member that only sign-ins have, the application, and a member of another object.
    sign_in: bool,
    app: bool,
    object: bool,
    /// A member of something else.
    other: bool,
    /// How many members stand in wrappers.
    wrapper: usize,
    /// How many members Graph knows, knows in another case, and does not know.
    known: usize,
    in_other_case: usize,
    unknown: usize,
}

impl Signs {
    fn of(members: &[Member<'_>]) -> Self {
        let table = SignIn::table();
        let mut signs = Self::default();
        let mut near = 0;
        for member in members {
            let name = &*member.name;
            match name {
                "Operation" | "operation" => signs.operation = true,
                "RecordType" | "recordType" | "auditLogRecordType" => signs.record_type = true,
                "AuditData" | "auditData" => signs.audit_data = true,
                "ActivityDateTime" | "activityDateTime" => signs.activity = true,
                "TimeGenerated" => signs.generated = true,
                "Type" => signs.table = true,
                "Id" => signs.pascal_id = true,
                "CreatedDateTime" => signs.pascal_time = true,
                "id" => signs.id = !is_empty(member.value),
                "createdDateTime" => signs.time = !is_empty(member.value),
                "appId" => signs.app = true,
                _ => {}
            }
            let is_one_of =
                |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
            signs.sign_in |= is_one_of(&OF_SIGN_INS);
            signs.object |= is_one_of(&OF_OBJECTS);
            signs.column |= log_analytics::is_a_column(name);
            signs.other |= OF_OTHERS.contains(&name);
            signs.wrapper += usize::from(OF_WRAPPERS.contains(&name));
            signs.request |= name.contains(' ') && admin_center::folded(name) == "request id";
            signs.zoned |= name.ends_with(']')
                && matches!(
                    log_analytics::zoned(name),
                    ("TimeGenerated" | "CreatedDateTime", Some(_))
                );
            if let Some(at) = table.find(name, near) {
                near = at + 1;
                signs.known += 1;
            } else if table.members.iter().any(|known| graph::is_same(known.name, name)) {
                signs.in_other_case += 1;
            } else if !name.starts_with('@') && name != "AdditionalProperties" {
                signs.unknown += 1;
            }
        }
        signs
    }
}

/// The tenant that a sign-in of Graph's own form names: not Graph, but the object that a diagnostic
/// record holds has it.
pub(super) fn tenant(members: &[Member<'_>]) -> Option<String> {
    last(members, "tenantId").filter(|member| Kind::of(member.value) == Kind::Text)?;
    last_text(members, "tenantId").map(Cow::into_owned)
}
