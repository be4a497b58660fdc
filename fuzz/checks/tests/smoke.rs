//! Every target with its seeds and a fixed number of damaged ones, without a fuzzer.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use signin_fuzz_checks::{TARGETS, Target};

/// How many damaged inputs each target gets, unless `SIGNIN_FUZZ_RUNS` says another number.
const RUNS: u64 = 1_000;

#[test]
fn seeds_and_damaged_seeds_break_nothing() {
    let runs = std::env::var("SIGNIN_FUZZ_RUNS").ok().and_then(|text| text.parse().ok());
    let runs = runs.unwrap_or(RUNS);
    let broken: Vec<_> = TARGETS.iter().filter_map(|target| first_breach(target, runs)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_target_has_its_file_and_every_file_its_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz_targets");
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

/// The first input that breaks a target, of its seeds and so many damaged ones.
fn first_breach(target: &Target, runs: u64) -> Option<String> {
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{}: no seeds", target.name);
    let made = (0..runs).map(|number| damaged(&seeds, &mut Dice(number)));
    let mut inputs = seeds.iter().cloned().chain(made);
    let breach = inputs.find(|input| catch_unwind(|| (target.check)(input)).is_err())?;
    let text = String::from_utf8_lossy(&breach).into_owned();
    Some(format!("{}: broken by {text:?}", target.name))
}

/// A seed with up to eight changes: bytes that mean something put in, bytes taken out, a part
/// repeated, a part of another seed.
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
    for _ in 0..=dice.roll(8) {
        let at = dice.roll(input.len() + 1);
        let end = at + dice.roll(input.len() - at + 1).min(64);
        match dice.roll(5) {
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
