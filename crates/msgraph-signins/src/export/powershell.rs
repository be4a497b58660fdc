//! What PowerShell makes of the objects of `Get-MgAuditLogSignIn`: by `ConvertTo-Json`, or a row of
//! `Export-Csv`.
//!
//! See the vendor's pages,
//! [Get-MgAuditLogSignIn](https://learn.microsoft.com/en-us/powershell/module/microsoft.graph.reports/get-mgauditlogsignin)
//! and [ConvertTo-Json](https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/convertto-json).

use super::graph::{Builder, Dialect};
use super::raw::Member;
use super::refusal::NotASignIn;
use super::time::Order;
use super::{Found, Shape};

const DIALECT: Dialect = Dialect {
    shape: Shape::PowerShell,
    beside: "powerShell",
    any_case: true,
    additional: true,
    order: Order::Unknown,
};

/// Reads a record.
pub(super) fn read(members: Vec<Member<'_>>) -> Result<Found<'static>, NotASignIn> {
    let mut sign_in = Builder::new(DIALECT, None);
    for member in &sign_in.flat(members) {
        if !sign_in.take(member) {
            sign_in.take_unknown(member);
        }
    }
    sign_in.end(None).map(Found::SignIn)
}
