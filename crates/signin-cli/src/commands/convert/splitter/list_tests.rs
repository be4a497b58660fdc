//! Lists and pages, element by element: as a whole, cut off, broken, and too long to be held.

use super::tests::{all, all_within, each};
use super::*;

/// So little is held that every list is read element by element once it has one.
const LITTLE: Bounds = Bounds { whole: 0, longest: 1000 };

/// Everything that comes of a vendor's input, which is the same in pieces of every size.
fn of(vendor: Vendor, input: &[u8], bounds: Bounds) -> Vec<String> {
    let read = |piece| {
        let mut said = Vec::new();
        each(input, piece, vendor, bounds, |next| said.push(next));
        said
    };
    let whole = read(usize::MAX);
    for piece in 1..input.len().min(40) {
        assert_eq!(read(piece), whole, "in pieces of {piece}: {}", String::from_utf8_lossy(input));
    }
    whole
}

/// The records that come, by their text: whether they came alone or in a value that was held.
fn records(vendor: Vendor, input: &[u8], bounds: Bounds) -> Vec<String> {
    let mut records = Vec::new();
    for said in of(vendor, input, bounds) {
        let (head, json) = said.split_once(' ').unwrap();
        if matches!(head, "error:" | "fault:") || json.starts_with('!') {
            continue;
        }
        let json = match json.split_once(' ') {
            Some((_, element)) if head.contains('.') => element,
            _ => json,
        };
        records.extend(flat(vendor, json, head.contains('.')));
    }
    records
}

/// The records of a value, as the conversion takes them.
fn flat(vendor: Vendor, json: &str, is_element: bool) -> Vec<String> {
    use crate::commands::convert::detect::Detected;
    use crate::commands::convert::members::elements;
    if let Some(elements) = elements(json).filter(|_| !is_element) {
        return elements.flat_map(|element| flat(vendor, element, true)).collect();
    }
    match Detected::of(json, vendor) {
        Detected::Page(lists) => {
            lists.iter().flat_map(|rows| elements(rows.list).unwrap()).map(str::to_owned).collect()
        }
        _ => vec![json.to_owned()],
    }
}

const CUT: &str = "error: line 1: the value that begins here is cut off by the end of the input";

#[test]
fn a_long_list_comes_element_by_element() {
    let list = "[{\"id\":1} ,\n {\"a\":[{}],\"b\":\"}]\\\"\"},7,[ ] , \"x\",null\n,-1e5]";
    let elements =
        ["{\"id\":1}", "{\"a\":[{}],\"b\":\"}]\\\"\"}", "7", "[ ]", "\"x\"", "null", "-1e5"];
    let expected: Vec<_> =
        elements.iter().zip(1..).map(|(json, n)| format!("1.{n} [] {json}")).collect();
    assert_eq!(of(Vendor::Msgraph, list.as_bytes(), LITTLE), expected);
    let whole = of(Vendor::Msgraph, list.as_bytes(), Bounds::default());
    assert_eq!(whole, [format!("1 {list}")]);
    // Its place is where it begins, and reading goes on after it, on its line too.
    for (behind, line) in [("\n{}", 4), ("{}", 3), (" \u{feff} {}\n", 3), ("\r\n\r\n{}", 5)] {
        let said = of(Vendor::Msgraph, format!("\n{list}{behind}").as_bytes(), LITTLE);
        assert_eq!(said.len(), 8);
        assert_eq!((&*said[0], &said[7]), ("2.1 [] {\"id\":1}", &format!("{} {{}}", line + 1)));
    }
}

#[test]
fn a_long_page_comes_record_by_record() {
    let page = "{\"@odata.context\":\"[x]\", \"@odata.count\":2,\n\"value\" : [{\"id\":1},{\"id\":2}],\
                \"@odata.nextLink\":\"https://x.example\"}";
    let expected = ["1.1 sign_ins {\"id\":1}", "1.2 sign_ins {\"id\":2}"];
    assert_eq!(of(Vendor::Msgraph, page.as_bytes(), LITTLE), expected);
    let page = "{\"_links\":{\"activities\":[1]},\"_embedded\":{\"x\":{\"activities\":[0]},\
                \"activities\":[{\"id\":1}],\"userActivities\":[2,3]},\"count\":1}";
    let expected = ["1.1 activities {\"id\":1}", "1.2 user_activities 2", "1.3 user_activities 3"];
    assert_eq!(of(Vendor::Pingone, page.as_bytes(), LITTLE), expected);
    // Two endpoints of the vendor have such pages.
    assert_eq!(of(Vendor::Avepoint, b"{\"data\":[{}]}", LITTLE), ["1.1 ? {}"]);
    let escaped = b"{\"\\u0076alue\":[{}]}";
    assert_eq!(of(Vendor::Msgraph, escaped, LITTLE), ["1.1 sign_ins {}"]);
}

