//! The body of a page: rows and `meta`, as documented, whatever the list.

use std::ops::Range;

use axum::http::StatusCode;

use super::paging::Paging;
use super::request::PageRequest;
use super::settings::Settings;
use crate::answer::Answer;
use crate::json;
use crate::seed::Seed;

/// About what a row takes.
const ROW_BYTES: usize = 256;

/// A page that is to be written.
pub(super) struct Page<'r> {
    pub(super) settings: &'r Settings,
    pub(super) seed: Seed,
    pub(super) asked: &'r PageRequest,
    /// Scheme, host and path of the request.
    pub(super) address: String,
}

impl Page<'_> {
    /// The page of a list of `total` rows that stands under `member`; `rows` gives those at a
    /// range of positions, and `write` writes one.
    pub(super) fn answer<T, Rows: Iterator<Item = T>>(
        &self,
        member: &str,
        total: u64,
        rows: impl FnOnce(Range<u64>) -> Rows,
        write: impl Fn(&T, &mut Vec<u8>),
    ) -> Answer {
        let paging = Paging::new(self.seed, self.asked.per_page, self.settings.shared.short_pages);
        let range = paging.rows_of(self.asked.page, total);
        let more = range.end < total;
        let count = total.saturating_add_signed(self.settings.count_skew);

        let expected = usize::try_from(range.end - range.start).unwrap_or(0);
        let mut body = Vec::with_capacity((expected + 2) * ROW_BYTES);
        json::put(&mut body, format_args!("{{\"{member}\":["));
        for (written, row) in rows(range).enumerate() {
            if written > 0 {
                json::put(&mut body, ",");
            }
            write(&row, &mut body);
        }
        json::put(&mut body, "],\"meta\":");
        self.write_meta(&mut body, more, paging.pages(count), count);
        json::put(&mut body, "}");
        Answer::json(StatusCode::OK, body)
    }

    fn write_meta(&self, out: &mut Vec<u8>, more: bool, pages: u64, count: u64) {
        let page = self.asked.page;
        let next = more.then(|| page.saturating_add(1));
        json::put(out, "{\"current_page\":");
        self.write_link(out, Some(page));
        json::put(out, ",\"previous_page\":");
        self.write_link(out, (page > 1).then(|| page - 1));
        json::put(out, ",\"next_page\":");
        if next.is_none() && self.settings.next_page_text_null {
            json::text(out, "null");
        } else {
            self.write_link(out, next);
        }
        if !self.settings.legacy_meta {
            json::put(out, ",\"next_page_number\":");
            match next {
                Some(number) => json::put(out, number),
                None => json::put(out, "null"),
            }
        }
        json::put(out, format_args!(",\"per_page\":{}", self.asked.per_page));
        json::put(out, format_args!(",\"pages\":{pages},\"count\":{count}}}"));
    }

    /// The whole address of a page, with the request's own filters; null for no page.
    fn write_link(&self, out: &mut Vec<u8>, page: Option<u64>) {
        let Some(page) = page else { return json::put(out, "null") };
        let PageRequest { kept, per_page, .. } = self.asked;
        let and = if kept.is_empty() { "" } else { "&" };
        let address = &self.address;
        json::text(out, &format!("{address}?{kept}{and}per_page={per_page}&page={page}"));
    }
}
