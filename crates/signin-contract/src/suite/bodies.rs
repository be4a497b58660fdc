//! P8 and P1: a body that is no page is told with its bytes, and is never the end.

use serde_json::{Map, Value};
use signin_core::ErrorKind;
use signin_core::testing::Reply;

use crate::pagers::{assert_everything, drain, resume, scripted};
use crate::service::{Book, asked};
use crate::vendor::{Setup, Vendor};

/// A list whose second page is this body: asked for twice, then told, and read once it is mended.
async fn no_page<V: Vendor>(status: u16, body: impl AsRef<[u8]>, told: &str) {
    let (book, body) = (Book::<V>::three(), body.as_ref());
    let script = book.script_with_second(&Reply::status(status).body(body.to_vec()));
    let mut pager = scripted::<V>(&script);
    let mut drained = drain(&mut pager).await;
    assert_eq!(drained.raw, book.records()[..3]);
    let mut got = std::mem::take(&mut drained.raw);
    let error = drained.fails(ErrorKind::Decode);
    assert!(error.to_string().contains(told), "{told}: {error}");
    assert_eq!((error.body(), error.attempts()), (Some(body), 2));
    assert!(!pager.report().finished && !pager.report().is_complete());
    let asked = script.urls().iter().filter(|url| asked::<V>(url) == 2).count();
    assert_eq!(asked, 2, "a page that cannot be read is asked for once more");
    got.extend(resume::<V>(&Setup::scripted::<V>(&book.script()), &error).await);
    assert_everything::<V>(&got, &book.records());
}

/// A login page, or a proxy's.
pub async fn p8_html_in_place_of_json_is_told<V: Vendor>() {
    no_page::<V>(200, "<!DOCTYPE html><title>Sign in</title>", "HTML").await;
    no_page::<V>(203, "\u{feff} \n<html></html>", "HTML").await;
}

/// Nothing, and nothing but white space or a mark.
pub async fn p8_an_empty_body_is_told<V: Vendor>() {
    for body in ["", " \r\n", "\u{feff}"] {
        no_page::<V>(200, body, "empty").await;
    }
}

/// 204 says that there is nothing, not that there is nothing more.
pub async fn p1_a_204_is_no_empty_page<V: Vendor>() {
    no_page::<V>(204, "", "empty").await;
}

/// A page in another encoding, either way round.
pub async fn p8_a_page_in_utf_16_is_told<V: Vendor>() {
    let page = format!("\u{feff}{}", Book::<V>::three().page(2, V::BASE));
    let units = || page.encode_utf16();
    no_page::<V>(200, units().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), "UTF-16").await;
    no_page::<V>(200, units().flat_map(u16::to_be_bytes).collect::<Vec<_>>(), "UTF-16").await;
}

/// A page that ends before its end.
pub async fn p8_a_page_that_is_cut_off_is_told<V: Vendor>() {
    let page = Book::<V>::three().page(2, V::BASE);
    no_page::<V>(200, &page[..page.len() - 1], "end of the text").await;
    no_page::<V>(200, &page[..page.len() / 2], "end of the text").await;
}

/// A page with something after its end.
pub async fn p8_a_page_with_more_behind_it_is_told<V: Vendor>() {
    let page = Book::<V>::three().page(2, V::BASE);
    no_page::<V>(200, format!("{page}{page}"), "syntax error").await;
}

/// Nothing but the beginnings of lists, or of objects.
pub async fn p8_a_body_of_ten_thousand_levels_is_told<V: Vendor>() {
    no_page::<V>(200, "[".repeat(10_000), "expected").await;
    no_page::<V>(200, "{\"a\":".repeat(10_000), "end of the text").await;
}

/// Compressed, and not said to be.
pub async fn p8_a_body_of_other_bytes_is_told<V: Vendor>() {
    no_page::<V>(200, b"\x1f\x8b\x08\x00\x00", "syntax error").await;
    no_page::<V>(200, b"\xff\xff\xff", "syntax error").await;
}

