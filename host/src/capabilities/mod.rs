//! The capabilities, as the component sees them: the generated traits over the plain modules.

mod log_files;
mod random;
mod signing;
mod tls_sockets;
mod trust;

impl crate::secrets::interface::Host for crate::SmtpCtxView<'_> {}

impl crate::bindings::smtp::transporter::types::Host for crate::SmtpCtxView<'_> {}
