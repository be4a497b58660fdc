//! How much the tests try: a part each time, everything before a release.

/// Whether every combination is to be tried, as `.ci/full` asks for by the variable `TESTS_FULL`.
#[must_use]
pub fn is_full() -> bool {
    std::env::var_os("TESTS_FULL").is_some()
}
