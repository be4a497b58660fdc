//! Errors that say what to do (P8): each answer and its line.

use msgraph_signins::{Client, ErrorKind, Missing, Record, RetryPolicy, SignIn};
use signin_core::Step;
use signin_core::testing::{Reply, Scripted};

use crate::TENANT;

fn graph(reply: Reply) -> Client {
    let script = Scripted::respond(move |_| reply.clone());
    let builder = Client::builder(TENANT).token("token-0123456789").retry(RetryPolicy::never());
    builder.transport(script).build().unwrap()
}

/// The error that an answer to a list becomes, without retries.
async fn error(reply: Reply) -> msgraph_signins::Error {
    graph(reply).sign_ins().first_page().await.unwrap_err()
}

fn refusal(status: u16, code: &str, message: &str) -> Reply {
    Reply::status(status).body(format!(
        r#"{{"error":{{"code":"{code}","message":"{message}","innerError":{{"date":"2026-02-03T08:21:00","request-id":"req-77","client-request-id":"c-1"}}}}}}"#
    ))
}

fn sample(status: u16, body: &'static str) -> Reply {
    Reply::status(status).body(body)
}

const LICENCE: &str = include_str!("../../../../fixtures/msgraph/error.forbidden_license.json");
const FILTER: &str = include_str!("../../../../fixtures/msgraph/error.invalid_filter.json");
const THROTTLED: &str = include_str!("../../../../fixtures/msgraph/error.throttled.json");
const GATEWAY: &str = include_str!("../../../../fixtures/msgraph/error.innererror_lowercase.json");

fn permission() -> Reply {
    let message = "Calling principal does not have required MSGraph permissions AuditLog.Read.All";
    refusal(403, "Authentication_MSGraphPermissionMissing", message)
}

fn role() -> Reply {
    refusal(
        403,
        "Authentication_RequestFromUnsupportedUserRole",
        "User is not in the allowed roles",
    )
}

fn directory() -> Reply {
    let message = "Failed to do premium license check from ADGraph";
    refusal(403, "Authentication_ApplicationHasNoDirectoryReadAccess", message)
}

