//! The simulator, asked over real connections by a client that knows nothing of it.

#[cfg(test)]
mod arrivals;
#[cfg(test)]
mod audit_logs;
#[cfg(test)]
mod avepoint;
#[cfg(test)]
mod filters;
#[cfg(test)]
mod life;
#[cfg(test)]
mod local;
#[cfg(test)]
mod msgraph;
#[cfg(test)]
mod pagers;
#[cfg(test)]
mod pingone;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod ssojet;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod users;
#[cfg(test)]
mod wire;
