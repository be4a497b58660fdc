//! CSV, cut into rows as it comes.
//!
//! Rows of sign-ins become JSON objects of texts, named by the header: from there on they are
//! records like any other.

use std::borrow::Cow;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use msgraph_signins::export::{Csv, NotASignIn, Refusal};
use serde_json::json;

use super::json_check::LONGEST;

/// The separators that files are written with.
const SEPARATORS: [u8; 3] = *b",;\t";

/// The most fields of a row.
const MOST_FIELDS: usize = 16 * 1024;

/// The byte order mark.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A table on its way to rows.
pub(super) struct Table {
    csv: Csv,
    rows: Rows,
}

/// What comes next.
pub(super) enum Next {
    /// Nothing as yet: more bytes are needed.
    More,
    /// A row as JSON, or its fields as a list and why it is none; and the line that it begins on.
    Row(Result<String, (String, NotASignIn)>, u64),
    /// A row that is longer than any may be begins on this line.
    TooLong(u64),
    /// The last row has fewer fields than the others, and no end: it begins on this line.
    CutOff(u64),
    End,
}

/// What a text begins with.
pub(super) enum Head {
    /// The header of a table of sign-ins, and its length with all before it.
    Table(Box<Table>, usize),
    /// Another header, or none, and why it is not read.
    Foreign(Option<NotASignIn>),
}

impl Table {
    /// Looks at a text that is no JSON: at all that comes before its first row.
    pub(super) fn open(text: &[u8]) -> Head {
        let body = text.strip_prefix(BOM).unwrap_or(text);
        let (told, body) = told_separator(body);
        let body = without_type(body);
        let begin = text.len().saturating_sub(body.len());
        let separators = told.map_or_else(|| SEPARATORS.to_vec(), |told| vec![told]);
        let mut foreign: Option<NotASignIn> = None;
        for separator in separators {
            let mut rows = Rows::new(separator, 1 + breaks(text.get(..begin).unwrap_or_default()));
            let mut read = rows.read(body);
            if read.step == Step::More {
                // The header is all that there is.
                read.step = rows.read(&[]).step;
            }
            match Csv::new(&rows.fields()) {
                Ok(csv) => {
                    rows.clear();
                    return Head::Table(Box::new(Self { csv, rows }), begin + read.length);
                }
                Err(why) if foreign.is_none() || why.refusal() != Refusal::Unknown => {
                    foreign = Some(why);
                }
                Err(_) => {}
            }
        }
        Head::Foreign(foreign)
    }

    /// The next row of a piece of the text, and how much of it was read. An empty piece is the end.
    pub(super) fn next(&mut self, piece: &[u8]) -> (usize, Next) {
        let Read { length, step } = self.rows.read(piece);
        let line = self.rows.begun;
        let next = match step {
            Step::More => Next::More,
            Step::TooLong => Next::TooLong(line),
            Step::End => Next::End,
            Step::Row => {
                let fields = self.rows.fields();
                let next = match self.csv.raw(&fields) {
                    Err(why) if piece.is_empty() && why.refusal() == Refusal::OtherLength => {
                        Next::CutOff(line)
                    }
                    // Texts always have JSON.
                    row => Next::Row(row.map_err(|why| (json!(fields).to_string(), why)), line),
                };
                self.rows.clear();
                next
            }
        };
        (length, next)
    }
}

/// How far a piece was read.
struct Read {
    length: usize,
    step: Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    More,
    Row,
    TooLong,
    End,
}

/// Bytes on their way to rows, one at a time.
struct Rows {
    reader: Reader,
    /// The fields of the row so far, one after the other.
    text: Vec<u8>,
    used: usize,
    /// Where each ends.
    ends: Vec<usize>,
    count: usize,
    /// The line that the row begins on.
    begun: u64,
}

impl Rows {
    fn new(separator: u8, line: u64) -> Self {
        let mut reader = ReaderBuilder::new().delimiter(separator).build();
        reader.set_line(line);
        Self { reader, text: vec![0; 1024], used: 0, ends: vec![0; 64], count: 0, begun: line }
    }

    /// Reads to the end of a row. An empty piece is the end of the text.
    fn read(&mut self, piece: &[u8]) -> Read {
        let mut length = 0;
        loop {
            if self.used == 0 && self.count == 0 {
                length += self.pass_breaks(piece.get(length..).unwrap_or_default());
            }
            let rest = piece.get(length..).unwrap_or_default();
            if rest.is_empty() && !piece.is_empty() {
                return Read { length, step: Step::More };
            }
            let text = self.text.get_mut(self.used..).unwrap_or_default();
            let ends = self.ends.get_mut(self.count..).unwrap_or_default();
            let (result, read, wrote, ended) = self.reader.read_record(rest, text, ends);
            length += read;
            self.used += wrote;
            self.count += ended;
            let step = match result {
                ReadRecordResult::InputEmpty => Step::More,
                ReadRecordResult::Record => Step::Row,
                ReadRecordResult::End => Step::End,
                ReadRecordResult::OutputFull if self.text.len() < LONGEST => {
                    self.text.resize(self.text.len() * 2, 0);
                    continue;
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_FIELDS => {
                    self.ends.resize(self.ends.len() * 2, 0);
                    continue;
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => Step::TooLong,
            };
            return Read { length, step };
        }
    }

    /// Passes over line breaks before a row, so that it is known on which line it begins. Gives how
    /// many bytes these are.
    fn pass_breaks(&mut self, text: &[u8]) -> usize {
        let blank = text.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.begun = self.reader.line() + breaks(text.get(..blank).unwrap_or_default());
        self.reader.set_line(self.begun);
        blank
    }

    /// The fields of the row. What is not UTF-8 in them, as of an old code page, is U+FFFD.
    fn fields(&self) -> Vec<Cow<'_, str>> {
        let mut begin = 0;
        let ends = self.ends.iter().take(self.count);
        let fields = ends.map(|end| {
            let field = self.text.get(begin..*end).unwrap_or_default();
            begin = *end;
            String::from_utf8_lossy(field)
        });
        fields.collect()
    }

    fn clear(&mut self) {
        (self.used, self.count) = (0, 0);
    }
}

/// The separator that the first line tells a spreadsheet, and what comes after that line.
fn told_separator(text: &[u8]) -> (Option<u8>, &[u8]) {
    match text.strip_prefix(b"sep=") {
        Some([separator, rest @ ..]) => (Some(*separator), behind_line(rest)),
        _ => (None, text),
    }
}

/// What comes after the line by which PowerShell names the type of the rows.
fn without_type(text: &[u8]) -> &[u8] {
    if text.starts_with(b"#TYPE ") { behind_line(text) } else { text }
}

fn behind_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
    text.get(end..).unwrap_or_default()
}

