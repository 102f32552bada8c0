//! `mail.wasm --server smtp://mail.example.com --from A --to B --text …`: sends one mail.
//!
//! The options are those of `host send`, as far as they go here, and so are the exit codes. The transporter is an import:
//! `host compose` puts it in.

mod arguments;
mod exit;
mod transporter;

use std::io::Write;

use arguments::Arguments;
use exit::{Failure, USAGE};
use transporter::{Mail, Mailbox, Receipt, Secret, Server, Transporter};

const HELP: &str = "\
Sends one mail.

Usage: mail --server URL --from ADDRESS --to ADDRESS... [OPTIONS]

  --server URL            smtp://HOST[:PORT] (587, STARTTLS) or smtps://HOST[:PORT] (465, TLS at once)
  --from ADDRESS          who sends
  --to ADDRESS            who receives; repeatable
  --subject TEXT          the subject
  --text TEXT             the text; @FILE reads it from a file
  --user NAME             the user, with
  --password-file FILE    the password, or SMTP_PASSWORD in the environment
  --auth MODE             plain, login, cram-md5 or scram-sha-256; default the best that is offered
  --accept-unsecure       go on in the clear where TLS can't be had
  --pin-sha256 HEX, --ca-file PEM, --system-roots, --client-cert PEM, --proxy URL
                          as for `host send`, where the runtime can
  --connect-timeout S     seconds until the connection is up; default 30
  --log[=N]               write the regular log, from file number N on; default 1
  --log-file NAME         write this mail's whole conversation
  --log-language LANG     en or es

Exit codes: 0 sent, 64 usage, 65 the mail is wrong, 66 no such file, 68 host unknown, 69 refused for good, 73 no log,
75 try again later, 77 authentication or policy.

Example: mail --server smtp://mail.example.com --from a@example.com --to b@example.org --text Hello";

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if given.is_empty() || given.iter().any(|argument| argument == "--help") {
        println!("{HELP}");
        return if given.is_empty() {
            end(USAGE)
        };
    }
    match Arguments::parse(given).and_then(|arguments| send(&arguments)) {
        Ok(receipt) => report(&receipt),
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            end(failure.exit);
        }
    }
}

fn end(code: u8) {
    // Standard output keeps half lines back.
    let _ = std::io::stdout().flush();
    transporter::exit_with_code(code);
}

fn send(arguments: &Arguments) -> Result<Receipt, Failure> {
    if let Some(first) = arguments.log {
        transporter::set_log(first)?;
    }
    let password = arguments.password()?;
    let transporter = Transporter::new(Server {
        port: arguments.port,
        tls_at_once: Some(arguments.tls_at_once),
        user: arguments.user.clone(),
        password: password.map(Secret::Value),
        authentication_mode: arguments.auth,
        accept_unsecure_connection: Some(arguments.accept_unsecure),
        connection_time_out: arguments.connect_timeout,
        log_file: arguments.log_file.clone(),
        log_language: Some(arguments.language),
        trust: arguments.trust.clone(),
        proxy: arguments.proxy.clone(),
        ..transporter::server(&arguments.host)
    })?;
    let mail = Mail {
        to: arguments.to.iter().map(|email| mailbox(email)).collect(),
        subject: arguments.subject.clone(),
        text_body: arguments.text.clone(),
        message_id: arguments.message_id.clone(),
        ..transporter::mail(mailbox(&arguments.from))
    };
    let receipt = transporter.send(mail)?;
    transporter.close();
    Ok(receipt)
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
    for warning in &receipt.warnings {
        eprintln!("warning: {warning}");
    }
}
