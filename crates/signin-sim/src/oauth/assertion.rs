//! What an assertion must hold. The signature is not checked: no key is known here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::settings::Proof;

/// The longest time in seconds for which an assertion may be good.
const LONGEST: i64 = 600;

/// Checks an assertion of this client for this token URL, and gives its id.
pub(super) fn check(
    assertion: &str,
    proof: Proof,
    client_id: &str,
    token_url: &str,
) -> Result<String, &'static str> {
    let parts: Vec<_> = assertion.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Err("the assertion does not have three parts");
    };
    let header = object(header).ok_or("the assertion's header is not a JSON object")?;
    let claims = object(claims).ok_or("the assertion's claims are not a JSON object")?;
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    if signature.len() < 256 {
        return Err("the assertion is not signed by a key of 2048 bits");
    }
    check_header(&header, proof)?;
    if text(&claims, "iss") != Some(client_id) || text(&claims, "sub") != Some(client_id) {
        return Err("the assertion's issuer and subject are not the client");
    }
    if text(&claims, "aud") != Some(token_url) {
        return Err("the assertion is for another audience");
    }
    let at = |name| claims.get(name).and_then(Value::as_i64).ok_or("the assertion lacks a time");
    let (from, until) = (at("nbf")?, at("exp")?);
    if at("iat")? > until || from >= until || until - from > LONGEST {
        return Err("the assertion's times are not those of 10 minutes at most");
    }
    let id = text(&claims, "jti").filter(|id| !id.is_empty());
    Ok(id.ok_or("the assertion has no id")?.to_owned())
}

fn check_header(header: &Map<String, Value>, proof: Proof) -> Result<(), &'static str> {
    let digest = |name, length| {
        let digest = text(header, name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        digest.is_some_and(|digest| digest.len() == length)
    };
    let (algorithm, named) = match proof {
        Proof::Ps256 => ("PS256", digest("x5t#S256", 32)),
        _ => ("RS256", digest("x5t", 20) && text(header, "kid").is_some()),
    };
    if text(header, "alg") != Some(algorithm) {
        return Err("the assertion is signed by another algorithm");
    }
    if named { Ok(()) } else { Err("the assertion does not name its certificate") }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    object.get(name)?.as_str()
}
