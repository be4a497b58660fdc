//! What a page says of itself: rows, totals, and how the list goes on.

/// What a page says of itself and of how to go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageInfo {
    /// How many records stood on the page, rejected ones included.
    pub rows: u64,
    /// The next page's address.
    pub next_link: Option<String>,
    /// The next page's number.
    pub next_page: Option<u64>,
    /// The next page's cursor.
    pub next_cursor: Option<String>,
    /// The number of records over all pages, as the vendor counts.
    pub total: Option<u64>,
    /// The number of records on a full page, as the vendor says.
    pub page_size: Option<u64>,
    /// A continuation that came twice with different values, or that is none: its path.
    pub unclear: Option<String>,
}
