//! The parameters and the body of requests.

use serde_json::Value;

use super::errors::Refusal;
use crate::query;

const DEFAULT_PAGE_SIZE: u64 = 50;
const MAX_PAGE_SIZE: u64 = 100;

/// Which page is asked for, and of which sign-ins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) page_index: u64,
    pub(super) page_size: u64,
    pub(super) risky: Option<bool>,
}

impl Asked {
    pub(super) fn read(query: &str) -> Result<Self, Refusal> {
        let mut asked = Self { page_index: 1, page_size: DEFAULT_PAGE_SIZE, risky: None };
        for pair in query::pairs(query) {
            match pair.name.as_str() {
                "pageIndex" => asked.page_index = number("pageIndex", &pair.value)?,
                "pageSize" => {
                    asked.page_size = number("pageSize", &pair.value)?.min(MAX_PAGE_SIZE);
                }
                "risky" => {
                    let risky = pair.value.parse();
                    asked.risky = Some(risky.map_err(|_| Refusal::Parameter("risky"))?);
                }
                _ => {}
            }
        }
        Ok(asked)
    }

    /// The first position of the page.
    pub(super) fn start(&self) -> u64 {
        (self.page_index - 1).saturating_mul(self.page_size)
    }
}

fn number(name: &'static str, value: &str) -> Result<u64, Refusal> {
    value.parse().ok().filter(|number| *number > 0).ok_or(Refusal::Parameter(name))
}

/// The customers that a body names; None is all of them.
pub(super) fn customer_ids(body: &[u8]) -> Result<Option<Vec<String>>, Refusal> {
    let refuse = || Refusal::Parameter("customerIds");
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return Err(refuse()) };
    match body.get("customerIds") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(ids)) if ids.is_empty() => Ok(None),
        Some(Value::Array(ids)) => {
            let ids = ids.iter().map(|id| id.as_str().map(str::to_lowercase));
            ids.collect::<Option<_>>().map(Some).ok_or_else(refuse)
        }
        Some(_) => Err(refuse()),
    }
}
