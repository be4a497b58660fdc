//! The seam for proofs that are signed, or issued by somebody else.

use crate::error::Result;
use crate::http::secret::Secret;
use crate::http::transport::Deferred;

/// Where client assertions come from ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523)): a
/// signature of one's own, or a token that a platform issues (workload identity federation).
///
/// With the feature `certificate`, `CertificateAssertion` signs by a certificate's key.
pub trait ClientAssertion: Send + Sync + 'static {
    /// An assertion that this is `client_id`, for the token endpoint `audience`. Called for each
    /// token request, those that are tried again included: services refuse one that they have
    /// seen. A platform's token is read anew each time, since the platform replaces it.
    ///
    /// The future is given the client's time-out for a request.
    fn assertion<'a>(
        &'a self,
        client_id: &'a str,
        audience: &'a str,
    ) -> Deferred<'a, Result<Secret>>;
}
