//! Users and the audit log: what is sent, and what their paging does.

use signin_core::testing::{Reply, Scripted};
use tines_admin::{ErrorKind, Timestamp, UserFilter, UserInclude};

use crate::client;

const USERS: &str = include_str!("../../../../fixtures/tines/users.json");
const AUDIT_LOGS: &str = include_str!("../../../../fixtures/tines/audit_logs.json");

#[tokio::test(start_paused = true)]
async fn p5_every_parameter_of_users_is_sent_as_documented() {
    let script = Scripted::new([Reply::json(USERS)]);
    let users = client(&script).users().filter(UserFilter::TenantOwner);
    let page = users.include(UserInclude::TeamMemberships).per_page(20).page(2).first_page().await;
    assert!(page.unwrap().items().count() > 0);
    assert_eq!(
        script.urls(),
        ["https://acme.tines.com/api/v1/admin/users\
          ?filter=TENANT_OWNER&include=team_memberships&per_page=20&page=2"]
    );
}

#[tokio::test(start_paused = true)]
async fn p5_every_parameter_of_the_audit_log_is_sent_as_documented() {
    let script = Scripted::new([Reply::json(AUDIT_LOGS)]);
    let time = |text| Timestamp::parse(text).unwrap();
    let rows = client(&script)
        .audit_logs()
        .user_id(72)
        .user_id("a b")
        .operation_name("Login")
        .operation_name("Logout&x=1")
        .after(time("2025-06-01T00:00:00Z"))
        .before(time("2025-06-10T00:00:00Z"))
        .first_page()
        .await
        .unwrap();
    assert!(rows.items().count() > 0);
    assert_eq!(
        script.urls(),
        ["https://acme.tines.com/api/v1/audit_logs?user_id%5B%5D=72&user_id%5B%5D=a%20b\
          &operation_name%5B%5D=Login&operation_name%5B%5D=Logout%26x%3D1\
          &before=2025-06-10T00%3A00%3A00Z&after=2025-06-01T00%3A00%3A00Z&per_page=500&page=1"]
    );
}

/// The service may take an empty filter for none.
#[tokio::test(start_paused = true)]
async fn p5_an_empty_filter_is_refused_before_everything_is_given() {
    let script = Scripted::new([]);
    let logs = || client(&script).audit_logs();
    for list in [logs().user_id(""), logs().user_id(1).operation_name(" ")] {
        let error = list.first_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().contains("is empty"), "{error}");
    }
    assert!(script.sent().is_empty());
}

/// The vendor's own SDK follows `next_page`, which keeps only one of several equal keys.
#[tokio::test(start_paused = true)]
async fn p1_every_page_is_asked_for_with_all_of_the_callers_filters() {
    let page = |id: u64, meta: &str| {
        format!(
            r#"{{"audit_logs":[{{"id":{id},"created_at":"2025-06-10T10:00:00Z"}}],"meta":{{{meta}}}}}"#
        )
    };
    let next = r#""next_page":"https://acme.tines.com/api/v1/audit_logs?user_id[]=2&page=2","next_page_number":2"#;
    let script = Scripted::new([Reply::json(page(2, next)), Reply::json(page(1, ""))]);
    let mut rows = client(&script).audit_logs().user_id(1).user_id(2).items();
    while rows.try_next().await.unwrap().is_some() {}
    let urls = script.urls();
    assert!(urls[1].contains("user_id%5B%5D=1&user_id%5B%5D=2"), "{}", urls[1]);
    assert!(urls[1].contains("before=2025-06-10T10%3A00%3A01Z&page=2"), "{}", urls[1]);
}

#[tokio::test(start_paused = true)]
async fn p8_a_plan_without_audit_log_is_told_apart_from_a_missing_permission() {
    for (status, kind, words) in [
        (403, ErrorKind::Permission, "AUDIT_LOG_READ"),
        (404, ErrorKind::NotFound, "not every plan has the audit log"),
    ] {
        let script = Scripted::new([Reply::status(status)]);
        let error = client(&script).audit_logs().first_page().await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains('…'), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn users_fix_no_end_since_they_have_no_time() {
    let more = r#"{"admin/users":[{"id":1}],"meta":{"next_page_number":2}}"#;
    let last = r#"{"admin/users":[{"id":2}],"meta":{}}"#;
    let script = Scripted::new(
        [more, last].map(|body| Reply::json(body).header("date", "Tue, 10 Jun 2025 10:30:00 GMT")),
    );
    let mut users = client(&script).users().items();
    while users.try_next().await.unwrap().is_some() {}
    assert!(script.urls().iter().all(|url| !url.contains("before")), "{:?}", script.urls());
}
