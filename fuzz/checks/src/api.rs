//! An invented API behind a gateway, answered from a script: how the checks reach what the client
//! decides.

use std::borrow::Cow;
use std::cell::RefCell;

use signin_core::PageField;
use signin_core::Paging;
use signin_core::StaticToken;
use signin_core::testing::{Scripted, Sent};
use signin_core::vendor::{Client, ClientOptions};
use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};
use signin_core::{Credential, Json, Operation, PageLayout, Result, RetryPolicy, Transport};
use signin_core::{Request, Segment};
use tokio::runtime::{Builder, Runtime};
use url::Url;

/// The gateway that the client was built for.
pub(crate) const BASE: &str = "https://api.example/gate";
/// Where the list is asked for.
pub(crate) const PATH: &str = "/gate/v1/events";

/// The client's key.
pub(crate) const KEY: &str = "key-0123456789abcdef";

static ACME: VendorSpec = VendorSpec {
    name: "acme",
    agent: "acme-sdk/1.0",
    documented_base: Some("https://documented.example"),
    request_id: &["x-request-id"],
    fault,
};

fn fault(answer: &ErrorResponse<'_>) -> ErrorDetails {
    ErrorDetails {
        code: answer.text(&[&["code"]]),
        message: answer.text(&[&["message"]]),
        ..ErrorDetails::default()
    }
}

/// Runs to its end in time that stands still.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: RefCell<Runtime> = RefCell::new(
            Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .expect("a runtime is built"),
        );
    }
    RUNTIME.with_borrow(|runtime| runtime.block_on(work))
}

/// A client of [`BASE`].
pub(crate) fn client(transport: impl Transport, retry: RetryPolicy) -> Client {
    let mut settings = ClientOptions::new(&ACME, BASE, "");
    settings.set_credential(Credential::bearer(StaticToken::new(KEY).expect("the key is one")));
    settings.set_retry(retry);
    settings.set_transport(transport);
    settings.build().expect("the settings are complete")
}

/// Every request went to [`PATH`] of the gateway, over https.
pub(crate) fn check_origin(script: &Scripted) -> Vec<Sent> {
    check_origin_of(script, &[])
}

/// The same, where the things with these ids below [`PATH`] may be asked for too.
pub(crate) fn check_origin_of(script: &Scripted, ids: &[&str]) -> Vec<Sent> {
    let sent = script.sent();
    for request in &sent {
        let url = Url::parse(&request.url).expect("an address");
        let place = (url.scheme(), url.host_str(), url.port_or_known_default());
        assert_eq!(place, ("https", Some("api.example"), Some(443)), "{}", request.url);
        let mut paths = ids.iter().map(|id| format!("{PATH}/{id}")).chain([PATH.to_owned()]);
        assert!(paths.any(|path| url.path().eq_ignore_ascii_case(&path)), "{}", request.url);
        assert!(url.username().is_empty() && url.password().is_none(), "{}", request.url);
        assert!(!request.url.contains(KEY), "the key is in the address");
        assert!(request.url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", request.url);
    }
    sent
}

/// `GET /v1/events`, or below it.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) paging: Paging,
    pub(crate) id: Option<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) keeps_order: bool,
    /// Whether a record's own text is its id.
    pub(crate) keyed: bool,
}

impl Default for List {
    fn default() -> Self {
        let (id, query) = (None, Vec::new());
        Self { paging: Paging::None, id, query, keeps_order: true, keyed: false }
    }
}

impl Operation for List {
    type Item = Json;

    fn name(&self) -> &'static str {
        "events"
    }

    fn request(&self) -> Result<Request> {
        let mut path = ["v1", "events"].map(Segment::fixed).to_vec();
        if let Some(id) = &self.id {
            path.push(Segment::value("id", id)?);
        }
        let request = Request::get(path);
        Ok(self.query.iter().fold(request, |request, (name, value)| {
            request.query(Cow::Owned(name.clone()), value.clone())
        }))
    }

    fn layout(&self) -> PageLayout {
        PageLayout(&[
            (PageField::Records, &["data"]),
            (PageField::NextLink, &["next"]),
            (PageField::NextCursor, &["cursor"]),
            (PageField::NextPage, &["page"]),
            (PageField::Total, &["total"]),
            (PageField::PageSize, &["size"]),
        ])
    }

    fn paging(&self) -> Paging {
        self.paging
    }

    fn identity<'a>(&self, item: &'a Json) -> Option<Cow<'a, str>> {
        self.keyed.then(|| Cow::Borrowed(item.get()))
    }

    fn keeps_order(&self) -> bool {
        self.keeps_order
    }

    fn fixed_parameters(&self) -> &'static [&'static str] {
        &["until"]
    }
}