#[test]
fn what_has_a_pages_list_and_is_none_is_held() {
    for json in [
        "{\"id\":1,\"value\":[1,2]}",
        "{\"i\\u0064\":1,\"value\":[1,2]}",
        "{\"v\":1,\"vendor\":\"msgraph\",\"value\":[1,2]}",
        "{\"values\":[1,2],\"x\":{\"value\":[1]}}",
        "{\"value\":{\"value\":[1,2]}}",
        "{\"value\":[]}",
        "{}",
        "[]",
        "[ ]",
    ] {
        assert_eq!(of(Vendor::Msgraph, json.as_bytes(), LITTLE), [format!("1 {json}")]);
    }
}

#[test]
fn what_contradicts_a_list_behind_it_is_said_behind_its_records() {
    let contradiction = |what| {
        format!(
            "fault: line 1: the value that begins here was read as a page, but behind its list it \
             has {what}; look at what its records became"
        )
    };
    let failure = "fault: line 1: the page that begins here says that the service failed; fetch it \
                   again for what is missing";
    let records = "{\"value\":[{\"id\":1},{\"id\":2}]";
    let lists = ",\"value\":[3]".repeat(16);
    for (members, more, expected) in [
        (",\"id\":\"x\"}", 0, contradiction("an id, which a record has and no page")),
        (
            ",\"vendor\":\"x\",\"record\":{},\"v\":1}",
            0,
            contradiction("the members of an envelope"),
        ),
        (&*format!("{lists}}}"), 15, contradiction("more lists than a page has")),
        (",\"error\":{\"code\":\"x\"}}", 0, failure.to_owned()),
        (",\"errors\":[{}]}", 0, failure.to_owned()),
        (",\"error\":\"timeout\"}", 0, failure.to_owned()),
    ] {
        let said = of(Vendor::Msgraph, format!("{records}{members}\n{{}}").as_bytes(), LITTLE);
        assert_eq!(said[0], "1.1 sign_ins {\"id\":1}");
        assert_eq!(said[2 + more..], [expected, "2 {}".to_owned()], "{members}");
    }
    for members in [
        ",\"error\":null,\"errors\":[]}",
        ",\"error\":\"\"}",
        ",\"v\":1}",
        ",\"x\":{\"id\":1,\"error\":1}}",
    ] {
        let said = of(Vendor::Msgraph, format!("{records}{members}").as_bytes(), LITTLE);
        assert_eq!(said.len(), 2, "{said:?}");
    }
}

/// Inputs with all that may stand in one.
const INPUTS: &[(Vendor, &str)] = &[
    (Vendor::Msgraph, "[{\"id\":1},{\"id\":2,\"a\":[{\"b\":\"é}\"}]},[{}],7,\"x\"]"),
    (Vendor::Msgraph, "[\n  {\n    \"id\": 1\n  },\n  {\n    \"id\": 2\n  }\n]\n"),
    (Vendor::Msgraph, "[\n{\"id\":1},\n{\"id\":2},\n{\"id\":3}\n]\n"),
    (Vendor::Msgraph, "[\r\n{\"id\":1}\r\n,\r\n{\"id\":2}\r\n,\r\n{\"id\":3}\r\n]\r\n"),
    (Vendor::Msgraph, "[{\"id\":1},\n{\"id\":2}]\n[{\"id\":3}]\n{\"id\":4}\n"),
    (Vendor::Msgraph, "[{\"id\":1},{\"id\":2}][{\"id\":3}]{\"id\":4}\n"),
    (Vendor::Msgraph, "[\n{\"id\":1}\n][\n{\"id\":2}\n]\n"),
    (Vendor::Msgraph, "{\"@odata.context\":\"x\",\"value\":[{\"id\":1},{\"id\":2}],\"y\":[]}\n"),
    (
        Vendor::Msgraph,
        "{\n  \"value\": [\n    {\n      \"id\": 1\n    },\n    {\"id\": 2}\n  ],\n  \"y\": 1\n}\n",
    ),
    (Vendor::Msgraph, "{\"value\":[{\"id\":1}]}\n{\"value\":[{\"id\":2}]}\n"),
    (Vendor::Msgraph, "[{\"value\":[{\"id\":1}]},{\"value\":[{\"id\":2}]}]"),
    (Vendor::Pingone, "{\"_embedded\":{\"activities\":[{\"id\":1},{\"id\":2}]},\"count\":2}"),
    (Vendor::Tines, "{\"admin/login_activities\":[{\"id\":1},{\"id\":2}],\"meta\":{}}"),
];