#[tokio::test(start_paused = true)]
async fn p8_every_answer_has_a_line_that_says_what_to_do() {
    let replies = [
        refusal(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
        Reply::status(401),
        sample(403, LICENCE),
        permission(),
        directory(),
        role(),
        refusal(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        ),
        sample(400, FILTER),
        refusal(400, "", "Invalid Skip Token"),
        refusal(400, "UnknownError", "Unsupported Query."),
        refusal(200, "ServiceUnavailable", "Try again later."),
        refusal(400, "BadRequest", "Query option 'Skip' is not allowed."),
        refusal(404, "BadRequest", "Resource not found for the segment 'auditLogz'."),
        sample(429, THROTTLED).header("retry-after", "2.128"),
        sample(504, GATEWAY),
        refusal(503, "UnknownError", ""),
        Reply::status(500).body("<html><title>Oops</title><body>Internal error</body></html>"),
        Reply::status(302).header("location", "https://login.evil.example/?key=secret"),
        Reply::json("<html>Sign in</html>"),
        Reply::json(r#"{"@odata.context":"x"}"#),
        Reply::failure(Step::Connect, "no connection: connection refused"),
        Reply::hang(),
    ];
    let mut lines = Vec::new();
    for reply in replies {
        let error = error(reply).await;
        let line = error.to_string();
        assert!(line.chars().count() <= 300 && !line.contains(char::is_control), "{line}");
        assert!(!line.contains('…'), "cut: {line}");
        let id = error.request_id().filter(|id| *id != "req-77" && !id.starts_with("000000e0"));
        let line = id.map_or(line.clone(), |id| line.replace(id, "[a uuid of ours]"));
        lines.push(format!("{:?}: {line}", error.kind()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn p8_what_is_missing_is_told_apart_with_its_fix() {
    for (reply, missing) in [
        (sample(403, LICENCE), Missing::Licence),
        (permission(), Missing::Permission),
        (directory(), Missing::DirectoryPermission),
        (role(), Missing::Role),
    ] {
        let error = error(reply).await;
        assert_eq!(error.kind(), ErrorKind::Permission);
        assert_eq!(Missing::of(&error), Some(missing));
        assert!(error.to_string().contains(missing.fix()), "{error}");
    }
    for other in [refusal(403, "Authorization_RequestDenied", "x"), Reply::status(404)] {
        assert_eq!(Missing::of(&error(other).await), None);
    }
}

#[test]
fn p8_policies_that_were_left_out_are_not_taken_for_none() {
    let missing = |json: &str| Missing::policy_detail(&Record::<SignIn>::from_json(json).unwrap());
    assert_eq!(missing(r#"{"id":"1"}"#), Some(Missing::PolicyDetail));
    assert_eq!(
        missing(r#"{"appliedConditionalAccessPolicies":null}"#),
        Some(Missing::PolicyDetail)
    );
    assert_eq!(missing(r#"{"appliedConditionalAccessPolicies":[]}"#), None);
    assert_eq!(missing(r#"{"status":{"x":[]},"appliedConditionalAccessPolicies":[{}]}"#), None);
    assert!(Missing::PolicyDetail.fix().contains("Policy.Read.ConditionalAccess"));
}

#[tokio::test(start_paused = true)]
async fn p8_the_vendors_words_are_there_for_the_case_file() {
    let error = error(sample(429, THROTTLED).header("retry-after", "2.128")).await;
    assert_eq!(error.status(), Some(429));
    assert_eq!(error.vendor_code(), Some("TooManyRequests"));
    assert_eq!(error.vendor_message(), Some("Please retry again later."));
    assert_eq!(error.request_id(), Some("000000e0-0000-4000-8000-000000000003"));
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_millis(2128)));
}

/// Without an answer there is no `request-id`: the name that we gave is what support can find.
#[tokio::test(start_paused = true)]
async fn p8_a_request_without_an_answer_is_named_by_our_own_id() {
    let script = Scripted::new([Reply::failure(Step::Answer, "the connection broke")]);
    let builder = Client::builder(TENANT).token("token").retry(RetryPolicy::never());
    let graph = builder.transport(script.clone()).build().unwrap();
    let error = graph.sign_ins().first_page().await.unwrap_err();
    assert_eq!(error.request_id(), script.sent()[0].header("client-request-id"));
}

#[tokio::test(start_paused = true)]
async fn p6_a_refusal_that_good_queries_get_now_and_then_is_tried_again_once() {
    let passing = || refusal(400, "UnknownError", "Unsupported Query.");
    let ask = async |script: &Scripted| {
        let builder = Client::builder(TENANT).token("token").transport(script.clone());
        builder.build().unwrap().sign_ins().first_page().await.map(drop)
    };
    let script = Scripted::new([passing(), Reply::json(r#"{"value":[]}"#)]);
    ask(&script).await.unwrap();
    assert_eq!(script.sent().len(), 2);
    let script = Scripted::respond(move |_| passing());
    let error = ask(&script).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Service, Some(400)), "{error}");
    assert!(error.is_transient() && error.to_string().contains("run again"), "{error}");
    assert_eq!(script.sent().len(), 2);
    for bad in [
        refusal(400, "BadRequest", "Unsupported Query."),
        refusal(400, "UnknownError", "Invalid filter clause"),
        refusal(400, "UnknownError", ""),
        refusal(400, "", "Invalid Skip Token"),
    ] {
        let script = Scripted::respond(move |_| bad.clone());
        let error = ask(&script).await.unwrap_err();
        assert_eq!((error.kind(), script.sent().len()), (ErrorKind::Request, 1), "{error}");
    }
}
