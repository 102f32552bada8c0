//! One running `host serve`, in a folder of its own.

use super::http::{self, Answer};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

#[allow(dead_code, reason = "shared with the benchmarks")]
pub struct Service {
    child: Child,
    pub folder: PathBuf,
    pub port: u16,
    /// The administrator's.
    pub token: String,
}

#[allow(dead_code, reason = "shared with the benchmarks")]
impl Service {
    /// Starts it; `transporters` is the end of the configuration.
    pub fn start(host: &std::path::Path, transporters: &str) -> Service {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("smtp-serve-{}-{count}", std::process::id()));
        fs::create_dir(&folder).expect("a folder for the service");
        configure(&folder, transporters);
        let mut child = Command::new(host)
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(folder.join("serve.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.join("stderr")).expect("a file"))
            .spawn()
            .expect("the service starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut next = |behind: &str| {
            let line = lines.next().unwrap_or_else(|| {
                panic!("the service ended: {}", fs::read_to_string(folder.join("stderr")).unwrap_or_default())
            });
            line.split_once(behind).unwrap_or_else(|| panic!("unexpected: {line}")).1.to_owned()
        };
        let token = next("told this once: ");
        let port = next("://127.0.0.1:").trim_end_matches('/').parse().expect("a port");
        Service { child, folder, port, token }
    }

    /// Changes the configuration; a reload must follow.
    pub fn configure(&self, transporters: &str) {
        configure(&self.folder, transporters);
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A request of the administrator's.
    pub fn ask(&self, method: &str, path: &str, json: Option<&Value>) -> Answer {
        self.ask_as(&self.token, method, path, json)
    }

    pub fn ask_as(&self, token: &str, method: &str, path: &str, json: Option<&Value>) -> Answer {
        let bearer = format!("Bearer {token}");
        let body = json.map(Value::to_string).unwrap_or_default();
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        http::request(self.port, method, path, &headers, body.as_bytes())
    }

    pub fn log_on(&self) {
        let answer = self.ask("PUT", "/v1/log", Some(&serde_json::json!({"state": "on", "first": 1})));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// The text of the log's files.
    pub fn log(&self) -> String {
        let mut files: Vec<_> = fs::read_dir(self.folder.join("logs"))
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        files.sort();
        files.iter().map(|file| String::from_utf8_lossy(&fs::read(file).expect("a log file")).into_owned()).collect()
    }

    /// What it said on standard error.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.join("stderr")).unwrap_or_default()
    }

    /// A figure of /metrics; 0 while there is none.
    pub fn figure(&self, name: &str) -> f64 {
        let text = self.ask("GET", "/metrics", None).text();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0.0, |figure| figure.parse().expect("a number"))
    }

    #[track_caller]
    pub fn wait_for(&self, what: &str, mut holds: impl FnMut(&Service) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < Duration::from_secs(30), "never: {what}\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "the service does not end: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A further token.
    pub fn add_token(&self, host: &std::path::Path, what: &str) -> String {
        let output = Command::new(host)
            .args(["serve", "--add-token", what, "--config"])
            .arg(self.folder.join("serve.toml"))
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

fn configure(folder: &std::path::Path, transporters: &str) {
    let text = format!("state = \"state\"\n[log]\nfolder = \"logs\"\n{transporters}");
    fs::write(folder.join("serve.toml"), text).expect("a configuration");
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the service said\n{}", self.said());
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}
