//! One sign-in by its id: as it is answered, as it is documented, and by the way round.

use msgraph_signins::{ApiVersion, ErrorKind};
use signin_contract::samples::body;
use signin_core::testing::{Reply, Scripted};

use crate::tenant::decoded;
use crate::{client, page};

const ENTITY: &str = include_str!("../../../../fixtures/msgraph/sign_in.entity.json");
const WRAPPED: &str = include_str!("../../../../fixtures/msgraph/sign_in.fido2_mfa.http");

#[tokio::test(start_paused = true)]
async fn the_bare_record_and_the_documented_wrapper_are_both_read() {
    for (text, id) in [
        (ENTITY, "00000051-0000-4000-8000-000000000001"),
        (WRAPPED, "b01b1726-0147-425e-a7f7-21f252050400"),
    ] {
        let body = body(text);
        let script = Scripted::new([Reply::json(body.clone())]);
        let sign_in = client(&script).sign_in(id).send().await.unwrap();
        assert_eq!(sign_in.id.as_deref(), Some(id));
        assert!(sign_in.extra().is_empty(), "{:?}", sign_in.extra());
        assert!(body.contains(sign_in.raw()), "its own bytes");
        assert_eq!(
            script.urls(),
            [format!("https://graph.microsoft.com/v1.0/auditLogs/signIns/{id}")]
        );
        let sent = &script.sent()[0];
        assert_eq!(sent.header("prefer"), Some("include-unknown-enum-members"));
        assert!(sent.header("client-request-id").is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_one_record_that_was_asked_for_is_an_error() {
    for (body, reason) in [
        (page([], None), "holds 0 sign-ins"),
        (page([7, 7], None), "holds 2 sign-ins"),
        (page([8], None), "another sign-in"),
        ("{}".to_owned(), "holds no sign-in"),
        ("[]".to_owned(), "holds 0 sign-ins"),
        (r#"{"value":{}}"#.to_owned(), "/value"),
        (r#"{"id":{}}"#.to_owned(), "a record was not read: /id"),
    ] {
        let script = Scripted::respond(move |_| Reply::json(body.clone()));
        let error = client(&script).sign_in("7").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.to_string().contains('…'), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_not_found_by_its_id_is_looked_for_in_the_list() {
    let script = Scripted::new([Reply::status(404), Reply::json(page([7], None))]);
    let sign_in = client(&script).sign_in("7").send().await.unwrap();
    assert_eq!(sign_in.id.as_deref(), Some("7"));
    assert!(script.urls()[1].contains("/v1.0/auditLogs/signIns?%24filter=id%20eq%20%277%27&"));

    let script = Scripted::new([Reply::status(404), Reply::json(page([7], None))]);
    client(&script).sign_in("7").api_version(ApiVersion::Beta).send().await.unwrap();
    let url = decoded(&script.urls()[1]);
    assert!(url.contains("/beta/") && url.contains("t eq 'managedIdentity'"), "{url}");

    let script = Scripted::new([Reply::status(404), Reply::json(page([], None))]);
    let error = client(&script).sign_in("7").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("kept for 7 days, or 30"), "{error}");

    let revised = r#"{"value":[{"id":"7","riskState":"none"},{"id":"7","riskState":"atRisk"}]}"#;
    let script = Scripted::new([Reply::status(404), Reply::json(revised)]);
    let error = client(&script).sign_in("7").send().await.unwrap_err();
    assert!(error.to_string().contains("sign_ins().id()"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn it_is_an_operation_like_others_for_who_walks_and_counts() {
    let (alone, wrapped) = (r#"{"id":"7","userId":"u"}"#.to_owned(), page([7, 7], None));
    for (body, rows) in [(alone, 1), (wrapped, 2), (page([], None), 0)] {
        let script = Scripted::new([Reply::json(body.clone())]);
        let client = client(&script);
        let asked = client.sign_in("7");
        let mut items = client.items(asked.clone());
        let mut read = 0;
        while let Some(record) = items.try_next().await.unwrap() {
            asked.check(&record).unwrap();
            assert!(body.contains(record.raw()), "its own bytes");
            let other = client.sign_in("8").check(&record).unwrap_err();
            assert_eq!(other.kind(), ErrorKind::Decode);
            read += 1;
        }
        assert_eq!((read, items.report().requests), (rows, 1));
    }
    let script = Scripted::new([Reply::json(page([7, 7], None))]);
    let revisions = client(&script).sign_in("7").select(["userId"]).in_list().first_page().await;
    assert_eq!(revisions.unwrap().rows().len(), 2);
    let url = decoded(&script.urls()[0]);
    assert!(url.contains("id eq '7'") && url.contains("$select=id,userId"), "{url}");
}

#[tokio::test(start_paused = true)]
async fn other_errors_are_no_reason_to_look_in_the_list() {
    let script = Scripted::new([Reply::status(403)]);
    let error = client(&script).sign_in("7").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(script.sent().len(), 1);
}
