//! Values, cut from bytes that come in pieces of every size.

use super::*;
use crate::convert::verdict::LONGEST;

/// Everything that comes, a line each, read in pieces of this many bytes.
fn read(input: &[u8], piece: usize, longest: usize) -> Vec<String> {
    let mut values = Values::new(longest);
    let mut pieces = input.chunks(piece);
    let mut said = Vec::new();
    loop {
        match values.next() {
            Ok(Next::More) => match pieces.next() {
                Some(piece) => values.add(piece),
                None => values.end(),
            },
            Ok(Next::Value(json, line)) => said.push(format!("{line} {json}")),
            Ok(Next::Broken(bytes, line, why)) => {
                said.push(format!("{line} ! {why} | {}", String::from_utf8_lossy(bytes)));
            }
            Ok(Next::End) => return said,
            Err(unreadable) => {
                said.push(format!("error: {unreadable}"));
                return said;
            }
        }
    }
}

/// What comes, which is the same however the bytes come.
fn all(input: impl AsRef<[u8]>) -> Vec<String> {
    let input = input.as_ref();
    let whole = read(input, usize::MAX, LONGEST);
    for piece in [1, 2, 3, 5, 7, 16, 33] {
        assert_eq!(read(input, piece, LONGEST), whole, "in pieces of {piece}");
    }
    whole
}

const CUT: &str = "! expected JSON, found the end of the line: it is cut off |";

#[test]
fn one_a_line_whatever_ends_the_lines() {
    let expected = ["1 {\"a\":1}", "2 [2 , 3]", "5 \"x\"", "6 7"];
    for end in ["\n", "\r\n", " \t\r\n"] {
        let input = ["{\"a\":1}", "[2 , 3]", "", "  ", "\"x\"", "7"].join(end);
        assert_eq!(all(&input), expected);
        assert_eq!(all(input.clone() + end), expected);
        assert_eq!(all(format!("\u{feff}{input}{end}{end}")), expected);
    }
    assert_eq!(all("{}\n\u{feff}{}"), ["1 {}", "2 {}"], "two files, one behind the other");
    for empty in ["", "\n", "\u{feff}", " \r\n\n"] {
        assert_eq!(all(empty), [""; 0]);
    }
}

#[test]
fn a_value_over_many_lines_is_one() {
    let page = "{\n  \"data\": [\n    {\n      \"a\": \"}\\\"\"\n    }\n  ]\n}";
    assert_eq!(all(page), [format!("1 {page}")]);
    let two = format!("\n {page}\r\n\n{page}\n{{\"b\":1}}\n{page}");
    let expected = [
        format!("2 {page}"),
        format!("10 {page}"),
        "17 {\"b\":1}".to_owned(),
        format!("18 {page}"),
    ];
    assert_eq!(all(two), expected);
    assert_eq!(all("[\n1,\n2\n]"), ["1 [\n1,\n2\n]"]);
}

#[test]
fn a_broken_line_is_given_up_alone() {
    let good = "{\"id\":1}";
    for broken in ["{\"id\":2,", "{\"id\":", "{\"id\":2,\"x\":\"ab", "{\"id\":[{", "{", "[", "tru"]
    {
        let lines = format!("{good}\n{broken}\n{good}\n{good}\n");
        let expected = [
            format!("1 {good}"),
            format!("2 {CUT} {broken}"),
            format!("3 {good}"),
            format!("4 {good}"),
        ];
        assert_eq!(all(&lines), expected);
        // The first of them as well, and the last.
        let first = format!("{broken}\n{good}\n{good}\n{good}\n");
        assert_eq!(all(&first).len(), 4, "{broken}");
        assert_eq!(all(&first)[0], format!("1 {CUT} {broken}"));
        let last = format!("{good}\n{broken}");
        assert_eq!(all(&last), [format!("1 {good}"), format!("2 {CUT} {broken}")]);
    }
    for (broken, why) in [
        ("{\"id\":2}}", "expected JSON, found a syntax error at column 9"),
        ("2026\",\"id\":2}", "expected JSON, found a syntax error at column 5"),
        ("{\"a\":\"\0\"}", "expected JSON, found a NUL byte"),
        ("\0\0\0", "expected JSON, found a NUL byte"),
        ("id,ip", "expected JSON, found a syntax error at column 1"),
    ] {
        let lines = format!("{broken}\n{good}\n{broken}\n");
        let expected =
            [format!("1 ! {why} | {broken}"), format!("2 {good}"), format!("3 ! {why} | {broken}")];
        assert_eq!(all(lines), expected);
    }
}

