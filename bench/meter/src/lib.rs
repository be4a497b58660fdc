//! What every reader of the benchmark has in common: what it is told, what it adds up of each
//! sign-in, so that none can skip anything, and what it tells in the end.

pub mod hand;
pub mod value;

use std::time::{Duration, Instant};
use std::{env, fs};

use rustix::time::{ClockId, clock_gettime};

/// What a reader is told: `BASE_URL TOKEN v1.0|beta`.
#[derive(Debug, Clone)]
pub struct Task {
    /// `http://127.0.0.1:PORT`, without a version.
    pub base_url: String,
    /// The bearer token, by which the service knows how many sign-ins are asked for.
    pub token: String,
    /// Whether beta is asked, and not v1.0.
    pub beta: bool,
}

impl Task {
    /// Reads the program's arguments.
    ///
    /// # Panics
    /// When there are not three of them.
    pub fn from_arguments() -> Self {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let [base_url, token, version] = <[String; 3]>::try_from(arguments)
            .unwrap_or_else(|_| panic!("usage: BASE_URL TOKEN v1.0|beta"));
        Self { base_url, token, beta: version == "beta" }
    }

    /// The address of the list's first page, 1000 sign-ins each.
    pub fn first_page(&self) -> String {
        let version = if self.beta { "beta" } else { "v1.0" };
        format!("{}/{version}/auditLogs/signIns?$top=1000", self.base_url)
    }
}

/// What of one sign-in is added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum(u64);

impl Sum {
    /// Takes a text in; nothing is not "".
    pub fn text(&mut self, text: Option<&str>) {
        let text = text.unwrap_or("\0");
        for part in text.as_bytes().chunks(8) {
            let mut bytes = [0; 8];
            bytes[..part.len()].copy_from_slice(part);
            self.bits(u64::from_le_bytes(bytes));
        }
        self.bits(text.len() as u64);
    }

    /// Takes a whole number in.
    pub fn number(&mut self, number: Option<i64>) {
        self.bits(number.unwrap_or(i64::MIN).cast_unsigned());
    }

    /// Takes a coordinate in, to four digits: not all readers are exact to the last one.
    #[expect(clippy::cast_possible_truncation, reason = "a coordinate is at most 180")]
    pub fn coordinate(&mut self, degrees: Option<f64>) {
        self.number(degrees.map(|degrees| (degrees * 10_000.0).round() as i64));
    }

    /// Takes a record's own text in.
    pub fn raw(&mut self, text: &str) {
        self.bits(u64::from(crc32fast::hash(text.as_bytes())));
    }

    /// The sum of this sign-in; those of many are added up, wrapping.
    pub fn get(self) -> u64 {
        self.0
    }

    fn bits(&mut self, bits: u64) {
        self.0 = (self.0 ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}

/// Counts what is read, and tells what it cost.
#[derive(Debug)]
pub struct Meter {
    start: Instant,
    first: Option<Duration>,
    events: u64,
    sum: u64,
}

impl Meter {
    /// Begins; the first thing that a reader does.
    #[expect(clippy::new_without_default, reason = "it reads the clock")]
    pub fn new() -> Self {
        Self { start: Instant::now(), first: None, events: 0, sum: 0 }
    }

    /// A sign-in was read: `members` takes of it what is added up.
    pub fn event(&mut self, members: impl FnOnce(&mut Sum)) {
        if self.first.is_none() {
            self.first = Some(self.start.elapsed());
        }
        let mut sum = Sum::default();
        members(&mut sum);
        self.sum = self.sum.wrapping_add(sum.get());
        self.events += 1;
    }

    /// Tells what was read and what it cost the whole process: one line of `name=number`.
    pub fn tell(&self) {
        let cpu = clock_gettime(ClockId::ProcessCPUTime);
        let cpu = i128::from(cpu.tv_sec) * 1_000_000_000 + i128::from(cpu.tv_nsec);
        println!(
            "events={} sum={} cpu_ns={cpu} wall_ns={} first_ns={} peak_kib={}",
            self.events,
            self.sum,
            self.start.elapsed().as_nanos(),
            self.first.unwrap_or_default().as_nanos(),
            peak_kib().unwrap_or(0),
        );
    }
}

/// The most memory that the process had at once, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
