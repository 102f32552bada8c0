//! One run of `host`, in a folder of its own, and a server to talk to.

use crate::servers::host;
use serde_json::Value;
use smtp_cli::demo::{Options, Received, Server};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::runtime::Runtime;

/// The password of the server's account, which no output may show.
pub const PASSWORD: &str = "wonderland";

/// A server with a folder beside it.
pub struct Stage {
    server: Server,
    _runtime: Runtime,
    pub folder: PathBuf,
}

/// What a run came to.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Stage {
    pub fn new() -> Stage {
        Stage::with(Options::default())
    }

    /// A server that takes mail from everybody.
    pub fn open() -> Stage {
        Stage::with(Options { authentication_required: false, ..Options::default() })
    }

    fn with(options: Options) -> Stage {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("smtp-cli-{}-{count}", std::process::id()));
        fs::create_dir(&folder).expect("a folder");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let server = runtime.block_on(Server::start(options)).expect("a server");
        fs::write(folder.join("ca.pem"), server.authority_pem()).expect("a file");
        fs::write(folder.join("password"), format!("{PASSWORD}\n")).expect("a file");
        Stage { server, _runtime: runtime, folder }
    }

    /// The options that say which server, and as whom.
    pub fn server(&self) -> Vec<String> {
        let url = format!("smtp://alice@localhost:{}", self.server.starttls_port());
        ["--server", &url, "--ca-file", "ca.pem", "--password-file", "password"].map(str::to_owned).into()
    }

    pub fn starttls_port(&self) -> u16 {
        self.server.starttls_port()
    }

    pub fn plain_port(&self) -> u16 {
        self.server.plain_port()
    }

    pub fn received(&self) -> Vec<Received> {
        self.server.received()
    }

    /// `host send` to the server.
    pub fn send(&self, arguments: &[&str]) -> Ran {
        let server = self.server();
        let all: Vec<_> =
            ["send"].into_iter().chain(server.iter().map(String::as_str)).chain(arguments.iter().copied()).collect();
        run(&self.folder, &all, b"")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs `host` with nothing of this environment that it would listen to.
pub fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = Command::new(host());
    command.args(arguments).current_dir(folder).env("SMTP_TEST_PASSWORD", PASSWORD);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SMTP_") {
            command.env_remove(name);
        }
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the host runs");
    // A run that reads nothing closes the pipe.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    let output = child.wait_with_output().expect("the host ends");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    let ran =
        Ran { code: output.status.code().expect("not killed"), out: text(output.stdout), err: text(output.stderr) };
    assert!(!ran.out.contains(PASSWORD) && !ran.err.contains(PASSWORD), "{}", ran.told());
    let harmful = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!ran.out.contains(harmful) && !ran.err.contains(harmful), "{}", ran.told());
    ran
}

impl Ran {
    /// The one line of JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.told()))
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}", self.told());
        self
    }

    /// What standard error says.
    #[track_caller]
    pub fn says(self, text: &str) -> Ran {
        assert!(self.err.contains(text), "{text:?} is not in {}", self.told());
        self
    }

    pub fn told(&self) -> String {
        format!("exit {}\n{}{}", self.code, self.out, self.err)
    }
}
