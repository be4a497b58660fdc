//! msgraph-signins
