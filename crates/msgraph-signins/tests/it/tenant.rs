//! A scripted tenant: rows that are listed by time, page by page, as the filter asks.

use std::collections::BTreeMap;

use signin_core::testing::{Reply, Sent};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// One request for a list, as the tenant understands it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) from: OffsetDateTime,
    pub(crate) to: OffsetDateTime,
    pub(crate) top: usize,
    /// How many rows stand before the page.
    pub(crate) skip: usize,
}

impl Asked {
    pub(crate) fn length(&self) -> time::Duration {
        self.to - self.from
    }
}

/// Reads a request's options.
pub(crate) fn asked(sent: &Sent) -> Asked {
    let (_, query) = sent.url.split_once('?').unwrap();
    let options: BTreeMap<String, String> = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    let filter = options.get("$filter").cloned().unwrap_or_default();
    let bound = |word: &str, other: &str| {
        let text = filter.split(word).nth(1).map_or(other, |rest| rest.split(' ').next().unwrap());
        OffsetDateTime::parse(text, &Rfc3339).unwrap()
    };
    Asked {
        from: bound("createdDateTime ge ", "0001-01-01T00:00:00Z"),
        to: bound("createdDateTime lt ", "9999-01-01T00:00:00Z"),
        top: options["$top"].parse().unwrap(),
        skip: options.get("$skiptoken").map_or(0, |token| token.parse().unwrap()),
    }
}

/// Answers from these rows (time and JSON), the newest first.
pub(crate) fn serve(rows: &[(OffsetDateTime, String)], sent: &Sent) -> Reply {
    let asked = asked(sent);
    let mut found: Vec<_> =
        rows.iter().filter(|(at, _)| asked.from <= *at && *at < asked.to).collect();
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let on_page: Vec<&str> =
        found.iter().skip(asked.skip).take(asked.top).map(|(_, json)| json.as_str()).collect();
    let behind = asked.skip + on_page.len();
    let next = if behind < found.len() {
        let (address, _) = sent.url.split_once("&%24skiptoken").unwrap_or((&sent.url, ""));
        format!(r#","@odata.nextLink":"{address}&%24skiptoken={behind}""#)
    } else {
        String::new()
    };
    Reply::json(format!(r#"{{"value":[{}]{next}}}"#, on_page.join(",")))
}

/// So many rows, evenly from `from` on and before `to`, with their numbers for ids.
pub(crate) fn rows(count: u32, from: &str, to: &str) -> Vec<(OffsetDateTime, String)> {
    let (from, to) = (at(from), at(to));
    (0..count)
        .map(|number| {
            let at = from + (to - from) * number / count;
            let text = at.format(&Rfc3339).unwrap();
            (at, format!(r#"{{"id":"{number}","createdDateTime":"{text}"}}"#))
        })
        .collect()
}

pub(crate) fn at(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}

pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}
