//! A server that falls silent, resets, hangs up or says 421 in each phase: what the caller is told, and what the log.

use smtp_host::types::{Content, Delivery, ErrorKind, Phase, Retry, SendError, Server};
use tokio::task::JoinSet;

use super::certificates::Authority;
use super::client::{self, Client, mail};
use super::plan::{At, Plan, Security, What};
use super::server::Scripted;

/// Where, what it is called for the caller, and whether the mail may have arrived if all ends there, when the content
/// travels with the envelope (BDAT) and when it does not (DATA).
const PHASES: [(At, Phase, Delivery, Delivery); 9] = [
    (At::Greeting, Phase::Greeting, Delivery::NotAccepted, Delivery::NotAccepted),
    (At::Ehlo, Phase::Ehlo, Delivery::NotAccepted, Delivery::NotAccepted),
    (At::StartTls, Phase::Starttls, Delivery::NotAccepted, Delivery::NotAccepted),
    (At::Auth, Phase::Auth, Delivery::NotAccepted, Delivery::NotAccepted),
    (At::Response, Phase::Auth, Delivery::NotAccepted, Delivery::NotAccepted),
    (At::Mail, Phase::MailFrom, Delivery::Unknown, Delivery::NotAccepted),
    (At::Rcpt, Phase::RcptTo, Delivery::Unknown, Delivery::NotAccepted),
    (At::Data, Phase::Data, Delivery::Unknown, Delivery::NotAccepted),
    (At::Content, Phase::Content, Delivery::Unknown, Delivery::Unknown),
];

/// One mail to a server with one fault.
async fn send(at: At, what: What, chunking: bool, authority_pem: String, plan: Plan) -> (SendError, String) {
    let plan = plan.offering("AUTH LOGIN").failing(at, what);
    let scripted = Scripted::start(plan);
    let client = Client::new();
    let settings = Server {
        // The least that can be asked for: the silent ones take it all.
        connection_time_out: Some(1),
        send_time_out: Some(1),
        chunking: Some(chunking),
        ..client::login(client::secured(scripted.port, false, &authority_pem))
    };
    let mut transporter = client.transporter(settings).await;
    let result = transporter.send(&mail()).await;
    transporter.close().await;
    let error = result.err().unwrap_or_else(|| panic!("{at:?} {what:?}: accepted\n{}", client.regular()));
    (error, client.regular())
}

