//! A kept connection that is found dead is replaced, once, and only where the mail can't have arrived.

use smtp_host::types::{Delivery, ErrorKind, Server};

use super::client::{self, Client, mail};
use super::plan::{At, Plan, What};
use super::server::Scripted;

const REPLACED: &str = "### SMTP Kept connection found closed";

/// Two mails over one transporter; the first is accepted. What became of the second, and how often was it replaced?
async fn second_mail(
    plan: Plan,
    settings: impl Fn(u16) -> Server,
    connections: usize,
) -> (Result<(), smtp_host::types::SendError>, usize, usize, String) {
    let scripted = Scripted::start(plan);
    let client = Client::new();
    let mut transporter = client.transporter(settings(scripted.port)).await;
    transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", client::told(&error, &client.regular())));
    // The end of the first connection is on its way.
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    let result = transporter.send(&mail()).await.map(drop);
    transporter.close().await;
    let seen = scripted.after(connections).await;
    assert_eq!(seen.connections.len(), connections, "{}", client.regular());
    let log = client.regular();
    (result, seen.mails(), log.matches(REPLACED).count(), log)
}

fn by_data(port: u16) -> Server {
    Server { chunking: Some(false), ..client::settings(port) }
}

#[tokio::test]
async fn closed_while_idle() {
    for settings in [client::settings, by_data] {
        let plan = Plan::good().failing_after(0, At::Content, What::CloseAfter);
        let (result, mails, replaced, log) = second_mail(plan, settings, 2).await;
        assert!(result.is_ok(), "{log}");
        assert_eq!((mails, replaced), (2, 1), "{log}");
    }
}

/// The server is gone when the second mail's commands arrive; its content was not sent with them.
#[tokio::test]
async fn gone_at_mail_from() {
    for what in [What::Close, What::Reset, What::Leave] {
        let plan = Plan::good().failing_after(1, At::Mail, what);
        let (result, mails, replaced, log) = second_mail(plan, by_data, 2).await;
        assert!(result.is_ok(), "{what:?}: {log}");
        assert_eq!((mails, replaced), (2, 1), "{what:?}: {log}");
    }
}

/// The content went with the commands, and no reply came: whether it arrived is not known, and it is not sent again.
#[tokio::test]
async fn gone_with_the_whole_mail() {
    for what in [What::Close, What::Reset] {
        let plan = Plan::good().failing_after(1, At::Content, what);
        let (result, _, replaced, log) = second_mail(plan, client::settings, 1).await;
        let error = result.expect_err("not known");
        assert_eq!((error.kind, error.delivery), (ErrorKind::ConnectionLost, Delivery::Unknown), "{log}");
        assert_eq!(replaced, 0, "{log}");
    }
}

/// The connection that replaces the dead one is dead, too: that is told.
#[tokio::test]
async fn replaced_once_and_no_more() {
    let plan = Plan::good().failing_after(0, At::Content, What::CloseAfter).failing_on(1, At::Mail, What::Close);
    let (result, mails, replaced, log) = second_mail(plan, by_data, 2).await;
    let error = result.expect_err("the second one ends as well");
    assert_eq!((error.kind, error.delivery), (ErrorKind::ConnectionLost, Delivery::NotAccepted), "{log}");
    assert_eq!((mails, replaced), (1, 1), "{log}");
}
