//! What is measured: which readers, how many events, how often.

use super::readers::Reader;

/// What a list of sign-ins is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct List {
    /// `v1.0` or `beta`.
    pub(super) version: &'static str,
    pub(super) gzip: bool,
    pub(super) events: u64,
}

/// A list, and how often each reader reads it.
#[derive(Debug, Clone)]
pub(super) struct Set {
    pub(super) list: List,
    pub(super) rounds: usize,
    pub(super) readers: Vec<Reader>,
}

/// Everything that is measured.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) sets: Vec<Set>,
    /// How many events each vendor's service holds, and how often that is read.
    pub(super) vendors: Vec<(u64, usize)>,
    /// Whether decoding is measured apart.
    pub(super) pages: bool,
    /// Time that the service takes for each page, in milliseconds.
    pub(super) think: u64,
    pub(super) write: bool,
    /// Built without optimisation: only what is found counts.
    pub(super) brief: bool,
}

impl Plan {
    /// Reads the options of the task.
    pub(super) fn of(options: &[&str]) -> Result<Self, String> {
        let (mut plan, mut short) = (Self::default(), false);
        let mut readers = Reader::ALL.to_vec();
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match *option {
                "--write" => plan.write = true,
                "--brief" => plan.brief = true,
                "--short" => short = true,
                "--no-peer" => readers.retain(|reader| *reader != Reader::Peer),
                "--think" => {
                    let time = options.next().and_then(|time| time.parse().ok());
                    plan.think = time.ok_or("--think takes milliseconds for each page")?;
                }
                other => return Err(format!("bench: there is no option `{other}`")),
            }
        }
        if plan.brief {
            readers.retain(|reader| *reader != Reader::Peer);
        }
        let part = plan.brief || short || plan.think > 0 || readers.len() < Reader::ALL.len();
        if plan.write && part {
            return Err("bench: --write is for the whole of it, and takes no other option".into());
        }
        plan.pages = !plan.brief && !short;
        let set = |version, gzip, events, rounds| {
            let list = List { version, gzip, events };
            Set { list, rounds, readers: readers.clone() }
        };
        (plan.sets, plan.vendors) = if plan.brief {
            (vec![set("v1.0", true, 2_000, 1), set("beta", false, 2_000, 1)], vec![(2_000, 1)])
        } else if short {
            let sets = vec![
                set("v1.0", true, 10_000, 1),
                set("v1.0", true, 100_000, 1),
                set("beta", true, 100_000, 1),
            ];
            (sets, vec![(10_000, 1), (1_000_000, 1)])
        } else {
            let sets = vec![
                set("v1.0", true, 10_000, 9),
                set("v1.0", true, 100_000, 5),
                set("v1.0", true, 1_000_000, 2),
                set("v1.0", false, 100_000, 3),
                set("beta", true, 10_000, 5),
                set("beta", true, 100_000, 3),
                // For its memory.
                Set {
                    readers: vec![Reader::Floor, Reader::Typed],
                    ..set("beta", true, 1_000_000, 1)
                },
            ];
            (sets, vec![(10_000, 3), (100_000, 2), (1_000_000, 1)])
        };
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_it_is_not_written() {
        assert!(Plan::of(&["--write"]).is_ok_and(|plan| plan.write && !plan.brief));
        for part in [&["--short"][..], &["--brief"], &["--no-peer"], &["--think", "5"]] {
            assert!(Plan::of(part).is_ok_and(|plan| !plan.write));
            assert!(Plan::of(&[part, &["--write"]].concat()).is_err(), "{part:?}");
            assert!(Plan::of(&[&["--write"], part].concat()).is_err(), "{part:?}");
        }
    }
}
