//! What the suite must know of a vendor's crate.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use signin_core::testing::Scripted;
use signin_core::{Items, Limits, Operation, Result, RetryPolicy};

use crate::samples::Sample;
use crate::secrets::mark_key;

/// The token of every client that is not an application. No other text has twelve characters in a
/// row of it.
pub const TOKEN: &str = "Marked.Token/0123456789+AbCdEfGh_~ZyXwV";

/// The secret of every application, likewise.
pub const SECRET: &str = "Marked Secret/9876543210 \"<&>\\+%41é~Quite_Odd";

/// The end of every token that an application is given, likewise.
pub const ISSUED: &str = "Of+The/Contract_IsMarkedToo";

/// The certificate of every application that signs in by one.
pub const CERTIFICATE: &str = include_str!("../keys/rsa.cert.pem");

/// Its private key.
pub const KEY: &str = include_str!("../keys/rsa.pkcs8.pem");

/// A vendor's crate: how its client is built, its list walked, and a page of it written.
pub trait Vendor: 'static {
    /// The client.
    type Client: fmt::Debug + Clone + Send + Sync + 'static;
    /// The list that is walked.
    type List: Operation<Item: fmt::Debug>;

    /// The base URL of clients that are answered from a script: https.
    const BASE: &'static str;
    /// How the list is asked for.
    const METHOD: &'static str = "GET";
    /// The query parameter that says which page is asked for, without the `$` that it may have.
    const PARAMETER: &'static str;
    /// The error bodies that the vendor documents, objects, as they stand in a page that failed
    /// with a good status.
    const ERRORS: &'static [&'static str];
    /// Whether a resumed pager yields again, once, what came before: a list without an order.
    const REPEATS: bool = false;

    /// Whether records have no ids: what came comes again where a list is begun again.
    const ALIKE: bool = false;

    /// A client with [`TOKEN`].
    ///
    /// # Errors
    /// The builder's.
    fn client(setup: &Setup) -> Result<Self::Client>;

    /// A pager over the list with pages of this size, from 1 to 100; where pages have no size, another
    /// pager for another size.
    fn pager(client: &Self::Client, size: u32) -> Items<Self::List>;

    /// Asks once for something that is named by an id of the caller's, in each place where one can
    /// stand. Left out where there is none.
    fn ask(setup: &Setup, id: &str) -> impl Future<Output = Result<()>> {
        async move { panic!("{setup:?}: no id like {id:?}") }
    }

    /// A record that the list's type takes, an object, told apart from others by its number, which
    /// is above 0 and below 3,000.
    fn record(number: u64) -> String;

    /// The documented sample of the list.
    fn sample() -> Sample;

    /// A page of records as the vendor writes it.
    fn page(page: &Page<'_>) -> String;
}

/// Whether a vendor's pages are numbered: a number never dies.
#[must_use]
pub fn is_numbered<V: Vendor>() -> bool {
    V::PARAMETER.starts_with("page")
}

/// A vendor whose pages say how to go on.
pub trait Continued: Vendor {
    /// The member that says it.
    const MEMBER: &'static str;
    /// Texts of JSON that are no continuation. Such as are of another kind than text or number are
    /// tried in any case.
    const NONE: &'static [&'static str] = &[];
}

/// A vendor whose pages name the next one by its address.
pub trait Linked: Continued {
    /// The address below this base URL of the page that this text stands for.
    fn link(base: &str, text: &str) -> String;
}

/// A vendor that gives tokens for an application's secret.
pub trait App: Vendor {
    /// A client that shows [`SECRET`] to the token endpoint below this base URL, which ends in
    /// `token`. Where the vendor has no URL of its own for it, it stands below the client's base.
    ///
    /// # Errors
    /// The builder's.
    fn app(setup: &Setup, auth_url: &str) -> Result<Self::Client>;
}

/// A vendor that gives tokens for an assertion that a certificate's key signs, too.
pub trait Certified: App {
    /// The same as [`App::app`] by this certificate and its key, both PEM.
    ///
    /// # Errors
    /// The builder's.
    fn certified(
        setup: &Setup,
        auth_url: &str,
        certificate: &str,
        key: &str,
    ) -> Result<Self::Client>;
}

/// A vendor whose application signs in by [`CERTIFICATE`] and [`KEY`].
#[derive(Debug)]
pub struct ByCertificate<V>(PhantomData<V>);

