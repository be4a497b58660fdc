//! The caller's names for requests: random UUIDs.

use std::hash::{BuildHasher, RandomState};

/// A random UUID (version 4), from the randomness that the standard library keeps for its maps:
/// names that nobody else gives, not a secret.
pub(crate) fn uuid() -> String {
    const VERSION: u64 = 0xf000;
    const VARIANT: u64 = 0b11 << 62;
    let random = |part: u8| RandomState::new().hash_one(part);
    let high = random(0) & !VERSION | 0x4000;
    let low = random(1) & !VARIANT | 1 << 63;
    let (first, second, third) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
    format!(
        "{first:08x}-{second:04x}-{third:04x}-{:04x}-{:012x}",
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn every_name_is_a_uuid_and_no_other() {
        let names: HashSet<String> = (0..1000).map(|_| super::uuid()).collect();
        assert_eq!(names.len(), 1000);
        for name in names {
            let lengths: Vec<usize> = name.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{name}");
            assert!(name.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()), "{name}");
            assert_eq!(name.chars().nth(14), Some('4'), "{name}");
            assert!(name.chars().nth(19).is_some_and(|c| "89ab".contains(c)), "{name}");
        }
    }
}
