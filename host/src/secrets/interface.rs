//! What generated bindings expect of the interface `secrets`: map it here by `with` in a `bindgen!` of your own.
//!
//! ```text
//! with: { "smtp:transporter/secrets": smtp_host::secrets::interface }
//! ```

use wasmtime::component::{HasData, Linker};

pub use super::Secret;

/// The interface has no functions.
pub trait Host {}

impl<H: Host + ?Sized> Host for &mut H {}

/// The interface has no functions.
pub trait HostWithStore<T>: HasData {}

impl<T, D: HasData + ?Sized> HostWithStore<T> for D {}

/// Names the interface in a linker.
///
/// # Errors
/// Where the linker has it already.
pub fn add_to_linker<T, D>(linker: &mut Linker<T>, _: fn(&mut T) -> D::Data<'_>) -> wasmtime::Result<()>
where
    D: HasData,
    for<'a> D::Data<'a>: Host,
    T: 'static,
{
    linker.instance("smtp:transporter/secrets@0.1.0").map(drop)
}
