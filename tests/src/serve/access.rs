//! Who may do what: tokens, roles, sessions of the page, and what another site's page can't do.

use super::http::{Answer, request};
use super::{in_the_clear, start};
use crate::servers::{free_port, host};
use serde_json::json;

#[test]
fn tokens_and_roles() {
    let service = start(&in_the_clear("main", free_port()));
    let [sender, reader] = ["shop=send", "eye=read"].map(|what| service.add_token(host(), what));
    assert_eq!(service.ask_as(&sender, "POST", "/v1/check", None).status, 401, "not before a reload");
    assert_eq!(service.ask("POST", "/v1/reload", None).status, 204);

    let on = json!({"state": "on"});
    for (method, path, json, of_sender, of_reader) in [
        ("POST", "/v1/check", None, 424, 403),
        ("POST", "/v1/send", Some(&on), 422, 403),
        ("GET", "/v1/log", None, 403, 200),
        ("GET", "/v1/log/files", None, 403, 200),
        ("GET", "/v1/conversations", None, 403, 200),
        ("GET", "/v1/conversations/1", None, 403, 404),
        ("GET", "/v1/transporters", None, 403, 200),
        ("GET", "/metrics", None, 403, 200),
        ("PUT", "/v1/log", Some(&on), 403, 403),
        ("POST", "/v1/reload", None, 403, 403),
        ("GET", "/healthz", None, 200, 200),
    ] {
        let sent = service.ask_as(&sender, method, path, json);
        let read = service.ask_as(&reader, method, path, json);
        assert_eq!((sent.status, read.status), (of_sender, of_reader), "{method} {path}");
        if path != "/healthz" {
            let nobody = request(service.port, method, path, &[], b"");
            assert_eq!((nobody.status, nobody.header("www-authenticate")), (401, Some("Bearer")), "{method} {path}");
        }
    }
    let kept = std::fs::read_to_string(service.folder.join("state/tokens.json")).unwrap();
    for token in [&sender, &reader, &service.token] {
        assert!(!kept.contains(token.as_str()) && !service.said().contains(token.as_str()));
    }
}

#[test]
fn guessing_is_slowed_down() {
    let service = start("");
    let ask = |n| service.ask_as(&format!("smtp_{n}"), "GET", "/v1/log", None);
    let answers: Vec<_> = (0..12).map(ask).collect();
    assert_eq!(answers[0].status, 401);
    let last = &answers[11];
    assert_eq!(last.status, 429);
    assert!(last.header("retry-after").unwrap().parse::<u32>().unwrap() <= 61);
    // The right token has to wait too, or the answer would tell which is right.
    assert_eq!(service.ask("GET", "/v1/log", None).status, 429);
}

fn log_in(port: u16, token: &str) -> Answer {
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    request(port, "POST", "/login", &headers, format!("token={token}").as_bytes())
}

#[test]
fn sessions() {
    let service = start("");
    let port = service.port;
    let nobody = request(port, "GET", "/", &[], b"");
    assert_eq!((nobody.status, nobody.header("location")), (303, Some("/login")));
    assert_eq!(log_in(port, "smtp_x").status, 403);

    let entered = log_in(port, &service.token);
    let cookie = entered.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let page = request(port, "GET", "/", &[("Cookie", cookie)], b"");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("access-control-allow-origin"), None);
    let text = page.text();
    let csrf = text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");

    // The API by the cookie needs the confirmation; a form too, and from this origin.
    let json = [("Cookie", cookie), ("Content-Type", "application/json")];
    let put = |headers: &[(&str, &str)]| request(port, "PUT", "/v1/log", headers, br#"{"state":"on"}"#).status;
    assert_eq!(put(&json), 403);
    assert_eq!(put(&[json[0], json[1], ("X-CSRF-Token", "wrong")]), 403);
    assert_eq!(put(&[json[0], json[1], ("X-CSRF-Token", csrf)]), 200);
    let form = [("Cookie", cookie), ("Content-Type", "application/x-www-form-urlencoded")];
    let post = |headers: &[(&str, &str)], body: String| request(port, "POST", "/log", headers, body.as_bytes()).status;
    assert_eq!(post(&form, "action=stop".into()), 403);
    let confirmed = format!("action=stop&csrf={csrf}");
    assert_eq!(post(&[form[0], form[1], ("Origin", "http://evil.test")], confirmed.clone()), 403);
    assert_eq!(service.ask("GET", "/v1/log", None).json()["state"], "on");
    assert_eq!(post(&form, confirmed), 200);
    assert_eq!(service.ask("GET", "/v1/log", None).json()["state"], "off");

    let left = request(port, "POST", "/logout", &form, format!("csrf={csrf}").as_bytes());
    assert_eq!(left.header("location"), Some("/login"));
    assert_eq!(request(port, "GET", "/", &[("Cookie", cookie)], b"").status, 303);
}

#[test]
fn the_page_without_script_shows_what_came_of_a_form() {
    let service = start(&in_the_clear("main", free_port()));
    let entered = log_in(service.port, &service.token);
    let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap().to_owned();
    let page = request(service.port, "GET", "/", &[("Cookie", &cookie)], b"").text();
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let headers = [("Cookie", cookie.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let answer = |path: &str, form: &str| {
        request(service.port, "POST", path, &headers, format!("csrf={csrf}&{form}").as_bytes()).text()
    };
    assert!(answer("/log", "action=start&first=2").contains("The log is on"));
    assert!(answer("/check", "transporter=main").contains("The server did not take it"));
    assert!(answer("/send", "transporter=main&from=a%40b.test&to=nobody").contains("The content is wrong: To:"));
    assert!(answer("/reload", "").contains("The configuration was read anew."));
    let list = request(service.port, "GET", "/", &[("Cookie", &cookie)], b"").text();
    assert!(list.contains("Check of the connection"), "{list}");
}

#[test]
fn another_host_is_not_served() {
    let service = start("");
    let port = service.port;
    for host in ["evil.test", "evil.test:80", "127.0.0.1.evil.test", "localhost:x", ""] {
        for path in ["/", "/login", "/healthz", "/v1/log"] {
            let answer = request(port, "GET", path, &[("Host", host)], b"");
            assert!(matches!(answer.status, 400 | 421), "{host} {path}: {}", answer.status);
        }
    }
    for host in ["localhost", "127.0.0.1:1", "[::1]:8025", "LOCALHOST"] {
        assert_eq!(request(port, "GET", "/healthz", &[("Host", host)], b"").status, 200, "{host}");
    }
}
