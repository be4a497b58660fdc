//! `signin convert` of lists and pages that are long, cut off, broken or in doubt, and of UTF-16.

use crate::folder::Folder;
use crate::program::{complete, feed, run, summary, text};

const ONE: &str = "{\"id\":1,\"ip\":\"192.0.2.1\"}";
const TWO: &str = "{\"id\":2,\"ip\":\"192.0.2.2\"}";
const RAW: &[&str] = &["convert", "tines", "--format", "raw"];
const CUT: &str = "the value that begins here is cut off by the end of the input";

/// More than is held of a value that can be read element by element.
const MANY: usize = 6_000;

/// Exit code, records, and the first line of what is said.
fn said(arguments: &[&str], input: impl Into<Vec<u8>>) -> (Option<i32>, String, String) {
    let output = feed(arguments, input);
    let first = text(&output.stderr).lines().next().unwrap_or_default().to_owned();
    (output.status.code(), text(&output.stdout).to_owned(), first)
}

fn records(count: usize) -> Vec<String> {
    let more = "x".repeat(180);
    let record = |id| format!("{{\"id\":{id},\"ip\":\"192.0.2.1\",\"user_agent\":\"{more}\"}}");
    (0..count).map(record).collect()
}

#[test]
fn a_long_list_or_page_gives_what_its_records_give_one_a_line() {
    let records = records(MANY);
    let lines = records.join("\n") + "\n";
    assert!(lines.len() > 1024 * 1024);
    let list = records.join(" ,\n");
    for format in ["raw", "envelope"] {
        let arguments = ["convert", "tines", "--endpoint", "signin_activities", "--format", format];
        let expected = feed(&arguments, lines.clone()).stdout;
        for input in [
            format!("[{}]", records.join(",")),
            format!("[\n{list}\n]\n"),
            format!("{{\"meta\":{{}},\"admin/login_activities\":[{list}],\"x\":1}}"),
        ] {
            let output = feed(&arguments, input);
            assert_eq!(complete(&output).as_bytes(), expected, "{format}");
        }
    }
    // What stands in a long list may be a page, an envelope, or one more list's end.
    let page = format!("{{\"admin/login_activities\":[{ONE},{TWO}]}}");
    let envelope = text(&feed(&["convert", "tines"], ONE).stdout).trim().to_owned();
    let input = format!("[{list},{page},{envelope}][{TWO}]\n{ONE}");
    let expected = format!("{lines}{ONE}\n{TWO}\n{ONE}\n{TWO}\n{ONE}\n");
    assert_eq!(complete(&feed(RAW, input)), expected);
}

#[test]
fn a_record_of_a_long_list_is_rejected_with_its_number() {
    let misfit = "{\"id\":7,\"ip\":[\"secret\"]}";
    let list = records(MANY).join(",\n");
    let arguments = ["convert", "tines", "--format", "typed"];
    let (code, _, first) = said(&arguments, format!("\n[{list},{misfit}]"));
    let place = format!("line 2, record {}", MANY + 1);
    let expected = format!("rejected: standard input: {place}: /ip: expected text, found a list");
    assert_eq!((code, first), (Some(3), expected));
}

