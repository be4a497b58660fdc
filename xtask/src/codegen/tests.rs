//! The generator, by its promises: it refuses to guess, it is deterministic, and drift is found.

use std::collections::HashMap;

use crate::vendors::{Vendor, all};

use super::annotations::{ModelFile, Provenance};
use super::{Output, check_provenance, emit, generate, generate_from, parse, resolve, sample};

fn golden() -> Output {
    let folder = crate::root().join("xtask/golden/fixtures");
    let (_, files) = generate_from(&folder, "golden").unwrap();
    Output { folder: folder.with_file_name("generated"), files }
}

#[test]
fn the_committed_models_are_what_the_generator_makes() {
    let root = crate::root();
    for Vendor { name: vendor, .. } in all(root).unwrap() {
        let output = generate(root, &vendor).unwrap_or_else(|error| panic!("{error}"));
        let drift = output.drift_with_advice(&vendor);
        assert!(drift.is_empty(), "{}", drift.join("\n"));
    }
}

#[test]
fn every_sample_with_records_has_a_test_in_its_crate() {
    let root = crate::root();
    for Vendor { name: vendor, krate } in all(root).unwrap() {
        let text = std::fs::read_to_string(root.join("fixtures").join(&vendor).join("model.toml"));
        let file: ModelFile = parse("model.toml", &text.unwrap()).unwrap();
        let tests = root.join("crates").join(krate).join("tests/it");
        let sources: String = std::fs::read_dir(&tests)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        for sample in &file.sample {
            let path = format!("fixtures/{vendor}/{}", sample.file);
            assert!(sources.contains(&path), "no test in {} reads {path}", tests.display());
        }
    }
}

#[test]
fn the_golden_models_are_what_the_generator_makes() {
    let golden = golden();
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        golden.write().unwrap();
    }
    let drift = golden.drift();
    assert!(drift.is_empty(), "{}\nmend it by: GOLDEN=write cargo test -p xtask", drift.join("\n"));
}

#[test]
fn the_same_inputs_give_the_same_text() {
    assert_eq!(golden().files, golden().files);
}

