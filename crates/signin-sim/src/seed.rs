//! The seeded draws: a value is a pure function of the seed and of what it is drawn for.
//!
//! There is no generator state to carry along, so the millionth row costs what the first one costs.

/// A point in the tree of draws.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(u64);

impl Seed {
    /// The root of a simulator's draws.
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The branch for one purpose, so that two purposes never share a draw.
    pub(crate) fn branch(self, purpose: &str) -> Self {
        purpose.bytes().fold(self, |seed, byte| seed.at(u64::from(byte)))
    }

    /// The branch number `n`.
    pub(crate) fn at(self, n: u64) -> Self {
        Self(mix(self.0.rotate_left(17) ^ mix(n)))
    }

    /// A number below `n`; 0 where `n` is 0.
    pub(crate) fn below(self, n: u64) -> u64 {
        self.0 % n.max(1)
    }

    /// One of `choices`; the default where there are none.
    pub(crate) fn pick<T: Copy + Default>(self, choices: &[T]) -> T {
        let index = usize::try_from(self.below(choices.len() as u64)).unwrap_or(0);
        choices.get(index).copied().unwrap_or_default()
    }

    /// Whether the thing that is drawn here has changed after so many waves: it does once, at one
    /// of the first 64.
    pub(crate) fn has_changed(self, waves: u64) -> bool {
        self.branch("change").below(64) < waves
    }

    /// 64 bits.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// 32 hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        format!("{:016x}{:016x}", self.0, self.at(1).0)
    }
}

/// The finaliser of SplitMix64, with its increment: every bit of the input moves every bit.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn a_draw_depends_on_the_seed_the_purpose_and_the_number_only() {
        let draw = |seed, purpose, n| Seed::new(seed).branch(purpose).at(n).bits();
        assert_eq!(draw(7, "ip", 3), draw(7, "ip", 3));
        assert_ne!(draw(7, "ip", 3), draw(8, "ip", 3));
        assert_ne!(draw(7, "ip", 3), draw(7, "pi", 3));
        assert_ne!(draw(7, "ip", 3), draw(7, "ip", 4));
    }

    #[test]
    fn draws_below_n_reach_every_number_below_n() {
        let mut seen = [false; 7];
        for n in 0..200 {
            seen[usize::try_from(Seed::new(1).at(n).below(7)).unwrap()] = true;
        }
        assert_eq!(seen, [true; 7]);
        assert_eq!(Seed::new(1).below(0), 0);
    }
}
