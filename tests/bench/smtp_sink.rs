//! Postfix's own sink: a real server's protocol without a queue behind it.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A running `smtp-sink`; ended when dropped.
pub struct SmtpSink {
    process: Child,
    pub port: u16,
}

impl SmtpSink {
    /// None where Postfix is not installed, which is said.
    pub fn start() -> Option<SmtpSink> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let mut command = Command::new("/usr/sbin/smtp-sink");
        command.args(["-u", "nobody", &format!("127.0.0.1:{port}"), "128"]);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(process) => {
                let sink = SmtpSink { process, port };
                sink.wait();
                Some(sink)
            }
            Err(error) => {
                println!("  NOT MEASURED against smtp-sink: {error}");
                None
            }
        }
    }

    fn wait(&self) {
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("smtp-sink does not listen on {}", self.port);
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
