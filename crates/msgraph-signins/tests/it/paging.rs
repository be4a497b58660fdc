//! Next links: followed whole (P1).

use signin_core::testing::{Reply, Scripted};

use crate::{client, page};

/// A skip token must never be taken out of its link: what stands beside it belongs to it.
#[tokio::test(start_paused = true)]
async fn p1_the_whole_link_is_followed_with_options_that_nobody_asked_for() {
    let next =
        "https://graph.microsoft.com/V1.0/AuditLogs/SignIns?$skiptoken=a%2Bb&$foo=(1)&cell=7";
    let script = Scripted::new([Reply::json(page([1], Some(next))), Reply::json(page([], None))]);
    crate::ids(&mut client(&script).sign_ins().items()).await;
    assert_eq!(script.urls()[1], next);
}
