//! The server seen from outside: a client of a few lines, over real sockets.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::wire::Io;
use super::*;

struct Client(BufReader<Box<dyn Io>>);

impl Client {
    async fn plain(port: u16) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        Client(BufReader::new(Box::new(stream)))
    }

    async fn tls(server: &Server) -> Client {
        Client::plain(server.tls_port()).await.secure(server, HOST_NAME).await
    }

    async fn secure(self, server: &Server, name: &'static str) -> Client {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(server.authority_pem().as_bytes()).unwrap()).unwrap();
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(name).unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, self.0.into_inner()).await.unwrap();
        Client(BufReader::new(Box::new(stream)))
    }

    /// All lines of one reply.
    async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let start = reply.len();
            if self.0.read_line(&mut reply).await.unwrap() == 0 || reply.as_bytes().get(start + 3) != Some(&b'-') {
                return reply;
            }
        }
    }

    async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
        self.0.flush().await.unwrap();
    }

    async fn say(&mut self, line: impl AsRef<str>) -> String {
        self.write(format!("{}\r\n", line.as_ref())).await;
        self.reply().await
    }

    /// Every line must be answered with its code.
    async fn script(&mut self, script: &[(&str, &str)]) {
        for (line, code) in script {
            let reply = self.say(line).await;
            assert!(reply.starts_with(code), "{line}: {reply}");
        }
    }
}

async fn open() -> Server {
    Server::start(Options { authentication_required: false, ..Options::default() }).await.unwrap()
}

fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

