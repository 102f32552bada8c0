//! A finished message with all that a transfer can spoil.

use base64::{Engine, engine::general_purpose::STANDARD};

/// The first header line, above which a server puts its trace.
pub const FIRST: &str = "X-First: of the sender's own lines";

/// CRLF throughout; `tag` makes it distinct.
pub fn message(tag: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = |bytes: &[u8]| {
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"\r\n");
    };
    for text in [
        FIRST,
        "Date: Fri, 06 Feb 2026 15:03:11 +0100",
        "From: =?UTF-8?Q?Al=C3=ADce?= <alice@mail.test>",
        "To: bob@mail.test",
        "Subject: a header",
        " that is folded",
        "\tonce more, by a tab",
    ] {
        line(text.as_bytes());
    }
    line(format!("Message-ID: <{tag}@client.test>").as_bytes());
    for text in [
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=\"=_edge_=\"",
        "",
        "--=_edge_=",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        ".",
        "..",
        ".leading dot",
        "...three",
        "trailing blanks  ",
        "a\ttab and Größe, δοκιμή, 日本語, 🙂",
        "From the start of a line",
        "",
        "",
        "QUIT",
    ] {
        line(text.as_bytes());
    }
    line(&[b'x'; 998]);
    line(format!(".{}", "y".repeat(997)).as_bytes());
    line(b"--=_edge_=");
    line(b"Content-Type: text/plain; charset=iso-8859-1");
    line(b"Content-Transfer-Encoding: 8bit");
    line(b"");
    line(b"no UTF-8: Gr\xf6\xdfe \xa9");
    line(b"--=_edge_=");
    line(b"Content-Type: application/octet-stream; name=bytes.bin");
    line(b"Content-Disposition: attachment; filename=bytes.bin");
    line(b"Content-Transfer-Encoding: base64");
    line(b"");
    let bytes: Vec<u8> = (0..20_000u32).map(|n| (n * n / 8) as u8).collect();
    STANDARD.encode(&bytes).as_bytes().chunks(76).for_each(&mut line);
    line(b"--=_edge_=--");
    line(b".");
    out
}

/// The lines of a message, without their CRLF.
pub fn lines(message: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> =
        message.split(|byte| *byte == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l)).collect();
    assert_eq!(lines.pop(), Some(&b""[..]), "a message ends with CRLF");
    lines
}
