//! Where the service listens: at the addresses it was told, or on the sockets that systemd hands over.

use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Sockets of systemd's socket activation; empty where there are none.
pub fn from_systemd() -> io::Result<Vec<TcpListener>> {
    let mut handed = listenfd::ListenFd::from_env();
    let mut listeners = Vec::new();
    for at in 0..handed.len() {
        if let Some(listener) = handed.take_tcp_listener(at)? {
            listener.set_nonblocking(true)?;
            listeners.push(TcpListener::from_std(listener)?);
        }
    }
    Ok(listeners)
}

/// Binds every address.
pub async fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, String> {
    let mut listeners = Vec::new();
    for address in addresses {
        let listener = TcpListener::bind(address).await;
        listeners.push(listener.map_err(|error| format!("{address} can't be listened at: {error}"))?);
    }
    Ok(listeners)
}

/// Whether nobody beyond this machine reaches it.
pub fn is_loopback(listener: &TcpListener) -> bool {
    listener.local_addr().is_ok_and(|address| address.ip().is_loopback())
}
