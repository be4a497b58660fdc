//! What goes over the wire, byte by byte.

use signin_core::Json;
use signin_core::Paging;

use crate::api::{List, drain, numbered, page, settings};
use signin_testkit::server::{Act, Server, answer, ok};

/// The header lines in ascending order, without the host's port and the accepted encodings, which
/// are a matter of features.
fn headers(request: &str) -> Vec<String> {
    let (head, _) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.lines().skip(1).map(str::to_owned).collect();
    lines.retain(|line| line != "accept-encoding: gzip");
    lines.sort();
    lines
}

#[tokio::test]
async fn p4_p5_a_get_is_what_was_asked_for_and_nothing_else() {
    let server = Server::acts([ok(page("1", ""))]).await;
    let mut list = List::<Json>::new(Paging::None);
    list.query = vec![
        ("user_id[]", "7/2".into()),
        ("after", "2022-10-19T14:25:18+02:00".into()),
        ("q", "a b&c=d'é\r\nX: 1".into()),
    ];
    let client = settings(&server.base()).build().unwrap();
    client.execute(&list).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        seen[0].lines().next().unwrap(),
        "GET /v1/events?user_id%5B%5D=7%2F2&after=2022-10-19T14%3A25%3A18%2B02%3A00&q=a%20b%26c%3Dd%27%C3%A9%0D%0AX%3A%201 HTTP/1.1"
    );
    assert_eq!(
        headers(&seen[0]),
        [
            "accept: application/json".to_owned(),
            "authorization: Bearer key-0123456789abcdef".to_owned(),
            format!("host: {}", server.base().strip_prefix("http://").unwrap()),
            "user-agent: acme-sdk/1.0".to_owned(),
        ]
    );
    assert!(seen[0].ends_with("\r\n\r\n"), "a GET has no body");
}

#[tokio::test]
async fn p4_a_post_that_reads_sends_its_body_unchanged_on_every_page() {
    const BODY: &str = "{\"filter\": \"a+b %20\"}";
    let server = Server::start(|number, base| {
        let next = if number < 2 {
            format!(r#""next":"{base}/v1/events?t=a%2Bb({number})$x[]""#)
        } else {
            String::new()
        };
        ok(page("1", &next))
    })
    .await;
    let mut settings = settings(&server.base());
    settings.set_user_agent("collector/7");
    let client = settings.build().unwrap();
    let mut list = List::<Json>::new(Paging::NextLink);
    list.body = Some(BODY);
    let (records, error) = drain(&mut client.items(list)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(records.len(), 3);
    let seen = server.seen();
    let lines: Vec<_> = seen.iter().map(|request| request.lines().next().unwrap()).collect();
    assert_eq!(
        lines,
        [
            "POST /v1/events HTTP/1.1",
            "POST /v1/events?t=a%2Bb(0)$x[] HTTP/1.1",
            "POST /v1/events?t=a%2Bb(1)$x[] HTTP/1.1"
        ]
    );
    for request in &seen {
        assert_eq!(request.split_once("\r\n\r\n").unwrap().1, BODY);
        let headers = headers(request);
        assert!(headers.contains(&"content-length: 21".to_owned()), "{headers:?}");
        assert!(headers.contains(&"user-agent: acme-sdk/1.0 collector/7".to_owned()));
        assert_eq!(headers.len(), 5, "no Referer, no Cookie, nothing twice: {headers:?}");
    }
}

#[tokio::test]
async fn p4_cookies_are_never_kept_or_sent() {
    let body = page("1", r#""meta":{"next_page":2}"#);
    let first = answer("200 OK", "set-cookie: session=abc; Path=/\r\n", body);
    let server = Server::acts([Act::Write(first), ok(page("2", ""))]).await;
    let client = settings(&server.base()).build().unwrap();
    let (records, error) = drain(&mut client.items(List::<Json>::new(numbered(9, true)))).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(records, ["1", "2"]);
    assert!(server.seen().iter().all(|request| !request.contains("cookie")));
}