/// JSON, but no page.
pub async fn p1_an_answer_without_its_list_is_never_the_end<V: Vendor>() {
    for body in ["null", "{}", "[]", "\"\"", "0", "{\"records\":[]}"] {
        no_page::<V>(200, body, "expected").await;
    }
    let empty = Book::<V>::new([[].as_slice()]).page(1, V::BASE);
    for other in ["null", "{}", "\"\""] {
        no_page::<V>(200, empty.replacen("[]", other, 1), "expected").await;
    }
}

/// One object with the members of two.
fn joined(first: &str, second: &str) -> String {
    let first = first.strip_suffix('}').expect("an object");
    format!("{first},{}", second.strip_prefix('{').expect("an object"))
}

/// An error of the vendor's with the status of a page: whatever list stands beside it, it is
/// neither a page nor the end, and it is told in the vendor's words.
pub async fn p1_an_error_in_a_page_is_neither_a_page_nor_the_end<V: Vendor>() {
    let book = Book::<V>::three();
    let empty = Book::<V>::new([[].as_slice()]).page(1, V::BASE);
    let (full, last) = (book.page(2, V::BASE), book.page(3, V::BASE));
    for error in V::ERRORS.iter().copied() {
        for page in [&empty, &full, &last] {
            fails::<V>(&joined(error, page)).await;
            fails::<V>(&joined(page, error)).await;
        }
        fails::<V>(error).await;
        fails::<V>(&joined(error, &empty.replacen("[]", "null", 1))).await;
        passes::<V>(&joined(error, &empty)).await;
    }
}

async fn fails<V: Vendor>(body: &str) {
    let book = Book::<V>::three();
    let script = book.script_with_second(&Reply::json(body.to_owned()));
    let mut pager = scripted::<V>(&script);
    let mut drained = drain(&mut pager).await;
    assert_eq!(drained.raw, book.records()[..3], "{body}");
    let mut got = std::mem::take(&mut drained.raw);
    let error = drained.fails(ErrorKind::Service);
    assert!(error.is_transient() && error.status() == Some(200), "{error:?}");
    assert!(error.vendor_code().or(error.vendor_message()).is_some(), "{error:?}");
    assert_eq!((error.body(), error.attempts()), (Some(body.as_bytes()), 2));
    assert!(!pager.report().finished && !pager.report().is_complete());
    got.extend(resume::<V>(&Setup::scripted::<V>(&book.script()), &error).await);
    assert_everything::<V>(&got, &book.records());
}

/// Once only: the page is asked for again, and comes.
async fn passes<V: Vendor>(body: &str) {
    let (book, mut reply) = (Book::<V>::three(), Some(Reply::json(body.to_owned())));
    let script = book.script_but(
        move |_, sent| {
            if asked::<V>(&sent.url) == 2 { reply.take() } else { None }
        },
    );
    let mut pager = scripted::<V>(&script);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, book.records());
    assert!(pager.report().retries == 1 && pager.report().is_complete(), "{:?}", pager.report());
}

/// The members of errors where they say that there was none.
pub async fn p1_a_page_that_says_of_no_error_is_a_page<V: Vendor>() {
    let book = Book::<V>::three();
    for none in ["null", "\"\"", "[]", "{}", "false", "0"] {
        let told = |error: &&str| -> String {
            let members: Map<String, Value> = serde_json::from_str(error).expect("an object");
            let members = members.keys().map(|name| format!("\"{name}\":{none}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        };
        for error in V::ERRORS.iter().map(told) {
            let page = Reply::json(joined(&error, &book.page(2, V::BASE)));
            let mut pager = scripted::<V>(&book.script_with_second(&page));
            let drained = drain(&mut pager).await;
            assert!(drained.error.is_none(), "{error}: {:?}", drained.error);
            assert_eq!(drained.raw, book.records(), "{error}");
        }
    }
}
