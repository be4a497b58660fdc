//! The key is shown nowhere (P4).

use avepoint_graph::{Client, Environment};

#[test]
fn p4_a_client_and_its_builder_never_show_the_key() {
    let builder = Client::builder(Environment::Commercial).token("key-0123456789");
    let client = builder.clone().build().unwrap();
    let shown = format!(
        "{builder:?} {client:?} {:?} {:?} {:?}",
        client.sign_ins("c", "t"),
        client.sign_ins("c", "t").items(),
        client.all_sign_ins().items()
    );
    assert!(!shown.contains("key-0123456789"), "{shown}");
}
