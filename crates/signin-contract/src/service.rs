//! A service that serves pages as a vendor writes them, from a script or from a socket.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use signin_core::testing::{Reply, Scripted, Sent};

use crate::server::{Act, Server, answer};
use crate::vendor::{Next, Page, Setup, Vendor};

/// A list of a vendor's records, page by page.
#[derive(Debug)]
pub struct Book<V> {
    pages: Vec<Vec<String>>,
    total: u64,
    vendor: PhantomData<fn() -> V>,
}

impl<V> Clone for Book<V> {
    fn clone(&self) -> Self {
        Self { pages: self.pages.clone(), total: self.total, vendor: PhantomData }
    }
}

impl<V: Vendor> Book<V> {
    /// Pages of records with these numbers.
    pub fn new<'a>(pages: impl IntoIterator<Item = &'a [u64]>) -> Self {
        let page = |page: &[u64]| page.iter().map(|number| V::record(*number)).collect();
        Self::of(pages.into_iter().map(page).collect())
    }

    /// Pages of these records.
    pub fn of(pages: Vec<Vec<String>>) -> Self {
        let total = pages.iter().map(Vec::len).sum::<usize>().try_into().unwrap_or(u64::MAX);
        Self { pages, total, vendor: PhantomData }
    }

    /// Three pages of three records each, the last of which is not full.
    pub fn three() -> Self {
        Self::new([[1, 2, 3].as_slice(), &[4, 5, 6], &[7, 8]])
    }

    /// The same, and says this total.
    #[must_use]
    pub fn total(self, total: u64) -> Self {
        Self { total, ..self }
    }

    /// All records, in order.
    pub fn records(&self) -> Vec<String> {
        self.pages.concat()
    }

    /// The page of this number, from 1. After the last one there are empty ones.
    pub fn page(&self, number: usize, base: &str) -> String {
        let following = u64::try_from(number.saturating_add(1)).unwrap_or(u64::MAX);
        let next = if number < self.pages.len() { Next::Number(following) } else { Next::End };
        self.page_with(number, next, base)
    }

    /// The records of the page of this number, and another way on.
    pub fn page_with(&self, number: usize, next: Next<'_>, base: &str) -> String {
        let records = self.pages.get(number.saturating_sub(1)).map_or(&[][..], Vec::as_slice);
        V::page(&Page { records, next, total: self.total, base })
    }

    /// A script that answers from the book.
    pub fn script(&self) -> Scripted {
        self.script_but(|_, _| None)
    }

    /// The same, but for the requests that `instead` answers by their number, from 1.
    pub fn script_but(
        &self,
        mut instead: impl FnMut(usize, &Sent) -> Option<Reply> + Send + 'static,
    ) -> Scripted {
        let (book, mut number) = (self.clone(), 0);
        Scripted::respond(move |sent| {
            number += 1;
            let page = || Reply::json(book.page(asked::<V>(&sent.url), V::BASE));
            instead(number, sent).unwrap_or_else(page)
        })
    }

    /// A script whose answer to every request for its second page is this one.
    pub fn script_with_second(&self, reply: &Reply) -> Scripted {
        let reply = reply.clone();
        self.script_but(move |_, sent| (asked::<V>(&sent.url) == 2).then(|| reply.clone()))
    }
}

/// The number of the page that is asked for by this address, or this request line.
pub fn asked<V: Vendor>(url: &str) -> usize {
    let (_, query) = url.split(' ').find_map(|part| part.split_once('?')).unwrap_or_default();
    let value = query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let name = name.trim_start_matches("%24").trim_start_matches('$');
        (name == V::PARAMETER).then_some(value)
    });
    let digits: String = value.unwrap_or("1").chars().filter(char::is_ascii_digit).collect();
    // What is no page's number stands for one after the last page.
    digits.parse().unwrap_or(usize::MAX)
}

/// What becomes of a good answer.
type Fault = Box<dyn FnOnce(Vec<u8>) -> Act + Send>;

/// A book on a socket.
pub struct Service {
    server: Server,
    faults: Arc<Mutex<VecDeque<Fault>>>,
}

impl Service {
    /// Serves a book.
    pub async fn start<V: Vendor>(book: &Book<V>) -> Self {
        let faults = Arc::new(Mutex::new(VecDeque::<Fault>::new()));
        let (book, waiting) = (book.clone(), Arc::clone(&faults));
        let server = Server::respond(move |request, base| {
            let line = request.lines().next().unwrap_or_default();
            let whole = answer("200 OK", "", book.page(asked::<V>(line), base));
            match waiting.lock().expect("no test holds it").pop_front() {
                Some(fault) => fault(whole),
                None => Act::Write(whole),
            }
        })
        .await;
        Self { server, faults }
    }

    /// Does this with the answer to the next request.
    pub fn spoil(&self, fault: impl FnOnce(Vec<u8>) -> Act + Send + 'static) {
        self.faults.lock().expect("no test holds it").push_back(Box::new(fault));
    }

    /// A client's setup.
    pub fn setup(&self) -> Setup {
        Setup::at(self.server.base())
    }

    /// Its server.
    pub fn server(&self) -> &Server {
        &self.server
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("server", &self.server).finish_non_exhaustive()
    }
}
