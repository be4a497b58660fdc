//! Tables as input: CSV, told by its header and read row by row, and answers of a query.

use msgraph_signins::export::{Columns, Refusal as Reason};

use super::input_position::InputPosition;
use super::json_check::LONGEST;
use super::members::{elements, members};
use super::splitter::Splitter;
use super::table::{Head, Next, Table};
use super::{Conversion, make_room};
use crate::formats::{Refusal, Refused};
use crate::run::collect::{Run, RunError};
use crate::run::exit::Exit;

/// The longest text before the first row.
const LONGEST_HEAD: usize = 1024 * 1024;

impl Conversion {
    /// Takes the rows of the tables of a query's answer.
    pub(super) async fn tables(
        &mut self,
        tables: &str,
        mut place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let (outer, mut number) = (place.record, 0);
        for table in elements(tables).into_iter().flatten() {
            let member = |name| members(table).filter(|(found, _)| found == name).last();
            let Some((_, columns)) = member("columns") else { continue };
            let columns = Columns::new(columns);
            let columns =
                columns.map_err(|why| self.stop(&format_args!("{place}: {why}"), Exit::Usage))?;
            let rows = member("rows").and_then(|(_, rows)| elements(rows));
            for row in rows.into_iter().flatten() {
                number += 1;
                place.record = outer.or(Some(number));
                match columns.row(row) {
                    Ok(record) => self.bare(&record, None, place, run)?,
                    Err(why) => {
                        let (reason, what) = (why.to_string(), Refused::Input(row.as_bytes()));
                        let refusal = Refusal { path: "", reason: &reason, what };
                        self.refuse(&refusal, place, run)?;
                    }
                }
                make_room(run).await?;
            }
        }
        Ok(())
    }

    /// Looks whether the input is a table, which only one vendor's exports are. Gives it, and what is
    /// there of its rows.
    pub(super) async fn table(
        &mut self,
        values: &mut Splitter,
        run: &mut Run<'_>,
    ) -> Result<Option<(Box<Table>, Vec<u8>)>, RunError> {
        let is_json = |head: &[u8]| {
            let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
            matches!(head.trim_ascii_start().first(), Some(b'{' | b'[') | None)
        };
        if !self.vendor.profile().has_exports || is_json(values.head()) {
            return Ok(None);
        }
        // The header may be after a line that says what follows.
        let is_there = |head: &[u8]| head.iter().filter(|byte| **byte == b'\n').count() > 1;
        while !is_there(values.head()) && values.head().len() < LONGEST_HEAD && !values.is_ended() {
            self.read(values, run).await?;
        }
        match Table::open(values.head()) {
            Head::Table(table, length) => {
                Ok(Some((table, values.take().get(length..).unwrap_or_default().to_vec())))
            }
            Head::Foreign(Some(why)) if why.refusal() != Reason::Unknown => {
                Err(self.stop(&why, Exit::Usage))
            }
            Head::Foreign(why) => {
                self.no_table = why;
                Ok(None)
            }
        }
    }

    /// Reads a table to its end.
    pub(super) async fn rows(
        &mut self,
        mut table: Box<Table>,
        mut bytes: Vec<u8>,
        run: &mut Run<'_>,
    ) -> Result<(), RunError> {
        let (mut any, mut ended) = (false, false);
        loop {
            let mut at = 0;
            loop {
                let rest = bytes.get(at..).unwrap_or_default();
                if rest.is_empty() && !ended {
                    break;
                }
                let (length, next) = table.next(rest);
                at += length;
                match next {
                    Next::More => break,
                    Next::Row(Ok(row), line) => {
                        any = true;
                        self.bare(&row, None, InputPosition::of(line), run)?;
                    }
                    Next::Row(Err((fields, why)), line) => {
                        let (reason, what) = (why.to_string(), Refused::Input(fields.as_bytes()));
                        let refusal = Refusal { path: "", reason: &reason, what };
                        self.refuse(&refusal, InputPosition::of(line), run)?;
                    }
                    Next::CutOff(line) => {
                        let why = "the row that begins here is cut off by the end of the input";
                        let why = format!("{}: {why}", InputPosition::of(line));
                        return Err(self.short(&why, Exit::Incomplete, any));
                    }
                    Next::TooLong(line) => {
                        let most = LONGEST / 1024 / 1024;
                        let why = format!("a row of more than {most} MiB begins here");
                        let why = format!("{}: {why}", InputPosition::of(line));
                        return Err(self.short(&why, Exit::Incomplete, any));
                    }
                    Next::End => return self.end(true, false),
                }
                make_room(run).await?;
            }
            (bytes, ended) = self.piece(run).await?;
        }
    }
}
