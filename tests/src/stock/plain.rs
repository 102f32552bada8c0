//! In the clear: the demo's server, and Postfix without TLS.

use super::runtime::Run;
use super::scene::{Folder, alike, options, stock};
use crate::cli::run::Stage;
use crate::servers::{Server, arrived, free_port};

const OPEN: &[&str] = &["--accept-unsecure", "--to", "bob@mail.test"];

#[test]
fn the_demos_server() {
    let stage = Stage::open();
    let url = format!("smtp://localhost:{}", stage.plain_port());
    let Some(log) = alike(&Run::new(), None, &url, OPEN, 0) else { return };
    assert!(log.contains("(unsecured)") && log.contains("C > \"Subject: =?"), "{log}");
    let received = stage.received();
    assert_eq!(received.len(), 2);
    assert!(received[0].text().contains("Hello\n.\n") || received[0].text().contains("Hello\r\n.\r\n"));
    // One recipient of two is refused, and all of them.
    let some = ["--accept-unsecure", "--to", "bob@mail.test", "--to", "nobody@mail.test"];
    alike(&Run::new(), None, &url, &some, 0);
    alike(&Run::new(), None, &url, &["--accept-unsecure", "--to", "nobody@mail.test"], 69);
    // TLS is required and not offered.
    alike(&Run::new(), None, &url, &["--to", "bob@mail.test"], 69);
}

#[test]
fn postfix() {
    let settings = "smtpd_tls_security_level = none\nsmtpd_recipient_restrictions = check_recipient_access inline:{\
                    {nobody-here@mail.test = 550 5.1.1 no such mailbox}, {busy@mail.test = 451 4.3.0 try again later}}";
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", settings)], &[]) else { return };
    let url = format!("smtp://localhost:{}", server.mx);
    let some = ["--accept-unsecure", "--to", "bob@mail.test", "--to", "nobody-here@mail.test"];
    let Some(log) = alike(&Run::new(), None, &url, &some, 0) else { return };
    assert!(log.contains("Recipient 'nobody-here@mail.test' refused"), "{log}");
    arrived(&server.folder.join("mail/inbox/new"), "Message-ID: <fixed@mail.test>");
    alike(&Run::new(), None, &url, &["--accept-unsecure", "--to", "nobody-here@mail.test"], 69);
    alike(&Run::new(), None, &url, &["--accept-unsecure", "--to", "busy@mail.test"], 75);
}

/// Both families are tried, and each failed try is in the log.
#[test]
fn nobody_listens() {
    let url = format!("smtp://localhost:{}", free_port());
    let Some(log) = alike(&Run::new(), None, &url, OPEN, 69) else { return };
    assert!(log.contains("### SMTP No connection to 127.0.0.1 on port"), "{log}");
    assert!(log.contains("none of its addresses could be reached"), "{log}");
    let url = url.replace("localhost", "127.0.0.1");
    alike(&Run::new(), None, &url, OPEN, 69);
}

#[test]
fn a_name_that_nobody_knows() {
    let folder = Folder::new();
    let options = options("smtp://nobody.invalid", OPEN);
    let Some((ran, log)) = stock(&Run::new(), &folder, &options) else { return };
    ran.exits(68).says("The name 'nobody.invalid' has no address");
    assert!(log.contains("### SMTP Name not resolved: no address found for 'nobody.invalid'"), "{log}");
}