/// Held or not, cut off or not, in whatever pieces: the same records. Of what is cut off, those
/// before, each whole.
#[test]
fn the_records_before_a_cut_come_at_every_place_whatever_is_held() {
    for (vendor, input) in INPUTS {
        let expected = records(*vendor, input.as_bytes(), Bounds::default());
        assert!(expected.len() >= 2);
        assert_eq!(records(*vendor, input.as_bytes(), LITTLE), expected, "{input}");
        let mut most = 0;
        for end in 0..input.len() {
            let begun = &input.as_bytes()[..end];
            let said = of(*vendor, begun, Bounds::default());
            let found = records(*vendor, begun, Bounds::default());
            assert_eq!(records(*vendor, begun, LITTLE), found, "{begun:?}");
            assert!(expected.starts_with(&found), "{end}: {found:?} of {input}");
            // Nothing is lost in silence, and nothing that came is lost again.
            assert!(found.len() >= most, "{end}: {found:?}");
            most = found.len();
            let is_cut = said.last().is_some_and(|last| last.contains("is cut off by the end"));
            let is_whole = found == expected || begun.ends_with(b"\n");
            assert!(
                is_cut || is_whole || begun.is_empty() || matches!(begun.last(), Some(b'}' | b']')),
                "{end}: {said:?}"
            );
            assert!(!said.iter().any(|said| said.contains(" ! ")), "{end}: {said:?}");
        }
    }
}

/// A byte of each of these in place of another: what comes does not depend on the pieces, and what
/// stands before it is not lost.
#[test]
fn what_is_damaged_at_any_place_is_read_the_same_in_all_pieces() {
    for (vendor, input) in INPUTS {
        for at in 0..input.len() {
            let begun = records(*vendor, &input.as_bytes()[..at], LITTLE);
            for byte in *b"\"{}[],:x\n\xff" {
                let mut damaged = input.as_bytes().to_vec();
                damaged[at] = byte;
                let text = String::from_utf8_lossy(&damaged);
                for bounds in [Bounds::default(), LITTLE, Bounds { whole: 20, longest: 1000 }] {
                    let read = |piece| {
                        let mut said = String::new();
                        each(&damaged, piece, *vendor, bounds, |next| {
                            said.extend([&*next, "\n"]);
                        });
                        said
                    };
                    let said = read(usize::MAX);
                    assert!([1, 7].map(read).iter().all(|pieces| *pieces == said), "{text:?}");
                    // As a record, or in a line that is given up and kept.
                    let lost = begun.iter().find(|record| !said.contains(*record));
                    assert!(lost.is_none(), "{lost:?}: {text:?}: {said}");
                }
            }
        }
    }
}

