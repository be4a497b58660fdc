//! pingone
