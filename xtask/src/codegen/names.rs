//! Rust names for wire names.

/// The snake_case of a wire name: `riskEventTypes_v2` is `risk_event_types_v2`, `IPAddress` is
/// `ip_address`.
pub(crate) fn snake_case(wire: &str) -> String {
    let mut name = String::new();
    let chars: Vec<char> = wire.chars().collect();
    for (place, c) in chars.iter().copied().enumerate() {
        if !c.is_ascii_alphanumeric() {
            if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
            continue;
        }
        let before = place.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(place + 1);
        let starts_word = c.is_ascii_uppercase()
            && (before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                || before.is_some_and(char::is_ascii_uppercase)
                    && after.is_some_and(char::is_ascii_lowercase));
        if starts_word && !name.ends_with('_') {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name.trim_end_matches('_').to_owned()
}

/// The PascalCase of a wire text: `atRisk` is `AtRisk`, `INVALID_DATA` is `InvalidData`.
pub(crate) fn pascal_case(wire: &str) -> String {
    let words = wire.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let shouting = !wire.chars().any(|c| c.is_ascii_lowercase());
    words
        .map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            let rest = if shouting { rest.to_ascii_lowercase() } else { rest.to_owned() };
            first.to_ascii_uppercase() + &rest
        })
        .collect()
}

/// Why a name cannot be a Rust identifier.
pub(crate) fn refuse(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("is empty");
    }
    if syn::parse_str::<syn::Ident>(name).is_ok() {
        return None;
    }
    let word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let digit = name.starts_with(|c: char| c.is_ascii_digit());
    Some(if word && !digit { "is a keyword of Rust" } else { "is no Rust name" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_a_person_would_write() {
        for (wire, name) in [
            ("created_at", "created_at"),
            ("riskEventTypes_v2", "risk_event_types_v2"),
            ("IpAddress", "ip_address"),
            ("IPAddress", "ip_address"),
            ("riskLevelDuringSignIn", "risk_level_during_sign_in"),
            ("isRisk", "is_risk"),
            ("_links", "links"),
            ("@odata.type", "odata_type"),
            ("appOwnerTenantId", "app_owner_tenant_id"),
            ("Os", "os"),
        ] {
            assert_eq!(snake_case(wire), name, "{wire}");
        }
        for (wire, name) in [
            ("low", "Low"),
            ("atRisk", "AtRisk"),
            ("SUCCESS", "Success"),
            ("INVALID_DATA", "InvalidData"),
            ("AzureAD", "AzureAD"),
            ("saml11", "Saml11"),
            ("unknownFutureValue", "UnknownFutureValue"),
        ] {
            assert_eq!(pascal_case(wire), name, "{wire}");
        }
    }

    #[test]
    fn keywords_and_numbers_are_no_names() {
        assert_eq!(refuse("type"), Some("is a keyword of Rust"));
        assert_eq!(refuse("self"), Some("is a keyword of Rust"));
        assert_eq!(refuse("2fa"), Some("is no Rust name"));
        assert_eq!(refuse(""), Some("is empty"));
        assert_eq!(refuse("kind"), None);
    }
}
