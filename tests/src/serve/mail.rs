//! Mails through the API, with Postfix behind: JSON, forms, keys, checks, the log and its events.

use super::http::{self, answer, connect, head};
use super::{in_the_clear, start, to_postfix};
use crate::servers::{Server, arrived, files, free_port};
use serde_json::{Value, json};
use std::io::{Read, Write};

fn mail(subject: &str) -> Value {
    json!({"from": "Ana <ana@mail.test>", "to": ["bob@mail.test"], "subject": subject, "textBody": "Hello"})
}

#[test]
fn from_the_request_to_the_mailbox() {
    let Some(server) = Server::start("postfix") else { return };
    let inbox = server.folder.join("mail/inbox/new");
    let service = start(&format!("{}{}", to_postfix(&server), in_the_clear("nobody", free_port())));
    let send = "/v1/send?transporter=main";

    // Nothing is recorded while the log is off.
    let sent = service.ask("POST", send, Some(&mail("unseen")));
    assert_eq!((sent.status, &sent.json()["delivery"]), (200, &json!("accepted")), "{}", sent.text());
    assert_eq!(service.ask("GET", "/v1/conversations", None).json()["held"], 0);

    service.log_on();
    let mut events = watch(&service, None);
    let sent = service.ask("POST", send, Some(&mail("by JSON")));
    assert_eq!(sent.json()["status"], 250);
    arrived(&inbox, "Subject: by JSON");
    let told = read_until(&mut events, "\"outcome\":\"accepted\"");
    assert!(told.contains("event: line") && told.contains("Subject: by JSON"), "{told}");
    let list = service.ask("GET", "/v1/conversations?outcome=accepted&text=BY%20json", None).json();
    assert_eq!(list["conversations"][0]["subject"], "by JSON");
    let one = service.ask("GET", &format!("/v1/conversations/{}", list["conversations"][0]["id"]), None).json();
    let lines: Vec<_> = one["lines"].as_array().unwrap().iter().map(|line| line["line"].as_str().unwrap()).collect();
    assert!(lines.iter().any(|line| line.contains("C > \"MAIL FROM:<ana@mail.test>")), "{lines:?}");
    lines.iter().for_each(|line| assert!(service.log().contains(line)));

    form(&service, &inbox);
    keys(&service, &inbox);
    resumed(&service, &told);

    let check = service.ask("POST", "/v1/check?transporter=main", None);
    assert_eq!(check.json()["success"], true);
    let check = service.ask("POST", "/v1/check?transporter=nobody", None);
    assert_eq!((check.status, check.header("content-type")), (424, Some("application/problem+json")));
    assert_eq!(check.json()["result"]["errors"][0]["kind"], "connection-refused");
    let failed = service.ask("GET", "/v1/conversations?outcome=failed", None).json();
    let id = &failed["conversations"][0]["id"];
    let one = service.ask("GET", &format!("/v1/conversations/{id}"), None).json();
    assert_eq!(one["explanation"]["class"], "connection-refused", "{one}");

    control(&service);
}

/// Attachments as parts of a form arrive byte for byte, and one that is cut short sends nothing.
fn form(service: &super::Service, inbox: &std::path::Path) {
    let mut letter = mail("by form");
    letter["attachments"] = json!([{"path": "a.bin", "type": "application/x-a"}, {"path": "b.txt"}]);
    let big = vec![b'x'; 3_000_000];
    let part = |name: &str, content: &[u8]| {
        [format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").as_bytes(), content, b"\r\n"]
            .concat()
    };
    let whole = [
        part("mail", letter.to_string().as_bytes()),
        part("a.bin", &big),
        part("b.txt", b"bee"),
        b"--B--\r\n".to_vec(),
    ];
    let bearer = format!("Bearer {}", service.token);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "multipart/form-data; boundary=B")];
    let path = "/v1/send?transporter=main";
    let sent = http::request(service.port, "POST", path, &headers, &whole.concat());
    assert_eq!(sent.status, 200, "{}", sent.text());
    let stored = arrived(inbox, "Subject: by form");
    assert!(stored.len() > 4_000_000, "3 MB are 4 MB in base64: {}", stored.len());

    let mixed = [whole[0].clone(), whole[2].clone(), whole[1].clone(), whole[3].clone()].concat();
    let refused = http::request(service.port, "POST", path, &headers, &mixed);
    assert_eq!(refused.status, 422, "{}", refused.text());

    let before = files(inbox).len();
    let mut stream = connect(service.port);
    let cut = [whole[0].clone(), whole[1][..1_000_000].to_vec()].concat();
    let first = head(service.port, "POST", path, &headers, Some(whole.concat().len()));
    stream.write_all(first.as_bytes()).and_then(|()| stream.write_all(&cut)).expect("sent in part");
    drop(stream);
    service.wait_for("the mail that was cut short fails", |service| {
        service.figure("smtp_mails_total{transporter=\"main\",result=\"failed\"}") >= 1.0
    });
    assert_eq!(files(inbox).len(), before);
}

