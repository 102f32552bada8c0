//! A real server of TLS 1.0 alone: OpenSSL's, with all that it has forbidden itself since allowed again.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use smtp_host::types::{Delivery, ErrorKind, Phase};

use super::certificates::Authority;
use super::client::{self, Client, PASSWORD, TEXT, mail};

/// What OpenSSL needs to hear before it speaks TLS 1.0 at all.
const TLS_1_0: [&str; 3] = ["-tls1", "-cipher", "ALL:@SECLEVEL=0"];

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path, authority: &Authority) -> Option<Server> {
        let (certificate, key) = (folder.join("server.pem"), folder.join("server.key"));
        let (chain, private) = authority.good_pem();
        std::fs::write(&certificate, chain).expect("a certificate");
        std::fs::write(&key, private).expect("a key");
        let child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0"])
            .args(TLS_1_0)
            .arg("-cert")
            .arg(&certificate)
            .arg("-key")
            .arg(&key)
            // Its standard input is what it says; at the end of that it goes.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                crate::servers::not_run("openssl s_server", &error.to_string());
                return None;
            }
        };
        let mut told = BufReader::new(child.stdout.as_mut().expect("its output"));
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert_ne!(told.read_line(&mut line).expect("its words"), 0, "openssl s_server does not start");
            if let Some(address) = line.trim().strip_prefix("ACCEPT 127.0.0.1:") {
                break address.parse().expect("a port");
            }
        };
        Some(Server { child, port })
    }

    /// Whether a client that wants nothing else than TLS 1.0 gets it.
    fn speaks_tls_1_0(&self) -> bool {
        let mut client = Command::new("openssl")
            .args(["s_client", "-connect", &format!("127.0.0.1:{}", self.port)])
            .args(TLS_1_0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl s_client");
        client.stdin.take().expect("its input").write_all(b"Q\n").expect("a word");
        let output = client.wait_with_output().expect("its output");
        String::from_utf8_lossy(&output.stdout).contains("New, TLSv1.0, Cipher is ECDHE-ECDSA-")
    }

    /// All that came in.
    fn stop(mut self) -> String {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let mut heard = String::new();
        let mut output = self.child.stdout.take().expect("its output");
        output.read_to_string(&mut heard).expect("text");
        let _ = self.child.wait();
        heard
    }
}

#[tokio::test]
async fn tls_1_0_alone_is_refused_and_told_nothing() {
    let authority = Authority::new("Trusted");
    let client = Client::new();
    let Some(server) = Server::start(&client.folder, &authority) else { return };
    assert!(server.speaks_tls_1_0(), "this OpenSSL has no TLS 1.0, so nothing is shown");
    let settings = client::login(client::secured(server.port, true, &authority.pem()));
    let mut transporter = client.transporter(settings).await;
    let error = transporter.send(&mail()).await.expect_err("TLS 1.0");
    transporter.close().await;
    let told = client::told(&error, &client.regular());
    let expected = (Phase::Tls, ErrorKind::TlsFailed, Delivery::NotAccepted);
    assert_eq!((error.phase, error.kind, error.delivery), expected, "{told}");
    let line = "### SMTP TLS failed: no TLS version or cipher suite in common with the server.";
    for log in [client.regular(), client.extended()] {
        assert_eq!(log.lines().filter(|statement| statement.contains(line)).count(), 1, "{told}");
        assert!(!log.contains(" C > "), "{told}");
    }
    let heard = server.stop();
    for secret in [PASSWORD, "someone", TEXT, "EHLO", "AUTH", "MAIL"] {
        assert!(!heard.contains(secret), "{heard}");
    }
}
