//! Prints made-up sign-ins of every shape as OCSF, a line each, for the schema's validators:
//! `cargo run -p signin-contract --example ocsf -- 1000 > target/ocsf.ndjson`

use std::error::Error;
use std::io::{BufWriter, Write as _, stdout};

use signin_contract::sign_ins::sign_in;

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).map_or(Ok(1_000), |count| count.parse())?;
    let mut out = BufWriter::new(stdout().lock());
    for number in 0..count {
        serde_json::to_writer(&mut out, &sign_in(number).to_ocsf()?)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
