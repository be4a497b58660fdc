//! Rows of the tables that Log Analytics and Sentinel keep sign-ins in: a query's, a data
//! export's, and those of a CSV file of the portal.
//!
//! See the vendor's page,
//! [SigninLogs](https://learn.microsoft.com/en-us/azure/azure-monitor/reference/tables/signinlogs).

use std::borrow::Cow;

use super::diagnostic_record::tenant_of_path;
use super::graph::{Builder, Dialect};
use super::raw::{Kind, Member, elements, is_empty, last_text, members, quoted, text};
use super::refusal::{NotASignIn, shown};
use super::time::Order;
use super::{Found, Shape, kind_of_log};

/// The columns that Graph has under another name. What else is named as in Graph, but for case, is
/// what Graph has there.
const RENAMED: [(&str, &str); 5] = [
    ("LocationDetails", "location"),
    ("ConditionalAccessPolicies", "appliedConditionalAccessPolicies"),
    ("ResourceIdentity", "resourceId"),
    ("ProcessingTimeInMs", "processingTimeInMilliseconds"),
    ("AADTenantId", ""),
];

/// Whether only a table of Log Analytics has a column of this name.
pub(super) fn is_a_column(name: &str) -> bool {
    RENAMED.iter().any(|(column, _)| *column == name)
}

/// A column's name and its time zone: `TimeGenerated [UTC]`.
pub(super) fn zoned(name: &str) -> (&str, Option<&str>) {
    let zoned = name.trim().strip_suffix(']').and_then(|name| name.split_once(" ["));
    zoned.map_or((name.trim(), None), |(name, zone)| (name.trim(), Some(zone.trim())))
}

/// Reads a row.
pub(super) fn read(row: &[Member<'_>], shape: Shape) -> Result<Found<'static>, NotASignIn> {
    // An empty field of a CSV file is no value.
    let row = row.iter().filter(|it| shape != Shape::LogAnalyticsCsv || it.value != "\"\"");
    let row: Vec<_> = row.cloned().collect();
    let says = |name| last_text(&row, name);
    let logs = ["Type", "Category"].map(says);
    let kind = logs.iter().flatten().find_map(|name| kind_of_log(name));
    if let ([Some(table), _], None) = (&logs, kind) {
        return Ok(Found::Other { category: shown(table) });
    }
    let mut sign_in = Builder::new(
        Dialect {
            shape,
            beside: "logAnalytics",
            any_case: true,
            additional: false,
            order: Order::AzureMonthFirst,
        },
        kind,
    );
    let (mut status, mut generated) = (None, None);
    let (mut code, mut description) = (None, None);
    for column in &row {
        let (name, _) = zoned(&column.name);
        match name {
            "TimeGenerated" => generated = Some(column),
            "ResultType" => code = Some(column),
            "ResultDescription" => description = Some(column),
            _ if name.eq_ignore_ascii_case("status") => {
                let read = sign_in.read("status", column.value);
                if let Some(earlier) = std::mem::replace(&mut status, read) {
                    sign_in.put("status", &earlier);
                }
                continue;
            }
            _ => {}
        }
        if !take(&mut sign_in, column) {
            sign_in.keep(column);
        }
    }
    sign_in.put_status(status, code, description);
    let stands_in = generated.filter(|_| !sign_in.says("createdDateTime"));
    if let Some(generated) = stands_in {
        take_time(&mut sign_in, generated);
        sign_in.note("createdDateTimeFrom", &quoted(TIME_GENERATED));
    }
    let tenant = says("AADTenantId").map(Cow::into_owned);
    let tenant = tenant.or_else(|| tenant_of_path(&says("ResourceId")?));
    let mut export = sign_in.end(tenant)?;
    export.time_from = stands_in.map(|_| TIME_GENERATED);
    Ok(Found::SignIn(export))
}

const TIME_GENERATED: &str = "TimeGenerated";

/// Takes a column that Graph has too.
fn take(sign_in: &mut Builder, column: &Member<'_>) -> bool {
    let (name, _) = zoned(&column.name);
    let is_text = Kind::of(column.value) == Kind::Text;
    match name {
        // A country's code; the object is LocationDetails.
        "Location" if is_text => return false,
        // A path of Azure's; the application is ResourceIdentity.
        "ResourceId" if text(column.value).is_some_and(|id| id.starts_with('/')) => return false,
        "CreatedDateTime" => {
            take_time(sign_in, column);
            return true;
        }
        _ => {}
    }
    match RENAMED.iter().find(|(renamed, _)| *renamed == name) {
        Some((_, "")) => false,
        Some((_, graph)) => {
            sign_in.set(graph, column.value);
            true
        }
        None => sign_in.take(&Member { name: Cow::Borrowed(name), ..column.clone() }),
    }
}

/// Takes a column for the time of the sign-in, if it is of a zone that is known.
fn take_time(sign_in: &mut Builder, column: &Member<'_>) {
    let (_, zone) = zoned(&column.name);
    let is_utc = zone.is_none_or(|zone| zone.eq_ignore_ascii_case("UTC"));
    if !is_utc && !is_empty(column.value) {
        sign_in.unclear();
    }
    sign_in.set("createdDateTime", column.value);
}

/// The columns of a table that the query API answers with:
/// `{"tables":[{"columns":[{"name":"Id","type":"string"}],"rows":[["…"]]}]}`.
///
/// ```
/// use msgraph_signins::export::{Columns, Found, read};
///
/// let columns = Columns::new(r#"[{"name":"Id","type":"string"},{"name":"Type","type":"string"}]"#)?;
/// let row = columns.row(r#"["a","SigninLogs"]"#)?;
/// assert_eq!(row, r#"{"Id":"a","Type":"SigninLogs"}"#);
/// assert!(matches!(read(&row)?, Found::SignIn(_)));
/// # Ok::<(), msgraph_signins::export::NotASignIn>(())
/// ```
#[derive(Debug, Clone)]
pub struct Columns {
    /// The names as JSON.
    keys: Vec<String>,
}

impl Columns {
    /// Reads the list of the columns.
    ///
    /// # Errors
    /// It is no list of objects with a `name` each.
    pub fn new(columns: &str) -> Result<Self, NotASignIn> {
        let columns = columns.trim_ascii();
        let list = elements(columns).ok_or_else(|| NotASignIn::no_object(Kind::of(columns)))?;
        let keys = list.into_iter().map(|column| {
            let column_members = members(column).unwrap_or_default();
            let name = super::raw::last(&column_members, "name").map(|member| member.value);
            let name = name.filter(|name| Kind::of(name) == Kind::Text);
            name.map(str::to_owned).ok_or_else(|| NotASignIn::unknown("members", &column_members))
        });
        Ok(Self { keys: keys.collect::<Result<_, _>>()? })
    }

    /// A row of the table as an object: what [`read`](super::read) takes.
    ///
    /// # Errors
    /// It is no list, or has not one element for each column.
    pub fn row(&self, row: &str) -> Result<String, NotASignIn> {
        let row = row.trim_ascii();
        let values = elements(row).ok_or_else(|| NotASignIn::no_object(Kind::of(row)))?;
        if values.len() != self.keys.len() {
            return Err(NotASignIn::other_length(values.len(), self.keys.len()));
        }
        let mut object = super::raw::Object::default();
        for (key, value) in self.keys.iter().zip(values) {
            object.add(key, value);
        }
        Ok(object.end())
    }
}