fn breaks(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').map(|_| 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Date (UTC),Request ID,Username,Status\r\n\
        2026-01-02T03:04:05Z,a,\"Ada, the \"\"first\"\"\",Success\r\n\
        \r\n\
        2026-01-02T03:04:06Z,b,\"on\ntwo lines\",Failure\n\
        short,row\n\
        2026-01-02T03:04:07Z,c,,\n";

    /// The rows of a text that comes in pieces of such a length, each with its line.
    fn rows(text: &[u8], length: usize) -> Vec<String> {
        let Head::Table(mut table, begin) = Table::open(text) else { panic!("it is a table") };
        let mut rows = Vec::new();
        let mut pieces: Vec<&[u8]> = text[begin..].chunks(length).collect();
        pieces.push(b"");
        for mut piece in pieces {
            loop {
                let is_last = piece.is_empty();
                let (length, next) = table.next(piece);
                piece = &piece[length..];
                rows.push(match next {
                    Next::More => break,
                    Next::Row(Ok(row), line) => format!("{line} {row}"),
                    Next::Row(Err((fields, why)), line) => {
                        format!("{line} {:?} {fields}", why.refusal())
                    }
                    Next::TooLong(line) => format!("{line} too long"),
                    Next::CutOff(line) => format!("{line} cut off"),
                    Next::End => return rows,
                });
                if piece.is_empty() && !is_last {
                    break;
                }
            }
        }
        panic!("it has no end")
    }

    #[test]
    fn rows_are_the_same_whatever_the_pieces() {
        let whole = rows(FILE.as_bytes(), FILE.len());
        assert_eq!(
            whole,
            [
                r#"2 {"Date (UTC)":"2026-01-02T03:04:05Z","Request ID":"a","Username":"Ada, the \"first\"","Status":"Success"}"#,
                r#"4 {"Date (UTC)":"2026-01-02T03:04:06Z","Request ID":"b","Username":"on\ntwo lines","Status":"Failure"}"#,
                r#"6 OtherLength ["short","row"]"#,
                r#"7 {"Date (UTC)":"2026-01-02T03:04:07Z","Request ID":"c","Username":"","Status":""}"#,
            ]
        );
        for length in 1..FILE.len() {
            assert_eq!(rows(FILE.as_bytes(), length), whole, "{length}");
        }
    }

    #[test]
    fn what_stands_before_the_header_is_no_row() {
        let row = r#"{"Date (UTC)":"t","Request ID":"a","Status":"Success"}"#;
        for (text, line) in [
            ("\u{feff}Date (UTC),Request ID,Status\nt,a,Success", 2),
            ("\u{feff}\"Date (UTC)\";\"Request ID\";\"Status\"\nt;a;Success\n", 2),
            ("Date (UTC)\tRequest ID\tStatus\nt\ta\tSuccess\n", 2),
            ("sep=;\r\nDate (UTC);Request ID;Status\nt;a;Success\n", 3),
            ("#TYPE Selected.Row\r\nDate (UTC),Request ID,Status\nt,a,Success\n", 3),
        ] {
            assert_eq!(rows(text.as_bytes(), 7), [format!("{line} {row}")], "{text}");
        }
    }

    #[test]
    fn a_row_that_breaks_off_with_the_text_is_told() {
        let cut = "Date (UTC),Request ID,Status\nt,a,Success\nt,b";
        assert_eq!(rows(cut.as_bytes(), 100)[1..], ["3 cut off"]);
        let whole = "Date (UTC),Request ID,Status\nt,a,Success\nt,b,";
        assert_eq!(rows(whole.as_bytes(), 100).len(), 2, "only its line break lacks");
        let none = "Date (UTC),Request ID,Status";
        assert_eq!(rows(none.as_bytes(), 100).len(), 0);
    }

    #[test]
    fn long_rows_are_read_whole() {
        let agent = "x\"\"".repeat(5_000);
        let columns: String = (0..200).map(|n| format!(",c{n}")).collect();
        let fields: String = (0..200).map(|n| format!(",{n}")).collect();
        let text = format!(
            "Date (UTC),Request ID,Status,User agent{columns}\nt,a,Success,\"{agent}\"{fields}\n"
        );
        for length in [1, 100, 1 << 20] {
            let rows = rows(text.as_bytes(), length);
            assert_eq!(rows.len(), 1);
            assert!(rows[0].ends_with(r#""c199":"199"}"#) && rows[0].len() > 15_000);
        }
    }

    #[test]
    fn other_tables_and_other_text_are_none() {
        for text in ["id,ip\n1,192.0.2.1\n", "", "\0\0\0", "Hello, world", "\"a\nb"] {
            assert!(matches!(Table::open(text.as_bytes()), Head::Foreign(Some(_))), "{text}");
        }
    }
}
