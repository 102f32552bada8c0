//! `host send`, run as a person runs it, with both logs on.

use super::log::Log;
use super::server::Server;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// One `host send` to be.
pub struct Client {
    folder: PathBuf,
    command: Command,
}

/// What came of it.
pub struct Answer {
    pub code: i32,
    pub json: Value,
    pub regular: Log,
    pub extended: Log,
    /// The extended log as it is in its file.
    pub file: Vec<u8>,
    everything: String,
}

impl Client {
    /// To `smtp://` or `smtps://` something.
    pub fn to(url: &str) -> Client {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("smtp-client-{}-{count}", std::process::id()));
        fs::create_dir(&folder).expect("a folder for the client");
        let mut command = Command::new(host());
        command.args(["send", "--json", "--server", url]).arg("--log").arg("--log-dir").arg(&folder);
        command.arg("--log-file").arg(folder.join("extended.txt"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SMTP_") {
                command.env_remove(name);
            }
        }
        Client { folder, command }
    }

    /// STARTTLS on this port, the server's authority trusted.
    pub fn starttls(server: &Server, port: u16) -> Client {
        Client::to(&format!("smtp://localhost:{port}")).arg("--ca-file").arg(server.ca())
    }

    /// TLS at once on the server's port for it.
    pub fn tls(server: &Server) -> Client {
        Client::to(&format!("smtps://localhost:{}", server.tls)).arg("--ca-file").arg(server.ca())
    }

    /// In the clear.
    pub fn plain(port: u16) -> Client {
        Client::to(&format!("smtp://localhost:{port}")).arg("--accept-unsecure")
    }

    pub fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Client {
        self.command.arg(argument);
        self
    }

    pub fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Client {
        self.command.args(arguments);
        self
    }

    pub fn login(self, user: &str, password: &str) -> Client {
        let file = self.folder.join("password");
        fs::write(&file, format!("{password}\n")).expect("a file for the password");
        self.args(["--user", user]).arg("--password-file").arg(file)
    }

    pub fn token(self, user: &str, token: &str) -> Client {
        let file = self.folder.join("token");
        fs::write(&file, token).expect("a file for the token");
        self.args(["--user", user]).arg("--token-file").arg(file)
    }

    /// A finished message.
    pub fn eml(self, message: &[u8], from: &str, to: &[&str]) -> Client {
        let file = self.folder.join("message.eml");
        fs::write(&file, message).expect("a file for the message");
        let client = self.arg("--eml").arg(file).args(["--envelope-from", from]);
        to.iter().fold(client, |client, to| client.args(["--to", to]))
    }

    /// A small mail of the host's own making.
    pub fn small_mail(self) -> Client {
        self.args(["--from", "alice@mail.test", "--to", "bob@mail.test", "--subject", "small", "--text", "hello"])
    }

    pub fn send(mut self) -> Answer {
        let output = self.command.stdin(Stdio::null()).output().expect("the host runs");
        let out = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        let everything = format!("{:?}\n{out}{}", self.command, String::from_utf8_lossy(&output.stderr));
        let answer = Answer {
            code: output.status.code().unwrap_or_else(|| panic!("the host was killed: {everything}")),
            json: serde_json::from_str(&out).unwrap_or_else(|e| panic!("no JSON ({e}): {everything}")),
            regular: Log::read(&self.folder.join("SMTPLog_1.txt")),
            extended: Log::read(&self.folder.join("extended.txt")),
            // Absent where nothing was to be logged.
            file: fs::read(self.folder.join("extended.txt")).unwrap_or_default(),
            everything,
        };
        let _ = fs::remove_dir_all(&self.folder);
        answer
    }
}

impl Answer {
    /// The mail went.
    #[track_caller]
    pub fn sent(self) -> Answer {
        assert!(
            self.code == 0 && self.json["success"] == true && self.json["delivery"] == "accepted",
            "{}",
            self.told()
        );
        self
    }

    /// It did not: exit code, phase, kind.
    #[track_caller]
    pub fn failed(self, code: i32, phase: &str, kind: &str) -> Answer {
        let error = &self.json["errors"][0];
        assert!(
            self.code == code && self.json["success"] == false && error["phase"] == phase && error["kind"] == kind,
            "expected {code}, {phase}, {kind}:\n{}",
            self.told()
        );
        assert!(error["message"].as_str().is_some_and(|text| text.len() > 10), "{}", self.told());
        self
    }

    /// For a failed assertion: the command, its output, the conversation.
    pub fn told(&self) -> String {
        format!("exit {}: {}\n{}", self.code, self.everything, self.extended.text())
    }
}

/// The `host` of this build. `cargo nextest` builds it by its set-up script, `cargo test` does not.
pub fn host() -> &'static Path {
    static HOST: OnceLock<PathBuf> = OnceLock::new();
    HOST.get_or_init(|| {
        if std::env::var_os("NEXTEST").is_none() {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let built = Command::new(cargo).args(["build", "--quiet", "--workspace", "--bins"]).status();
            assert!(built.is_ok_and(|status| status.success()), "the host can't be built");
        }
        let test = std::env::current_exe().expect("this program has a path");
        test.ancestors().nth(2).expect("target/PROFILE/deps/THIS").join("host")
    })
}