#[test]
fn a_changed_a_missing_and_a_superfluous_output_are_drift() {
    let folder = std::env::temp_dir().join(format!("signin-xtask-drift-{}", std::process::id()));
    let output = Output { folder: folder.clone(), files: vec![("a.rs".into(), "one\n".into())] };
    assert_eq!(output.drift().len(), 1, "it is not there yet");
    output.write().unwrap();
    assert!(output.drift().is_empty());
    std::fs::write(folder.join("a.rs"), "two\n").unwrap();
    let drift = output.drift();
    assert!(drift[0].contains("-two") && drift[0].contains("+one"), "{drift:?}");
    std::fs::write(folder.join("b.rs"), "").unwrap();
    assert_eq!(output.drift().len(), 2);
    output.write().unwrap();
    assert!(output.drift().is_empty());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_changed_sample_is_refused_and_so_is_one_that_nobody_vouches_for() {
    let folder = crate::root().join("xtask/golden/fixtures");
    let entry = |file: &str, sha: &str, more: &str| {
        let text = format!("[[sample]]\nfile = \"{file}\"\nsha256 = \"{sha}\"\n{more}");
        let provenance: Provenance = parse("PROVENANCE.toml", &text)?;
        check_provenance(&folder, &provenance)
    };
    let authored = "kind = \"authored\"\nwhy = \"a test\"";
    for (result, reason) in [
        (entry("things.json", "00", authored), "was changed"),
        (entry("nothing.json", "00", authored), "nothing.json"),
        (entry("things.json", "00", "kind = \"authored\""), "does not say `why`"),
        (entry("things.json", "00", "kind = \"documented\""), "does not say `page`"),
        (entry("things.json", "00", "kind = \"guessed\""), "unknown variant"),
        (entry("things.json", "00", "kind = \"authored\"\nwhere = \"x\""), "unknown field"),
    ] {
        let error = result.unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
    let nobody = check_provenance(&folder, &Provenance { sample: Vec::new() }).unwrap_err();
    assert!(nobody.contains("does not say where it is from"), "{nobody}");
    let text = format!("[[sample]]\nfile = \"things.json\"\n{authored}");
    let unsummed = parse("PROVENANCE.toml", &text).unwrap();
    let error = check_provenance(&folder, &unsummed).unwrap_err();
    assert!(error.contains("write sha256 = \""), "{error}");
}

/// Generates from a sample, and what `model.toml` says of the model `T`.
fn try_with(json: &str, rest: &str) -> Result<String, String> {
    // Its first member tells a record.
    let first = rest.split_once("[model.T.member.").and_then(|(_, rest)| rest.split_once(']'));
    let identifying = first.map(|(member, _)| format!("identifying = [\"{member}\"]\n"));
    try_identified(json, &identifying.unwrap_or_default(), rest)
}

fn try_identified(json: &str, identifying: &str, rest: &str) -> Result<String, String> {
    let text = format!(
        "crate = \"c\"\n[[sample]]\nfile = \"s.json\"\nrecords = \"\"\nmodel = \"T\"\n\
         [model.T]\ndoc = \"d\"\npage = \"p\"\n{identifying}{rest}"
    );
    let file: ModelFile = parse("model.toml", &text)?;
    let samples = HashMap::from([("s.json".to_owned(), sample::read(json)?)]);
    let files = emit::files(&resolve::resolve(&file, &samples)?, "")?;
    Ok(files.into_iter().map(|(_, text)| text).collect())
}

const A: &str = "[model.T.member.a]\ndoc = \"d\"\n";
const B: &str = "[model.T.member.b]\ndoc = \"d\"\n";

#[test]
fn what_a_sample_says_is_taken_without_an_annotation_of_its_type() {
    for (value, kind) in [
        ("\"x\"", "Option<String>"),
        ("true", "Option<bool>"),
        ("-9007199254740992", "Option<i64>"),
        ("1.0", "Option<f64>"),
        ("1e3", "Option<f64>"),
        ("[\"x\", \"y\"]", "Vec<String>"),
        ("[1, 2.5]", "Vec<f64>"),
    ] {
        let text = try_with(&format!("{{\"a\": {value}}}"), A).unwrap();
        assert!(text.contains(&format!("pub a: {kind},")), "{value}: {text}");
    }
}

#[test]
fn the_generator_refuses_to_guess_and_names_the_place() {
    for (value, reason) in [
        ("null", "null in every sample"),
        ("[]", "empty list"),
        ("[[]]", "empty list"),
        ("{}", "is an object"),
        ("[{}]", "is an object"),
        ("[1, \"x\"]", "several kinds"),
        ("[true, 1]", "several kinds"),
        ("9007199254740993", "above 2^53"),
        ("123456789012345678901234567890", "above 2^53"),
        ("\"2025-06-10T10:00:00Z\"", "looks like a time"),
        ("\"192.0.2.1\"", "looks like an address"),
    ] {
        let error = try_with(&format!("{{\"a\": {value}}}"), A).unwrap_err();
        assert!(error.contains(reason), "{value}: {error}");
        assert!(error.contains("[model.T.member.a]") && error.contains("s.json#/a"), "{error}");
    }
    let id = "[model.T.member.userId]\ndoc = \"d\"\n";
    let error = try_with("{\"userId\": 7}", id).unwrap_err();
    assert!(error.contains("is an id by its name"), "{error}");
}

#[test]
fn an_annotation_that_a_sample_contradicts_is_refused() {
    for (value, kind, reason) in [
        ("\"x\"", "integer", "a sample has text"),
        ("1.5", "integer", "a sample has a number"),
        ("1", "text", "a sample has a number"),
        ("\"x\"", "time", "a sample has text"),
        ("-1", "ticks", "a sample has a number"),
        ("1.5", "id", "a sample has a number"),
        ("[null]", "list of text", "a null in its list"),
        ("[1]", "list of text", "a sample has a number"),
        ("\"x\"", "list of text", "a sample has text"),
        ("1e999", "number", "a sample has a number"),
    ] {
        let rest = format!("{A}type = \"{kind}\"\n");
        let error = try_with(&format!("{{\"a\": {value}}}"), &rest).unwrap_err();
        assert!(error.contains(reason), "{value} as {kind}: {error}");
    }
}

#[test]
fn the_members_that_tell_a_record_are_marked_and_have_to_be_named() {
    let two = "{\"a\": 1, \"b\": 2}";
    let rest = format!("{A}{B}");
    let text = try_identified(two, "identifying = [\"b\"]\n", &rest).unwrap();
    assert!(text.contains("Member::new(\"a\", Shape::Integer),"), "{text}");
    assert!(text.contains("Member::new(\"b\", Shape::Integer).identifying()"), "{text}");
    for (identifying, reason) in [("", "name the members"), ("identifying = [\"c\"]\n", "`c`")] {
        let error = try_identified(two, identifying, &rest).unwrap_err();
        assert!(error.contains("[model.T]") && error.contains(reason), "{error}");
    }
}

#[test]
fn every_slip_of_an_annotation_is_an_error_that_names_it() {
    let one = "{\"a\": 1}";
    let two = "{\"a\": 1, \"b\": 2}";
    let keyword = "[model.T.member.type]\ndoc = \"d\"\n";
    let level = "[enum.L]\ndoc = \"d\"\npage = \"p\"\n[enum.L.member]\n";
    let cases = [
        (two, A.to_owned(), "/b: [model.T] has no annotation"),
        (one, format!("{A}{B}"), "[model.T.member.b] is stale"),
        (one, format!("{A}absent = \"x\"\ntype = \"integer\"\n"), "it says `absent`"),
        (one, format!("{A}{B}absent = \"x\"\n"), "give it a type"),
        (one, format!("{A}type = \"integre\"\n"), "neither a type nor a model"),
        (one, format!("{A}type = \"flags of L\"\n"), "there is no [enum.L]"),
        (one, format!("{A}typ = \"integer\"\n"), "unknown field `typ`"),
        (one, "[model.T.member.a]\ndoc = \" \"\n".into(), "says nothing"),
        (one, "[model.T.member.a]\ndoc = \"A.\"\n".into(), "says no more than its name"),
        (one, "[model.T.member.a]\ntype = \"integer\"\n".into(), "missing field `doc`"),
        (one, format!("{A}{A}"), "duplicate key"),
        ("{\"type\": 1}", keyword.into(), "is a keyword of Rust"),
        (two, format!("{A}{B}field = \"a\"\n"), "the field `a` already"),
        (two, format!("{A}alias = [\"b\"]\n{B}"), "spelled `b` already"),
        (
            one,
            format!("{A}[model.U]\ndoc = \"d\"\npage = \"p\"\nmember = {{}}\n"),
            "nothing leads to `U`",
        ),
        ("{}", "alone = \"x\"\nmember = {}\n".into(), "is not `alone`"),
        (
            one,
            format!("{A}[model.Id]\ndoc = \"d\"\npage = \"p\"\nmember = {{}}\n"),
            "something else",
        ),
        (
            one,
            format!("{A}[model.u]\ndoc = \"d\"\npage = \"p\"\nmember = {{}}\n"),
            "capital letter",
        ),
        (one, format!("{A}{level}x = \"d\"\n"), "nothing leads to `L`"),
        (one, format!("{A}{level}x = \"d\"\nX = \"d\"\n"), "`X` is taken"),
        (one, format!("{A}{level}aB = \"d\"\nab = \"d\"\n"), "the same in any case"),
        (one, format!("{A}{level}other = \"d\"\n"), "`Other` is taken"),
        (one, format!("{A}{level}2 = \"d\"\n"), "is no Rust name"),
        ("[1]", A.into(), "is a number, not an object of T"),
    ];
    for (json, rest, reason) in cases {
        let error = try_with(json, &rest).unwrap_err();
        assert!(error.contains(reason), "{rest}: {error}");
    }
}
