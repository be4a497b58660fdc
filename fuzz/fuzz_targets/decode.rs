//! See `checks/src/decode.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| signin_fuzz_checks::check("decode", input));
