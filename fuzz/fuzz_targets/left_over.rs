//! See `checks/src/left_over.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| signin_fuzz_checks::check("left_over", input));