#[test]
fn a_list_that_is_cut_off_gives_what_is_whole() {
    assert_eq!(
        all("[{\"id\":1},{\"id\":2},{\"id\":3"),
        ["1.1 [] {\"id\":1}", "1.2 [] {\"id\":2}", CUT]
    );
    let lines = all("[\n{\"id\":1},\n{\"id\":2}\n");
    assert_eq!(lines, ["1.1 [] {\"id\":1}", "1.2 [] {\"id\":2}", CUT]);
    assert_eq!(all("[\n{\"id\":1}\n"), ["1.1 [] {\"id\":1}", CUT]);
    let page = all("{\"value\":[\n{\"id\":1}\n");
    assert_eq!(page, ["1.1 sign_ins {\"id\":1}", CUT]);
    // A number may have gone on.
    assert_eq!(all("[1,2"), ["1.1 [] 1", CUT]);
    // After its list too, and after another value.
    assert_eq!(all("{\"value\":[{}],\"@odata.nex"), ["1.1 sign_ins {}", CUT]);
    assert_eq!(all("{}\n[1,\n2,")[1..3], ["2.1 [] 1", "2.2 [] 2"]);
    // What turned out to be a record is none of a page.
    assert_eq!(all("{\"value\":[{}],\"id\":1,\"x\":"), [CUT]);
    // A page that lost its end, and the page of the next line.
    let said = all("{\"value\":[{\"id\":1},\n{\"value\":[{\"id\":2}]}\n");
    assert!(said[1].starts_with("fault: line 1, record 2: "), "{said:?}");
    assert_eq!((&*said[0], &*said[2]), ("1.1 sign_ins {\"id\":1}", "2 {\"value\":[{\"id\":2}]}"));
}

#[test]
fn a_list_that_is_broken_gives_what_stands_before() {
    // Over many lines nothing after can be known.
    let list = "[\n{\"id\":1},\n{\"id\":2},\n{\"id\":3}};\n{\"id\":4}\n]\n";
    for bounds in [Bounds::default(), LITTLE] {
        let said = of(Vendor::Msgraph, list.as_bytes(), bounds);
        assert_eq!(said[..3], ["1.1 [] {\"id\":1}", "1.2 [] {\"id\":2}", "1.3 [] {\"id\":3}"]);
        let error = "error: line 4: expected JSON, found a syntax error at column 9; what is behind \
                     cannot be told";
        assert_eq!(said[3..], [error]);
    }
    // On one, the next line is read.
    let broken = "! expected JSON, found a syntax error at column";
    for (list, refused, column) in [
        ("[{\"id\":1},{\"id\":2},{\"id\":3,},{}]", format!("{broken} 9 | {{\"id\":3,}},{{}}]"), 28),
        ("[{\"id\":1},{\"id\":2} {}]", format!("{broken} 3 | {{}}]"), 20),
        ("[{\"id\":1},{\"id\":2},]", format!("{broken} 1 | ]"), 20),
        ("{\"value\":[{\"id\":1},{\"id\":2}}", format!("{broken} 1 | }}"), 28),
    ] {
        for bounds in [Bounds::default(), LITTLE] {
            for first in ["", "{}\n", "{\"id\":0\n{}\n"] {
                let input = format!("{first}{list}\n{{}}\n");
                let said = of(Vendor::Msgraph, input.as_bytes(), bounds);
                let line = first.lines().count() + 1;
                let said = &said[line - 1..];
                assert!(said[0].starts_with(&format!("{line}.1 ")), "{said:?}");
                assert!(said[1].starts_with(&format!("{line}.2 ")), "{said:?}");
                assert_eq!(said[2], format!("{line}.3 {refused}"));
                let fault = format!(
                    "fault: line {line}, record 3: expected JSON, found a syntax error at column \
                     {column} of line {line}; what is behind in the list cannot be told"
                );
                assert_eq!(said[3..], [fault, format!("{} {{}}", line + 1)], "{input}");
            }
        }
    }
}

/// Lines that are lists, one of which lost its end.
#[test]
fn a_list_that_lost_its_end_is_given_up_with_its_line() {
    let next = "[{\"id\":3}]";
    for (torn, refused) in [
        ("[{\"id\":1},{\"id\":2", "{\"id\":2"),
        ("[{\"id\":1},", ""),
        ("[{\"id\":1},{\"id\":", "{\"id\":"),
    ] {
        for bounds in [Bounds::default(), LITTLE] {
            let input = format!("{next}\n{torn}\n{next}\n{next}\n");
            let said = of(Vendor::Msgraph, input.as_bytes(), bounds);
            assert!(said.contains(&"2.1 [] {\"id\":1}".to_owned()), "{said:?}");
            assert!(said.iter().any(|said| said.starts_with("fault: line 2, record ")), "{said:?}");
            let kept = said.iter().any(|said| said.contains(" ! ") && said.ends_with(refused));
            assert!(kept || refused.is_empty(), "{said:?}");
            let ones =
                said.iter().filter(|said| said.ends_with(next) || said.ends_with("{\"id\":3}"));
            assert!(ones.count() == 3, "{said:?}");
        }
    }
}

