//! Records of Azure Monitor's diagnostic settings: an event hub's, or a blob's `PT1H.json`.
//!
//! See the vendor's page,
//! [Activity logs in Azure Monitor](https://learn.microsoft.com/en-us/entra/identity/monitoring-health/howto-integrate-activity-logs-with-azure-monitor-logs).

use std::borrow::Cow;

use super::graph::{Builder, Dialect};
use super::raw::{Kind, Member, is_json, last, last_text, members, text};
use super::refusal::{NotASignIn, shown};
use super::time::Order;
use super::{Found, Shape, kind_of_log};

const DIALECT: Dialect = Dialect {
    shape: Shape::DiagnosticRecord,
    beside: "diagnosticRecord",
    any_case: false,
    additional: false,
    order: Order::AzureMonthFirst,
};

/// The object that a diagnostic record has its sign-in in, also where that is JSON in a text.
pub(super) fn properties<'a>(outer: &[Member<'a>]) -> Option<Cow<'a, str>> {
    let properties = last(outer, "properties")?.value;
    match Kind::of(properties) {
        Kind::Object => Some(Cow::Borrowed(properties)),
        Kind::Text => text(properties)
            .filter(|inner| Kind::of(inner.trim()) == Kind::Object && is_json(inner)),
        _ => None,
    }
}

/// Reads a record of this category.
pub(super) fn read(
    outer: &[Member<'_>],
    category: &str,
    properties: &str,
) -> Result<Found<'static>, NotASignIn> {
    let Some(kind) = kind_of_log(category) else {
        return Ok(Found::Other { category: shown(category) });
    };
    let mut sign_in = Builder::new(DIALECT, Some(kind));
    let inner = members(properties).unwrap_or_default();
    let status = inner.iter().rev().find(|member| member.name == "status");
    for member in inner.iter().filter(|member| !status.is_some_and(|status| member.is(status))) {
        if !sign_in.take(member) {
            sign_in.take_unknown(member);
        }
    }
    // The code stands outside as well, as text.
    let status = status.and_then(|status| sign_in.read("status", status.value));
    sign_in.put_status(status, last(outer, "resultType"), last(outer, "resultDescription"));
    let taken = last(outer, "properties");
    for member in outer.iter().filter(|member| !taken.is_some_and(|taken| member.is(taken))) {
        sign_in.keep(member);
    }
    let tenant = last_text(outer, "tenantId")
        .or_else(|| last_text(&inner, "tenantId"))
        .map(Cow::into_owned)
        .or_else(|| tenant_of_path(&last_text(outer, "resourceId")?));
    sign_in.end(tenant).map(Found::SignIn)
}

/// The tenant in `/tenants/<id>/providers/Microsoft.aadiam`, in any case.
pub(super) fn tenant_of_path(path: &str) -> Option<String> {
    let mut steps = path.split('/').skip_while(|step| !step.eq_ignore_ascii_case("tenants"));
    steps.nth(1).filter(|tenant| !tenant.is_empty()).map(str::to_owned)
}
