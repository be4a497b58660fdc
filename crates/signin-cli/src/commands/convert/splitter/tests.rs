//! Values, cut from bytes that come in pieces of every size.

use super::*;

/// Everything that comes, a line each, read in pieces of this many bytes.
fn read(input: &[u8], piece: usize, bounds: Bounds) -> Vec<String> {
    let mut said = Vec::new();
    each(input, piece, Vendor::Msgraph, bounds, |next| said.push(next));
    said
}

/// Everything that comes; how many bytes were held at most.
pub(super) fn each(
    input: &[u8],
    piece: usize,
    vendor: Vendor,
    bounds: Bounds,
    mut say: impl FnMut(String),
) -> usize {
    let mut values = Splitter::new(vendor, bounds);
    let mut pieces = input.chunks(piece);
    let mut most = 0;
    let at = |place: InputPosition| match place.record {
        Some(record) => format!("{}.{record}", place.line),
        None => place.line.to_string(),
    };
    loop {
        most = most.max(values.buffer.len());
        say(match values.next() {
            Ok(Next::More) => {
                match pieces.next() {
                    Some(piece) => values.add(piece),
                    None => values.end(),
                }
                continue;
            }
            Ok(Next::Value(json, place)) => format!("{} {json}", at(place)),
            Ok(Next::Element(json, place, Piece::Element)) => format!("{} [] {json}", at(place)),
            Ok(Next::Element(json, place, piece)) => {
                let Piece::Record(endpoint) = piece else { panic!("{piece:?}") };
                let name = endpoint.map_or("?", |endpoint| endpoint.name);
                format!("{} {name} {json}", at(place))
            }
            Ok(Next::Broken(bytes, place, why)) => {
                format!("{} ! {why} | {}", at(place), String::from_utf8_lossy(bytes))
            }
            Ok(Next::Fault(fault)) => format!("fault: {fault}"),
            Ok(Next::End) => return most,
            Err(fault) => {
                say(format!("error: {fault}"));
                return most;
            }
        });
    }
}

/// What comes, which is the same however the bytes come.
pub(super) fn all(input: impl AsRef<[u8]>) -> Vec<String> {
    all_within(input.as_ref(), Bounds::default())
}

