//! Through a proxy: it is told the name, and resolves it itself.

mod http;
mod socks;

use tokio::net::TcpStream;

use super::host::Host;
use super::types::{Proxy, ProxyKind};

/// Asks the proxy on the other end of `tcp` for a connection to the target. Not a byte more than its answer is read: the
/// next one is the target's. The error is the proxy's answer in words.
pub(super) async fn pass(tcp: &mut TcpStream, proxy: &Proxy, target: &Host, port: u16) -> Result<(), String> {
    match proxy.kind {
        ProxyKind::Socks5 => socks::pass(tcp, proxy, target, port).await,
        ProxyKind::HttpConnect => http::pass(tcp, proxy, target, port).await,
    }
}

/// What became of the connection to the proxy while its answer was awaited.
fn broken(error: std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "it ended the connection before it answered".to_owned(),
        std::io::ErrorKind::ConnectionReset => "it reset the connection".to_owned(),
        _ => error.to_string(),
    }
}
