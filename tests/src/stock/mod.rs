//! Stock runtimes: the command, the transporter and the adapter in one component, under wasmtime's own crates for WASI, as
//! its command line has them. The log is compared with the one that the host writes of the same conversation.

mod compose;
mod files;
mod plain;
mod refusals;
mod runtime;
mod scene;
mod scripted;
mod tls;
