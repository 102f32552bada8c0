//! What `tracing` gets to see: who called and how it ended, and no secret.

use super::{mail, server};
use crate::cli::run::{PASSWORD, Stage};
use smtp_host::Host;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn spans_have_no_secrets() {
    let stage = Stage::new();
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let host = Host::builder().build().unwrap();
            let mut transporter = host.transporter(server(&stage)).await.map_err(|error| error.message).unwrap();
            transporter.send(&mail("bob@mail.test")).await.map_err(|error| error.message).unwrap();
            let error = transporter.send(&mail("nobody@mail.test")).await.unwrap_err();
            assert_eq!(error.recipients.len(), 1);
            transporter.close().await;
        });
    });
    let seen = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    for part in ["call=\"smtp.send\"", "status=250", "error=ErrorKind::AllRecipientsRefused", "slot=1"] {
        assert!(seen.contains(part), "{part} is not in {seen}");
    }
    for secret in [PASSWORD, "d29uZGVybGFuZA", "AGFsaWNlAHdvbmRlcmxhbmQ="] {
        assert!(!seen.contains(secret), "{seen}");
    }
}
