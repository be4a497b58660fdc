//! ssojet
