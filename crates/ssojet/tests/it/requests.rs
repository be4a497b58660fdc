//! What goes over the wire, byte for byte (P5), and what is refused before that.

use std::time::Duration;

use signin_core::testing::{Reply, Scripted};
use ssojet::{
    Client, ClientCredentials, ErrorKind, FanOut, Items, LoginEvent, LoginLogs, Pages, Users,
};

use crate::{client, older, page, seconds};

#[tokio::test(start_paused = true)]
async fn p5_every_parameter_is_sent_as_documented() {
    let script = Scripted::new([Reply::json(page([], None))]);
    let first = client(&script)
        .login_logs("0123456789abcdef01234567")
        .event(LoginEvent::Login)
        .limit(20)
        .cursor("a+b/c==")
        .first_page()
        .await
        .unwrap();
    assert_eq!(first.rows().len(), 0);
    let sent = script.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].method, "GET");
    assert_eq!(
        sent[0].url,
        "https://api.ssojet.com/api/v1/users/0123456789abcdef01234567/loginlogs\
         ?client_id=app-1&event=login&limit=20&cursor=a%2Bb%2Fc%3D%3D"
    );
    let agent = concat!("ssojet/", env!("CARGO_PKG_VERSION"));
    let headers: Vec<_> = sent[0].headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let expected = [
        ("accept", "application/json"),
        ("authorization", "Bearer sk_live_0123456789"),
        ("user-agent", agent),
    ];
    assert_eq!(headers, expected, "none of the headers that a documentation tool recorded");
    assert!(sent[0].body.is_empty());
}

