//! `table`: a row a record, for people. Columns are of fixed width, so that rows are written as
//! they come.

use super::Cells;
use crate::text::{columns, fit};

const TIME: usize = 20;
const USER: usize = 8;
/// The longest IPv4 and IPv6 addresses.
const SHORT_IP: usize = 15;
const LONG_IP: usize = 39;
/// From here on there is room for an IPv6 address in its column, and for a user agent.
const ROOMY: usize = 100;
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
        self.line(["TIME", "USER", "IP", "USER AGENT"], out);
    }

    pub(super) fn row(&self, cells: &Cells<'_>, out: &mut Vec<u8>) {
        let time = cells.time.map(ToString::to_string).unwrap_or_default();
        let texts = [Some(&*time), cells.user, cells.ip, cells.user_agent];
        self.line(texts.map(|text| text.filter(|text| !text.is_empty()).unwrap_or("-")), out);
    }

    /// An address that is longer than its column pushes the user agent to the right, in its row
    /// only: what is cut is the user agent, never an address.
    fn line(&self, [time, user, ip, agent]: [&str; 4], out: &mut Vec<u8>) {
        let mut line = padded(&fit(time, TIME), TIME);
        line.push_str(GAP);
        line.push_str(&padded(&fit(user, USER), USER));
        line.push_str(GAP);
        line.push_str(&padded(&fit(ip, LONG_IP), self.ip));
        line.push_str(GAP);
        let left = self.width.saturating_sub(columns(&line));
        line.push_str(&fit(agent, left));
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(columns(text));
    format!("{text}{:missing$}", "")
}

#[cfg(test)]
mod tests {
    use signin_core::Timestamp;

    use super::*;

    fn row(width: usize, user: &str, ip: &str, agent: &str) -> String {
        let time = Timestamp::parse("2026-03-02T09:30:00Z");
        let cells = Cells {
            time: time.as_ref(),
            user: Some(user),
            ip: Some(ip),
            user_agent: Some(agent),
            ..Cells::default()
        };
        let mut out = Vec::new();
        Table::new(width).row(&cells, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_stand_under_their_header() {
        let mut header = Vec::new();
        Table::new(80).header(&mut header);
        assert_eq!(
            String::from_utf8(header).unwrap() + &row(80, "72", "192.0.2.1", "curl/8.11.0"),
            "TIME                  USER      IP               USER AGENT\n\
             2026-03-02T09:30:00Z  72        192.0.2.1        curl/8.11.0\n"
        );
    }

    #[test]
    fn the_user_agent_is_cut_and_an_address_never_is() {
        let long = "2001:db8:1111:2222:3333:4444:5555:6666";
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
        for width in [40, 80, 100, 120, 200] {
            let row = row(width, "72", long, agent);
            assert!(row.contains(long), "{row}");
            assert!(columns(row.trim_end()) <= width.max(73), "{row}");
        }
        assert!(row(100, "72", "192.0.2.1", agent).ends_with("Mozilla/5.0 (X11; Linux x8…\n"));
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
        Table::new(80).row(&Cells::default(), &mut out);
        let row = String::from_utf8(out).unwrap();
        assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["-"; 4]);
    }
}
