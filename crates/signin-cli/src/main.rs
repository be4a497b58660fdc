//! The program `signin`.
fn main() {}
