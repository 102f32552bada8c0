//! Ends in the middle of a mail, and mails that are none.

use crate::world::{Envelope, Mailbox, Recipient, Server, Transporter, mail, server, transporter};
use crate::{escaped, refused};

pub fn attack(what: &str, arguments: &[&str]) {
    let host = arguments[0];
    let port = arguments[1].parse().expect("a port");
    let open = || transporter::new_transporter(&server(host, port)).expect("settings");
    match what {
        "trap" => {
            let transporter = open();
            let message = half(&transporter);
            let _ = std::hint::black_box(&message);
            std::process::abort();
        }
        "exit" => {
            let transporter = open();
            std::mem::forget(half(&transporter));
            std::process::exit(0);
        }
        "loop" => {
            let transporter = open();
            let _message = half(&transporter);
            loop {
                std::hint::black_box(0);
            }
        }
        "injected" => {
            let transporter = open();
            for email in ["a@b.test>\r\nRCPT TO:<victim@mail.test", "a@b.test\nDATA", "x\0@y.test"] {
                let mut mail = mail();
                mail.to.push(Mailbox { name: None, email: email.to_owned() });
                match transporter.send(mail) {
                    Ok(_) => escaped(email),
                    Err(error) => refused(error.message),
                }
            }
            match transporter::new_transporter(&Server {
                ehlo_name: Some("a\r\nQUIT".to_owned()),
                ..server(host, port)
            }) {
                Ok(_) => escaped("a line end in EHLO"),
                Err(error) => refused(error.message),
            }
        }
        "denied" => match open().send(mail()) {
            Ok(_) => escaped("a mail"),
            Err(error) => refused((error.kind, error.message)),
        },
        // Settings in a loop: each keeps an instance's memory a little longer.
        "settings" => {
            let mut all = Vec::new();
            loop {
                all.push(transporter::new_transporter(&server(host, port)));
            }
        }
        _ => panic!("no such attack"),
    }
}

/// A message of which the server has a part.
fn half(transporter: &Transporter) -> crate::world::transporter::OutgoingMessage {
    let recipients = vec![Recipient { email: "bob@mail.test".to_owned(), notify: None, original: None }];
    let envelope = Envelope { from: "zoo@plugin.test".to_owned(), recipients, options: None };
    let message = transporter.open_message(&envelope, None).expect("an envelope");
    message.write(b"Subject: half\r\n\r\n").expect("it is taken");
    for _ in 0..40 {
        message.write(&[b'x'; 4096]).expect("it is taken");
        message.write(b"\r\n").expect("it is taken");
    }
    message
}
