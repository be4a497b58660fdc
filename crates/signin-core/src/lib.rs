//! signin-core
