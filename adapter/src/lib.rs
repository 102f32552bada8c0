//! The adapter: gives the transporter its sockets and logs by what a WASI runtime has, so that it runs where nobody wrote
//! a host for it. `docs/stock-runtimes.md` says how it is used and what a runtime can't do.

mod logs;
mod signing;
mod sockets;

#[allow(unsafe_code, missing_docs, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        path: ["../wit", "wit"],
        world: "smtp:adapter/adapter",
        features: ["tls"],
        generate_all,
    });
}

struct Adapter;

#[allow(unsafe_code)]
mod exported {
    use super::{Adapter, bindings};
    bindings::export!(Adapter with_types_in bindings);
}
