//! See `checks/src/times.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| signin_fuzz_checks::check("times", input));
