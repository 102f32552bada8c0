//! Credentials that the host was given, and whoever writes the settings was not.

use smtp_host::log_files::LogFiles;
use smtp_host::types::{ErrorKind, Phase, Proxy, ProxyKind, Server};
use smtp_host::{Host, Secret};

use super::client::{self, Client, PASSWORD, mail, told};
use super::needles::Needle;
use super::plan::{Echo, Plan};
use super::server::Scripted;

#[tokio::test]
async fn a_named_password_logs_in_and_is_masked() {
    let scripted =
        Scripted::start(Plan { echo: Some(Echo::Whole), lets_in: true, ..Plan::good().offering("AUTH PLAIN") });
    let client = Client::new();
    let logs = LogFiles::builder().folder(&client.folder).regular(1).extended_folder(&client.folder).build().unwrap();
    let host = Host::builder().logs(logs).secret("relay", PASSWORD).build().unwrap();
    let settings = Server {
        user: Some("someone".into()),
        password: Some(Secret::named("relay")),
        ..client::settings(scripted.port)
    };
    let mut transporter = host.transporter(settings).await.unwrap();
    let receipt =
        transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", told(&error, &client.extended())));
    let needle = Needle::new("the named password", PASSWORD);
    for (name, text) in
        [("regular", client.regular()), ("extended", client.extended()), ("receipt", format!("{receipt:?}"))]
    {
        assert_eq!(needle.found_in(name, &text), None, "{text}");
    }
    assert!(client.extended().contains("C > \"AUTH PLAIN ********************************\""), "{}", client.extended());
}

#[tokio::test]
async fn a_name_that_was_not_granted_is_refused_before_anything_is_sent() {
    let scripted = Scripted::start(Plan::good());
    let client = Client::new();
    let named = Some(Secret::named("somebody else's"));
    let settings = Server { user: Some("someone".into()), password: named.clone(), ..client::settings(scripted.port) };
    let Err(error) = client.host.transporter(settings).await else { panic!("it was granted") };
    assert_eq!((error.phase, error.kind), (Phase::Policy, ErrorKind::Denied));
    assert!(error.message.starts_with("the host was given no secret named 'somebody else\\'s'"), "{}", error.message);

    // The host looks this one up itself, when it connects.
    let proxy = Proxy {
        kind: ProxyKind::Socks5,
        host: "localhost".into(),
        port: scripted.port,
        user: Some("a".into()),
        password: named,
    };
    let settings = Server { proxy: Some(proxy), ..client::settings(scripted.port) };
    let error = client.transporter(settings).await.send(&mail()).await.unwrap_err();
    assert_eq!((error.phase, error.kind), (Phase::Policy, ErrorKind::Denied), "{error:?}");
    assert!(scripted.seen().connections.is_empty(), "{:?}", scripted.seen());
}
