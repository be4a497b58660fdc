//! Pages: what is asked for, which rows stand on a page, and the cursor of the next one.

use std::ops::Range;

use axum::http::StatusCode;

use super::errors::Refusal;
use super::settings::{LastCursor, Settings};
use crate::answer::Answer;
use crate::json;
use crate::query;
use crate::seed::Seed;

const DEFAULT_LIMIT: u64 = 50;
const MOST: u64 = 100;
/// About what a row takes.
const ROW_BYTES: usize = 320;

/// The parameters of a request. Of one that is given twice, the last counts.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) client_id: Option<String>,
    pub(super) event: Option<String>,
    pub(super) email: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

impl Parameters {
    pub(super) fn read(query: &str) -> Self {
        let mut read = Self::default();
        for pair in query::pairs(query) {
            let place = match pair.name.as_str() {
                "client_id" => &mut read.client_id,
                "event" => &mut read.event,
                "email" => &mut read.email,
                "limit" => &mut read.limit,
                "cursor" => &mut read.cursor,
                _ => continue,
            };
            *place = Some(pair.value);
        }
        read
    }
}

/// A list that is given page by page.
#[derive(Clone)]
pub(super) struct List<'s> {
    pub(super) settings: &'s Settings,
    /// Of this list and no other: its cursors follow from it.
    pub(super) seed: Seed,
    /// Those that there are. A row keeps its number when those before it are gone.
    pub(super) rows: Range<u64>,
    /// How often all cursors died.
    pub(super) breaks: u64,
}

/// Where a page begins: the row, and whether an empty page stood there before.
#[derive(Clone, Copy, Default)]
struct PageStart {
    row: u64,
    again: bool,
}

impl List<'_> {
    /// The page that is asked for; `write` writes the rows at a range of positions, with commas
    /// between them.
    pub(super) fn answer(
        &self,
        name: &str,
        asked: &Parameters,
        write: impl FnOnce(&mut Vec<u8>, Range<u64>),
    ) -> Result<Answer, Refusal> {
        let limit = match &asked.limit {
            None => DEFAULT_LIMIT,
            Some(text) => match text.parse() {
                Ok(limit @ 1..) => MOST.min(limit),
                _ => return Err(Refusal::LIMIT),
            },
        };
        let place = match asked.cursor.as_deref() {
            None => PageStart::default(),
            Some(text) => self.place(text).ok_or(Refusal::CURSOR)?,
        };
        let (rows, next) = self.page(place, limit);
        let length = usize::try_from(rows.end - rows.start).unwrap_or(0);
        let mut body = Vec::with_capacity((length + 2) * ROW_BYTES);
        json::put(&mut body, format_args!("{{\"{name}\":["));
        write(&mut body, rows);
        json::put(&mut body, format_args!("],\"limit\":{limit}"));
        match (next.map(|next| self.cursor(next)), self.settings.last_cursor) {
            (Some(cursor), _) => self.write_cursor(&mut body, &cursor),
            (None, LastCursor::Empty) => self.write_cursor(&mut body, ""),
            (None, LastCursor::Null) => json::put(&mut body, ",\"next_cursor\":null"),
            (None, LastCursor::Absent) => {}
        }
        json::put(&mut body, "}");
        Ok(Answer::json(StatusCode::OK, body))
    }

    fn write_cursor(&self, out: &mut Vec<u8>, cursor: &str) {
        json::put(out, ",\"next_cursor\":");
        json::text(out, cursor);
    }

    /// The rows of the page at a place, and the place of the next page, if there is one.
    fn page(
        &self,
        PageStart { row, again }: PageStart,
        limit: u64,
    ) -> (Range<u64>, Option<PageStart>) {
        let row = row.max(self.rows.start);
        let drawn = self.seed.branch("short pages").at(row);
        let limit = match drawn.below(4) {
            0 if self.settings.shared.short_pages && !again => {
                return (row..row, Some(PageStart { row, again: true }));
            }
            1 if self.settings.shared.short_pages => limit.div_ceil(2),
            _ => limit,
        };
        let end = row.saturating_add(limit).min(self.rows.end);
        let more = end < self.rows.end;
        (row..end, more.then_some(PageStart { row: end, again: false }))
    }

    /// Text that a query must encode: unencoded, `+` is a space.
    fn cursor(&self, PageStart { row, again }: PageStart) -> String {
        let seed = self.seed.branch("cursors").at(row).at(u64::from(again));
        let check = seed.at(self.breaks).bits() >> 32;
        format!("{check:08x}+{row:x}/{}==", u8::from(again))
    }

    fn place(&self, cursor: &str) -> Option<PageStart> {
        let (_, place) = cursor.split_once('+')?;
        let (row, again) = place.strip_suffix("==")?.split_once('/')?;
        let place = PageStart { row: u64::from_str_radix(row, 16).ok()?, again: again == "1" };
        (self.cursor(place) == cursor && place.row <= self.rows.end).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::{List, PageStart};
    use crate::seed::Seed;
    use crate::ssojet::Settings;

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap_by_cursors_of_this_list_only() {
        let short = Settings::default().short_pages(true);
        let (mut empty, mut halved) = (0, 0);
        for seed in 0..60 {
            let list = List { settings: &short, seed: Seed::new(seed), rows: 0..95, breaks: 0 };
            let other = List { seed: Seed::new(seed + 1_000), ..list.clone() };
            let (mut place, mut next_row) = (PageStart::default(), 0);
            loop {
                let (rows, next) = list.page(place, 10);
                assert_eq!(rows.start, next_row);
                empty += u64::from(rows.is_empty());
                halved += u64::from(rows.end - rows.start == 5);
                next_row = rows.end;
                let Some(next) = next else { break };
                let cursor = list.cursor(next);
                let later = List { breaks: 1, ..list.clone() };
                assert!(later.place(&cursor).is_none());
                assert!(
                    other.place(&cursor).is_none()
                        && list.place(cursor.trim_end_matches('=')).is_none()
                );
                place = list.place(&cursor).unwrap();
            }
            assert_eq!(next_row, 95);
        }
        assert!(empty > 50 && halved > 50, "{empty} {halved}");
    }
}
