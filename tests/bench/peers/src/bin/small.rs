//! One small mail by lettre, over STARTTLS with a login: `small once PORT CA PASSWORD-FILE`, the message on standard
//! input. Or many over one live connection in the clear: `small live PORT MAILS`, which prints microseconds a mail,
//! the median.

use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};
use std::io::Read;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["once", port, ca, password] => once(port.parse().expect("a port"), ca, password),
        ["live", port, mails] => live(port.parse().expect("a port"), mails.parse().expect("a number")),
        _ => panic!("small once PORT CA PASSWORD-FILE | small live PORT MAILS"),
    }
}

fn once(port: u16, ca: &str, password: &str) {
    let mut message = Vec::new();
    std::io::stdin().read_to_end(&mut message).expect("the message");
    let ca = Certificate::from_pem(&std::fs::read(ca).expect("the certificate")).expect("a certificate");
    let tls = TlsParameters::builder("localhost".to_owned()).add_root_certificate(ca).build_rustls().expect("TLS");
    let password = std::fs::read_to_string(password).expect("the password");
    let transport = SmtpTransport::builder_dangerous("localhost")
        .port(port)
        .tls(Tls::Required(tls))
        .credentials(Credentials::new("alice".to_owned(), password.trim_end().to_owned()))
        .authentication(vec![Mechanism::Plain])
        .build();
    let address = |text: &str| text.parse().expect("an address");
    let envelope = Envelope::new(Some(address("alice@mail.test")), vec![address("bob@mail.test")]).expect("an envelope");
    transport.send_raw(&envelope, &message).expect("sent");
}

fn live(port: u16, mails: usize) {
    let pool = PoolConfig::new().max_size(1);
    let transport = SmtpTransport::builder_dangerous("127.0.0.1").port(port).pool_config(pool).build();
    let message = Message::builder()
        .from("alice@mail.test".parse().expect("an address"))
        .to("bob@mail.test".parse().expect("an address"))
        .subject("A small mail")
        .body("Nothing but a line of text.\n".to_owned())
        .expect("a message");
    transport.send(&message).expect("sent");
    let mut times: Vec<u128> = (0..mails)
        .map(|_| {
            let begun = Instant::now();
            transport.send(&message).expect("sent");
            begun.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    println!("{}", times[mails / 2]);
}
