//! P4 where a certificate's key signs: the key is in nothing that is sent, and in no refusal of it.

use signin_core::ErrorKind;

use super::tokens::{AUTH, assertion};
use crate::pagers::{SIZE, assert_everything, assert_good_line, drain};
use crate::secrets::{assert_key_hidden, mark, mark_key};
use crate::server::{Server, ok};
use crate::service::Book;
use crate::vendor::{CERTIFICATE, Certified, KEY, Setup};

/// A key that is cut, damaged, or somewhere else than it should be.
pub async fn p4_a_key_that_is_refused_is_not_shown<V: Certified>() {
    mark_key(KEY);
    let script = Book::<V>::three().script();
    let setup = Setup::scripted::<V>(&script);
    let lines: Vec<_> = KEY.lines().collect();
    let half = [&lines[..lines.len() / 2], &lines[lines.len() - 1..]].concat().join("\n");
    let headless = lines[1..].join("\n");
    let damaged = KEY.replace(lines[5], &lines[5].chars().rev().collect::<String>());
    let encrypted = KEY.replace("PRIVATE", "ENCRYPTED PRIVATE");
    let other = KEY.replace("PRIVATE KEY", "EC PRIVATE KEY");
    let both = format!("{CERTIFICATE}{KEY}");
    for (certificate, key) in [
        (CERTIFICATE, ""),
        (CERTIFICATE, CERTIFICATE),
        (CERTIFICATE, half.as_str()),
        (CERTIFICATE, &headless),
        (CERTIFICATE, &damaged),
        (CERTIFICATE, &encrypted),
        (CERTIFICATE, &other),
        (KEY, KEY),
        (KEY, CERTIFICATE),
        (&headless, &both),
    ] {
        let error = V::certified(&setup, AUTH, certificate, key).expect_err(certificate);
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert_good_line(&error);
    }
    assert!(script.sent().is_empty());
}

/// Over sockets, whose libraries log too: what is sent to the login holds the signature once, and
/// what is sent to the service does not.
pub async fn p4_a_signature_goes_to_the_login_once_and_the_key_nowhere<V: Certified>() {
    mark_key(KEY);
    let book = Book::<V>::new([[1, 2].as_slice()]);
    let token = r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#;
    let login = Server::acts([ok(token)]).await;
    let service = Server::acts([ok(book.page(1, "http://127.0.0.1"))]).await;
    let setup = Setup::at(service.base());
    let client = V::certified(&setup, &login.base(), CERTIFICATE, KEY).expect("a client");
    let drained = drain(&mut V::pager(&client, SIZE)).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_everything::<V>(&drained.raw, &book.records());
    let (logins, pages) = (login.seen(), service.seen());
    let signed = logins.iter().filter_map(|request| assertion(request.as_bytes()));
    let [signed] = signed.collect::<Vec<_>>()[..] else { panic!("{logins:?}") };
    // What is logged is searched for it, too.
    mark(signed);
    assert_eq!(logins.concat().matches(signed).count(), 1);
    for request in pages.iter().chain(&logins) {
        assert_key_hidden(KEY, request);
    }
    assert!(pages.iter().all(|request| !request.contains(signed)) && !pages.is_empty());
}
