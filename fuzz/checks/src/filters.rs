//! Filters: a tokenizer of our own reads each literal back to what was asked for, and nothing
//! after it.

use std::iter::Peekable;
use std::str::Chars;

use msgraph_signins::Timestamp;
use pingone::Region;
use signin_core::ErrorKind;
use signin_core::testing::{Reply, Scripted};
use url::Url;

use crate::api;

const ID: &str = "00000000-0000-4000-8000-0000000000e1";

/// A piece of a filter.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Literal(String),
    Sign(char),
}

/// Three texts, each after a zero byte, to compare with in OData.
pub(crate) fn odata(input: &[u8]) -> bool {
    let [one, two, prefix] = &three(input);
    if let Ok(literal) = msgraph_signins::odata::text(one) {
        assert_eq!(tokens(&literal, '\''), [Token::Literal(one.clone())], "{literal}");
    }
    let script = Scripted::new([Reply::json(r#"{"value":[]}"#)]);
    let client = msgraph_signins::Client::builder(ID).token("token-0123456789");
    let client = client.transport(script.clone()).build().expect("the client is built");
    let list = client
        .sign_ins()
        .created_from(Timestamp::parse("2026-02-03T09:30:00Z").expect("a time"))
        .app_display_name(one)
        .city(two)
        .app_display_name(two)
        .user_display_name_starts_with(prefix);
    let control = [one, two, prefix].iter().any(|text| text.contains(char::is_control));
    let Some(filter) = sent(api::run(list.first_page()), &script, "$filter") else {
        assert!(control || prefix.is_empty(), "refused: {one:?} {two:?} {prefix:?}");
        return false;
    };
    let mut expected = words("createdDateTime ge 2026-02-03T09:30:00Z and ( appDisplayName eq");
    expected.extend([Token::Literal(one.clone())]);
    expected.extend(words("or appDisplayName eq"));
    expected.extend([Token::Literal(two.clone())]);
    expected.extend(words(") and location/city eq"));
    expected.extend([Token::Literal(two.clone())]);
    expected.extend(words("and startsWith ( userDisplayName ,"));
    expected.extend([Token::Literal(prefix.clone()), Token::Sign(')')]);
    assert_eq!(tokens(&filter, '\''), expected, "{filter}");
    true
}

/// Three texts, each after a zero byte, to compare with in SCIM.
pub(crate) fn scim(input: &[u8]) -> bool {
    let [one, two, three] = &three(input);
    let script = Scripted::new([Reply::json(r#"{"_embedded":{"activities":[]}}"#)]);
    let client = pingone::Client::builder(Region::Europe, ID).token("token-0123456789");
    let client = client.transport(script.clone()).build().expect("the client is built");
    let time = |text| Timestamp::parse(text).expect("a time");
    let list = client
        .activities(time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"))
        .action_type(one)
        .actor_user_id(two.as_str())
        .correlation_id(three.as_str());
    let Some(filter) = sent(api::run(list.first_page()), &script, "filter") else {
        let bad = |text: &&String| {
            text.is_empty() || text.len() > 1024 || text.contains(char::is_control)
        };
        assert!([one, two, three].iter().any(bad), "refused: {one:?} {two:?} {three:?}");
        return false;
    };
    let mut expected = words("recordedAt gt");
    expected.extend([Token::Literal("2026-11-01T23:59:59.999Z".into())]);
    expected.extend(words("and recordedAt lt"));
    expected.extend([Token::Literal("2026-11-03T00:00:00.000Z".into())]);
    for (attribute, value) in
        [("action.type", one), ("actors.user.id", two), ("correlationId", three)]
    {
        expected.extend(words(&format!("and {attribute} eq")));
        expected.push(Token::Literal(value.clone()));
    }
    assert_eq!(tokens(&filter, '"'), expected, "{filter}");
    true
}

fn three(input: &[u8]) -> [String; 3] {
    let text = String::from_utf8_lossy(input);
    let mut texts = text.splitn(3, '\0').map(str::to_owned);
    [(); 3].map(|()| texts.next().unwrap_or_default())
}

/// The parameter as it was sent; None if nothing was.
fn sent<T>(answer: signin_core::Result<T>, script: &Scripted, name: &str) -> Option<String> {
    let urls = script.urls();
    if let Err(error) = answer {
        assert_eq!((error.kind(), urls.len()), (ErrorKind::Argument, 0), "{error}");
        return None;
    }
    let [address] = urls.as_slice() else { panic!("sent {urls:?}") };
    assert!(!address.contains('+') && address.bytes().all(|byte| byte.is_ascii_graphic()));
    let url = Url::parse(address).expect("an address");
    let mut values = url.query_pairs().filter(|(other, _)| other == name);
    let (Some((_, value)), None) = (values.next(), values.next()) else {
        panic!("not one {name}: {address}")
    };
    Some(value.into_owned())
}

fn words(text: &str) -> Vec<Token> {
    tokens(text, '\0')
}

/// The pieces of a filter whose literals stand between these quotes: single ones are escaped by
/// doubling them, double ones as in JSON.
fn tokens(filter: &str, quote: char) -> Vec<Token> {
    let mut signs = filter.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(sign) = signs.next() {
        if sign == quote {
            let literal = if quote == '"' { json(&mut signs) } else { doubled(&mut signs) };
            tokens.push(Token::Literal(literal));
        } else if matches!(sign, '(' | ')' | ',') {
            tokens.push(Token::Sign(sign));
        } else if sign != ' ' {
            let mut word = String::from(sign);
            while let Some(sign) = signs.next_if(|c| !matches!(c, '(' | ')' | ',' | ' ')) {
                word.push(sign);
            }
            tokens.push(Token::Word(word));
        }
    }
    tokens
}

fn doubled(signs: &mut Peekable<Chars<'_>>) -> String {
    let mut literal = String::new();
    loop {
        match signs.next().expect("a literal ends with a quote") {
            '\'' if signs.next_if_eq(&'\'').is_none() => return literal,
            sign => literal.push(sign),
        }
    }
}

fn json(signs: &mut Peekable<Chars<'_>>) -> String {
    let mut literal = String::from('"');
    loop {
        let sign = signs.next().expect("a literal ends with a quote");
        literal.push(sign);
        match sign {
            '"' => {
                return serde_json::from_str(&literal).expect("a literal of SCIM is one of JSON");
            }
            '\\' => literal.push(signs.next().expect("an escape is of something")),
            _ => {}
        }
    }
}

/// What has left its quotes elsewhere.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    crate::seeds::texts(&[
        "a\0b\0c",
        "O'Brien\0x' or 1 eq 1 or 'x\0''",
        "a\" or x pr or y eq \"\0\\\0\\\"",
        "%27\0&$top=1\0#",
        "é😀\0\u{2028}\0 ",
        "a\nb\0\u{85}\0",
        "+\0%20\0(",
    ])
}
