//! The token goes to its own origin only (P4).

use msgraph_signins::{Client, Cloud, ErrorKind};
use signin_core::testing::{Reply, Scripted};

use crate::{TENANT, client, link, page};

#[tokio::test(start_paused = true)]
async fn p4_a_link_to_another_cloud_list_or_version_is_refused() {
    for next in [
        "https://graph.microsoft.us/v1.0/auditLogs/signIns?$skiptoken=a",
        "https://graph.microsoft.com/v1.0/users?$skiptoken=a",
        "https://graph.microsoft.com/beta/auditLogs/signIns?$skiptoken=a",
    ] {
        let script = Scripted::respond({
            let page = page([1], Some(next));
            move |_| Reply::json(page.clone())
        });
        let mut items = client(&script).sign_ins().items();
        assert!(items.try_next().await.unwrap().is_some(), "what came is good");
        let error = items.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Origin, "{next}: {error}");
        assert_eq!(script.sent().len(), 1, "{next}");
        assert!(!error.to_string().contains("skiptoken"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_link_to_the_clouds_own_root_is_rebased_onto_a_gateway() {
    for (cloud, followed) in [(Cloud::Global, true), (Cloud::China, false)] {
        let script =
            Scripted::new([Reply::json(page([2], Some(&link("a")))), Reply::json(page([1], None))]);
        let graph = Client::builder(TENANT)
            .cloud(cloud)
            .base_url("https://gate.example/graph")
            .token("token")
            .transport(script.clone())
            .build()
            .unwrap();
        let mut items = graph.sign_ins().items();
        items.try_next().await.unwrap();
        assert_eq!(items.try_next().await.is_ok(), followed, "{cloud}");
        if followed {
            let expected =
                "https://gate.example/graph/v1.0/auditLogs/signIns?$top=1000&$skiptoken=a";
            assert_eq!(script.urls()[1], expected);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_client_its_walks_and_checkpoints_never_show_the_token() {
    let builder = Client::builder(TENANT).token("token-0123456789");
    let script = Scripted::respond(|_| Reply::json(page([2, 1], Some(&link("a")))));
    let graph = builder.clone().transport(script).build().unwrap();
    let mut items = graph.sign_ins().items();
    items.try_next().await.unwrap();
    let day = crate::time("2026-02-03T00:00:00Z");
    let mut windows = graph.sign_ins().window(day.clone(), crate::time("2026-02-04T00:00:00Z"));
    windows.try_next().await.unwrap();
    let shown = format!(
        "{builder:?} {graph:?} {items:?} {windows:?} {:?} {} {}",
        graph.sign_ins(),
        items.checkpoint().unwrap(),
        windows.checkpoint().unwrap(),
    );
    assert!(!shown.contains("token-0123456789"), "{shown}");
}
