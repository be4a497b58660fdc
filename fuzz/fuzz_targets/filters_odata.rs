//! See `checks/src/filters.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| signin_fuzz_checks::check("filters_odata", input));
