//! See `checks/src/retry_after.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| signin_fuzz_checks::check("retry_after", input));
