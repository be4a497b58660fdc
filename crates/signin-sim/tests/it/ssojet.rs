//! SSOJet: both bodies of login logs, the users, cursors and refusals.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use signin_sim::ssojet::{Body, LastCursor, Service, Settings};
use signin_sim::{RetryAfter, Simulator};

use tokio::net::TcpStream;

use crate::wire::{Answer, ask_at, send};

async fn start(settings: Settings) -> (Simulator, Service) {
    let sim = Simulator::builder().seed(5).ssojet(settings).start().await.unwrap();
    let service = sim.ssojet().unwrap().clone();
    (sim, service)
}

/// Asks for a path below `/api/v1` with token and client id; `query` follows the client id.
async fn get(service: &Service, path: &str, query: &str) -> Answer {
    let token = format!("Authorization: Bearer {}", service.token());
    let line = format!("GET /api/v1/{path}?client_id={}{query}", service.client_id());
    ask_at(service.base_url(), &line, &[&token]).await
}

fn logs(user: &str) -> String {
    format!("users/{user}/loginlogs")
}

fn encoded(cursor: &str) -> String {
    cursor.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// The texts of all rows of a list, and how many rows each page had.
async fn pager(service: &Service, path: &str, query: &str, name: &str) -> (Vec<Value>, Vec<usize>) {
    let (mut rows, mut sizes, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let answer = get(service, path, &format!("{query}{cursor}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let mut body = answer.json();
        let page = body[name].as_array_mut().unwrap();
        sizes.push(page.len());
        rows.append(page);
        match body["next_cursor"].as_str() {
            Some(next) if !next.is_empty() => cursor = format!("&cursor={}", encoded(next)),
            _ => return (rows, sizes),
        }
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn the_older_body_is_the_truth_at_once_the_oldest_first() {
    let (_sim, service) = start(Settings::default()).await;
    let mut total = 0;
    for user in service.user_ids() {
        let truth: Vec<_> =
            service.sign_ins(&user).map(|sign_in| sign_in.to_json(Body::Older)).collect();
        let answer = get(&service, &logs(&user), "&cursor=x&event=other").await;
        assert_eq!(answer.body, format!("{{\"login_logs\":[{}]}}", truth.join(",")));
        let times: Vec<_> = service.sign_ins(&user).map(|sign_in| sign_in.created_at).collect();
        assert!(times.is_sorted() && times.iter().all(|time| *time < service.now()));
        total += truth.len();
    }
    assert_eq!(total, 1_000);
}

#[tokio::test]
async fn the_newer_body_is_the_truth_page_by_page() {
    for (short, last_cursor) in
        [(false, LastCursor::Null), (true, LastCursor::Empty), (true, LastCursor::Absent)]
    {
        let settings = Settings::default().body(Body::Newer).short_pages(short);
        let (_sim, service) = start(settings.last_cursor(last_cursor)).await;
        for user in service.user_ids() {
            let truth = service.sign_ins(&user).map(|sign_in| sign_in.to_json(Body::Newer));
            let truth: Vec<_> = truth.map(|text| json(&text)).collect();
            let (rows, sizes) =
                pager(&service, &logs(&user), "&event=login&limit=10", "audit_logs").await;
            assert_eq!(rows, truth);
            let inner = &sizes[..sizes.len() - 1];
            assert!(inner.iter().all(|size| *size <= 10 && (short || *size == 10)), "{sizes:?}");
            assert_eq!(short, inner.contains(&0), "{sizes:?}");
        }
    }
}

#[tokio::test]
async fn the_users_are_the_truth_and_one_is_found_by_his_address() {
    let (_sim, service) = start(Settings::default().users(230)).await;
    let truth: Vec<_> = service.users().map(|user| json(&user.to_json())).collect();
    assert_eq!(pager(&service, "users", "", "users").await.1, [50, 50, 50, 50, 30]);
    let (rows, sizes) = pager(&service, "users", "&limit=1000", "users").await;
    assert_eq!((rows, sizes), (truth, vec![100, 100, 30]));
    let user = service.users().nth(17).unwrap();
    let email = user.email.replace('@', "%40");
    let (rows, _) = pager(&service, "users", &format!("&email={email}"), "users").await;
    assert_eq!(rows, [json(&user.to_json())]);
    for nobody in ["user017%40acme.example", "user230%40acme.example", "x", ""] {
        let (rows, _) = pager(&service, "users", &format!("&email={nobody}"), "users").await;
        assert!(rows.is_empty(), "{nobody}");
    }
    let ids: Vec<_> = service.user_ids().collect();
    assert!(!ids.is_sorted() && ids.iter().all(|id| id.len() == 24), "{ids:?}");
}

#[tokio::test]
async fn the_known_oddities_occur() {
    let (_sim, service) = start(Settings::default().users(1).events(2_000)).await;
    let user = service.user_ids().next().unwrap();
    let texts = |body| service.sign_ins(&user).map(move |sign_in| sign_in.to_json(body));
    let older: Vec<_> = texts(Body::Older).collect();
    let newer: Vec<_> = texts(Body::Newer).collect();
    assert!(older.iter().all(|row| row.contains(r#""UserAgent":"","Name":"Amazon CloudFront""#)));
    for (rows, city) in [(&older, "\"City\":\"UnknownCity\""), (&newer, "\"city\":\"UnknownCity\"")]
    {
        assert!(rows.iter().any(|row| row.contains(city)));
        assert!(rows.iter().any(|row| row.contains("2001:db8:")));
        let pairs = rows.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!(pairs >= 2_000 / 40, "{pairs} rows are alike in every byte");
    }
    let digits = |rows: &[String]| -> BTreeSet<usize> {
        let time = |row: &String| row.rsplit_once("\":\"").unwrap().1.to_owned();
        let digits = |time: String| time.split_once('.').map_or(0, |(_, rest)| rest.len() - 3);
        rows.iter().map(time).map(digits).collect()
    };
    assert!(digits(&older).is_subset(&(0..=3).collect()) && digits(&older).contains(&2));
    assert!(digits(&newer).contains(&9));
    assert!(newer.iter().any(|row| row.contains("\"os\":\"\"")));
}

#[tokio::test]
async fn what_is_wrong_is_refused_in_the_bodys_own_shape() {
    for body in [Body::Older, Body::Newer] {
        let (_sim, service) = start(Settings::default().body(body).deleted_users(1)).await;
        let mut users = service.user_ids();
        let (gone, user) = (users.next().unwrap(), users.next().unwrap());
        let newer = if body == Body::Newer { 400 } else { 200 };
        for (path, query, status) in [
            ("users".to_owned(), "&client_id=other", 400),
            ("users".to_owned(), "&limit=0", 400),
            ("users".to_owned(), "&limit=x", 400),
            ("users".to_owned(), "&cursor=", 400),
            ("users".to_owned(), "&cursor=0+1/0==", 400),
            (logs(&user), "", newer),
            (logs(&user), "&event=logout", newer),
            (logs(&gone), "&event=login", 404),
            (logs("0123456789abcdef01234567"), "&event=login", 404),
            (logs("%ff"), "&event=login", 404),
            ("elsewhere".to_owned(), "", 404),
        ] {
            let answer = get(&service, &path, query).await;
            assert_eq!(answer.status, status, "{path} {query}");
            if status == 200 {
                continue;
            }
            match body {
                Body::Newer => {
                    let json = answer.json();
                    assert_eq!(json["error"], status);
                    assert!(
                        json["error_code"].is_string() && json["error_description"].is_string()
                    );
                }
                _ => assert!(!answer.body.starts_with('{'), "{}", answer.body),
            }
        }
        assert_eq!(service.sign_ins(&gone).len(), 0);
        for token in ["Authorization: Bearer x", "X-Nothing: 1"] {
            let answer = ask_at(service.base_url(), "GET /api/v1/users", &[token]).await;
            assert_eq!(answer.status, 401, "before client_id is looked at");
        }
    }
}

#[tokio::test]
async fn tokens_are_given_for_the_clients_secret_and_accepted_beside_the_key() {
    let (_sim, service) = start(Settings::default()).await;
    let (oauth, address) = (service.oauth(), service.base_url().strip_prefix("http://").unwrap());
    assert_eq!(oauth.token_url(), format!("{}/api/v1/oauth2/token", service.base_url()));
    assert_eq!(oauth.client_id(), service.client_id());
    for (scope, status) in [("sys_owner", 200), ("other", 400)] {
        let body = serde_json::json!({
            "client_id": oauth.client_id(),
            "client_secret": oauth.client_secret(),
            "grant_type": "client_credentials",
            "scope": scope,
        });
        let stream = TcpStream::connect(address).await.unwrap();
        let (line, kind) = ("POST /api/v1/oauth2/token", "Content-Type: application/json");
        let answer = send(stream, line, &[kind], &body.to_string()).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        let Some(token) = answer.json()["access_token"].as_str().map(str::to_owned) else {
            assert_eq!(answer.json()["error"], 400);
            continue;
        };
        let token = format!("Authorization: Bearer {token}");
        let line = format!("GET /api/v1/users?client_id={}", service.client_id());
        assert_eq!(ask_at(service.base_url(), &line, &[&token]).await.status, 200);
        oauth.revoke();
        assert_eq!(ask_at(service.base_url(), &line, &[&token]).await.status, 401);
    }
    assert_eq!(get(&service, "elsewhere", "").await.status, 404);
}

#[tokio::test]
async fn sign_ins_arrive_at_the_end_and_a_limit_holds_where_one_is_set() {
    let (_sim, service) = start(Settings::default().events(90).arrivals(2, 3)).await;
    let user = service.user_ids().last().unwrap();
    let before: Vec<_> = service.sign_ins(&user).collect();
    for _ in 0..4 {
        assert_eq!(get(&service, "users", "").await.status, 200);
    }
    let after: Vec<_> = service.sign_ins(&user).collect();
    assert_eq!(after.len(), before.len() + 6);
    assert_eq!(after[..before.len()], before);
    assert!(after.iter().map(|sign_in| sign_in.created_at).is_sorted());
    assert!(after.last().unwrap().created_at < service.now());

    let settings = Settings::default().per_minute(1).retry_after(Some(RetryAfter::Seconds(9)));
    let (_sim, service) = start(settings.rate_window(Duration::from_secs(3600))).await;
    assert_eq!(get(&service, "users", "").await.status, 200);
    let answer = get(&service, "users", "").await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("9")));
    let (_sim, service) = start(Settings::default().fail_every(2, 500)).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(get(&service, "users", "").await.status);
    }
    assert_eq!((statuses, service.stats().faults), (vec![200, 500, 200, 500], 2));
}

#[tokio::test]
async fn cursors_of_before_are_refused_and_new_ones_are_taken() {
    let (_sim, service) = start(Settings::default().body(Body::Newer)).await;
    let user = logs(&service.user_ids().next().unwrap());
    let first = || async { get(&service, &user, "&event=login&limit=2").await.json() };
    let old = first().await["next_cursor"].as_str().unwrap().to_owned();
    let at = |cursor: &str| format!("&event=login&limit=2&cursor={}", encoded(cursor));
    assert_eq!(get(&service, &user, &at(&old)).await.status, 200);
    service.refuse_continuations();
    assert_eq!(get(&service, &user, &at(&old)).await.status, 400);
    let new = first().await["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(get(&service, &user, &at(&new)).await.status, 200);
}