/// Forty requests with one key are one mail; the same key for another mail is refused.
fn keys(service: &super::Service, inbox: &std::path::Path) {
    let bearer = format!("Bearer {}", service.token);
    let ask = |subject: &str| {
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "one-and-only"),
        ];
        http::request(service.port, "POST", "/v1/send?transporter=main", &headers, mail(subject).to_string().as_bytes())
    };
    let answers: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..40).map(|_| scope.spawn(|| ask("by key"))).collect();
        asked.into_iter().map(|asked| asked.join().expect("an answer")).map(|answer| answer.body).collect()
    });
    assert!(answers[0].starts_with(b"{\"bytes\""));
    answers.iter().for_each(|answer| assert_eq!(answer, &answers[0]));
    assert_eq!(ask("another").status, 422);
    arrived(inbox, "Subject: by key");
    // A second one would come soon after the first.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let count = files(inbox).iter().filter(|file| String::from_utf8_lossy(file).contains("Subject: by key")).count();
    assert_eq!(count, 1);
}

/// Who comes again with the last ID he has seen misses nothing; with one of another run he is told to read anew.
fn resumed(service: &super::Service, told: &str) {
    let first = told.lines().find_map(|line| line.strip_prefix("id: ")).expect("an ID");
    let mut again = watch(service, Some(first));
    let told_again = read_until(&mut again, "\"outcome\":\"accepted\"");
    assert!(told_again.contains("Subject: by JSON"), "{told_again}");
    let mut stranger = watch(service, Some("otherrun-5"));
    assert!(read_until(&mut stranger, "event: ").contains("event: reset"));
}

/// Pause and resume go on in the same file; off is off.
fn control(service: &super::Service) {
    let put = |change: Value| service.ask("PUT", "/v1/log", Some(&change));
    let paused = put(json!({"state": "paused"})).json();
    assert_eq!(paused["state"], "paused");
    let before = service.log();
    service.ask("POST", "/v1/send?transporter=main", Some(&mail("paused")));
    assert_eq!(service.log(), before);
    let on = put(json!({"state": "on"})).json();
    assert_eq!((&on["state"], &on["file"], &on["since"]), (&json!("on"), &paused["file"], &paused["since"]));
    service.ask("POST", "/v1/send?transporter=main", Some(&mail("resumed")));
    assert!(service.log().starts_with(&before) && service.log().contains("Subject: resumed"));
    assert!(put(json!({"state": "on", "first": 7, "keep": 3})).json()["file"].as_str().unwrap().ends_with("_7.txt"));
    assert_eq!(put(json!({"state": "off"})).json()["file"], Value::Null);
    assert_eq!(put(json!({"state": "off", "first": 2})).status, 422);
    assert_eq!(put(json!({"state": "loud"})).status, 422);

    // The log configuration file is loaded with immediate effect, and forbids changes.
    std::fs::write(service.folder.join("logConfig.json"), r#"{"SMTPLogs": {"state": 1}, "requestLogs": {}}"#).unwrap();
    let path = service.folder.join("serve.toml");
    let text = std::fs::read_to_string(&path).unwrap().replace("[log]", "[log]\nconfiguration = \"logConfig.json\"");
    std::fs::write(&path, text).unwrap();
    assert_eq!(service.ask("POST", "/v1/reload", None).status, 204);
    let log = service.ask("GET", "/v1/log", None).json();
    assert_eq!((&log["state"], &log["changeable"]), (&json!("on"), &json!(false)));
    assert_eq!(put(json!({"state": "off"})).status, 409);
}

fn watch(service: &super::Service, last: Option<&str>) -> std::net::TcpStream {
    let bearer = format!("Bearer {}", service.token);
    let mut headers = vec![("Authorization", bearer.as_str())];
    headers.extend(last.map(|last| ("Last-Event-ID", last)));
    let mut stream = connect(service.port);
    stream.write_all(head(service.port, "GET", "/v1/events", &headers, None).as_bytes()).expect("sent");
    if last.is_none() {
        read_until(&mut stream, "event: hello");
    }
    stream
}

/// Reads until a text has come.
fn read_until(stream: &mut std::net::TcpStream, text: &str) -> String {
    let mut told = String::new();
    let mut piece = [0; 4096];
    while !told.contains(text) {
        let length = stream.read(&mut piece).expect("an event in time");
        assert!(length > 0, "the stream ended: {told}");
        told.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    told
}

#[test]
fn mails_that_are_wrong() {
    let service = start(&in_the_clear("main", free_port()));
    for (letter, status, detail) in [
        (json!({"from": "a@b.test"}), 422, "nobody gets the mail"),
        (json!({"from": "a@b.test", "to": "c@d.test", "subject": 5}), 422, "subject"),
        (json!({"from": "a@b.test", "to": "c@d.test", "colour": "red"}), 422, "colour"),
        (json!({"from": "a@b.test", "to": "c d"}), 422, "mailbox"),
        (json!({"from": "a@b.test", "to": "c@d.test", "attachments": [{"path": "/etc/passwd"}]}), 422, "path"),
        (json!({"from": "a@b.test", "to": "c@d.test", "subject": "x\r\nBcc: e@f.test"}), 424, ""),
    ] {
        let refused = service.ask("POST", "/v1/send", Some(&letter));
        // A line end in a subject is the component's to refuse: before it connects, or by folding it.
        let as_expected = refused.status == status || (detail.is_empty() && refused.status == 422);
        assert!(as_expected, "{} {}", refused.status, refused.text());
        assert!(refused.text().contains(detail), "{}", refused.text());
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    }
    assert_eq!(service.ask("POST", "/v1/send?transporter=other", Some(&json!({}))).status, 404);
    let stream = connect(service.port);
    let bearer = format!("Bearer {}", service.token);
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/plain"), ("Connection", "close")];
    (&stream).write_all(head(service.port, "POST", "/v1/send", &headers, Some(0)).as_bytes()).expect("sent");
    assert_eq!(answer(stream).status, 415);
}
