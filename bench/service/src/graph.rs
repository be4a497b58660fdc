//! Microsoft Graph's list of sign-ins, as long as the token says.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::serve::ListenerExt as _;
use signin_sim::msgraph::Version;
use tokio::net::TcpListener;

use crate::pages::{Page, ROWS, prepare};

/// What is served at one address.
struct Graph {
    pages: Arc<[(&'static str, Vec<Page>); 2]>,
    origin: String,
    gzip: bool,
}

/// Serves at two addresses, by one of which gzip is given to who takes it.
pub(crate) async fn start() -> Result<(), Box<dyn Error>> {
    let pages = Arc::new([("v1.0", prepare(Version::V1)?), ("beta", prepare(Version::Beta)?)]);
    for (name, gzip) in [("gzip", true), ("plain", false)] {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        println!("graph={name} base_url={origin}");
        let graph = Graph { pages: Arc::clone(&pages), origin, gzip };
        let router = Router::new().fallback(serve).with_state(Arc::new(graph));
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    for (version, pages) in pages.iter() {
        for (number, Page { sum, raw_sum, .. }) in pages.iter().enumerate() {
            println!("version={version} page={number} events={ROWS} sum={sum} raw_sum={raw_sum}");
        }
    }
    Ok(())
}

async fn serve(State(graph): State<Arc<Graph>>, uri: Uri, headers: HeaderMap) -> Response {
    let answer = match graph.asked(&uri, &headers) {
        Some(asked) => {
            tokio::time::sleep(asked.think).await;
            graph.answer(&asked, takes_gzip(&headers)).ok()
        }
        None => None,
    };
    answer.unwrap_or_else(|| {
        let mut refusal = Response::new(Body::empty());
        *refusal.status_mut() = StatusCode::BAD_REQUEST;
        refusal
    })
}

/// A page that was asked for.
struct Asked<'g> {
    version: &'static str,
    pages: &'g [Page],
    number: u64,
    /// Pages of the whole list.
    of: u64,
    think: Duration,
}

impl Graph {
    /// The token is `bench.EVENTS.MILLISECONDS`: how long the list is, and how long a page takes.
    fn asked(&self, uri: &Uri, headers: &HeaderMap) -> Option<Asked<'_>> {
        let token = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer bench.")?;
        let (events, think) = token.split_once('.')?;
        let (version, path) = uri.path().strip_prefix('/')?.split_once('/')?;
        let (version, pages) = self.pages.iter().find(|(name, _)| *name == version)?;
        let query = uri.query().unwrap_or_default();
        let token = query.split('&').find_map(|pair| pair.strip_prefix("$skiptoken="));
        path.eq_ignore_ascii_case("auditLogs/signIns").then_some(())?;
        Some(Asked {
            version,
            pages,
            number: token.map_or(Some(0), |token| token.parse().ok())?,
            of: events.parse::<u64>().ok()?.div_ceil(ROWS),
            think: Duration::from_millis(think.parse().ok()?),
        })
    }

    fn answer(&self, asked: &Asked<'_>, takes_gzip: bool) -> Result<Response, Box<dyn Error>> {
        let Asked { version, pages, number, of, .. } = asked;
        let index = usize::try_from(*number)? % pages.len();
        let page = pages.get(index).ok_or("no page")?;
        let next = number + 1;
        let end = if next < *of {
            let origin = &self.origin;
            format!(
                "],\"@odata.nextLink\":\"{origin}/{version}/auditLogs/signIns?$top={ROWS}&$skiptoken={next}\"}}"
            )
        } else {
            "]}".to_owned()
        };
        let packed = self.gzip && takes_gzip;
        let body = if packed { page.ending_packed(&end)? } else { page.ending(&end) };
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if packed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Ok(response)
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("gzip"))
}
