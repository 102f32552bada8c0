//! What the sandbox is given: the network, the logs, and the policy around them.

pub mod policy;
pub mod tls_sockets;
