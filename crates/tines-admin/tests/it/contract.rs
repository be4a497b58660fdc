//! The contract of all vendors, by the sign-in activities of a user, the users and the audit log.

use signin_contract::samples::Sample;
use signin_contract::vendor::{Continued, Next, Page, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};
use tines_admin::{Client, Items, Result, SigninActivities};

struct Tines;

impl Vendor for Tines {
    type Client = Client;
    type List = SigninActivities;

    const BASE: &'static str = "https://acme.tines.com";
    const PARAMETER: &'static str = "page";
    const ERRORS: &'static [&'static str] = &[
        r#"{"type":"ServerError","status_code":500,"errors":[{"message":"Failed","details":"Try again"}]}"#,
        r#"{"type":"ServerError","status_code":500,"errors":[]}"#,
    ];

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder("acme.tines.com").token(TOKEN)).build()
    }

    fn pager(client: &Client, size: u32) -> Items<SigninActivities> {
        client.signin_activities(72).per_page(size).items()
    }

    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        Self::client(setup)?.signin_activities(id).first_page().await.map(drop)
    }

    fn record(number: u64) -> String {
        crate::row(number)
    }

    fn sample() -> Sample {
        Sample::new(
            include_str!("../../../../fixtures/tines/signin_activities.json"),
            "/admin~1login_activities",
        )
    }

    fn page(page: &Page<'_>) -> String {
        page_of("admin/login_activities", page)
    }
}

const MEMBER: &str = "next_page_number";
const NONE: &[&str] = &["2.5", "-1", "\"two\"", "18446744073709551616"];

impl Continued for Tines {
    const MEMBER: &'static str = MEMBER;
    const NONE: &'static [&'static str] = NONE;
}

/// A page of the list of this name.
fn page_of(list: &str, page: &Page<'_>) -> String {
    let member = if matches!(page.next, Next::Text(_)) { "next_page" } else { MEMBER };
    let next = page.next(|number| number.to_string());
    format!(
        r#"{{"{list}":[{}],"meta":{{"{member}":{next},"count":{}}}}}"#,
        page.records(),
        page.total
    )
}

contract! {
    vendor: Tines,
    totals: yes,
    continuations: yes,
    links: no("pages are numbered: a link is read for its number only, and never followed"),
    ids: yes,
    tokens: no("keys are made by hand and do not end"),
    certificates: no("there is no login"),
}

mod users {
    use tines_admin::Users as List;

    use super::*;

    struct Users;

    impl Vendor for Users {
        type Client = Client;
        type List = List;

        const BASE: &'static str = Tines::BASE;
        const PARAMETER: &'static str = Tines::PARAMETER;
        const ERRORS: &'static [&'static str] = Tines::ERRORS;

        fn client(setup: &Setup) -> Result<Client> {
            Tines::client(setup)
        }

        fn pager(client: &Client, size: u32) -> Items<List> {
            client.users().per_page(size).items()
        }

        fn record(number: u64) -> String {
            format!(r#"{{"id":{number},"email":"ada-{number}@example.com","is_active":true}}"#)
        }

        fn sample() -> Sample {
            Sample::new(include_str!("../../../../fixtures/tines/users.json"), "/admin~1users")
        }

        fn page(page: &Page<'_>) -> String {
            page_of("admin/users", page)
        }
    }

    impl Continued for Users {
        const MEMBER: &'static str = MEMBER;
        const NONE: &'static [&'static str] = NONE;
    }

    contract! {
        vendor: Users,
        totals: yes,
        continuations: yes,
        links: no("pages are numbered: a link is read for its number only, and never followed"),
        ids: no("its path has none"),
        tokens: no("keys are made by hand and do not end"),
        certificates: no("there is no login"),
    }
}

mod audit_logs {
    use tines_admin::AuditLogs as List;

    use super::*;

    struct AuditLogs;

    impl Vendor for AuditLogs {
        type Client = Client;
        type List = List;

        const BASE: &'static str = Tines::BASE;
        const PARAMETER: &'static str = Tines::PARAMETER;
        const ERRORS: &'static [&'static str] = Tines::ERRORS;

        fn client(setup: &Setup) -> Result<Client> {
            Tines::client(setup)
        }

        fn pager(client: &Client, size: u32) -> Items<List> {
            client.audit_logs().per_page(size).items()
        }

        fn record(number: u64) -> String {
            let minute = number / 7 % 60;
            format!(
                r#"{{"id":{number},"created_at":"2025-06-10T10:{minute:02}:00Z","operation_name":"Login","user_id":72}}"#
            )
        }

        fn sample() -> Sample {
            Sample::new(include_str!("../../../../fixtures/tines/audit_logs.json"), "/audit_logs")
        }

        fn page(page: &Page<'_>) -> String {
            page_of("audit_logs", page)
        }
    }

    impl Continued for AuditLogs {
        const MEMBER: &'static str = MEMBER;
        const NONE: &'static [&'static str] = NONE;
    }

    contract! {
        vendor: AuditLogs,
        totals: yes,
        continuations: yes,
        links: no("pages are numbered: a link is read for its number only, and never followed"),
        ids: no("its path has none"),
        tokens: no("keys are made by hand and do not end"),
        certificates: no("there is no login"),
    }
}
