//! `bench-plugin PORT MAILS [PAUSE [tls]]`: sends as many mails of 1 KiB over one connection, so many milliseconds apart, in the
//! clear or under TLS.

#[path = "../../../languages/rust/src/transporter.rs"]
#[allow(dead_code, unused_imports, reason = "shared with the plugin in Rust")]
mod transporter;

use transporter::{Mail, Mailbox, Server, Transporter};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments[at].parse::<u32>().expect("a number");
    let port = u16::try_from(number(0)).expect("a port");
    let pause = std::time::Duration::from_millis(if arguments.len() > 2 { number(2).into() } else { 0 });
    let tls = arguments.get(3).is_some_and(|word| word == "tls");
    let settings = Server {
        port: Some(port),
        tls_at_once: Some(tls),
        accept_unsecure_connection: Some(!tls),
        ..transporter::server(if tls { "localhost" } else { "127.0.0.1" })
    };
    let transporter = Transporter::new(settings).expect("settings");
    let mailbox = |email: &str| Mailbox { name: None, email: email.to_owned() };
    let text = "A line of text that is repeated.\n".repeat(31);
    for _ in 0..number(1) {
        transporter
            .send(Mail {
                to: vec![mailbox("bob@mail.test")],
                subject: Some("A small mail".to_owned()),
                text_body: Some(text.clone()),
                ..transporter::mail(mailbox("alice@mail.test"))
            })
            .expect("sent");
        std::thread::sleep(pause);
    }
}
