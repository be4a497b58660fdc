//! A service that is called in the caller's own task: no socket, no thread, and the caller's clock.

use std::fmt;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, Response};
use tower_service::Service as _;

/// The address of services that are only called.
pub(crate) const BASE_URL: &str = "http://127.0.0.1";

/// A service that is called, and not connected to: for tests whose time is stopped, or that must
/// run the same each time. What it is like and what it holds is the same as over HTTP.
///
/// ```
/// use axum::body::Bytes;
/// use axum::http::Request;
/// use signin_sim::{Local, tines};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tines = Local::tines(7, tines::Settings::default());
/// let request = Request::get("/api/v1/admin/users")
///     .header("authorization", format!("Bearer {}", tines.service().api_key()))
///     .body(Bytes::new())
///     .unwrap();
/// assert_eq!(tines.call(request).await.status(), 200);
/// # });
/// ```
#[derive(Clone)]
pub struct Local<S> {
    service: S,
    router: Router,
}

impl<S> Local<S> {
    pub(crate) fn new(service: S, router: Router) -> Self {
        Self { service, router }
    }

    /// The service, which tells the truth about itself.
    pub fn service(&self) -> &S {
        &self.service
    }

    /// Answers a request. Of its address the path and the query count.
    pub async fn call(&self, request: Request<Bytes>) -> Response<Bytes> {
        // A router is always ready, and never fails.
        let answer = self.router.clone().call(request.map(Body::from)).await;
        let (parts, body) = answer.unwrap_or_default().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Response::from_parts(parts, body)
    }
}

impl<S: fmt::Debug> fmt::Debug for Local<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("service", &self.service).finish_non_exhaustive()
    }
}
