//! The same plugin in four languages, against the server of `host demo` and against Postfix: each log is that of
//! `host send` with the same mail.

use super::logs::{Inbox, attachment, comparable};
use super::{built, c};
use crate::cli::run::{Stage, run};
use crate::plugins::guests;
use crate::servers::{Server, refusing_postfix};
use std::fs;
use std::path::{Path, PathBuf};

const GRANTS: [&str; 4] = ["--env", "MAIL_USER=alice", "--env", "MAIL_PASSWORD=wonderland"];
const FIGURES: &str = "month,mails\nJanuary,31\nFebruary,28\n";

/// Every plugin that could be built here.
fn plugins() -> Vec<(&'static str, PathBuf)> {
    let found = [
        ("rust", guests::mail_plugin().map(Path::to_owned)),
        ("python", built("python.wasm")),
        ("javascript", built("javascript.wasm")),
        ("c", c::plugin()),
    ];
    found.into_iter().filter_map(|(name, path)| path.map(|path| (name, path))).collect()
}

/// A server, and who of the recipients it refuses.
struct Scene<'a> {
    folder: &'a Path,
    port: String,
    ca: PathBuf,
    refused: &'a str,
}

impl Scene<'_> {
    /// The log of the mail as the host sends it without any plugin: the measure.
    fn by_host(&self) -> String {
        let url = format!("smtp://alice@localhost:{}", self.port);
        let mail = serde_json::json!({
            "from": "ana@plugin.test", "to": ["bob@mail.test", self.refused], "subject": "From a plugin",
            "textBody": "The figures are in the attachment.\n",
            "attachments": [{"name": "figures.csv", "text": FIGURES}],
        });
        fs::write(self.folder.join("the-password"), "wonderland").expect("a file");
        let mut arguments = vec!["send", "--server", &url, "--password-file", "the-password", "--ca-file"];
        arguments.extend([self.ca.to_str().unwrap(), "--batch", "-", "--log", "--log-dir", "by-host"]);
        run(self.folder, &arguments, mail.to_string().as_bytes()).exits(0);
        comparable(&fs::read_to_string(self.folder.join("by-host/SMTPLog_1.txt")).unwrap())
    }

    /// The same by a plugin.
    fn by(&self, name: &str, plugin: &Path) -> String {
        let allow = format!("localhost:{}", self.port);
        let mut arguments = vec!["run", "--allow", &allow, "--ca-file", self.ca.to_str().unwrap(), "--log"];
        arguments.extend(["--log-dir", name, "--max-cpu", "300"]);
        arguments.extend(GRANTS);
        arguments.extend([plugin.to_str().unwrap(), "localhost", &self.port, "ana@plugin.test"]);
        arguments.extend(["bob@mail.test", self.refused]);
        let ran = run(self.folder, &arguments, b"").exits(0);
        let lines: Vec<_> = ran.out.lines().collect();
        assert!(lines[0].starts_with("sent: 250 "), "{name}: {}", ran.told());
        assert!(lines[1].starts_with("accepted: bob@mail.test (250 "), "{name}: {}", ran.told());
        assert!(lines[2].starts_with(&format!("refused: {} (550 ", self.refused)), "{name}: {}", ran.told());
        comparable(&fs::read_to_string(self.folder.join(name).join("SMTPLog_1.txt")).unwrap())
    }
}

fn assert_mail(name: &str, mail: &[u8]) {
    assert!(String::from_utf8_lossy(mail).contains("Subject: From a plugin"), "{name}");
    assert_eq!(attachment(mail), ("figures.csv".to_owned(), FIGURES.as_bytes().to_vec()), "{name}");
}

#[test]
fn each_sends_the_same_mail() {
    let stage = Stage::new();
    let port = stage.starttls_port().to_string();
    let scene = Scene { folder: &stage.folder, port, ca: "ca.pem".into(), refused: "nobody@mail.test" };
    let measure = scene.by_host();
    for (number, (name, plugin)) in plugins().into_iter().enumerate() {
        assert_eq!(scene.by(name, &plugin), measure, "the log of {name} and that of the host");
        let received = stage.received();
        assert_eq!(received.len(), number + 2, "{name}");
        assert_mail(name, &received[number + 1].content);
    }
}

#[test]
fn each_goes_through_postfix() {
    let Some(server) = refusing_postfix() else { return };
    let inbox = Inbox::of(&server);
    let Server { folder, submission, .. } = &server;
    let scene = Scene { folder, port: submission.to_string(), ca: server.ca(), refused: "nobody-here@mail.test" };
    let measure = scene.by_host();
    assert_mail("host", &inbox.take("Subject: From a plugin"));
    for (name, plugin) in plugins() {
        assert_eq!(scene.by(name, &plugin), measure, "the log of {name} and that of the host");
        assert_mail(name, &inbox.take("Subject: From a plugin"));
        assert!(inbox.is_empty(), "{name}");
    }
}
