//! What the readers without an SDK share.

use reqwest::Client;

/// A client as reqwest makes it, but without the machine's certificate authorities: on loopback
/// there is nothing to verify, and reading them would count as reading sign-ins.
///
/// # Errors
/// reqwest's own.
pub fn client() -> reqwest::Result<Client> {
    Client::builder().tls_certs_only([]).build()
}
