//! In the clear: the demo's server, and Postfix without TLS.

use super::runtime::Run;
use super::scene::{Folder, alike, options, stock};
use crate::cli::run::Stage;
use crate::servers::{Server, arrived, free_port, not_run};
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::process::Command;

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

/// A plugin that knows nothing of the runtime: its log is turned on by the environment.
#[test]
fn a_plugin() {
    let stage = Stage::open();
    let folder = Folder::new();
    let port = stage.plain_port().to_string();
    let arguments = ["localhost", &port, "ana@plugin.test", "bob@mail.test", "nobody@mail.test"];
    let run = Run::new().env("SMTP_LOG", "1").folder(&folder.logs(), "/logs");
    let Some(ran) = run.plugin(&arguments) else { return };
    let ran = ran.exits(0);
    assert!(
        ran.out.contains("accepted: bob@mail.test") && ran.out.contains("refused: nobody@mail.test"),
        "{}",
        ran.told()
    );
    assert!(stage.received()[0].text().contains("filename=\"figures.csv\""));
    let log = fs::read_to_string(folder.logs().join("SMTPLog_1.txt")).expect("a log");
    assert!(log.contains("'figures.csv' (text/csv, 35 bytes)"), "{log}");
    // A password by name is one that a host holds, and here is none.
    let run = run.env("MAIL_USER", "alice").env("MAIL_SECRET", "mailbox");
    run.plugin(&arguments).expect("as before").exits(1).says("this runtime knows no secret named 'mailbox'");
    assert_eq!(stage.received().len(), 1);
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

/// A name with addresses of both families, of which one answers, and one of a family that does not. In a name space with an
/// /etc/hosts of its own, which takes root.
#[test]
fn both_families() {
    const INSIDE: &str = "SMTP_TEST_HOSTS_ARE_OURS";
    let folder = Folder::new();
    if std::env::var_os(INSIDE).is_none() {
        let hosts = folder.join("hosts");
        fs::write(&hosts, "127.0.0.1 localhost both.test\n::1 both.test\n").expect("a file");
        let script = "mount --bind \"$1\" /etc/hosts && exec \"$2\" --exact stock::plain::both_families --nocapture";
        let mut unshare = Command::new("unshare");
        unshare.args(["--mount", "sh", "-c", script, "sh"]).arg(hosts).arg(std::env::current_exe().expect("a path"));
        let output = unshare.env(INSIDE, "1").output().expect("unshare runs");
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("unshare failed") || said.contains("mount:") {
            return not_run("stock::plain::both_families", &said);
        }
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains(" 1 passed;"), "{told}{said}");
        return;
    }
    // Somebody who answers on one of the two, and nobody on the other.
    for (here, other) in [("127.0.0.1", "::1"), ("::1", "127.0.0.1")] {
        let listener = TcpListener::bind((here, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || listener.accept().map(|(mut client, _)| client.write_all(b"554 not here\r\n")));
        let _ = fs::remove_dir_all(folder.logs());
        let url = format!("smtp://both.test:{port}");
        let Some((ran, log)) = stock(&Run::new(), &folder, &options(&url, OPEN)) else { return };
        ran.exits(69);
        assert!(log.contains("### SMTP Connected to 'both.test'") && log.contains("554 not here"), "{log}");
        let failed = format!("### SMTP No connection to {other} on port {port}");
        // The resolver prefers one of them: the other is not tried where that one answers.
        assert!(log.contains(&failed) || !log.contains("No connection"), "{log}");
    }
    let log = alike(&Run::new(), None, &format!("smtp://both.test:{}", free_port()), OPEN, 69).expect("it is built");
    assert!(log.contains("No connection to 127.0.0.1") && log.contains("No connection to ::1"), "{log}");
    alike(&Run::new(), None, &format!("smtp://[::1]:{}", free_port()), OPEN, 69);
}

#[test]
fn a_name_that_nobody_knows() {
    let folder = Folder::new();
    let options = options("smtp://nobody.invalid", OPEN);
    let Some((ran, log)) = stock(&Run::new(), &folder, &options) else { return };
    ran.exits(68).says("The name 'nobody.invalid' has no address");
    assert!(log.contains("### SMTP Name not resolved: no address found for 'nobody.invalid'"), "{log}");
}
