//! An SMTP server inside the process, for `host demo` and for tests: three free ports on loopback (TLS at once,
//! STARTTLS, plain), a certificate made on the spot, one account, and the mails it got kept for inspection.
//!
//! It relays nothing and writes nothing to disk. It speaks the protocol strictly: what a lax client gets away with
//! elsewhere is refused here. Recipients are accepted but for two: `nobody@…` has no mailbox (550), `full@…` has no
//! room (452).

mod address;
mod auth;
mod command;
mod content;
mod mailbox;
mod scram;
mod session;
mod tls;
mod transaction;
mod wire;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ring::digest;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use auth::Account;
pub use mailbox::Received;
pub use tls::NAMES;

use session::{Door, House};

/// What the server calls itself. The name resolves nowhere; its certificate bears it.
pub const HOST_NAME: &str = "mail.demo.test";

/// How the server behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who may send.
    pub account: Account,
    /// Whether mail is taken from the authenticated only.
    pub authentication_required: bool,
    /// Bytes of content that one mail may have; announced by SIZE.
    pub largest_mail: usize,
    /// Mails kept; the oldest go first.
    pub kept_mails: usize,
    /// How long a client may be silent.
    pub patience: Duration,
    /// Connections at once.
    pub connections: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            account: Account { user: "alice".into(), password: "wonderland".into(), token: "looking-glass".into() },
            authentication_required: true,
            largest_mail: 10 * 1024 * 1024,
            kept_mails: 1000,
            // RFC 5321 §4.5.3.2.7.
            patience: Duration::from_secs(300),
            connections: 256,
        }
    }
}

/// A running server. It stops, with every conversation, when it is dropped.
pub struct Server {
    house: Arc<House>,
    authority_pem: String,
    certificate_sha256: [u8; 32],
    ports: [u16; 3],
    _tasks: JoinSet<()>,
}

impl Server {
    /// Makes the certificates, takes three ports and starts to listen. To be called within a tokio runtime.
    ///
    /// # Errors
    /// The operating system's, where there is no loopback or no free port.
    pub async fn start(options: Options) -> io::Result<Server> {
        let identity = tls::make()?;
        let house = Arc::new(House::new(options, identity.acceptor)?);
        let mut tasks = JoinSet::new();
        let mut ports = [0; 3];
        for (port, door) in ports.iter_mut().zip([Door::Tls, Door::StartTls, Door::Plain]) {
            let (free, listeners) = listen().await?;
            *port = free;
            for listener in listeners {
                tasks.spawn(accept(listener, door, Arc::clone(&house)));
            }
        }
        let digest = digest::digest(&digest::SHA256, &identity.certificate);
        let mut certificate_sha256 = [0; 32];
        certificate_sha256.copy_from_slice(digest.as_ref());
        Ok(Server { house, authority_pem: identity.authority_pem, certificate_sha256, ports, _tasks: tasks })
    }

    /// The port that starts with TLS.
    pub fn tls_port(&self) -> u16 {
        self.ports[0]
    }

    /// The port that offers STARTTLS, and nothing of use before it.
    pub fn starttls_port(&self) -> u16 {
        self.ports[1]
    }

    /// The port without TLS.
    pub fn plain_port(&self) -> u16 {
        self.ports[2]
    }

    /// The authority that signed the server's certificate, as PEM: the root to trust.
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// SHA-256 of the server's certificate (DER): the pin.
    pub fn certificate_sha256(&self) -> [u8; 32] {
        self.certificate_sha256
    }

    /// The mails taken so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.house.mailbox.all()
    }
}

/// One port for both families, so that `localhost` reaches us at its first address. A machine may lack IPv6.
async fn listen() -> io::Result<(u16, Vec<TcpListener>)> {
    let mut tries = 0;
    loop {
        let four = TcpListener::bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)).await?;
        let port = four.local_addr()?.port();
        match TcpListener::bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port)).await {
            Ok(six) => return Ok((port, vec![four, six])),
            // Somebody else's under the other family: another port.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries < 20 => tries += 1,
            Err(_) => return Ok((port, vec![four])),
        }
    }
}

async fn accept(listener: TcpListener, door: Door, house: Arc<House>) {
    let room = Arc::new(Semaphore::new(house.options.connections));
    let mut conversations = JoinSet::new();
    loop {
        while conversations.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        let Ok((socket, peer)) = listener.accept().await else {
            // Out of file descriptors, most likely: they come back when a conversation ends.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let house = Arc::clone(&house);
        conversations.spawn(async move {
            let _place = place;
            // A reply must not wait for the acknowledgement of the one before.
            let _ = socket.set_nodelay(true);
            session::serve(socket, peer.ip(), door, &house).await;
        });
    }
}

#[cfg(test)]
mod tests;
