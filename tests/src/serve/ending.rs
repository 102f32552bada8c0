//! How the service ends and begins anew: signals, a configuration that changes, a crash, systemd.

use super::{in_the_clear, start, to_postfix};
use crate::servers::{Server, free_port, host};
use serde_json::json;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn in_use(service: &super::Service) -> bool {
    service.figure("smtp_connections_in_use{transporter=\"main\"}") >= 1.0
}

#[test]
fn mails_on_their_way_are_finished() {
    // The server takes a second and a half before it asks for the content.
    let Some(server) = Server::start_with("smtp-sink", &[], &["-W", "DATA:1"]) else { return };
    let transporter = in_the_clear("main", server.mx);
    let mut service = start(&transporter);
    service.log_on();
    let mail = json!({"from": "a@b.test", "to": "c@d.test", "subject": "late"});
    let answer = std::thread::scope(|scope| {
        let sent = scope.spawn(|| service.ask("POST", "/v1/send?transporter=main", Some(&mail)));
        service.wait_for("a mail on its way", in_use);
        // A reload in the middle: the transporter is another one from now on, and the mail goes on.
        service.configure(&format!("{transporter}helo = \"other.test\"\n{}", in_the_clear("second", server.mx)));
        service.signal("HUP");
        service.wait_for("the new configuration", |service| {
            service.ask("GET", "/v1/transporters", None).text().contains("second")
        });
        // A wrong one changes nothing.
        service.configure("[transporter.x]\ncolour = 1\n");
        service.signal("HUP");
        service.wait_for("the complaint", |service| service.said().contains("serve.toml:5: colour: unknown field"));
        assert!(service.ask("GET", "/v1/transporters", None).text().contains("second"));
        service.signal("TERM");
        sent.join().expect("an answer")
    });
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(service.ended().code(), Some(0), "{}", service.said());
    assert!(service.said().contains("no mail is on its way"));
}

#[test]
fn a_second_signal_ends_at_once() {
    let Some(server) = Server::start_with("smtp-sink", &[], &["-W", "DATA:30"]) else { return };
    let mut service = start(&in_the_clear("main", server.mx));
    let mail = json!({"from": "a@b.test", "to": "c@d.test"});
    std::thread::scope(|scope| {
        let (port, token) = (service.port, service.token.clone());
        scope.spawn(move || {
            let bearer = format!("Bearer {token}");
            let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
            let body = mail.to_string();
            // The connection is cut: there is no answer to look at.
            let mut stream = super::http::connect(port);
            let head = super::http::head(port, "POST", "/v1/send", &headers, Some(body.len()));
            let _ = std::io::Write::write_all(&mut stream, (head + &body).as_bytes());
            let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
        });
        service.wait_for("a mail on its way", in_use);
        service.signal("TERM");
        service
            .wait_for("the first signal is heard", |service| service.said().contains("a second signal ends at once"));
        let start = Instant::now();
        service.signal("TERM");
        assert_eq!(service.ended().code(), Some(75));
        assert!(start.elapsed() < Duration::from_secs(5));
    });
}

#[test]
fn what_was_answered_is_in_the_log_after_a_crash() {
    let Some(server) = Server::start("postfix") else { return };
    let mut service = start(&to_postfix(&server));
    service.log_on();
    let answered = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for sender in 0..6 {
            let (port, token, answered) = (service.port, &service.token, &answered);
            scope.spawn(move || {
                let bearer = format!("Bearer {token}");
                let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
                for n in 0.. {
                    let mail =
                        json!({"from": "a@mail.test", "to": "b@mail.test", "subject": format!("crash {sender}-{n}.")});
                    let sent = std::panic::catch_unwind(|| {
                        super::http::request(port, "POST", "/v1/send", &headers, mail.to_string().as_bytes())
                    });
                    let Ok(answer) = sent else { return };
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    answered.lock().unwrap().push((mail["subject"].clone(), answer.json()["statusText"].clone()));
                }
            });
        }
        while answered.lock().unwrap().len() < 40 {
            std::thread::sleep(Duration::from_millis(5));
        }
        service.signal("KILL");
    });
    service.ended();
    let log = service.log();
    let answered = answered.into_inner().unwrap();
    for (subject, reply) in &answered {
        let (subject, reply) = (subject.as_str().unwrap(), reply.as_str().unwrap());
        assert!(log.contains(&format!("Subject: {subject}")), "{subject}");
        assert!(log.contains(&format!("S < \"250 {reply}\"")), "{reply}");
    }
}

#[test]
fn systemd_hands_over_the_socket_and_is_told() {
    let helper = start("");
    let folder = &helper.folder;
    let socket = UnixDatagram::bind(folder.join("notify")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let port = free_port();
    // As systemd does: descriptor 3 is a listening socket, and LISTEN_PID is the process that gets it.
    let script = format!(
        "import os, socket\ns = socket.socket()\ns.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n\
         s.bind(('127.0.0.1', {port}))\ns.listen()\nos.dup2(s.fileno(), 3)\nos.set_inheritable(3, True)\n\
         os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()), NOTIFY_SOCKET='{}')\n\
         os.execv('{}', ['host', 'serve', '--config', '{}'])",
        folder.join("notify").display(),
        host().display(),
        folder.join("serve.toml").display(),
    );
    let mut child =
        Command::new("python3").args(["-c", &script]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut told = String::new();
    let mut piece = [0; 1024];
    let mut wait_for = |text: &str| {
        while !told.contains(text) {
            let length = socket.recv(&mut piece).expect("a word for systemd in time");
            told.push_str(&String::from_utf8_lossy(&piece[..length]));
            told.push('\n');
        }
    };
    wait_for("READY=1");
    assert_eq!(super::http::request(port, "GET", "/healthz", &[], b"").status, 200);
    let signal = |name: &str| Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    signal("-HUP");
    wait_for("RELOADING=1");
    signal("-TERM");
    wait_for("STOPPING=1");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