#[tokio::test]
async fn a_mail_over_each_of_the_three_doors() {
    let server = Server::start(Options::default()).await.unwrap();
    let login = format!("AUTH PLAIN {}", base64("\0alice\0wonderland"));
    for door in 0..3 {
        let mut client = match door {
            0 => Client::tls(&server).await,
            1 => Client::plain(server.starttls_port()).await,
            _ => Client::plain(server.plain_port()).await,
        };
        assert_eq!(client.reply().await, "220 mail.demo.test ESMTP\r\n");
        if door == 1 {
            let offer = client.say("EHLO client.example").await;
            assert!(offer.contains("STARTTLS") && !offer.contains("AUTH"), "{offer}");
            client.script(&[(&login, "538"), ("MAIL FROM:<>", "530"), ("STARTTLS", "220")]).await;
            client = client.secure(&server, "localhost").await;
        }
        let offer = client.say("EHLO [127.0.0.1]").await;
        assert!(!offer.contains("STARTTLS") && offer.contains("250-AUTH SCRAM-SHA-256"), "{offer}");
        assert_eq!(offer.contains("SCRAM-SHA-256-PLUS"), door != 2);
        client
            .script(&[
                ("MAIL FROM:<a@b.example>", "530"),
                (&login, "235"),
                (&login, "503"),
                ("MAIL FROM:<a@b.example> SIZE=20", "250 2.1.0"),
                ("RCPT TO:<nobody@b.example>", "550 5.1.1"),
                ("RCPT TO:<c@b.example> NOTIFY=NEVER", "250 2.1.5"),
                ("DATA", "354"),
                ("Subject: hello\r\n\r\n..dot\r\n.", "250 2.0.0 Ok: queued as "),
                ("QUIT", "221"),
            ])
            .await;
        assert_eq!(client.0.read_u8().await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
    let mails = server.received();
    assert_eq!(mails.iter().map(|mail| mail.tls).collect::<Vec<_>>(), [Some("TLSv1.3"), Some("TLSv1.3"), None]);
    for mail in mails {
        assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("a@b.example", &["c@b.example".to_owned()][..]));
        assert_eq!((mail.params, mail.recipient_params), (vec!["SIZE=20".into()], vec![vec!["NOTIFY=NEVER".into()]]));
        assert_eq!(
            (mail.user.as_deref(), mail.content.as_slice()),
            (Some("alice"), &b"Subject: hello\r\n\r\n.dot\r\n"[..])
        );
    }
}

#[tokio::test]
async fn a_flight_is_answered_in_order_and_in_step() {
    let server = open().await;
    let mut client = Client::plain(server.plain_port()).await;
    client.reply().await;
    client.say("EHLO client.example").await;
    // A recipient before MAIL, and content for it: read and refused. Then two mails by BDAT, all in one write.
    client
        .write(
            "RCPT TO:<c@b.example>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n\
             MAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<c@b.example>\r\nBDAT 3\r\na\rbBDAT 2 LAST\r\n\nc\
             MAIL FROM:<>\r\nRCPT TO:<c@b.example>\r\nBDAT 5 LAST\r\n.\r\n.\nQUIT\r\n",
        )
        .await;
    for code in ["503", "503", "250", "250", "250", "250", "250", "250", "250", "250", "221"] {
        let reply = client.reply().await;
        assert!(reply.starts_with(code), "{code}: {reply}");
    }
    let contents: Vec<_> = server.received().into_iter().map(|mail| (mail.content, mail.chunked)).collect();
    assert_eq!(contents, [(b"a\rb\nc".to_vec(), true), (b".\r\n.\n".to_vec(), true)]);
}

#[tokio::test]
async fn order_and_limits() {
    let options = Options { authentication_required: false, largest_mail: 100, kept_mails: 1, ..Options::default() };
    let server = Server::start(options).await.unwrap();
    let mut client = Client::plain(server.plain_port()).await;
    client.reply().await;
    let long = format!("NOOP {}", "x".repeat(3000));
    let large = format!("{}\r\n.", "x".repeat(101));
    client
        .script(&[
            ("MAIL FROM:<a@b.example>", "503"),
            ("EHLO client.example", "250"),
            ("STARTTLS", "503"),
            ("DATA", "503"),
            (&long, "500 5.5.6"),
            ("MAIL FROM:<a@b.example> SIZE=101", "552"),
            ("MAIL FROM:<a@b.example>", "250"),
            ("MAIL FROM:<a@b.example>", "503"),
            ("DATA", "503"),
            ("RCPT TO:<full@b.example>", "452"),
            ("DATA", "554"),
            ("RCPT TO:<é@b.example>", "550 5.6.7"),
            ("RCPT TO:<c@b.example>", "250"),
            ("DATA", "354"),
            (&large, "552"),
            ("MAIL FROM:<one@b.example> BODY=BINARYMIME", "250"),
            ("RCPT TO:<c@b.example>", "250"),
            ("DATA", "503"),
            ("BDAT 4\r\nab", "250"),
            ("RCPT TO:<c@b.example>", "503"),
            ("DATA", "503"),
            ("BDAT 0 LAST", "250"),
            ("MAIL FROM:<two@b.example>", "250"),
            ("RCPT TO:<c@b.example>", "250"),
            ("RSET", "250"),
            ("DATA", "503"),
        ])
        .await;
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn too_many_errors_end_the_conversation() {
    let server = open().await;
    let mut client = Client::plain(server.plain_port()).await;
    client.reply().await;
    client.script(&[("WHAT", "500"); 20]).await;
    assert_eq!(&client.reply().await[..9], "421 4.7.0");
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn silence_is_answered_with_421() {
    let options = Options { patience: Duration::from_millis(30), ..Options::default() };
    let server = Server::start(options).await.unwrap();
    let mut client = Client::plain(server.plain_port()).await;
    assert_eq!(&client.reply().await[..3], "220");
    assert_eq!(&client.reply().await[..9], "421 4.4.2");
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn the_other_mechanisms() {
    let server = open().await;
    let oauth = |token: &str| base64(&format!("user=alice\u{1}auth=Bearer {token}\u{1}\u{1}"));
    let scripts: [&[(&str, &str)]; 6] = [
        &[("AUTH LOGIN", "334 VXNlcm5hbWU6"), (&base64("alice"), "334 UGFzc3dvcmQ6"), (&base64("wonderland"), "235")],
        &[("AUTH LOGIN YWxpY2U=", "334"), (&base64("wrong"), "535 5.7.8"), ("NOOP", "250")],
        &[("AUTH PLAIN", "334 \r\n"), ("*", "501 5.7.0"), ("AUTH PLAIN =", "501"), ("AUTH DIGEST-MD5", "504")],
        &[(&format!("AUTH XOAUTH2 {}", oauth("looking-glass")), "235")],
        &[(&format!("AUTH XOAUTH2 {}", oauth("expired")), "334 eyJzdGF0dXM"), ("", "535")],
        &[("AUTH CRAM-MD5 YQ==", "501"), ("AUTH CRAM-MD5", "334 "), ("YWxpY2UgYWJj", "535")],
    ];
    for script in scripts {
        let mut client = Client::plain(server.plain_port()).await;
        client.reply().await;
        client.say("EHLO client.example").await;
        client.script(script).await;
    }
}
