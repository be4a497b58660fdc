//! What a client tells of its service's own clock.

use signin_core::StaticToken;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Credential, ServiceClock};

use crate::api::{CURSOR, List, Row, page, settings};

/// What stands in between a client and its service has a clock of its own: an answer that is an
/// error, or no page, says nothing.
#[tokio::test(start_paused = true)]
async fn the_first_good_answer_says_what_time_it_is_for_the_service() {
    let dated = |reply: Reply, second: u32| {
        reply.header("date", &format!("Mon, 02 Mar 2026 09:30:0{second} GMT"))
    };
    let good = || Reply::json(page("", ""));
    let script =
        Scripted::new([dated(Reply::status(403), 1), good(), dated(good(), 3), dated(good(), 4)]);
    let clock = ServiceClock::default();
    let mut settings = settings("https://api.example");
    settings.set_transport(script);
    settings.set_service_clock(clock.clone());
    let client = settings.build().unwrap();
    let other = Credential::bearer(StaticToken::new("other-key-0123456789").unwrap());
    let sibling = client.sibling(other).unwrap();
    for (asked, seconds) in
        [(&client, None), (&client, None), (&sibling, Some(3)), (&client, Some(3))]
    {
        let _ = asked.execute(&List::<Row>::new(CURSOR)).await;
        let first = clock.first().map(|first| first.unix_timestamp() - 1_772_443_800);
        assert_eq!(first, seconds);
        assert_eq!(clock.ahead().is_some(), seconds.is_some());
    }
}