#[test]
fn an_element_that_is_no_json_to_the_letter_is_given_up_alone() {
    let list =
        [&b"[{\"a\":1},{\"a\":\"\xff\"},ture,{\"a\":tru},{\"a\":2}]"[..], b"{}"].join(&b'\n');
    for bounds in [Bounds::default(), LITTLE] {
        assert_eq!(
            of(Vendor::Msgraph, &list, bounds),
            [
                "1.1 [] {\"a\":1}",
                "1.2 ! expected UTF-8, found another byte at byte 7 | {\"a\":\"\u{fffd}\"}",
                "1.3 ! expected JSON, found a syntax error at column 2 | ture",
                "1.4 ! expected JSON, found a syntax error at column 9 | {\"a\":tru}",
                "1.5 [] {\"a\":2}",
                "2 {}",
            ]
        );
    }
    let page = "{\"value\":[{}],\"x\":nil}";
    let said = of(Vendor::Msgraph, page.as_bytes(), LITTLE);
    assert_eq!(said[1..], ["1 ! expected JSON, found a syntax error at column 2 | nil"]);
    assert_eq!(all(page), said);
}

#[test]
fn what_stands_behind_a_list_on_its_line_is_read_alone() {
    let syntax = "! expected JSON, found a syntax error at column 1 |";
    for bounds in [Bounds::default(), LITTLE] {
        let said = of(Vendor::Msgraph, b"[1,2],\n[3,4]x\n{}\n", bounds);
        assert_eq!(
            said,
            [
                "1.1 [] 1".to_owned(),
                "1.2 [] 2".to_owned(),
                format!("1 {syntax} ,"),
                "2.1 [] 3".to_owned(),
                "2.2 [] 4".to_owned(),
                format!("2 {syntax} x"),
                "3 {}".to_owned(),
            ]
        );
    }
}

#[test]
fn p7_one_element_of_a_list_is_held_up_to_a_cap() {
    let bounds = Bounds { whole: 100, longest: 1000 };
    let many = "{\"id\":\"x\"},".repeat(10_000);
    for (before, behind) in [("[", "{}]"), ("{\"value\":[", "{}],\"x\":1}"), ("[\n", "{}\n]\n")] {
        let input = format!("{before}{many}{behind}");
        let mut count = 0;
        let held = each(input.as_bytes(), 64, Vendor::Msgraph, bounds, |_| count += 1);
        assert_eq!(count, 10_001);
        assert!(held <= 100 + 2 * 64, "{held}");
    }
    let long = format!("[{},{{\"a\":\"{}\"}}]", "{}", "x".repeat(2000));
    let error = "error: line 1, record 2: a record of more than 64 MiB begins here";
    assert_eq!(all_within(long.as_bytes(), bounds), ["1.1 [] {}", error]);
    // As much is held of a page's other members.
    let long = format!("{{\"value\":[{{}}],\"a\":\"{}\"}}", "x".repeat(2000));
    assert_eq!(all_within(long.as_bytes(), bounds)[..1], ["1.1 sign_ins {}"]);
}

/// The real bounds, with more than a value may have.
#[test]
fn p7_a_list_beyond_the_cap_is_read_and_not_held() {
    let record = format!("{{\"id\":\"{}\"}},\n", "x".repeat(16 * 1024));
    let mut values = Splitter::new(Vendor::Msgraph, Bounds::default());
    values.add(b"{\"@odata.context\":\"\",\"value\":[");
    let (mut added, mut count) = (0, 0);
    while added < LONGEST + LONGEST / 8 {
        values.add(record.as_bytes());
        added += record.len();
        while let Ok(Next::Element(..)) = values.next() {
            count += 1;
        }
        assert!(values.buffer.len() <= Bounds::default().whole + 2 * record.len());
    }
    assert_eq!(count, added / record.len());
}
