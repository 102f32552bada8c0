//! One real server: started in a folder of its own on free ports, stopped when dropped.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// The code with which a script says that a program is not on this machine.
const MISSING: i32 = 3;

/// A running server; which of its ports listen, its script says.
pub struct Server {
    script: PathBuf,
    /// What it writes: configuration, log, received mail.
    pub folder: PathBuf,
    /// Plain, STARTTLS where the server has it.
    pub mx: u16,
    /// STARTTLS and AUTH required.
    pub submission: u16,
    /// TLS at once.
    pub tls: u16,
}

impl Server {
    /// Starts `tests/servers/NAME.sh`. None: not on this machine, and `tests/run` was told so.
    pub fn start(name: &str) -> Option<Server> {
        Server::start_with(name, &[], &[])
    }

    /// The same, with settings for the script.
    pub fn start_with(name: &str, settings: &[(&str, &str)], arguments: &[&str]) -> Option<Server> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = root.join("servers").join(format!("{name}.sh"));
        let [mx, submission, tls] = [free_port(), free_port(), free_port()];
        let folder = std::env::temp_dir().join(format!("smtp-{}-{mx}", std::process::id()));
        fs::create_dir(&folder).expect("a folder for the server");
        let server = Server { script, folder, mx, submission, tls };
        let output = Command::new(&server.script)
            .arg("start")
            .arg(&server.folder)
            .args(arguments)
            .env("MX_PORT", mx.to_string())
            .env("SUB_PORT", submission.to_string())
            .env("TLS_PORT", tls.to_string())
            .env("OWNER", std::process::id().to_string())
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("the script runs");
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => Some(server),
            Some(MISSING) => {
                not_run(name, said.trim());
                None
            }
            _ => panic!("{name} does not start: {said}"),
        }
    }

    /// The certificate authority that signed this server's certificate.
    pub fn ca(&self) -> PathBuf {
        self.folder.join("tls/ca.pem")
    }

    /// The banner that a port greets with; proves that a server is there, without the client under test.
    pub fn banner(&self, port: u16) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the port listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
        let mut said = Vec::new();
        let mut byte = [0];
        while !said.ends_with(b"\n") && stream.read(&mut byte).expect("a banner in time") == 1 {
            said.push(byte[0]);
        }
        let _ = stream.write_all(b"QUIT\r\n");
        String::from_utf8_lossy(&said).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.print_logs();
        }
        let _ = Command::new(&self.script).arg("stop").arg(&self.folder).stdin(Stdio::null()).output();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Server {
    /// The folder is gone after the test, so a failure shows what the server had to say.
    fn print_logs(&self) {
        let files =
            ["log", "log/mail.log", "log/mainlog", "log/rejectlog", "log/dovecot.log", "dovecot/log/dovecot.log"];
        for path in files.map(|name| self.folder.join(name)) {
            if let Ok(text) = fs::read(&path) {
                let text = String::from_utf8_lossy(&text);
                let lines: Vec<_> = text.lines().collect();
                eprintln!("--- end of {}", path.display());
                lines[lines.len().saturating_sub(40)..].iter().for_each(|line| eprintln!("{line}"));
            }
        }
    }
}

/// Postfix that refuses the recipient nobody-here@mail.test.
pub fn refusing_postfix() -> Option<Server> {
    let refusals = "smtpd_recipient_restrictions = check_recipient_access inline:{\
                    {nobody-here@mail.test = 550 5.1.1 no such mailbox}}";
    Server::start_with("postfix", &[("EXTRA_MAIN_CF", refusals)], &[])
}

/// Ports in a block: more than any test starts servers for.
const BLOCK: u16 = 256;

/// A port below the range that the system gives to outgoing connections, so that nobody gets it by chance, and in a
/// block that this process has claimed, since tests run at the same time in processes of their own.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Who listens on the first port of a block has claimed it, until the process ends.
    static CLAIM: OnceLock<(u16, TcpListener)> = OnceLock::new();
    let (first, _) = CLAIM.get_or_init(|| {
        let claim = |first| TcpListener::bind(("127.0.0.1", first)).ok().map(|listener| (first, listener));
        (20_000..32_000).step_by(BLOCK.into()).find_map(claim).expect("a block of ports that nobody has claimed")
    });
    (0..BLOCK)
        .map(|_| first + 1 + NEXT.fetch_add(1, Ordering::Relaxed) % (BLOCK - 1))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

/// Tells `tests/run` what did not run; without it, that is a failure.
pub fn not_run(name: &str, why: &str) {
    let list = std::env::var_os("SMTP_TESTS_NOT_RUN")
        .unwrap_or_else(|| panic!("{name} is not on this machine ({why}); `tests/run` installs it"));
    eprintln!("NOT RUN: {name}: {why}");
    let mut file = OpenOptions::new().create(true).append(true).open(list).expect("the list of what did not run");
    writeln!(file, "{name}: {why}").expect("the list of what did not run");
}