/// The vendor's curl line names `client_id` twice, the second time without a value.
#[tokio::test(start_paused = true)]
async fn the_client_id_is_sent_once_and_the_event_can_be_left_out() {
    let script = Scripted::new([Reply::json(older([])), Reply::json(older([]))]);
    let ssojet = client(&script);
    assert!(seconds(&mut ssojet.login_logs("u-1").items()).await.is_empty());
    assert!(seconds(&mut ssojet.login_logs(7).event(None).items()).await.is_empty());
    assert_eq!(
        script.urls(),
        [
            "https://api.ssojet.com/api/v1/users/u-1/loginlogs?client_id=app-1&event=login",
            "https://api.ssojet.com/api/v1/users/7/loginlogs?client_id=app-1",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn p5_a_client_id_cannot_bend_the_request() {
    let script = Scripted::new([Reply::json(older([]))]);
    let ssojet = client(&script).for_client_id("a&event=x y+#").unwrap();
    assert_eq!(ssojet.client_id(), "a&event=x y+#");
    ssojet.login_logs("u").first_page().await.unwrap();
    let url = &script.urls()[0];
    assert!(url.ends_with("?client_id=a%26event%3Dx%20y%2B%23&event=login"), "{url}");
}

#[tokio::test(start_paused = true)]
async fn arguments_out_of_range_are_refused_before_anything_is_sent() {
    let script = Scripted::new([]);
    let ssojet = client(&script);
    for (error, reason) in [
        (ssojet.login_logs("u").limit(0).first_page().await.unwrap_err(), "limit is 0"),
        (ssojet.users().limit(0).first_page().await.unwrap_err(), "limit is 0"),
        (ssojet.users().email(" ").first_page().await.unwrap_err(), "email is empty"),
        (ssojet.login_logs("u").cursor("").first_page().await.unwrap_err(), "cursor is empty"),
        (
            ssojet
                .all_sign_ins()
                .users(ssojet.users().limit(0))
                .items()
                .try_next()
                .await
                .unwrap_err(),
            "limit is 0",
        ),
        (ssojet.all_sign_ins().limit(0).items().try_next().await.unwrap_err(), "limit is 0"),
    ] {
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(script.sent().is_empty());
}

/// The documented ways contradict each other: one is the default, and any other can be set.
#[tokio::test(start_paused = true)]
async fn p5_tokens_are_asked_for_as_documented_or_as_set() {
    let json = (
        "application/json",
        r#"{"client_id":"app-1","client_secret":"s/e+c","grant_type":"client_credentials","scope":"sys_owner"}"#,
    );
    let form = (
        "application/x-www-form-urlencoded",
        "client_id=my%20app&client_secret=s%2Fe%2Bc&grant_type=client_credentials&scope=read",
    );
    let cases = [
        ("https://api.ssojet.com", None, "https://api.ssojet.com/api/v1/oauth2/token", json),
        ("gate.example/x/api/v1/", None, "https://gate.example/x/api/v1/oauth2/token", json),
        (
            "https://api.ssojet.com/",
            Some("https://id.example/oauth/token"),
            "https://id.example/oauth/token",
            form,
        ),
    ];
    for (base, own, url, (kind, body)) in cases {
        let token =
            r#"{"access_token":"token-0123456789","token_type":"bearer","expires_in":3600}"#;
        let script = Scripted::new([Reply::json(token), Reply::json(older([]))]);
        let builder = Client::builder("app-1").base_url(base).transport(script.clone());
        let builder = match own {
            None => builder.client_secret("s/e+c"),
            Some(own) => builder.client_credentials(
                ClientCredentials::new(own, "my app").secret_in_body("s/e+c").scope("read"),
            ),
        };
        builder.build().unwrap().login_logs("u").first_page().await.unwrap();
        let [asked, sent] = &script.sent()[..] else { panic!("two requests") };
        assert_eq!((asked.method.as_str(), asked.url.as_str()), ("POST", url));
        assert_eq!(asked.header("content-type"), Some(kind));
        let mut parts: Vec<_> =
            std::str::from_utf8(&asked.body).unwrap().split(['&', ',', '{', '}']).collect();
        let mut expected: Vec<_> = body.split(['&', ',', '{', '}']).collect();
        parts.sort_unstable();
        expected.sort_unstable();
        assert_eq!(parts, expected, "in any order");
        assert_eq!(asked.header("authorization"), None);
        assert_eq!(sent.header("authorization"), Some("Bearer token-0123456789"));
        assert!(sent.url.contains("client_id=app-1&event=login"), "{}", sent.url);
    }
}

#[tokio::test(start_paused = true)]
async fn the_base_is_the_documented_one_or_a_gateway_with_or_without_the_api_path() {
    for (base, start) in [
        ("https://api.ssojet.com", "https://api.ssojet.com/api/v1/users?"),
        ("https://api.ssojet.com/api/v1/", "https://api.ssojet.com/api/v1/users?"),
        ("gate.example/ssojet", "https://gate.example/ssojet/api/v1/users?"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v1/users?"),
    ] {
        let script = Scripted::new([Reply::json(r#"{"users":[]}"#)]);
        let builder = Client::builder("app-1").base_url(base).token("key");
        let ssojet = builder.transport(script.clone()).build().unwrap();
        ssojet.users().first_page().await.unwrap();
        assert!(script.urls()[0].starts_with(start), "{base}: {}", script.urls()[0]);
    }
}

#[test]
fn a_client_that_cannot_be_is_refused_with_the_setting() {
    let app = || Client::builder("app-1");
    let cases = [
        (app(), "there is no credential"),
        (app().token("a").token("b"), "two credentials"),
        (app().token("a").client_secret("b"), "two credentials"),
        (app().client_secret(" "), "the client secret is empty"),
        (app().client_secret("a\n"), "the client secret holds a control character"),
        (
            app().client_credentials(ClientCredentials::new("http://x", "a").secret_in_body("b")),
            "plain http",
        ),
        (app().client_secret("a").base_url("http://x.example"), "plain http"),
        (app().token(" \n"), "the key is empty"),
        (app().token("key\n"), "no header can carry"),
        (Client::builder("").token("a"), "client_id is empty"),
        (Client::builder(" ").token("a"), "client_id is empty"),
        (Client::builder("app\n").token("a"), "client_id holds a control character"),
        (app().token("a").timeout(Duration::ZERO), "a time-out is zero"),
        (app().token("a").base_url(""), "base URL"),
        (app().token("a").base_url("http://api.ssojet.com"), "plain http"),
        (app().token("a").base_url("https://u:p@api.ssojet.com"), "user info"),
        (app().token("a").user_agent("a\nb"), "user agent"),
        (app().token("a").root_certificates_pem("x"), "root certificates"),
        (app().token("a").proxy("://"), "proxy"),
    ];
    for (builder, reason) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{reason}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    let error = app().token("a").build().unwrap().for_client_id("").unwrap_err();
    assert!(error.to_string().contains("client_id is empty"), "{error}");
}

#[test]
fn walks_and_clients_can_go_to_other_threads() {
    fn sendable<T: Send + 'static>() {}
    fn shareable<T: Send + Sync + Clone + 'static>() {}
    shareable::<Client>();
    shareable::<LoginLogs>();
    shareable::<ssojet::AllSignIns>();
    sendable::<Items<LoginLogs>>();
    sendable::<Pages<Users>>();
    sendable::<FanOut<ssojet::AllSignIns>>();
    sendable::<ssojet::Error>();
}