#[test]
fn what_stands_before_a_cut_comes_out() {
    let expected = format!("{ONE}\n{TWO}\n");
    let cut = format!("error: standard input: line 1: {CUT}");
    for input in [
        format!("[{ONE},{TWO},{{\"id\":3,\"ip\":\"19"),
        format!("[\n{ONE},\n{TWO},\n{{\n\"id\": 3"),
        format!("[\n{ONE},\n{TWO}\n"),
        format!("{{\"admin/login_activities\":[{ONE},{TWO},{{"),
        format!("{{\n\"admin/login_activities\":\n[\n{ONE},\n{TWO}\n]\n,\"meta\":{{"),
    ] {
        assert_eq!(said(RAW, input.clone()), (Some(4), expected.clone(), cut.clone()), "{input}");
    }
    let page = "{\"_embedded\":{\"activities\":[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":";
    let output = feed(&["convert", "pingone", "--format", "raw"], page);
    assert_eq!(text(&output.stdout), "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
    let counted = summary(&output.stderr);
    assert_eq!((&counted["state"], &counted["records"]), (&"incomplete".into(), &2.into()));
    // The last of lines, and of values over many lines.
    for input in [format!("{ONE}\n{TWO}\n{{\"id\":3"), format!("{ONE}\n{TWO}\n{{\n  \"id\": 3,\n")]
    {
        let cut = format!("error: standard input: line 3: {CUT}");
        assert_eq!(said(RAW, input), (Some(4), expected.clone(), cut));
    }
}

#[test]
fn what_stands_before_a_cut_is_published() {
    let folder = Folder::new();
    let input = folder.write("in.json", format!("[{ONE},{TWO},{{\"id\":"));
    let out = folder.write("out.ndjson", "as it was");
    let output = run(&[RAW, &[&input, "-o", &out]].concat());
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(folder.read("out.ndjson"), format!("{ONE}\n{TWO}\n"));
    assert_eq!(summary(&output.stderr)["state"], "incomplete");
    // Not where nothing did, nor in place of what may still be mended.
    let nothing = folder.write("nothing.json", "[{\"id\":");
    let output = run(&[RAW, &[&nothing, "-o", &out]].concat());
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(folder.read("out.ndjson"), format!("{ONE}\n{TWO}\n"));
    let output = run(&[RAW, &[&input, "-o", &input]].concat());
    assert_eq!(output.status.code(), Some(4));
    assert!(folder.read("in.json").ends_with("{\"id\":"));
}

#[test]
fn what_stands_before_a_cut_is_kept_back_where_that_is_asked_for() {
    let folder = Folder::new();
    let input = folder.write("in.json", format!("[{ONE},{TWO},{{\"id\":"));
    let out = folder.write("out.ndjson", "as it was");
    let output = run(&[RAW, &[&input, "-o", &out, "--publish", "complete"]].concat());
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(folder.read("out.ndjson"), "as it was");
    assert_eq!(folder.read("out.ndjson.unpublished"), format!("{ONE}\n{TWO}\n"));
    let end = summary(&output.stderr);
    assert_eq!((&end["state"], &end["reason"]), (&"incomplete".into(), &"input".into()));
    assert!(end["hint"].as_str().unwrap().contains("out.ndjson.unpublished"), "{end}");
    assert_eq!(folder.names(), ["in.json", "out.ndjson", "out.ndjson.unpublished"]);
}

#[test]
fn what_stands_before_a_fault_in_a_list_comes_out() {
    let expected = format!("{ONE}\n{TWO}\n");
    for (input, first) in [
        (
            format!("[\n{ONE},\n{TWO},\n<nonsense>\n{ONE}\n]\n"),
            "error: standard input: line 4: expected JSON, found a syntax error at column 1; what \
             is behind cannot be told",
        ),
        (
            format!("[{ONE},{TWO},<nonsense>,{ONE}]\n"),
            "rejected: standard input: line 1, record 3: expected JSON, found a syntax error at \
             column 1",
        ),
    ] {
        let (code, out, said) = said(RAW, input.clone());
        assert_eq!((code, &*out), (Some(4), &*expected), "{input}");
        assert_eq!(said, first);
    }
    // After a list on one line reading goes on; what was lost is said at the end.
    let output = feed(RAW, format!("[{ONE},}}]\n[{TWO}]\n"));
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(4), &*expected));
    let lines: Vec<_> = text(&output.stderr).lines().collect();
    assert!(lines[0].starts_with("rejected: standard input: line 1, record 2: "), "{lines:?}");
    let error = "error: standard input: line 1, record 2: expected JSON, found a syntax error at \
                 column 28 of line 1; what is behind in the list cannot be told";
    assert_eq!(lines[1], error);
    // An element whose end shows is given up alone.
    let (code, out, said_first) = said(RAW, format!("[{ONE},nonsense,{TWO}]\n"));
    assert_eq!((code, &*out), (Some(3), &*expected));
    assert!(said_first.starts_with("rejected: standard input: line 1, record 2: "), "{said_first}");
    // Where nothing came out, the input as a whole cannot be read.
    assert_eq!(said(RAW, "[\nnonsense\n]\n").0, Some(2));
}

