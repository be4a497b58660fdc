//! The command line of `signin convert`.

use std::path::PathBuf;

use clap::Args;

use crate::args::Outputs;
use crate::formats::Provenance;
use crate::vendors::Vendor;

const EXAMPLES: &str = "\
Examples:
  signin convert tines page.json                      a saved answer, as a table on a terminal
  signin convert tines all.ndjson --format raw        the records alone, one a line
  curl … | signin convert pingone --format envelope   from a pipe
  signin convert ssojet logs.json --user 64f0…        say what the records do not
  signin convert msgraph all.ndjson -o ocsf.ndjson --format ocsf
  signin convert msgraph page.json --format ecs --tenant contoso.onmicrosoft.com
  signin convert msgraph rejected.ndjson -o mended.ndjson --rejected again.ndjson
  signin convert msgraph insights.json                what Azure Monitor wrote
  signin convert msgraph InteractiveSignIns.csv       what the Entra admin center exported
  gzip -dc all.ndjson.gz | signin convert avepoint    unpack first

A record's type is told by its envelope, else by the page that it stands on, else by --endpoint,
else by members that only one type of the vendor has. Sign-ins of Microsoft may be exports: diagnostic
records of Azure Monitor, rows of Log Analytics (JSON or CSV), Get-MgAuditLogSignIn, the admin
center's JSON and CSV. The summary says as what they were read. The endpoints:";

const AFTER_ENDPOINTS: &str = "\
A line that cannot be read is rejected and the rest goes on. The text of a rejected record is kept:
see --rejected. Of input that is cut off, and of a list that is broken, the records before come out.
When standard error is no terminal, its last line is one JSON object that sums the run up.

Exit codes:
  0    everything was converted (or the reader of the output went away)
  1    the program itself failed
  2    the command line, or the input as a whole, cannot be
  3    everything else was converted, but some records were rejected
  4    not everything was read or written: the input is cut off, a list in it is broken or in
       doubt, the disk is full, another run writes the file of -o
  130  ended by Ctrl-C (SIGINT); 143 by SIGTERM";

/// The examples, every vendor's endpoints, and what else there is to know.
fn after_help() -> String {
    let endpoints = Vendor::ALL.iter().map(|vendor| {
        let names: Vec<_> = vendor.endpoints().iter().map(|endpoint| endpoint.name).collect();
        format!("  {:<8}  {}\n", vendor.name(), names.join(", "))
    });
    format!("{EXAMPLES}\n{}\n{AFTER_ENDPOINTS}", endpoints.collect::<String>())
}

/// Turn saved records of a vendor into another format, without asking the vendor again.
///
/// Takes what there is: an answer as the vendor sent it, a list, one record (on one line or over
/// many), one record or answer a line (NDJSON), the envelopes that this program writes, and its
/// rejected records, one after another in one file too, as UTF-8 or UTF-16. Input is read as a
/// stream, lists and pages of any length included; of one record at most 64 MiB are held.
///
/// `envelope` and `raw` keep each record byte for byte, but for line breaks between its members,
/// and take any JSON. Other formats reject what has no member that tells a record of its list;
/// `event`, `ocsf` and `ecs` also what has no time, no id or nobody who signed in. A member of
/// another kind than documented costs nothing but itself, but `typed` rejects such a record unless
/// --lenient is given.
#[derive(Debug, Args)]
#[command(after_help = after_help(), arg_required_else_help = true)]
pub(crate) struct Convert {
    /// Whose records they are.
    #[arg(value_enum)]
    pub(crate) vendor: Vendor,

    /// What to read; `-`, or nothing at all, is standard input.
    pub(crate) file: Option<PathBuf>,

    /// What the records are, where neither envelope nor page says it.
    #[arg(long, value_name = "NAME")]
    pub(crate) endpoint: Option<String>,

    #[command(flatten)]
    pub(crate) outputs: Outputs,

    #[command(flatten)]
    pub(crate) context: Context,
}

/// What a record does not say itself. It goes into envelopes that do not have it.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What the records do not say (envelopes that say it keep it)")]
pub(crate) struct Context {
    /// The tenant that was read.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,

    /// The customer whose tenant it is.
    #[arg(long, value_name = "ID")]
    pub(crate) customer: Option<String>,

    /// The user whose list was asked for (Tines, SSOJet).
    #[arg(long, value_name = "ID")]
    pub(crate) user: Option<String>,

    /// The client that was asked as (SSOJet).
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
}

impl Context {
    /// What is known of a record that says nothing itself.
    pub(crate) fn provenance(&self, vendor: &'static str) -> Provenance {
        Provenance {
            vendor,
            tenant: self.tenant.clone(),
            customer: self.customer.clone(),
            user: self.user.clone(),
            client_id: self.client_id.clone(),
            ..Provenance::default()
        }
    }
}
