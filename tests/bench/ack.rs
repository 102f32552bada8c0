//! A server that acknowledges at once, by DATA and by BDAT: as little work as a server can have. It runs in a process of
//! its own: this same program, started with `ARGUMENT`.

use memchr::memmem;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

pub const ARGUMENT: &str = "serve-and-acknowledge";

/// When the server's TCP acknowledges what it has no reply to yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packets {
    /// As Linux does by default: after 40 ms, unless a reply goes before. Clients that write a mail in several pieces and
    /// leave Nagle's algorithm on wait for that.
    Delayed,
    /// At once, so that nobody waits and what is compared is work.
    AtOnce,
    /// At once, and [`ROUND_TRIP`] away: what is compared is the number of round trips.
    Away,
}

/// A server in the same country.
pub const ROUND_TRIP: Duration = Duration::from_millis(5);

/// A running server; ended when dropped.
pub struct Server {
    process: Child,
    pub port: u16,
}

impl Server {
    pub fn start(packets: Packets) -> Server {
        let program = std::env::current_exe().expect("this program has a path");
        let mut command = Command::new(program);
        command.arg(ARGUMENT).arg(format!("{packets:?}"));
        let mut process = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn();
        let output = process.as_mut().expect("a server").stdout.as_mut().expect("its output");
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("its port");
        Server { port: line.trim().parse().expect("a port"), process: process.expect("a server") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until it is killed.
pub fn serve(packets: &str) {
    let at_once = packets != format!("{:?}", Packets::Delayed);
    let away = packets == format!("{:?}", Packets::Away);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("it has an address").port());
    for stream in listener.incoming().flatten() {
        thread::Builder::new().stack_size(64 << 10).spawn(move || talk(&stream, at_once, away)).expect("a thread");
    }
}

/// One connection; an error ends it.
fn talk(mut stream: &TcpStream, at_once: bool, away: bool) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    stream.write_all(b"220 sink\r\n").ok()?;
    let (mut input, mut answers) = (Vec::new(), Vec::new());
    let mut piece = vec![0; 64 << 10];
    let mut data = false;
    loop {
        if at_once {
            acknowledge_at_once(stream);
        }
        let length = stream.read(&mut piece).ok().filter(|length| *length > 0)?;
        input.extend_from_slice(&piece[..length]);
        let mut rest = input.as_slice();
        while let Some(taken) = step(rest, &mut data, &mut answers) {
            rest = &rest[taken..];
        }
        let left = rest.len();
        input.drain(..input.len() - left);
        if away {
            thread::sleep(ROUND_TRIP);
        }
        // One write for a flight, as a real server does.
        stream.write_all(&answers).ok()?;
        answers.clear();
    }
}

/// Linux forgets this option, so it is set before every read.
#[allow(unsafe_code, reason = "no dependency of ours has this option switched on")]
fn acknowledge_at_once(stream: &TcpStream) {
    let on: libc::c_int = 1;
    // SAFETY: the descriptor is open, and the option is an int that lives as long as the call.
    unsafe {
        libc::setsockopt(
            stream.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_QUICKACK,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        );
    }
}

/// One command or the end of a content: how many bytes it took; none where it is not all there.
fn step(input: &[u8], data: &mut bool, answers: &mut Vec<u8>) -> Option<usize> {
    if *data {
        let end = memmem::find(input, b"\r\n.\r\n")?;
        *data = false;
        answers.extend_from_slice(b"250 2.0.0 gone\r\n");
        return Some(end + 5);
    }
    let end = memchr::memchr(b'\n', input)? + 1;
    let answer: &[u8] = match input.get(..4)? {
        b"EHLO" => b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 CHUNKING\r\n",
        b"DATA" => {
            *data = true;
            b"354 go\r\n"
        }
        b"BDAT" => {
            let size = std::str::from_utf8(&input[5..end]).ok()?.split_ascii_whitespace().next()?;
            let all = end + size.parse::<usize>().ok()?;
            if input.len() < all {
                return None;
            }
            answers.extend_from_slice(b"250 2.0.0 gone\r\n");
            return Some(all);
        }
        b"QUIT" => b"221 bye\r\n",
        _ => b"250 2.0.0 ok\r\n",
    };
    answers.extend_from_slice(answer);
    Some(end)
}
