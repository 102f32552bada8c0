//! The transporter component, built from the `guest` crate by this crate's build script.

/// The component, ready to be loaded by any host that answers its imports.
pub const COMPONENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/smtp-transporter.wasm"));
