//! A client of a few lines: one request, one connection, the bytes of the answer.

use serde_json::Value;
use signin_sim::{Simulator, tines};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A simulator of one tenant.
pub(crate) async fn start(seed: u64, settings: tines::Settings) -> (Simulator, tines::Service) {
    let sim = Simulator::builder().seed(seed).tines(settings).start().await.unwrap();
    let tines = sim.tines().unwrap().clone();
    (sim, tines)
}

/// An answer as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The page's rows, each as its own text.
    pub(crate) fn rows(&self) -> Vec<String> {
        let rows = &self.json()["admin/login_activities"];
        rows.as_array().unwrap().iter().map(|row| row["id"].to_string()).collect()
    }

    /// The ids under another member than that of activities.
    pub(crate) fn ids_under(&self, member: &str) -> Vec<u64> {
        let rows = &self.json()[member];
        rows.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
    }

    /// The body begins with these rows under `member`, byte for byte, and no others.
    pub(crate) fn assert_begins(&self, member: &str, rows: &[String]) {
        let sent = format!("{{\"{member}\":[{}],\"meta\":", rows.join(","));
        assert!(self.body.starts_with(&sent), "{sent}\n{}", self.body);
    }

    pub(crate) fn meta(&self) -> Value {
        self.json()["meta"].clone()
    }
}

/// Connects to a service.
pub(crate) async fn connect(tines: &tines::Service) -> TcpStream {
    TcpStream::connect(tines.base_url().strip_prefix("http://").unwrap()).await.unwrap()
}

/// Sends a request with these header lines, and reads to the end of the connection.
pub(crate) async fn ask(tines: &tines::Service, start: &str, headers: &[&str]) -> Answer {
    send(connect(tines).await, start, headers, "").await
}

/// The same of any service.
pub(crate) async fn ask_at(base_url: &str, start: &str, headers: &[&str]) -> Answer {
    let stream = TcpStream::connect(base_url.strip_prefix("http://").unwrap()).await.unwrap();
    send(stream, start, headers, "").await
}

/// The same over a connection to any service, with a body.
pub(crate) async fn send(
    mut stream: TcpStream,
    start: &str,
    headers: &[&str],
    body: &str,
) -> Answer {
    let mut request = format!("{start} HTTP/1.1\r\nHost: acme.example\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    if !body.is_empty() {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Path and query of a user's activities.
pub(crate) fn path(user_id: u64, query: &str) -> String {
    format!("/api/v1/admin/users/{user_id}/signin_activities{query}")
}

/// Asks with the right key.
pub(crate) async fn get(tines: &tines::Service, path: &str) -> Answer {
    let key = format!("Authorization: Bearer {}", tines.api_key());
    ask(tines, &format!("GET {path}"), &[&key]).await
}

/// Asks for a user's activities with the right key, and expects an answer.
pub(crate) async fn activities(tines: &tines::Service, user_id: u64, query: &str) -> Answer {
    let answer = get(tines, &path(user_id, query)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

/// Asks for a path with the right key, and expects an answer.
pub(crate) async fn found(tines: &tines::Service, path: &str) -> Answer {
    let answer = get(tines, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer
}

/// Follows `next_page_number` from page one of a list under `member`; `path` has a query.
pub(crate) async fn walk_under(tines: &tines::Service, path: &str, member: &str) -> Vec<u64> {
    let (mut rows, mut page) = (Vec::new(), Some(1));
    while let Some(number) = page {
        let answer = found(tines, &format!("{path}&page={number}")).await;
        rows.extend(answer.ids_under(member));
        page = answer.meta()["next_page_number"].as_u64();
    }
    rows
}

/// The ids of the truth.
pub(crate) fn ids(rows: tines::SignIns) -> Vec<String> {
    rows.map(|row| row.id.to_string()).collect()
}

/// The user with the most sign-ins.
pub(crate) fn busiest(tines: &tines::Service) -> u64 {
    tines.user_ids().max_by_key(|user| tines.sign_ins(*user, None, None).len()).unwrap()
}
