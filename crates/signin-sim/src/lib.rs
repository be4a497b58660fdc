//! signin-sim
