//! `host run --allow HOST:PORT mail-plugin.wasm HOST PORT FROM TO…`: sends a mail with an attachment.
//!
//! Build it by `cargo build --release --target wasm32-wasip2`. The transporter is an import: the host gives one.

mod transporter;

use std::process::ExitCode;
use transporter::{Attachment, Content, Mail, Mailbox, Receipt, Secret, SendError, Server, Transporter};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, from, to @ ..] = arguments.as_slice() else {
        eprintln!("usage: HOST PORT FROM TO…");
        return ExitCode::from(64);
    };
    let Ok(port) = port.parse() else {
        eprintln!("'{port}' is no port");
        return ExitCode::from(64);
    };
    match send(host, port, from, to) {
        Ok(receipt) => {
            report(&receipt);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("not sent: {}", error.message);
            ExitCode::FAILURE
        }
    }
}

fn send(host: &str, port: u16, from: &str, to: &[String]) -> Result<Receipt, SendError> {
    let user = std::env::var("MAIL_USER").ok();
    // A secret by name: the host has the password, and it never comes here.
    let named = std::env::var("MAIL_SECRET").map(Secret::Named);
    let password = named.or_else(|_| std::env::var("MAIL_PASSWORD").map(Secret::Value)).ok();
    let transporter = Transporter::new(Server {
        port: Some(port),
        accept_unsecure_connection: Some(user.is_none()),
        user,
        password,
        ..transporter::server(host)
    })?;
    transporter.send(Mail {
        to: to.iter().map(|email| mailbox(email)).collect(),
        subject: Some("From a plugin".to_owned()),
        text_body: Some("The figures are in the attachment.\n".to_owned()),
        attachments: vec![Attachment {
            content: Content::Text("month,mails\nJanuary,31\nFebruary,28\n".to_owned()),
            size: None,
            name: Some("figures.csv".to_owned()),
            media_type: None,
            cid: None,
            disposition: None,
        }],
        ..transporter::mail(mailbox(from))
    })
}

fn mailbox(email: &str) -> Mailbox {
    Mailbox { name: None, email: email.to_owned() }
}

/// The others got the mail although one was refused: each recipient has an answer of its own.
fn report(receipt: &Receipt) {
    println!("sent: {} {}", receipt.reply.status, receipt.reply.text);
    for recipient in &receipt.recipients {
        let word = if recipient.accepted { "accepted" } else { "refused" };
        println!("{word}: {} ({} {})", recipient.email, recipient.reply.status, recipient.reply.text);
    }
}
