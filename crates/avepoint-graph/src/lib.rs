//! avepoint-graph