#[test]
fn what_contradicts_a_page_is_said_behind_its_records() {
    let list = records(MANY).join(",");
    let lines = records(MANY).join("\n") + "\n";
    let (code, out, first) =
        said(RAW, format!("{{\"admin/login_activities\":[{list}],\"id\":1}}\n{ONE}\n"));
    assert_eq!((code, out), (Some(4), format!("{lines}{ONE}\n")));
    let error = "error: standard input: line 1: the value that begins here was read as a page, but \
                 behind its list it has an id, which a record has and no page; look at what its \
                 records became";
    assert_eq!(first, error);
    // A service that failed when it had begun its answer: whatever its length.
    let error = "error: standard input: line 1: the page that begins here says that the service \
                 failed; fetch it again for what is missing";
    for (list, lines) in [(list, lines), (ONE.to_owned(), format!("{ONE}\n"))] {
        let page = format!("{{\"admin/login_activities\":[{list}],\"error\":{{\"code\":\"x\"}}}}");
        assert_eq!(said(RAW, page), (Some(4), lines, error.to_owned()));
    }
    let sound = format!("{{\"admin/login_activities\":[{ONE}],\"error\":null}}");
    assert_eq!(complete(&feed(RAW, sound)), format!("{ONE}\n"));
}

#[test]
fn several_values_in_one_file_are_all_read() {
    let expected = format!("{ONE}\n{TWO}\n");
    for input in [
        format!("{ONE}{TWO}"),
        format!("[{ONE}][{TWO}]"),
        format!("[{ONE}] [{TWO}]\n"),
        format!("[\n{ONE}\n][\n{TWO}\n]\n"),
        format!("[\n{ONE}\n]\n[\n{TWO}\n]\n"),
        format!("[\n{ONE}\n]\n{TWO}\n"),
        format!("[{ONE}]\u{feff}[\n{TWO}]"),
        format!("{{\"admin/login_activities\":[{ONE}]}}{{\"admin/login_activities\":[\n{TWO}]}}"),
    ] {
        assert_eq!(complete(&feed(RAW, input.clone())), expected, "{input}");
    }
}

/// A text as UTF-16, in this order of bytes.
fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn utf_16_is_read_like_utf_8() {
    let record = "{\"id\":3,\"ip\":\"Zoë \u{1f600} 中\"}";
    let expected = format!("{ONE}\n{record}\n");
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        for mark in ["\u{feff}", ""] {
            for input in [
                format!("{ONE}\r\n{record}\r\n"),
                format!("[\r\n{ONE},\r\n{record}\r\n]\r\n"),
                format!("{{\"admin/login_activities\":[{ONE},{record}]}}"),
            ] {
                let input = utf_16(&format!("{mark}{input}"), order);
                assert_eq!(complete(&feed(RAW, input)), expected);
            }
        }
        let nothing = utf_16("\u{feff}", order);
        assert_eq!(complete(&feed(RAW, nothing)), "");
    }
    let long = format!("[{}]", records(MANY).join(","));
    let output = feed(RAW, utf_16(&long, u16::to_le_bytes));
    assert_eq!(complete(&output), records(MANY).join("\n") + "\n");
}

#[test]
fn utf_16_that_is_cut_off_gives_what_stands_before() {
    let whole = utf_16(&format!("\u{feff}[{ONE},{TWO}]\n"), u16::to_le_bytes);
    let (code, out, first) = said(RAW, &whole[..whole.len() - 9]);
    assert_eq!((code, out), (Some(4), format!("{ONE}\n")));
    assert_eq!(first, format!("error: standard input: line 1: {CUT}"));
    // Half a character is a cut, also after all values.
    let (code, out, first) = said(RAW, &whole[..whole.len() - 1]);
    assert_eq!((code, out), (Some(4), format!("{ONE}\n{TWO}\n")));
    let error = "it ends within a character: it is cut off by the end of the input";
    assert_eq!(first, format!("error: standard input: {error}"));
}

#[test]
fn half_a_character_of_utf_16_does_not_cost_the_record() {
    let mut input = utf_16(&format!("[{ONE},{{\"id\":2,\"ip\":\"x"), u16::to_le_bytes);
    input.extend([0x3d, 0xd8]);
    input.extend(utf_16("\"}]", u16::to_le_bytes));
    let output = feed(RAW, input);
    assert_eq!(complete(&output), format!("{ONE}\n{{\"id\":2,\"ip\":\"x\u{fffd}\"}}\n"));
    let warning = "warning: standard input: 1 half character (unpaired surrogates) of its UTF-16 \
                   became U+FFFD\n";
    assert!(text(&output.stderr).starts_with(warning), "{}", text(&output.stderr));
}