/// As [`all`], where so much is held.
pub(super) fn all_within(input: &[u8], bounds: Bounds) -> Vec<String> {
    let whole = read(input, usize::MAX, bounds);
    for piece in [1, 2, 3, 5, 7, 16, 33] {
        let text = String::from_utf8_lossy(input);
        assert_eq!(read(input, piece, bounds), whole, "in pieces of {piece}: {text}");
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
        // The first of them as well.
        let first = format!("{broken}\n{good}\n{good}\n{good}\n");
        assert_eq!(all(&first).len(), 4, "{broken}");
        assert_eq!(all(&first)[0], format!("1 {CUT} {broken}"));
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
    let mut values = Splitter::new(Vendor::Msgraph, Bounds::default());
    values.add(b"{\"a\":\"caf\xe9\"}\n{}\n");
    let Ok(Next::Broken(bytes, place, why)) = values.next() else { panic!() };
    assert_eq!((bytes, place), (&b"{\"a\":\"caf\xe9\"}"[..], InputPosition::of(1)));
    assert_eq!(why, "expected UTF-8, found another byte at byte 10");
    assert!(matches!(values.next(), Ok(Next::Value("{}", place)) if place == InputPosition::of(2)));
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

/// Whatever came before: of a line, or of a value over many, that the input ends in.
#[test]
fn what_the_input_ends_in_is_cut_off() {
    let good = "{\"id\":1}";
    let cut = |line| {
        format!("error: line {line}: the value that begins here is cut off by the end of the input")
    };
    for broken in [
        "{\"id\":2,",
        "{\"id\":",
        "{\"id\":2,\"x\":\"ab",
        "{\"id\":[{",
        "{",
        "[",
        "tru",
        "{\n  \"id\": 2,\n  \"x\": {\n",
        "{\"id\":\"caf\u{e9}",
    ] {
        // Within its last character as well.
        let broken = broken.as_bytes();
        let broken = if broken.ends_with(b"\xa9") { &broken[..broken.len() - 1] } else { broken };
        assert_eq!(all(broken), [cut(1)]);
        let last = [good.as_bytes(), broken].join(&b'\n');
        assert_eq!(all(last), [format!("1 {good}"), cut(2)]);
        // After a line that is broken for itself.
        let behind = [b"{\"id\":0,\"x", good.as_bytes(), broken].join(&b'\n');
        assert_eq!(all(behind).last(), Some(&cut(3)));
    }
    // A line that lost its end where one after it can go on, and does not.
    let said = all(format!("{good}\n{{\"id\":\n{good}\n"));
    assert_eq!(said[1..], [format!("2 {CUT} {{\"id\":"), format!("3 {good}")]);
}

#[test]
fn values_stand_one_behind_another_on_a_line() {
    assert_eq!(
        all("{\"a\":1}{\"a\":2} {\"a\":3}\n"),
        ["1 {\"a\":1}", "1 {\"a\":2}", "1 {\"a\":3}"]
    );
    assert_eq!(all("[1][2]\n\n[3]"), ["1 [1]", "1 [2]", "3 [3]"]);
    assert_eq!(all("[\n1\n][\n2\n]{\n}\n{}"), ["1 [\n1\n]", "3 [\n2\n]", "5 {\n}", "7 {}"]);
    assert_eq!(all("{}\u{feff}[]"), ["1 {}", "1 []"], "two files, one behind the other");
    // What is broken takes the rest of its line with it.
    let syntax = "! expected JSON, found a syntax error at column";
    assert_eq!(
        all("{\"a\":1}{\"a\":2}}\n{}\n"),
        ["1 {\"a\":1}".to_owned(), format!("1 {syntax} 8 | {{\"a\":2}}}}"), "2 {}".to_owned()]
    );
    assert_eq!(
        all("{}{\"a\":2\n{}\n{}\n"),
        ["1 {}".to_owned(), format!("1 {CUT} {{\"a\":2"), "2 {}".to_owned(), "3 {}".to_owned(),]
    );
    // Only what shows its own end has one after it.
    assert_eq!(all("{}\n1 2\n").len(), 2);
    assert_eq!(all("{}\n1 2\n")[1], format!("2 {syntax} 3 | 1 2"));
}

#[test]
fn p7_a_value_is_held_up_to_a_cap() {
    let bounds = Bounds { whole: 100, longest: 1000 };
    let most = bounds.longest;
    let refused = |line| {
        vec![format!(
            "error: line {line}: a value of more than 64 MiB begins here; give its records one a \
             line, say by jq -c '.[]'"
        )]
    };
    for long in [
        format!("{{\"a\":\"{}\"}}", "x".repeat(2 * most)),
        format!("{{\"a\":[{}", "1,\n".repeat(most)),
        format!("{{\"id\":1,\"value\":[{}", "1,\n".repeat(most)),
        "x".repeat(2 * most),
        "[".repeat(2 * most),
    ] {
        assert_eq!(all_within(long.as_bytes(), bounds), refused(1));
        let behind = format!("{{}}\n{long}");
        assert_eq!(all_within(behind.as_bytes(), bounds)[1..], refused(2));
    }
    // Of what was taken nothing is held.
    let lines = "{\"a\":1}\n".repeat(most);
    assert_eq!(read(lines.as_bytes(), 10, bounds).len(), most);
    // Also where it stands on one line, or nothing but blanks.
    for input in ["{\"a\":1}".repeat(most), format!("{}{{}}", " ".repeat(most * most))] {
        let mut count = 0;
        let held = each(input.as_bytes(), 10, Vendor::Msgraph, bounds, |_| count += 1);
        assert!((count == most || count == 1) && held < 200, "{count}, {held}");
    }
}

/// Lines that each begin a value which breaks late: looked at twice, not once for each line.
#[test]
fn p7_what_breaks_late_is_not_read_again_and_again() {
    let input = format!("{{}}\n{}}}\n{{}}\n", "[\n".repeat(20_000));
    let said = read(input.as_bytes(), 64 * 1024, Bounds::default());
    assert_eq!(said.len(), 20_003);
    assert!(said[1..20_002].iter().all(|line| line.contains(" ! ")));
    assert_eq!(said[20_002], "20003 {}");
}