async fn in_each_phase(what: What, kind: ErrorKind, event: &'static str) {
    let authority = Authority::new("Faults");
    let mut runs = JoinSet::new();
    for (at, phase, with_bdat, with_data) in PHASES {
        for (chunking, left) in [(true, with_bdat), (false, with_data)] {
            if chunking && at == At::Data {
                continue;
            }
            let plan = Plan::good().secured(Security::StartTls(authority.good()));
            let run = send(at, what, chunking, authority.pem(), plan);
            runs.spawn(async move { (at, phase, left, chunking, run.await) });
        }
    }
    let mut complaints = Vec::new();
    while let Some(run) = runs.join_next().await {
        let (at, phase, left, chunking, (error, log)) = run.expect("no panic");
        // Who says 421 does not have the mail.
        let delivery = if what == What::Leave { Delivery::NotAccepted } else { left };
        let retry = if delivery == Delivery::Unknown { error.retry } else { Retry::Later };
        let right = (error.phase, error.kind, error.delivery, error.retry) == (phase, kind, delivery, retry);
        let told = log.lines().any(|line| line.contains("### ") && line.contains(event));
        let closed = log.ends_with("### SMTP Connection closed\n");
        let uncertain = log.contains("that is unknown") == (delivery == Delivery::Unknown);
        if !(right && told && closed && uncertain) {
            complaints.push(format!(
                "{at:?}, BDAT {chunking}: {right} {told} {closed} {uncertain}, expected {phase:?} {kind:?} {delivery:?}\n{}",
                client::told(&error, &log)
            ));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

#[tokio::test]
async fn silence() {
    in_each_phase(What::Silence, ErrorKind::TimedOut, "Timed out after 1 s while waiting for").await;
}

#[tokio::test]
async fn reset() {
    in_each_phase(What::Reset, ErrorKind::ConnectionLost, "Connection lost while waiting for").await;
}

#[tokio::test]
async fn end_of_the_stream() {
    in_each_phase(What::Close, ErrorKind::ConnectionLost, "Connection lost while waiting for").await;
}

#[tokio::test]
async fn service_not_available() {
    in_each_phase(What::Leave, ErrorKind::ServiceClosing, "Service closed by the server with 421").await;
}

#[tokio::test]
async fn handshakes_that_come_to_nothing() {
    let authority = Authority::new("Faults");
    for (what, kind) in [
        (What::Silence, ErrorKind::TimedOut),
        (What::Reset, ErrorKind::ConnectionLost),
        (What::Close, ErrorKind::ConnectionLost),
    ] {
        for at_once in [true, false] {
            let config = authority.good();
            let security = if at_once { Security::AtOnce(config) } else { Security::StartTls(config) };
            let scripted = Scripted::start(Plan::good().secured(security).failing(At::Handshake, what));
            let client = Client::new();
            let settings = Server {
                connection_time_out: Some(1),
                send_time_out: Some(1),
                ..client::login(client::secured(scripted.port, at_once, &authority.pem()))
            };
            let mut transporter = client.transporter(settings).await;
            let error = transporter.send(&mail()).await.expect_err("no TLS, no mail");
            transporter.close().await;
            let told = client::told(&error, &client.regular());
            assert_eq!((error.phase, error.kind), (Phase::Tls, kind), "{what:?}, at once {at_once}: {told}");
            assert!(!scripted.after(1).await.said().contains("MAIL"));
        }
    }
}

/// A server that is gone, or reads no more, in the middle of a large mail: not all of it has left, so it can't have arrived.
#[tokio::test]
async fn the_end_in_the_middle_of_the_content() {
    for (chunking, what) in [(true, What::Reset), (false, What::Reset), (true, What::Deafness), (false, What::Deafness)]
    {
        let scripted = Scripted::start(Plan { narrow: true, ..Plan::good().failing(At::MidContent, what) });
        let client = Client::new();
        let settings = Server { chunking: Some(chunking), send_time_out: Some(1), ..client::settings(scripted.port) };
        let mut transporter = client.transporter(settings).await;
        let mut large = mail();
        large.attachments = vec![large_attachment()];
        let error = transporter.send(&large).await.expect_err("the content is not taken");
        transporter.close().await;
        let told = client::told(&error, &client.regular());
        assert_eq!((error.phase, error.delivery), (Phase::Content, Delivery::NotAccepted), "{told}");
        assert_eq!(scripted.after(1).await.mails(), 0);
    }
}

/// What QUIT comes to changes nothing.
#[tokio::test]
async fn nothing_after_the_reply_to_the_content_matters() {
    for what in [What::Silence, What::Reset, What::Close, What::Leave, What::Say("garbage"), What::Say("550 5.0.0 no")]
    {
        let scripted = Scripted::start(Plan::good().failing(At::Quit, what));
        let client = Client::new();
        let settings = Server { keep_alive: Some(false), send_time_out: Some(2), ..client::settings(scripted.port) };
        let mut transporter = client.transporter(settings).await;
        let receipt = transporter.send(&mail()).await.unwrap_or_else(|error| {
            panic!("{what:?}: {}", client::told(&error, &client.regular()));
        });
        assert_eq!(receipt.reply.status, 250, "{what:?}");
        assert!(client.regular().ends_with("### SMTP Connection closed\n"), "{}", client.regular());
    }
}

pub fn large_attachment() -> smtp_host::types::Attachment {
    smtp_host::types::Attachment {
        content: Content::Bytes((0..12_000_000_u32).map(|n| (n ^ (n >> 9)) as u8).collect()),
        size: None,
        name: Some("large.bin".into()),
        media_type: None,
        cid: None,
        disposition: None,
    }
}
