//! Every target with its seeds and a fixed number of damaged ones, without a fuzzer.

use std::fs;
use std::panic::catch_unwind;

use signin_fuzz_checks::{TARGETS, VENDORS, Vendor, fixtures};

/// How many damaged inputs each target gets, unless `SIGNIN_FUZZ_RUNS` says another number.
const RUNS: u64 = 1_000;

/// How many of each target's seeds are taken at least; the others are there to be refused.
const TAKEN: &[(&str, u64)] = &[
    ("address", 6),
    ("checkpoints", 65),
    ("decode", 19),
    ("events", 30),
    ("exports", 7),
    ("filters_odata", 6),
    ("filters_scim", 6),
    ("ip", 11),
    ("left_over", 7),
    ("retry_after", 11),
    ("samples", 34),
    ("times", 21),
    ("pagers", 26),
];

/// Of so many damaged inputs one is taken at least.
const OF_DAMAGED: u64 = 20;

#[test]
fn seeds_and_damaged_seeds_break_nothing() {
    let broken = TARGETS.iter().flat_map(|target| {
        let least = TAKEN.iter().find(|(known, _)| *known == target.name);
        match least {
            Some((_, least)) => breaches(target.name, target.check, &(target.seeds)(), *least),
            None => vec![format!("{}: not in the list of what is taken", target.name)],
        }
    });
    let broken: Vec<_> = broken.collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// As many for each vendor as for a target.
#[test]
fn pages_of_each_vendor_and_damaged_ones_break_nothing() {
    let broken = VENDORS.iter().flat_map(|Vendor { name, decode, pages, .. }| {
        breaches(name, *decode, &fixtures(name), *pages)
    });
    let broken: Vec<_> = broken.collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_vendor_with_samples_is_checked() {
    let folder = signin_fuzz_checks::here().join("../../fixtures");
    let entries = fs::read_dir(folder).expect("the folder of the samples is there");
    let folders = entries.map(|entry| entry.expect("the folder can be read").path());
    let vendors = folders.filter(|folder| folder.join("model.toml").is_file());
    let mut vendors: Vec<_> =
        vendors.filter_map(|folder| folder.file_name()?.to_str().map(str::to_owned)).collect();
    vendors.sort();
    let mut known: Vec<_> = VENDORS.iter().map(|vendor| vendor.name).collect();
    known.sort_unstable();
    assert_eq!(known, vendors, "the list in fuzz/checks/src/vendors.rs");
}

#[test]
fn every_target_has_its_file_and_every_file_its_target() {
    let folder = signin_fuzz_checks::here().join("../fuzz_targets");
    let entries = fs::read_dir(folder).expect("the folder of the targets is there");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").file_name().into_string())
        .collect::<Result<_, _>>()
        .expect("names are text");
    files.sort();
    let mut names: Vec<_> = TARGETS.iter().map(|target| format!("{}.rs", target.name)).collect();
    names.sort();
    assert_eq!(files, names);
}

/// The first input that breaks a target, of its seeds and so many damaged ones; and where fewer of
/// them get past the first refusal than should, so that nothing could break it.
fn breaches(name: &str, check: fn(&[u8]) -> bool, seeds: &[Vec<u8>], least: u64) -> Vec<String> {
    let runs = std::env::var("SIGNIN_FUZZ_RUNS").ok().and_then(|text| text.parse().ok());
    let runs = runs.unwrap_or(RUNS);
    let made: Vec<_> = (0..runs).map(|number| damaged(seeds, &mut Dice(number))).collect();
    let taken = |inputs: &[Vec<u8>]| {
        let mut taken = 0;
        for input in inputs {
            match catch_unwind(|| check(input)) {
                Ok(is_taken) => taken += u64::from(is_taken),
                Err(_) => {
                    return Err(format!("{name}: broken by {:?}", String::from_utf8_lossy(input)));
                }
            }
        }
        Ok(taken)
    };
    let held = |inputs: &[Vec<u8>], what: &str, least: u64| match taken(inputs) {
        Ok(taken) if taken < least => Some(format!("{name}: {taken} {what} taken, not {least}")),
        Ok(_) => None,
        Err(broken) => Some(broken),
    };
    let of_seeds = held(seeds, "seeds", least);
    of_seeds.into_iter().chain(held(&made, "damaged seeds", runs / OF_DAMAGED)).collect()
}

/// A seed with a change, or with up to eight: bytes that mean something put in, bytes taken out, a
/// part repeated, a part of another seed, a letter or digit that is another one.
fn damaged(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    const PIECES: [&[u8]; 24] = [
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"'",
        b"''",
        b"null",
        b"0",
        b"-1",
        b"1e999",
        b"\\ud800",
        b"\xff",
        b"\0",
        b"\n",
        b"//",
        b"..",
        b"%2e",
        b"+",
        b"\xf0\x9f\x98\x80",
        b"&",
    ];
    let mut input = dice.pick(seeds).clone();
    let changes = if dice.roll(2) == 0 { 1 } else { 1 + dice.roll(8) };
    for _ in 0..changes {
        let at = dice.roll(input.len() + 1);
        let end = at + dice.roll(input.len() - at + 1).min(64);
        match dice.roll(7) {
            5 | 6 => {
                let Some(byte) = input.get_mut(at) else { continue };
                let (first, count) = match *byte {
                    b'0'..=b'9' => (b'0', 10),
                    b'a'..=b'z' => (b'a', 26),
                    b'A'..=b'Z' => (b'A', 26),
                    _ => continue,
                };
                *byte = first + u8::try_from(dice.roll(count)).expect("it is a letter or digit");
            }
            0 => drop(input.splice(at..at, dice.pick(&PIECES).iter().copied())),
            1 => drop(input.splice(at..end, dice.pick(&PIECES).iter().copied())),
            2 => drop(input.drain(at..end)),
            3 => drop(input.splice(at..at, input[at..end].to_vec())),
            _ => {
                let other = dice.pick(seeds);
                let from = dice.roll(other.len() + 1);
                let to = from + dice.roll(other.len() - from + 1);
                input.splice(at..end, other[from..to].iter().copied());
            }
        }
    }
    input
}

/// Numbers that look random and are the same every time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("it is less than a usize")
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.roll(choices.len())]
    }
}
