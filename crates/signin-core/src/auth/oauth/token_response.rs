//! Reading the answer of a token endpoint: the token, and how long it lives.

use std::time::Duration;

use serde_json::Value;

use crate::auth::sensitive;
use crate::http::redact::redact;
use crate::http::secret::Secret;
use crate::text::one_line;

/// Longer lives are taken as this one: a program should meet a revoked app within a day.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// Taken where the service does not say how long.
const UNKNOWN_LIFE: Duration = Duration::from_secs(5 * 60);

/// The longest answer in bytes that is looked into. Tokens are a few kilobytes.
const LONGEST_ANSWER: usize = 256 * 1024;

/// A token and how long it lives from the moment at which it was asked for.
pub(super) struct TokenResponse {
    pub(super) token: Secret,
    pub(super) life: Duration,
}

impl TokenResponse {
    /// Reads an answer, or says why it is no token: the reason, and what to do.
    pub(super) fn read(body: &[u8]) -> Result<Self, (String, &'static str)> {
        const NO_TOKEN: &str = "check the token URL, and for a proxy or login page in between";
        const VENDOR: &str =
            "check the app's settings with the vendor; only bearer tokens are used";
        let refuse = |why: &str, next| Err((why.to_owned(), next));
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        if body.len() > LONGEST_ANSWER {
            return refuse("the answer is larger than 256 KiB: it is no token", NO_TOKEN);
        }
        if body.trim_ascii().is_empty() {
            return refuse("the answer is empty", NO_TOKEN);
        }
        let Ok(Value::Object(answer)) = serde_json::from_slice(body) else {
            let html = body.trim_ascii().starts_with(b"<");
            let why = if html { "the answer is HTML" } else { "the answer is no JSON object" };
            return refuse(why, NO_TOKEN);
        };
        let token = match answer.get("access_token") {
            Some(Value::String(text)) if !text.trim().is_empty() => Secret::from(text.as_str()),
            _ => return refuse("the answer has no access_token", NO_TOKEN),
        };
        match answer.get("token_type") {
            None | Some(Value::Null) => {}
            Some(Value::String(kind)) if kind.trim().eq_ignore_ascii_case("bearer") => {}
            Some(Value::String(kind)) => {
                let kind = one_line(&redact(&[token], kind), 20);
                return Err((format!("the token's type is {kind:?}, not Bearer"), VENDOR));
            }
            Some(_) => return refuse("the token's type is no text", VENDOR),
        }
        if sensitive(token.expose(), "the token").is_err() {
            return refuse("the token holds a character that no header can carry", VENDOR);
        }
        Ok(Self { token, life: life(answer.get("expires_in")) })
    }
}

/// How long a token lives, by what `expires_in` says.
fn life(expires_in: Option<&Value>) -> Duration {
    let seconds = match expires_in {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    match seconds.filter(|seconds: &f64| *seconds > 0.0) {
        Some(seconds) => Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_LIFE),
        None => UNKNOWN_LIFE,
    }
    .min(LONGEST_LIFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Result<TokenResponse, (String, &'static str)> {
        TokenResponse::read(answer.as_bytes())
    }

    #[test]
    fn every_expires_in_has_its_meaning() {
        for (text, seconds) in [
            ("3600", 3600.0),
            ("\"3600\"", 3600.0),
            ("\" 3600 \"", 3600.0),
            ("3599.5", 3599.5),
            ("\"3599.5\"", 3599.5),
            ("1", 1.0),
            ("0.25", 0.25),
            ("86400", 86400.0),
            ("86401", 86400.0),
            ("3600000", 86400.0),
            ("18446744073709551616", 86400.0),
            ("1e300", 86400.0),
            ("\"1e999\"", 86400.0),
            ("\"inf\"", 86400.0),
            ("0", 300.0),
            ("-0.0", 300.0),
            ("-1", 300.0),
            ("\"-1\"", 300.0),
            ("\"NaN\"", 300.0),
            ("\"\"", 300.0),
            ("\"soon\"", 300.0),
            ("null", 300.0),
            ("true", 300.0),
            ("[3600]", 300.0),
            ("{}", 300.0),
        ] {
            let answer = format!(r#"{{"access_token":"t","expires_in":{text}}}"#);
            let life = read(&answer).ok().unwrap().life;
            assert_eq!(life, Duration::from_secs_f64(seconds), "{text}");
        }
        assert_eq!(read(r#"{"access_token":"t"}"#).ok().unwrap().life, UNKNOWN_LIFE);
    }

    #[test]
    fn p8_what_is_no_bearer_token_is_refused_with_a_reason() {
        for (answer, reason) in [
            ("", "empty"),
            (" \r\n", "empty"),
            ("<!DOCTYPE html><title>Sign in</title>", "HTML"),
            ("\u{feff}<html>", "HTML"),
            ("[]", "no JSON object"),
            ("{\"access_token\":\"t\"", "no JSON object"),
            ("{}", "no access_token"),
            (r#"{"access_token":null}"#, "no access_token"),
            (r#"{"access_token":7}"#, "no access_token"),
            (r#"{"access_token":" "}"#, "no access_token"),
            (r#"{"access_token":"t","token_type":"DPoP"}"#, "\"DPoP\""),
            (r#"{"access_token":"t","token_type":["Bearer"]}"#, "no text"),
            (r#"{"access_token":"t\nu"}"#, "no header"),
            (r#"{"access_token":"t\u0000"}"#, "no header"),
        ] {
            let (why, _) = read(answer).err().unwrap();
            assert!(why.contains(reason), "{answer}: {why}");
        }
        let huge = format!(r#"{{"access_token":"{}"}}"#, "t".repeat(LONGEST_ANSWER));
        assert!(read(&huge).err().unwrap().0.contains("larger"));
        for kind in ["Bearer", "bearer", "BEARER", " Bearer "] {
            assert!(read(&format!(r#"{{"access_token":"t","token_type":"{kind}"}}"#)).is_ok());
        }
    }

    #[test]
    fn p4_a_token_that_stands_in_its_type_is_not_shown() {
        let answer = r#"{"access_token":"token-0123456789","token_type":"token-0123456789"}"#;
        assert!(!read(answer).err().unwrap().0.contains("0123456789"));
    }
}
