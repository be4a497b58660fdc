//! What was collected, held against what the service had.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use signin_core::Timestamp;

/// What may come again after a resume. Nothing may where there was none.
#[derive(Debug, Clone, Copy)]
pub enum Repeats {
    /// Nothing.
    Never,
    /// Pages of so many records where the service sends one in the place of another, since its
    /// records have nothing that tells them from others.
    SentAgain(u64),
    /// What is of one list: the one at hand. All of it, once.
    List,
    /// What lies within this time of each other, by this member.
    Within(Duration, &'static str),
}

/// What may come again each time when all continuations die.
#[derive(Debug, Clone, Copy)]
pub enum Again {
    /// All of the list at hand.
    List,
    /// What lies within this time of each other, by this member.
    Within(Duration, &'static str),
}

/// The records of a service at one moment, by their bytes and by what tells them apart.
#[derive(Debug)]
pub(super) struct Truth {
    rows: BTreeMap<String, u64>,
    keys: BTreeMap<String, u64>,
}

impl Truth {
    pub(super) fn new(rows: Vec<String>, key: fn(&str) -> String) -> Self {
        let keys = counted(rows.iter().map(|row| key(row)));
        Self { rows: counted(rows), keys }
    }
}

fn counted(texts: impl IntoIterator<Item = String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_insert(0) += 1;
    }
    counts
}

fn count(counts: &BTreeMap<String, u64>, text: &str) -> u64 {
    counts.get(text).copied().unwrap_or(0)
}

/// What was there at the beginning and at the end more often than it came.
fn missing<'a>(
    begin: &'a BTreeMap<String, u64>,
    end: &BTreeMap<String, u64>,
    came: &BTreeMap<String, u64>,
) -> Vec<&'a str> {
    let there = begin.iter().map(|(text, times)| (text, (*times).min(count(end, text))));
    there
        .filter(|(text, times)| count(came, text) < *times)
        .map(|(text, _)| text.as_str())
        .collect()
}

impl Truth {
    /// How many records of this one are not in the other.
    pub(super) fn gone(&self, other: &Self) -> usize {
        self.keys.keys().filter(|key| !other.keys.contains_key(*key)).count()
    }
}

/// What was collected, in the parts that came between two resumes.
pub(super) struct Collected<'a> {
    pub(super) rows: &'a [String],
    /// Where each part begins: 0 first.
    pub(super) parts: &'a [usize],
    pub(super) key: fn(&str) -> String,
    pub(super) source: &'a dyn Fn(&str) -> String,
    /// Pages that the service sent a second time.
    pub(super) repeated_pages: u64,
    /// What came again when continuations died, and how often they did.
    pub(super) dying: Option<Again>,
    pub(super) deaths: u64,
}

