//! Messages that are pushed in pieces and do not come to their end: nothing of them is delivered, the log says what became of
//! them, and the transporter goes on.

use smtp_host::Transporter;
use smtp_host::types::{Delivery, Envelope, ErrorKind, Phase, Recipient, SendError, Server};

use super::client::{self, Client, mail};
use super::plan::Plan;
use super::seen::Seen;
use super::server::Scripted;

const HEADER: &str = "From: sender@example.test\r\nSubject: pushed\r\n\r\n";
const NOT_ACCEPTED: &str = "### SMTP Mail not accepted, it was not completed. (recipients accepted: ";

fn envelope() -> Envelope {
    let recipient = Recipient { email: "one@example.test".into(), notify: None, original: None };
    Envelope { from: "sender@example.test".into(), recipients: vec![recipient], options: None }
}

/// A header and so many bytes of lines.
fn text(bytes: usize) -> Vec<u8> {
    let mut text = HEADER.as_bytes().to_vec();
    text.extend(b"All work and no play makes a dull line of sixty-four bytes....\r\n".iter().cycle().take(bytes));
    text
}

/// How a message ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Dropped,
    Abandoned,
    TooShort,
    TooLong,
}

async fn push(transporter: &mut Transporter, end: End, bytes: usize) -> Option<SendError> {
    let text = text(bytes);
    let announced = match end {
        End::TooLong => text.len() as u64 - 1,
        _ => text.len() as u64 + 1,
    };
    let mut message = transporter.open_message(&envelope(), Some(announced)).await.expect("an envelope");
    for piece in text.chunks(50_000) {
        if let Err(error) = message.write(piece).await {
            return Some(error);
        }
    }
    match end {
        End::Dropped => drop(message),
        End::Abandoned => message.abandon().await,
        End::TooShort | End::TooLong => return Some(message.finish().await.expect_err("another length")),
    }
    None
}

/// One message that does not end well, then a mail on the same transporter.
async fn one_of_two(end: End, bytes: usize, chunking: bool) -> (Option<SendError>, Seen, String) {
    let scripted = Scripted::start(Plan::good());
    let client = Client::new();
    let settings = Server { chunking: Some(chunking), ..client::settings(scripted.port) };
    let mut transporter = client.transporter(settings).await;
    let error = push(&mut transporter, end, bytes).await;
    transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", client::told(&error, &client.regular())));
    transporter.close().await;
    let log = client.regular();
    let connections = log.matches("### SMTP Connected").count();
    (error, scripted.after(connections).await, log)
}

#[tokio::test]
async fn a_message_without_an_end_is_not_delivered_and_has_an_outcome() {
    for chunking in [true, false] {
        // Small ones are not begun before they are whole.
        for bytes in [1_000, 300_000] {
            for end in [End::Dropped, End::Abandoned, End::TooShort, End::TooLong] {
                let (error, seen, log) = one_of_two(end, bytes, chunking).await;
                let told = format!("{end:?}, {bytes} bytes, BDAT {chunking}: {error:#?}\n{log}");
                assert_eq!(seen.mails(), 1, "{told}");
                let accepted = u8::from(bytes > 65_536);
                assert_eq!(log.matches(&format!("{NOT_ACCEPTED}{accepted}, refused: 0)")).count(), 1, "{told}");
                assert_eq!(log.matches("### SMTP Mail accepted by the server with 250.").count(), 1, "{told}");
                let reason = match end {
                    End::Dropped | End::Abandoned => "(the caller gave the message up)",
                    End::TooShort => "(the message ended after ",
                    End::TooLong => "(the message has more than ",
                };
                let event = format!("### SMTP Mail not completed: its content could not be read to the end. {reason}");
                assert!(log.contains(&event), "{told}");
                match (end, error) {
                    (End::Dropped | End::Abandoned, None) => {}
                    (End::TooShort | End::TooLong, Some(error)) => {
                        let phase = if bytes > 65_536 { Phase::Content } else { Phase::Input };
                        assert_eq!(
                            (error.phase, error.kind, error.delivery),
                            (phase, ErrorKind::ContentFailed, Delivery::NotAccepted),
                            "{told}"
                        );
                        assert!(error.message.contains("bytes that were announced"), "{told}");
                    }
                    _ => panic!("{told}"),
                }
            }
        }
    }
}
