//! tines-admin
