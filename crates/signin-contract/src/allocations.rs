//! What a record costs in allocations, counted: a number that is the same on every machine.
//!
//! Counting takes an allocator of its own, and a program has one: a vendor's tests name it and give
//! the counter, which counts on its own thread.

use signin_core::Paging;
use signin_core::RateLimit;
use signin_core::Request;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Items, Json, Operation, PageLayout, Result};
use tokio::runtime::Builder;

/// How many records a page has, and then twice as many: what is left of the difference belongs to
/// the records, and not to the request, the page or the pager. Neither page is full where pages hold
/// a hundred.
const RECORDS: usize = 40;

/// Counts the allocations that some work makes.
pub type Count = fn(&mut dyn FnMut()) -> u64;

/// Whether serde_json keeps the text of every number, which costs an allocation each: some other
/// crate of the build has switched on its feature `arbitrary_precision`.
pub fn numbers_are_texts() -> bool {
    let digits = "1.00000000000000000000000001";
    let one = serde_json::from_str::<serde_json::Value>(digits).map(|one| one.to_string());
    one.is_ok_and(|one| one == digits)
}

/// How many allocations one more record costs in a walk over pages that `page` writes, of so many
/// records.
///
/// # Panics
/// If the pager fails, or not every record comes.
pub fn of_walk<O: Operation>(
    count: Count,
    page: impl Fn(usize) -> String,
    pager: impl Fn(Scripted) -> Items<O>,
) -> u64 {
    per_record(|records| {
        let (whole, empty) = (page(records), page(0));
        let mut replies = vec![Reply::json(whole)].into_iter();
        let script = Scripted::respond(move |_| {
            replies.next().unwrap_or_else(|| Reply::json(empty.clone()))
        });
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime");
        let mut pager = pager(script);
        let mut came = 0;
        let allocations = count(&mut || {
            runtime.block_on(async {
                while pager.try_next().await.expect("no error").is_some() {
                    came += 1;
                }
            });
        });
        assert_eq!(came, records);
        allocations
    })
}

/// How many allocations one more record costs where a page that `page` writes is read without a
/// client; `decode` says how many records it found.
///
/// # Panics
/// If not every record is found.
pub fn of_page(
    count: Count,
    page: impl Fn(usize) -> String,
    decode: impl Fn(&[u8]) -> usize,
) -> u64 {
    per_record(|records| {
        let page = page(records);
        let mut found = 0;
        let allocations = count(&mut || found = decode(page.as_bytes()));
        assert_eq!(found, records);
        allocations
    })
}

fn per_record(allocations: impl Fn(usize) -> u64) -> u64 {
    // What is made once in a program, by the first who needs it.
    allocations(RECORDS);
    let more = allocations(2 * RECORDS) - allocations(RECORDS);
    let records = u64::try_from(RECORDS).expect("a small number");
    // Lists that grow do so once more for twice as many records.
    assert!(more % records < records / 4, "{more} allocations for {records} records more");
    more / records
}

/// A vendor's list whose records are kept as they come.
#[derive(Debug, Clone)]
pub struct Raw<O>(pub O);

impl<O: Operation> Operation for Raw<O> {
    type Item = Json;

    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn request(&self) -> Result<Request> {
        self.0.request()
    }

    fn layout(&self) -> PageLayout {
        self.0.layout()
    }

    fn paging(&self) -> Paging {
        self.0.paging()
    }

    fn rate_limits(&self) -> &[RateLimit] {
        self.0.rate_limits()
    }

    fn keeps_order(&self) -> bool {
        self.0.keeps_order()
    }
}