impl<V: Certified> Vendor for ByCertificate<V> {
    type Client = V::Client;
    type List = V::List;

    const BASE: &'static str = V::BASE;
    const METHOD: &'static str = V::METHOD;
    const PARAMETER: &'static str = V::PARAMETER;
    const ERRORS: &'static [&'static str] = V::ERRORS;
    const REPEATS: bool = V::REPEATS;

    fn client(setup: &Setup) -> Result<Self::Client> {
        V::client(setup)
    }

    fn pager(client: &Self::Client, size: u32) -> Items<Self::List> {
        V::pager(client, size)
    }

    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        V::ask(setup, id).await
    }

    fn record(number: u64) -> String {
        V::record(number)
    }

    fn sample() -> Sample {
        V::sample()
    }

    fn page(page: &Page<'_>) -> String {
        V::page(page)
    }
}

impl<V: Certified> App for ByCertificate<V> {
    /// From now on its key is looked for in all that can be read.
    fn app(setup: &Setup, auth_url: &str) -> Result<Self::Client> {
        mark_key(KEY);
        V::certified(setup, auth_url, CERTIFICATE, KEY)
    }
}

/// A page to be written.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The records, each a text of JSON.
    pub records: &'a [String],
    /// How it goes on.
    pub next: Next<'a>,
    /// How many records the list has, for vendors who say so.
    pub total: u64,
    /// The base URL that the service was asked at.
    pub base: &'a str,
}

/// How a page goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next<'a> {
    /// Not at all.
    End,
    /// With the page of this number, from 1. A cursor, or the token in a link, is any text whose
    /// digits are the number.
    Number(u64),
    /// With what this text names: in place of a link, or of a cursor.
    Text(&'a str),
    /// With this text of JSON in place of what would say it.
    Json(&'a str),
}

impl Page<'_> {
    /// The records, with commas in between.
    pub fn records(&self) -> String {
        self.records.join(",")
    }

    /// The continuation as JSON: a text that `write` makes of the next page's number; null at the
    /// end.
    pub fn next(&self, write: impl Fn(u64) -> String) -> String {
        match self.next {
            Next::End => "null".to_owned(),
            Next::Number(number) => quoted(&write(number)),
            Next::Text(text) => quoted(text),
            Next::Json(json) => json.to_owned(),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What a client is built with, beside its credential.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The base URL.
    pub base_url: String,
    /// Where answers come from; None for the network.
    pub transport: Option<Scripted>,
    /// How often a request is tried.
    pub retry: RetryPolicy,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// The largest body.
    pub body_cap: usize,
    /// The limits to keep.
    pub limits: Limits,
}

impl Setup {
    /// Answers from a script, tried as by default.
    pub fn scripted<V: Vendor>(script: &Scripted) -> Self {
        let transport = Some(script.clone());
        let limits = Limits::documented();
        let setup = Self::at(V::BASE.to_owned());
        Self { transport, limits, retry: RetryPolicy::default(), ..setup }
    }

    /// Answers from the service with this base URL, each request tried once, and no limits, so
    /// that no test waits.
    pub fn at(base_url: String) -> Self {
        Self {
            base_url,
            transport: None,
            retry: RetryPolicy::never(),
            timeout: Duration::from_secs(60),
            body_cap: 1 << 20,
            limits: Limits::none(),
        }
    }

    /// The same with requests that are tried so often, without a pause.
    #[must_use]
    pub fn tries(self, attempts: u32) -> Self {
        let retry = RetryPolicy::default().attempts(attempts);
        Self { retry: retry.delays(Duration::ZERO, Duration::ZERO), ..self }
    }

    /// The same with this time for each attempt.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }
}

/// Gives a vendor's builder what a [`Setup`] says. It shows no secret.
#[macro_export]
macro_rules! set_up {
    ($setup:expr, $builder:expr) => {{
        let setup: &$crate::vendor::Setup = $setup;
        let builder = $builder
            .base_url(setup.base_url.as_str())
            .retry(setup.retry.clone())
            .timeout(setup.timeout)
            .body_cap(setup.body_cap)
            .limits(setup.limits.clone());
        $crate::pagers::assert_no_secret(&format!("{builder:?} {builder:#?}"));
        match &setup.transport {
            Some(script) => builder.transport(script.clone()),
            None => builder,
        }
    }};
}
