//! Writes the seeds of every target to `corpus/`, where cargo-fuzz looks for them.

use std::fs;
use std::io;

fn main() -> io::Result<()> {
    let corpus = signin_fuzz_checks::here().join("../corpus");
    for target in signin_fuzz_checks::TARGETS {
        let folder = corpus.join(target.name);
        fs::create_dir_all(&folder)?;
        let seeds = (target.seeds)();
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:02}")), seed)?;
        }
        println!("{}: {} seeds", target.name, seeds.len());
    }
    Ok(())
}
