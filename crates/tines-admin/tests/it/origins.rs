//! The key is shown nowhere (P4).

use tines_admin::Client;

#[test]
fn p4_a_client_and_its_builder_never_show_the_key() {
    let builder =
        Client::builder("acme.tines.com").user_token("key-0123456789").user_email("o@acme.example");
    let shown = format!(
        "{builder:?} {:?} {:?}",
        builder.clone().build(),
        builder.clone().build().unwrap().signin_activities(72).items()
    );
    assert!(!shown.contains("key-0123456789"), "{shown}");
}
