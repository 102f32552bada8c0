//! What `wit/` says, in Rust: generated, so its names are the interface's own.
#![allow(missing_docs)]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "smtp-transporter",
    with: {
        "wasi:io": wasmtime_wasi_io::bindings::wasi::io,
        "smtp:transporter/secrets": crate::secrets::interface,
        "smtp:transporter/tls-sockets.socket": crate::tls_sockets::Socket,
        "smtp:transporter/log-files.log-file": crate::log_files::ExtendedLog,
    },
    imports: {
        "smtp:transporter/tls-sockets.[static]socket.connect": async | trappable,
        "smtp:transporter/tls-sockets.[method]socket.start-tls": async | trappable,
        "smtp:transporter/tls-sockets.[method]socket.read": async | trappable,
        "smtp:transporter/tls-sockets.[method]socket.write": async | trappable,
        default: trappable,
    },
    exports: { default: async },
    require_store_data_send: true,
});
