//! What `signin` promises, held against the built program.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends there"
)]

mod bytes;
mod convert;
mod convert_exports;
mod convert_input;
mod convert_lists;
#[cfg(unix)]
mod convert_streams;
mod earlier;
#[cfg(target_os = "linux")]
mod events;
mod failed_pages;
mod failing;
mod fetch;
mod fetch_auth_url;
mod fetch_avepoint;
mod fetch_by_id;
mod fetch_clock;
mod fetch_completeness;
mod fetch_counts;
mod fetch_disk_full;
#[cfg(unix)]
mod fetch_ends;
mod fetch_files;
mod fetch_msgraph;
mod fetch_network;
mod fetch_pingone;
mod fetch_redact;
#[cfg(unix)]
mod fetch_resume;
#[cfg(unix)]
mod fetch_secrets;
mod fetch_ssojet;
mod fetch_usage;
mod files;
mod folder;
mod locks;
mod mapping;
mod mismatches;
mod output;
mod program;
mod server;
#[cfg(unix)]
mod streams;
mod tenant;
mod truth;
mod usage;
