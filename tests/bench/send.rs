//! `host send` beside msmtp and lettre: one small mail over STARTTLS with a login, to the same Postfix, in turns.

use crate::server::Server;
use crate::{host, median};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const TURNS: usize = 40;
const MAIL: &[u8] = b"From: alice@mail.test\r\nTo: bob@mail.test\r\nSubject: small\r\n\
    Date: Fri, 06 Feb 2026 15:03:11 +0100\r\nMessage-ID: <small@client.test>\r\n\r\nhello\r\n";

pub fn measure() {
    let server = Server::start("postfix").expect("Postfix");
    let password = server.folder.join("password");
    fs::write(&password, "wonderland\n").expect("a file");
    let mail = server.folder.join("mail.eml");
    fs::write(&mail, MAIL).expect("a file");
    // A recipient that is thrown away would still be delivered: the queue's work is the same for both.
    let ours = || {
        let mut command = Command::new(host());
        command.args(["send", "--json", "--server", &format!("smtp://localhost:{}", server.submission)]);
        command.args(["--user", "alice", "--auth", "plain", "--password-file"]).arg(&password);
        command.arg("--ca-file").arg(server.ca()).arg("--eml").arg(&mail);
        command.args(["--envelope-from", "alice@mail.test", "--to", "bob@mail.test"]);
        command
    };
    let theirs = || {
        let mut command = Command::new("msmtp");
        command.args(["--file=/dev/null", "--host=localhost", &format!("--port={}", server.submission), "--tls=on"]);
        command.arg(format!("--tls-trust-file={}", server.ca().display())).args(["--auth=plain", "--user=alice"]);
        command.arg(format!("--passwordeval=cat {}", password.display()));
        command.args(["--from=alice@mail.test", "bob@mail.test"]);
        command
    };
    let lettre = || {
        let mut command = crate::peer("small")?;
        command.args(["once", &server.submission.to_string()]).arg(server.ca()).arg(&password);
        Some(command)
    };
    // The first run fills the compilation cache.
    run(ours(), &mail);
    run(theirs(), &mail);
    let (mut our, mut their, mut other) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        our.push(run(ours(), &mail));
        their.push(run(theirs(), &mail));
        other.extend(lettre().map(|command| run(command, &mail)));
    }
    let ratio = median(our.iter().zip(&their).map(|(our, their)| our.wall / their.wall).collect());
    for (name, times) in [("host send", &our), ("msmtp", &their), ("lettre", &other)] {
        if times.is_empty() {
            println!("  NOT MEASURED: {name}; tests/bench/run builds it");
            continue;
        }
        let wall = median(times.iter().map(|times| times.wall).collect());
        println!("  {name:10} {:6.1} ms wall (median of {TURNS}), {:5.1} ms CPU (mean)", wall * 1e3, cpu(times) * 1e3);
    }
    println!("  ratio of the wall times to msmtp's, pair by pair: {ratio:.2} (promised: at most 2; CPU below 54 ms)");
    if !other.is_empty() {
        // The 54 ms are those of a lettre with aws-lc-rs; the one beside us has ring, which starts faster.
        println!("  ratio of the CPU times to lettre's with ring: {:.2}", cpu(&our) / cpu(&other));
    }
}

/// Of one run, the mean: the system counts it in hundredths of a second.
fn cpu(times: &[Times]) -> f64 {
    times.iter().map(|times| times.cpu).sum::<f64>() / times.len() as f64
}

struct Times {
    wall: f64,
    cpu: f64,
}

fn run(mut command: Command, mail: &Path) -> Times {
    let input = fs::File::open(mail).expect("the mail");
    let (cpu, start) = (cpu_of_children(), Instant::now());
    let output = command.stdin(input).stderr(Stdio::piped()).output().expect("it runs");
    let wall = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Times { wall, cpu: cpu_of_children() - cpu }
}

/// Seconds of user and system time of the children that were waited for: fields 16 and 17 of /proc/self/stat.
fn cpu_of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let after_name = stat.rsplit(") ").next().expect("its fields");
    let ticks: f64 = after_name.split(' ').skip(13).take(2).map(|field| field.parse::<f64>().expect("a number")).sum();
    ticks / 100.0
}