#[test]
fn bytes_that_are_no_text_are_given_up_and_handed_over() {
    let mut values = Values::new(LONGEST);
    values.add(b"{\"a\":\"caf\xe9\"}\n{}\n");
    let why = "expected UTF-8, found another byte at byte 10".to_owned();
    assert_eq!(values.next(), Ok(Next::Broken(b"{\"a\":\"caf\xe9\"}", 1, why)));
    assert_eq!(values.next(), Ok(Next::Value("{}", 2)));
}

#[test]
fn one_value_that_is_broken_is_said_with_its_place() {
    let commented = "{\n  \"data\": [\n    {\n      \"a\": 1 // The unique\n    }\n  ]\n}\n";
    let expected = "error: line 4: expected JSON, found a syntax error at column 14; what is behind \
                    cannot be told";
    assert_eq!(all(commented), [expected]);
    let cut_off = "error: line 1: the value that begins here is cut off by the end of the input";
    for input in ["{\n  \"data\": [\n    {\n      \"a\": 1,\n", "{\"a\":", "[", "{\"a\":1,\n"] {
        assert_eq!(all(input), [cut_off], "{input}");
    }
    let expected = "error: line 1: expected JSON, found a syntax error at column 7 of its line 2; \
                    what is behind cannot be told";
    for letters in ["{\n\"a\": ture\n}\n", "{\n\"a\": ture\n}\n{\"id\":1}\n{\"id\":2}\n"] {
        assert_eq!(all(letters), [expected]);
    }
}

#[test]
fn a_list_of_one_record_a_line_that_is_cut_off_loses_nothing_in_silence() {
    let said = all("[\n{\"id\":1},\n{\"id\":2}\n");
    assert_eq!(said.len(), 3);
    assert_eq!(said[0], format!("1 {CUT} ["));
    assert_eq!(said[2], "3 {\"id\":2}");
}

#[test]
fn p7_a_value_is_held_up_to_a_cap() {
    let most = 1000;
    let refused = |line| {
        vec![format!(
            "error: line {line}: a value of more than 64 MiB begins here; give its records one a \
             line, say by jq -c '.[]'"
        )]
    };
    for long in [
        format!("{{\"a\":\"{}\"}}", "x".repeat(2 * most)),
        format!("[{}", "1,\n".repeat(most)),
        "x".repeat(2 * most),
        "[".repeat(2 * most),
    ] {
        assert_eq!(read(long.as_bytes(), 10, most), refused(1));
        let behind = format!("{{}}\n{long}");
        assert_eq!(read(behind.as_bytes(), 10, most)[1..], refused(2));
    }
    // Of what was taken nothing is held.
    let lines = "{\"a\":1}\n".repeat(most);
    assert_eq!(read(lines.as_bytes(), 10, 100).len(), most);
}

/// Lines that each begin a value which breaks late: looked at twice, not once for each line.
#[test]
fn p7_what_breaks_late_is_not_read_again_and_again() {
    let input = format!("{{}}\n{}}}\n{{}}\n", "[\n".repeat(20_000));
    let said = read(input.as_bytes(), 64 * 1024, LONGEST);
    assert_eq!(said.len(), 20_003);
    assert!(said[1..20_002].iter().all(|line| line.contains(" ! ")));
    assert_eq!(said[20_002], "20003 {}");
}
