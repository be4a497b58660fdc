//! How risky the vendor holds a sign-in.

use signin_core::Spelled;
use signin_core::event::{Risk, RiskLevel, says_nothing};

use crate::SignIn;

/// The higher one of both levels, during the sign-in and after it. None where neither is known:
/// a level that the licence hides is not "no risk".
pub(super) fn of(row: &SignIn) -> Option<Risk> {
    let levels = [&row.risk_level_during_sign_in, &row.risk_level_aggregated];
    let mut risk = Risk::default();
    risk.level = levels.into_iter().flatten().filter_map(|sent| level(sent)).max()?;
    risk.reasons = reasons(row);
    Some(risk)
}

fn level(level: &crate::RiskLevel) -> Option<RiskLevel> {
    match level {
        crate::RiskLevel::None => Some(RiskLevel::None),
        crate::RiskLevel::Low => Some(RiskLevel::Low),
        crate::RiskLevel::Medium => Some(RiskLevel::Medium),
        crate::RiskLevel::High => Some(RiskLevel::High),
        _ => None,
    }
}

/// What was detected; by the older list where the newer one is empty.
fn reasons(row: &SignIn) -> Vec<String> {
    let newer = row.risk_event_types_v2.iter().map(String::as_str);
    let newer: Vec<_> = newer.filter(|reason| !says_nothing(reason)).collect();
    let older = row.risk_event_types.iter().map(Spelled::as_sent);
    let older = older.filter(|reason| !says_nothing(reason));
    let reasons = if newer.is_empty() { older.collect() } else { newer };
    reasons.into_iter().map(str::to_owned).collect()
}
