//! `table`: a row a record, for people. Columns are of fixed width, so that rows are written as
//! they come.

use signin_core::Timestamp;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use super::{Cells, Provenance};
use crate::reporting::text::{columns, fit};

const TIME: usize = 20;
const USER: usize = 24;
/// The longest IPv4 and IPv6 addresses.
const SHORT_IP: usize = 15;
const LONG_IP: usize = 39;
/// From here on there is room for an IPv6 address in its column, and for details.
const ROOMY: usize = 120;
const GAP: &str = "  ";

/// The table's columns.
#[derive(Debug)]
pub(crate) struct Table {
    width: usize,
    ip: usize,
}

impl Table {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ip: if width < ROOMY { SHORT_IP } else { LONG_IP } }
    }

    pub(super) fn header(&self, out: &mut Vec<u8>) {
        self.line(["TIME", "USER", "IP", "DETAILS"], out);
    }

    pub(super) fn row(&self, provenance: &Provenance, cells: &Cells<'_>, out: &mut Vec<u8>) {
        let time = cells.time.and_then(in_utc).unwrap_or_default();
        let details: Vec<_> = cells.details.iter().flatten().map(AsRef::as_ref).collect();
        let details = details.join(", ");
        // Some records do not say whose they are.
        let user = cells.user.or(provenance.user.as_deref());
        let is_nobodys = cells.id.is_none() && user.is_none() && cells.ip.is_none();
        if is_nobodys && !details.is_empty() {
            // Counts: the columns of user and address are left to what there is.
            let time = if time.is_empty() { "-" } else { &time };
            return self.end(padded(&fit(time, TIME), TIME), &details, out);
        }
        let texts = [Some(&*time), user, cells.ip.as_deref(), Some(&*details)];
        self.line(texts.map(|text| text.filter(|text| !text.is_empty()).unwrap_or("-")), out);
    }

    /// An address that is longer than its column pushes the details to the right, in its row
    /// only: what is cut are the details, never an address.
    fn line(&self, [time, user, ip, details]: [&str; 4], out: &mut Vec<u8>) {
        let mut line = padded(&fit(time, TIME), TIME);
        line.push_str(GAP);
        line.push_str(&padded(&fit(user, USER), USER));
        line.push_str(GAP);
        line.push_str(&padded(&fit(ip, LONG_IP), self.ip));
        self.end(line, details, out);
    }

    /// Ends a line with its details, cut to what is left of the width.
    fn end(&self, mut line: String, details: &str, out: &mut Vec<u8>) {
        line.push_str(GAP);
        let left = self.width.saturating_sub(columns(&line));
        line.push_str(&fit(details, left));
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
}

/// A time in whole seconds, in UTC, however it was written; none for one that stands for none.
fn in_utc(time: &Timestamp) -> Option<String> {
    let utc = time.instant().checked_to_offset(UtcOffset::UTC)?;
    let whole = utc.replace_nanosecond(0).ok().filter(|_| !time.stands_for_none())?;
    whole.format(&Rfc3339).ok()
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(columns(text));
    format!("{text}{:missing$}", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(width: usize, user: &str, ip: &str, agent: &str) -> String {
        let time = Timestamp::parse("2026-03-02T09:30:00Z");
        let cells = Cells {
            time: time.as_ref(),
            user: Some(user),
            ip: Some(ip.into()),
            details: [None, Some(agent.into()), None],
            ..Cells::default()
        };
        let mut out = Vec::new();
        Table::new(width).row(&Provenance::default(), &cells, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_stand_under_their_header() {
        let mut header = Vec::new();
        Table::new(80).header(&mut header);
        assert_eq!(
            String::from_utf8(header).unwrap() + &row(80, "72", "192.0.2.1", "curl/8.11.0"),
            "TIME                  USER                      IP               DETAILS\n\
             2026-03-02T09:30:00Z  72                        192.0.2.1        curl/8.11.0\n"
        );
    }

    #[test]
    fn a_time_is_shown_in_utc_however_it_was_written() {
        let shown = |text| Timestamp::parse(text).as_ref().and_then(in_utc);
        let expected = Some("2022-05-18T04:00:00Z".to_owned());
        assert_eq!(shown("2022-05-18T00:00:00-04:00"), expected);
        assert_eq!(shown("2022-05-18T04:00:00.1234567Z"), expected);
        for none in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "1970-01-01T00:00:00Z"]
        {
            assert_eq!(shown(none), None, "{none}");
        }
        assert_eq!(shown("9999-12-31T23:59:59-14:00"), None, "no calendar has it in UTC");
    }

    #[test]
    fn what_is_nobodys_has_the_whole_row_for_its_details() {
        let time = Timestamp::parse("2022-05-18T00:00:00-04:00");
        let details = ["successes: 1204", "failures: 37", "password resets: 5"];
        let details = details.map(|text| Some(text.into()));
        let cells = Cells { time: time.as_ref(), details, ..Cells::default() };
        let row = |width| {
            let mut out = Vec::new();
            Table::new(width).row(&Provenance::default(), &cells, &mut out);
            String::from_utf8(out).unwrap()
        };
        let whole = "2022-05-18T04:00:00Z  successes: 1204, failures: 37, password resets: 5\n";
        assert_eq!((row(80), row(120)), (whole.to_owned(), whole.to_owned()));
        assert_eq!(row(60), "2022-05-18T04:00:00Z  successes: 1204, failures: 37, passwo…\n");
    }

    #[test]
    fn details_are_cut_and_an_address_never_is() {
        let long = "2001:db8:1111:2222:3333:4444:5555:6666";
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
        for width in [40, 80, 100, 120, 200] {
            let row = row(width, "72", long, agent);
            assert!(row.contains(long), "{row}");
            assert!(columns(row.trim_end()) <= width.max(89), "{row}");
        }
        assert!(
            row(100, "72", "192.0.2.1", agent).ends_with("  Mozilla/5.0 (X11; Linux x86_64; rv…\n")
        );
    }

    #[test]
    fn a_row_is_one_line_without_anything_that_a_terminal_obeys() {
        let row = row(100, "7\u{1b}[2J2", "1.2.3.4\n", "\u{202e}a\tb\r\n\u{1b}]0;x\u{7}");
        assert_eq!(row.matches(char::is_control).collect::<String>(), "\n");
        assert!(row.contains("�a�b���]0;x�"), "{row}");
    }

    #[test]
    fn what_is_missing_is_a_dash() {
        let mut out = Vec::new();
        Table::new(80).row(&Provenance::default(), &Cells::default(), &mut out);
        let row = String::from_utf8(out).unwrap();
        assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["-"; 4]);
    }

    #[test]
    fn whose_a_record_is_may_be_known_from_its_source_and_details_stand_side_by_side() {
        let details = [Some("Jaipur".into()), None, Some("India".into())];
        let cells = Cells { details, ..Cells::default() };
        let provenance = Provenance { user: Some("u1".to_owned()), ..Provenance::default() };
        let mut out = Vec::new();
        Table::new(80).row(&provenance, &cells, &mut out);
        let row = String::from_utf8(out).unwrap();
        let words: Vec<_> = row.split_whitespace().collect();
        assert_eq!(words, ["-", "u1", "-", "Jaipur,", "India"]);
    }
}
