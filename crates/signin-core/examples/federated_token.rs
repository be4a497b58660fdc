//! Signs in without a secret: a token that the platform issues to this workload is the client
//! assertion. Prints the newest sign-ins of a Microsoft Entra tenant as they come.
//!
//! ```text
//! AZURE_TENANT_ID=… AZURE_CLIENT_ID=… AZURE_FEDERATED_TOKEN_FILE=/var/run/secrets/… \
//!     cargo run -p signin-core --features rustls --example federated_token
//! ```
//!
//! Kubernetes with workload identity sets these three. `AZURE_AUTHORITY_HOST` and
//! `GRAPH_BASE_URL` lead elsewhere: to another cloud, or both to a simulator on loopback.

use std::path::PathBuf;
use std::{env, fs, io};

use signin_core::Paging;
use signin_core::vendor::ClientOptions;
use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};
use signin_core::{
    ClientAssertion, ClientCredentials, Deferred, Error, ErrorKind, Json, Operation, Result, Secret,
};
use signin_core::{PageField, PageLayout};
use signin_core::{Request, Segment};

/// The file that holds the platform's token. It is read for each token request, since the
/// platform replaces it long before it is over.
struct TokenFile(PathBuf);

impl ClientAssertion for TokenFile {
    fn assertion<'a>(&'a self, _: &'a str, _: &'a str) -> Deferred<'a, Result<Secret>> {
        Box::pin(async {
            let text = fs::read_to_string(&self.0).map_err(|error| {
                let why = format!("{}: {error}", self.0.display());
                let next = "check that the workload has a federated identity";
                Error::new(ErrorKind::Config, "token file", why, next)
            })?;
            Ok(text.trim().into())
        })
    }
}

static GRAPH: VendorSpec = VendorSpec {
    name: "graph",
    agent: "federated-token-example/1",
    documented_base: Some("https://graph.microsoft.com"),
    request_id: &["request-id"],
    fault,
};

fn fault(answer: &ErrorResponse<'_>) -> ErrorDetails {
    ErrorDetails {
        code: answer.text(&[&["error", "code"]]),
        message: answer.text(&[&["error", "message"]]),
        ..ErrorDetails::default()
    }
}

#[derive(Clone)]
struct SignIns;

impl Operation for SignIns {
    type Item = Json;

    fn name(&self) -> &'static str {
        "sign_ins"
    }

    fn request(&self) -> Result<Request> {
        Ok(Request::get(["v1.0", "auditLogs", "signIns"].map(Segment::fixed)).query("$top", "10"))
    }

    fn layout(&self) -> PageLayout {
        PageLayout(&[(PageField::Records, &["value"]), (PageField::NextLink, &["@odata.nextLink"])])
    }

    fn paging(&self) -> Paging {
        Paging::NextLink
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = or("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com");
    let graph = or("GRAPH_BASE_URL", "https://graph.microsoft.com");
    let tenant = Segment::value("AZURE_TENANT_ID", &setting("AZURE_TENANT_ID")?)?;
    let token_url = format!("{}/{tenant}/oauth2/v2.0/token", login.trim_end_matches('/'));

    let credentials = ClientCredentials::new(token_url, setting("AZURE_CLIENT_ID")?)
        .assertion(TokenFile(setting("AZURE_FEDERATED_TOKEN_FILE")?.into()))
        .scope(format!("{}/.default", graph.trim_end_matches('/')));
    let mut settings = ClientOptions::new(&GRAPH, graph, "");
    settings.set_credential(credentials);
    let page = settings.build()?.execute(&SignIns).await?;

    let mut out = io::stdout().lock();
    for row in page.items() {
        io::Write::write_all(&mut out, row.raw().as_bytes())?;
        io::Write::write_all(&mut out, b"\n")?;
    }
    Ok(())
}

fn setting(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("set the environment variable {name}"))
}

fn or(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
