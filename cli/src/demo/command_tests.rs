use super::*;

fn mail(from: &str, params: &[&str]) -> Result<Command, Refusal> {
    Ok(Command::Mail { from: from.into(), params: params.iter().map(|param| param.to_string()).collect() })
}

fn rcpt(to: &str, params: &[&str]) -> Result<Command, Refusal> {
    Ok(Command::Rcpt { to: to.into(), params: params.iter().map(|param| param.to_string()).collect() })
}

#[test]
fn what_is_understood() {
    let table: &[(&str, Result<Command, Refusal>)] = &[
        ("EHLO [127.0.0.1]", Ok(Command::Ehlo)),
        ("ehlo [IPv6:::1]", Ok(Command::Ehlo)),
        ("HELO client.example", Ok(Command::Helo)),
        ("MAIL FROM:<>", mail("", &[])),
        ("mail from:<a@b.example> SIZE=12 body=8bitmime", mail("a@b.example", &["SIZE=12", "body=8bitmime"])),
        ("MAIL FROM:<\"a b>\"@b.example>", mail("\"a b>\"@b.example", &[])),
        ("MAIL FROM:<é@b.example> SMTPUTF8", mail("é@b.example", &["SMTPUTF8"])),
        ("RCPT TO:<@relay.example,@two.example:a@b.example>", rcpt("a@b.example", &[])),
        ("RCPT TO:<postmaster>", rcpt("postmaster", &[])),
        (
            "RCPT TO:<a@[192.0.2.1]> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@c",
            rcpt("a@[192.0.2.1]", &["NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;a+2Bb@c"]),
        ),
        ("BDAT 0 LAST", Ok(Command::Bdat { size: 0, last: true })),
        ("BDAT 17", Ok(Command::Bdat { size: 17, last: false })),
        ("AUTH PLAIN", Ok(Command::Auth { mechanism: "PLAIN".into(), initial: None })),
        ("AUTH EXTERNAL =", Ok(Command::Auth { mechanism: "EXTERNAL".into(), initial: Some(Vec::new()) })),
        ("NOOP whatever", Ok(Command::Noop)),
        ("QUIT ", Ok(Command::Quit)),
    ];
    for (line, expected) in table {
        assert_eq!(&parse(format!("{line}\r\n").as_bytes()), expected, "{line}");
    }
}

#[test]
fn what_is_refused() {
    let table = [
        (501, "EHLO"),
        (501, "EHLO two words"),
        (501, "EHLO under_score.example"),
        (501, "MAIL FROM: <a@b.example>"),
        (501, "MAIL FROM:a@b.example"),
        (501, "MAIL FROM:<a@b.example"),
        (501, "MAIL FROM:<a..b@c.example>"),
        (501, "MAIL FROM:<a@b.example>SIZE=1"),
        (501, "MAIL FROM:<a@b.example>  SIZE=1"),
        (501, "MAIL FROM:<a@b.example> SIZE=1 SIZE=2"),
        (501, "RCPT TO:<>"),
        (550, "MAIL FROM:<é@b.example>"),
        (555, "MAIL FROM:<a@b.example> SIZE=many"),
        (555, "MAIL FROM:<a@b.example> NOTIFY=NEVER"),
        (555, "RCPT TO:<a@b.example> NOTIFY=NEVER,DELAY"),
        (501, "BDAT"),
        (501, "BDAT -1"),
        (501, "BDAT 1 FIRST"),
        (501, "BDAT 99999999999999999999"),
        (501, "AUTH PLAIN not*base64"),
        (501, "QUIT now"),
        (500, "WHAT"),
        (500, ""),
        (500, "NOOP \u{7}"),
    ];
    for (code, line) in table {
        assert_eq!(parse(format!("{line}\r\n").as_bytes()).map_err(|refusal| refusal.0), Err(code), "{line}");
    }
    assert_eq!(parse(b"NOOP\n").map_err(|refusal| refusal.0), Err(500));
    assert_eq!(parse(b"NOOP \xff\r\n").map_err(|refusal| refusal.0), Err(500));
}
