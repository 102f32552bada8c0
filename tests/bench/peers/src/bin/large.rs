//! `large lettre|mail-send PORT CA|- FILE`: one mail with this file, as this library's users send it.

use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, port, ca, file] = arguments.as_slice() else { panic!("large NAME PORT CA FILE") };
    let port = port.parse().expect("a port");
    let ca = (ca != "-").then(|| std::fs::read(ca).expect("the certificate"));
    match name.as_str() {
        "lettre" => lettre(port, ca, file),
        "mail-send" => mail_send(port, ca.is_some(), file),
        _ => panic!("no such client: {name}"),
    }
}

fn lettre(port: u16, ca: Option<Vec<u8>>, file: &str) {
    use lettre::message::{Attachment, MultiPart, SinglePart, header::ContentType};
    use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
    use lettre::{Message, SmtpTransport, Transport};

    let body = std::fs::read(file).expect("the file");
    let kind = ContentType::parse("application/octet-stream").expect("a type");
    let parts = MultiPart::mixed()
        .singlepart(SinglePart::plain("text".to_owned()))
        .singlepart(Attachment::new("large.bin".to_owned()).body(body, kind));
    let mail = Message::builder()
        .from("ann@client.test".parse().expect("an address"))
        .to("bob@client.test".parse().expect("an address"))
        .multipart(parts)
        .expect("a mail");
    let mut transport = SmtpTransport::builder_dangerous("localhost").port(port).timeout(Some(Duration::from_secs(600)));
    if let Some(ca) = ca {
        let ca = Certificate::from_pem(&ca).expect("a certificate");
        let tls = TlsParameters::builder("localhost".to_owned()).add_root_certificate(ca).build().expect("TLS");
        transport = transport.tls(Tls::Wrapper(tls));
    }
    transport.build().send(&mail).expect("it goes");
}

fn mail_send(port: u16, tls: bool, file: &str) {
    use mail_send::SmtpClientBuilder;
    use mail_send::mail_builder::MessageBuilder;

    let _ = rustls::crypto::ring::default_provider().install_default();
    let mail = MessageBuilder::new()
        .from("ann@client.test")
        .to("bob@client.test")
        .text_body("text")
        .attachment("application/octet-stream", "large.bin", std::fs::read(file).expect("the file"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = SmtpClientBuilder::new("localhost", port).expect("a client").allow_invalid_certs();
        match tls {
            true => drop(client.connect().await.expect("TLS").send(mail).await.expect("it goes")),
            false => drop(client.connect_plain().await.expect("TCP").send(mail).await.expect("it goes")),
        }
    });
}