impl Collected<'_> {
    /// Records that were there all the time and did not come. One that did not change came as it
    /// is: another one of the same key does not stand for it, however often it came.
    pub(super) fn check_nothing_is_missing(
        &self,
        begin: &Truth,
        end: &Truth,
    ) -> Result<(), String> {
        let keys = self.rows.iter().map(|row| (self.key)(row));
        let missing = [
            missing(&begin.keys, &end.keys, &counted(keys)),
            missing(&begin.rows, &end.rows, &counted(self.rows.iter().cloned())),
        ];
        match missing.iter().find(|missing| !missing.is_empty()) {
            None => Ok(()),
            Some(missing) => Err(format!(
                "{} records did not come, and the walk may not lack them: {}",
                missing.len(),
                missing.join(" ")
            )),
        }
    }

    /// Records that the service never had. Of one that changed and went, the bytes between are
    /// not known.
    pub(super) fn check_nothing_is_made_up(
        &self,
        begin: &Truth,
        end: &Truth,
    ) -> Result<(), String> {
        let went = |key: &str| begin.keys.contains_key(key) && !end.keys.contains_key(key);
        let known = |row: &String| {
            begin.rows.contains_key(row) || end.rows.contains_key(row) || went(&(self.key)(row))
        };
        match self.rows.iter().find(|row| !known(row)) {
            None => Ok(()),
            Some(row) => Err(format!("a record came that was never there: {row}")),
        }
    }

    /// Records that came more often than they were there.
    pub(super) fn check_repeats(
        &self,
        repeats: Repeats,
        begin: &Truth,
        end: &Truth,
    ) -> Result<(), String> {
        if let (Some(again), 1..) = (self.dying, self.deaths) {
            return self.check_deaths(again, repeats, begin, end);
        }
        let mut came = BTreeMap::new();
        let ends = self.parts.iter().skip(1).copied().chain([self.rows.len()]);
        for (number, (from, to)) in self.parts.iter().copied().zip(ends).enumerate() {
            let (mut again, mut in_part) = (Vec::new(), BTreeMap::new());
            for row in &self.rows[from..to] {
                let there = most_at_once(begin, end, row, self.key);
                let times: &mut u64 = came.entry(row.as_str()).or_insert(0);
                let here: &mut u64 = in_part.entry(row.as_str()).or_insert(0);
                (*times, *here) = (*times + 1, *here + 1);
                if *times > there {
                    again.push(row.as_str());
                }
                if *here > there && !matches!(repeats, Repeats::SentAgain(_)) {
                    return Err(format!("a record came twice without a resume between: {row}"));
                }
            }
            self.check_part(repeats, number > 0, &again)
                .map_err(|what| format!("part {number}, from record {from} on: {what}"))?;
        }
        Ok(())
    }

    /// Records that came more often than by a resume and by each death of the continuations.
    fn check_deaths(
        &self,
        again: Again,
        repeats: Repeats,
        begin: &Truth,
        end: &Truth,
    ) -> Result<(), String> {
        // Beside what deaths give again, a resume does, and a page in the place of another.
        let others = self.repeated_pages
            + match repeats {
                Repeats::Never | Repeats::SentAgain(_) => 0,
                Repeats::List | Repeats::Within(..) => self.parts.len() as u64,
            };
        let (mut came, mut times) = (BTreeMap::new(), BTreeSet::new());
        for row in self.rows {
            let there = most_at_once(begin, end, row, self.key);
            let count: &mut u64 = came.entry(row.as_str()).or_insert(0);
            *count += 1;
            if *count > there * (1 + self.deaths + others) {
                return Err(format!("a record came {count} times: {row}"));
            }
            if let (true, Again::Within(_, member)) = (*count > there, again) {
                times.insert(instant(row, member));
            }
        }
        let Again::Within(span, _) = again else { return Ok(()) };
        let (mut spans, mut from) = (0, None);
        for time in times {
            if from.is_none_or(|from| time - from > span) {
                (spans, from) = (spans + 1, Some(time));
            }
        }
        if spans <= self.deaths + others {
            return Ok(());
        }
        Err(format!("records of {spans} spans came again, with {} deaths", self.deaths))
    }

    fn check_part(&self, repeats: Repeats, resumed: bool, again: &[&str]) -> Result<(), String> {
        let few = match repeats {
            Repeats::Never => again.is_empty(),
            Repeats::SentAgain(size) => again.len() as u64 <= size * self.repeated_pages,
            Repeats::List => {
                let lists = again.iter().map(|row| (self.source)(row));
                let lists: BTreeSet<_> = lists.filter(|list| !list.is_empty()).collect();
                (resumed || again.is_empty()) && lists.len() <= 1
            }
            Repeats::Within(time, member) => {
                let times: BTreeSet<_> = again.iter().map(|row| instant(row, member)).collect();
                let span = match (times.first(), times.last()) {
                    (Some(first), Some(last)) => *last - *first,
                    _ => time::Duration::ZERO,
                };
                (resumed || again.is_empty()) && span <= time
            }
        };
        if few {
            return Ok(());
        }
        Err(format!("{} records came again ({repeats:?}), such as {}", again.len(), again[0]))
    }
}

/// How often a record's bytes were there at once. Of those that were not there at the beginning it
/// is not known: no more often than what tells the record from others.
fn most_at_once(begin: &Truth, end: &Truth, row: &str, key: fn(&str) -> String) -> u64 {
    let first = match count(&begin.rows, row) {
        0 => count(&begin.keys, &key(row)),
        times => times,
    };
    first.max(count(&end.rows, row)).max(1)
}

fn instant(row: &str, member: &str) -> time::OffsetDateTime {
    Timestamp::parse(&super::member(row, member)).expect("a record has its time").instant()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(rows: &[&str]) -> Truth {
        Truth::new(rows.iter().map(|row| (*row).to_owned()).collect(), key)
    }

    /// The first letter.
    fn key(row: &str) -> String {
        row.chars().take(1).collect()
    }

    fn is_missed(came: &[&str], begin: &[&str], end: &[&str]) -> bool {
        let rows: Vec<_> = came.iter().map(|row| (*row).to_owned()).collect();
        let source = |_: &str| String::new();
        let collected = Collected {
            rows: &rows,
            parts: &[0],
            key,
            source: &source,
            repeated_pages: 0,
            dying: None,
            deaths: 0,
        };
        collected.check_nothing_is_missing(&truth(begin), &truth(end)).is_err()
    }

    #[test]
    fn a_record_that_came_twice_does_not_stand_for_another_of_its_key() {
        assert!(is_missed(&["a1", "a1"], &["a1", "a2"], &["a1", "a2"]));
        assert!(!is_missed(&["a1", "a2"], &["a1", "a2"], &["a1", "a2"]));
        assert!(is_missed(&["a1"], &["a1", "a1"], &["a1", "a1"]), "two that are alike are two");
    }

    #[test]
    fn a_record_that_changed_may_come_as_it_was_or_is_and_one_that_went_need_not_come() {
        assert!(!is_missed(&["a1"], &["a1", "b1"], &["a2"]));
        assert!(!is_missed(&["a2"], &["a1"], &["a2"]));
        assert!(is_missed(&[], &["a1"], &["a2"]));
        assert!(!is_missed(&[], &[], &["a1"]), "it arrived meanwhile");
    }
}
