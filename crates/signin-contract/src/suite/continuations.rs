//! P1 and P4 where pages say how to go on: what is unclear is not followed, and what leads
//! elsewhere leads nowhere.

use signin_core::ErrorKind;
use signin_core::testing::{Reply, Scripted};

use crate::pagers::{assert_everything, drain, pager, scripted};
use crate::server::Server;
use crate::service::{Book, asked};
use crate::vendor::{Continued, Next, Setup, TOKEN};

/// A script whose first page goes on like this.
fn going_on<V: Continued>(book: &Book<V>, next: &str) -> Scripted {
    let (first, next) = (book.clone(), next.to_owned());
    book.script_but(move |number, _| {
        let page = || Reply::json(first.page_with(1, Next::Json(&next), V::BASE));
        (number == 1).then(page)
    })
}

async fn is_unclear<V: Continued>(next: &str) {
    let book = Book::<V>::three();
    let script = going_on(&book, next);
    let mut pager = scripted::<V>(&script);
    let drained = drain(&mut pager).await;
    assert_eq!(drained.raw, book.records()[..3], "{next}: what came is handed out first");
    drained.fails(ErrorKind::Paging);
    assert!(!pager.report().finished, "{next}");
    assert_eq!(script.sent().len(), 1, "{next}: {:?}", script.urls());
}

/// One member, twice, with different values.
pub async fn p1_a_continuation_that_contradicts_itself_is_not_followed<V: Continued>() {
    let page = |number| {
        let book = Book::<V>::new([[].as_slice()]);
        book.page_with(1, Next::Number(number), V::BASE)
    };
    let value = |page: &str| {
        let (_, value) = page.split_once(&format!("\"{}\":", V::MEMBER)).expect("its member");
        let end = value.find([',', '}']).expect("an end");
        value[..end].to_owned()
    };
    let (second, third) = (value(&page(2)), value(&page(3)));
    is_unclear::<V>(&format!("{second},\"{}\":{third}", V::MEMBER)).await;
}

/// An object, a list, true, half a character.
pub async fn p1_a_continuation_of_another_kind_is_neither_followed_nor_the_end<V: Continued>() {
    let others = ["true", "false", "{}", "[]", "[\"c2\"]", r#"{"next":"c2"}"#, r#""\ud800""#];
    for next in others.iter().chain(V::NONE) {
        is_unclear::<V>(next).await;
    }
}

/// A megabyte of it.
pub async fn p7_a_continuation_that_is_too_long_is_not_followed<V: Continued>() {
    is_unclear::<V>(&format!("\"{}\"", "2".repeat(1 << 20))).await;
}

/// Null and nothing are no page to go on to.
pub async fn p1_a_continuation_of_nothing_is_the_end<V: Continued>() {
    for next in ["null", "\"\"", "\"null\""] {
        let book = Book::<V>::new([[1, 2].as_slice()]);
        let script = going_on(&book, next);
        let mut pager = scripted::<V>(&script);
        let drained = drain(&mut pager).await;
        assert_eq!(drained.raw, book.records());
        assert!(drained.error.is_none() && pager.report().is_complete(), "{next}");
        assert_eq!(script.sent().len(), 1);
    }
}

/// A continuation that names another server, over real sockets: that one sees no connection.
pub async fn p4_a_continuation_to_another_server_never_sees_the_token<V: Continued>() {
    let book = Book::<V>::new([[1, 2, 3].as_slice(), &[4, 5]]);
    let other = Server::respond({
        let book = book.clone();
        move |_, base| crate::server::ok(book.page(2, base))
    })
    .await;
    for link in ["BASE/x?PARAMETER=2", "//HOST/?PARAMETER=2", "http://u:p@HOST/?PARAMETER=2"] {
        let host = other.base().replace("http://", "");
        let link = link.replace("BASE", &other.base()).replace("HOST", &host);
        let link = link.replace("PARAMETER", V::PARAMETER);
        let own = Server::respond({
            let book = book.clone();
            move |request, base| {
                let line = request.lines().next().unwrap_or_default();
                crate::server::ok(match asked::<V>(line) {
                    1 => book.page_with(1, Next::Text(&link), base),
                    _ => book.page_with(2, Next::End, base),
                })
            }
        })
        .await;
        let drained = drain(&mut pager::<V>(&Setup::at(own.base()))).await;
        // A number or a cursor in it may be read as such; the address may not.
        match &drained.error {
            Some(error) => assert_eq!(error.kind(), ErrorKind::Origin, "{error}"),
            None => assert_everything::<V>(&drained.raw, &book.records()),
        }
        assert_eq!(other.seen(), [""; 0]);
        let line = format!("authorization: Bearer {TOKEN}");
        for request in own.seen() {
            assert_eq!(request.lines().filter(|other| *other == line).count(), 1, "{request}");
        }
    }
}
