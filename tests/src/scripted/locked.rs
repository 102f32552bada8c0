//! A server that stops reading until it is read: with full pipes in both directions the mail still goes.

use smtp_host::types::Server;

use super::certificates::Authority;
use super::client::{self, Client, mail};
use super::faults::large_attachment;
use super::plan::{Plan, Security};
use super::server::Scripted;

async fn large_mail(plan: Plan, settings: impl Fn(u16) -> Server) {
    let scripted = Scripted::start(Plan { stubborn: true, narrow: true, ..plan });
    let client = Client::new();
    let mut transporter = client.transporter(settings(scripted.port)).await;
    let mut large = mail();
    large.attachments = vec![large_attachment()];
    let receipt = transporter.send(&large).await.unwrap_or_else(|error| panic!("{error:?}"));
    transporter.close().await;
    let seen = scripted.after(1).await;
    assert_eq!(seen.mails(), 1);
    assert_eq!(seen.connections[0].mails[0].len() as u64, receipt.bytes);
}

#[tokio::test]
async fn in_the_clear() {
    large_mail(Plan::good(), client::settings).await;
}

#[tokio::test]
async fn under_tls() {
    let authority = Authority::new("Locked");
    let pem = authority.pem();
    let plan = Plan::good().secured(Security::AtOnce(authority.good()));
    large_mail(plan, |port| client::secured(port, true, &pem)).await;
}
