//! DKIM signatures, made with keys of openssl's and verified by dkimpy, on mails that went through Postfix.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use crate::servers::{Client, Server, arrived, not_run};

struct Key {
    file: PathBuf,
    selector: &'static str,
    record: String,
}

#[test]
fn a_foreign_verifier_accepts_what_arrived() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programs = std::env::var_os("SERVER_PROGRAMS").map(PathBuf::from);
    let python = programs.unwrap_or_else(|| tests.join("../target/servers")).join("venv/bin/python");
    if !Command::new(&python).args(["-c", "import dkim, nacl"]).status().is_ok_and(|status| status.success()) {
        return not_run("dkimpy", "tests/servers/install.sh puts it there");
    }
    let Some(server) = Server::start("postfix") else { return };
    let folder = server.folder.join("dkim");
    fs::create_dir(&folder).unwrap();
    let rsa = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
    let keys = [
        key(&folder, "rsa", rsa, false),
        key(&folder, "old", rsa, true),
        key(&folder, "ed", "-algorithm ed25519", false),
    ];
    let records: Map<String, Value> =
        keys.iter().map(|key| (format!("{}._domainkey.mail.test", key.selector), json!(key.record))).collect();
    fs::write(folder.join("records.json"), Value::Object(records).to_string()).unwrap();

    let bytes: Vec<u8> = (0..300_000u32).map(|n| (n * 31 % 251) as u8).collect();
    let attachment = folder.join("attachment");
    fs::write(&attachment, &bytes).unwrap();
    // Over what is looked at beforehand, and with this system's line ends.
    let large =
        format!("From: \"a@b\" <alice@mail.test>\nSubject: x\n\ty  z\n\n{}", "line  with\tblanks \n\n".repeat(9000));
    let small = "From: alice@mail.test\r\nTo: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\n.\r\n \r\n\r\n";
    let mut stored = Vec::new();
    for key in &keys {
        for (kind, more) in [("parts", "--no-pipelining"), ("large", "--no-pipelining"), ("small", "--no-chunking")] {
            let tag = format!("{kind}-{}@client.test", key.selector);
            let client = Client::starttls(&server, server.mx).arg("--dkim-key").arg(&key.file);
            let client = client.args(["--dkim-selector", key.selector, more]);
            let client = match kind {
                "parts" => client
                    .args([
                        "--from",
                        "Zoë <alice@mail.test>",
                        "--to",
                        "bob@mail.test",
                        "--subject",
                        "Größe, folded ".repeat(9).trim(),
                    ])
                    .args(["--text", "Größe\n.\n\n \n", "--html", "<p>Größe", "--message-id", &tag])
                    .arg("--attach")
                    .arg(&attachment),
                "large" => {
                    client.eml(format!("Message-ID: <{tag}>\n{large}").as_bytes(), "alice@mail.test", &["b@mail.test"])
                }
                _ => client.eml(
                    format!("Message-ID: <{tag}>\r\n{small}").as_bytes(),
                    "alice@mail.test",
                    &["b@mail.test"],
                ),
            };
            let answer = client.send().sent();
            assert!(!answer.told().contains("PRIVATE KEY"));
            let path = folder.join(format!("{tag}.eml"));
            fs::write(&path, arrived(&server.folder.join("mail/inbox/new"), &format!("<{tag}>"))).unwrap();
            stored.push(path);
        }
    }
    // The verifier must be able to say no: one letter of a body, and a second From.
    let good = fs::read(&stored[0]).unwrap();
    let spoilt = folder.join("spoilt.eml");
    fs::write(&spoilt, String::from_utf8_lossy(&good).replace("<p>Gr", "<p>gr")).unwrap();
    let added = folder.join("added.eml");
    fs::write(&added, [&b"From: mallory@mail.test\n"[..], &good].concat()).unwrap();

    let script = tests.join("parsers/dkim_verify.py");
    let mut verifier = Command::new(python);
    verifier.arg(script).arg(folder.join("records.json")).args(&stored).arg(&spoilt).arg(&added);
    let output = verifier.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let (good, bad): (Vec<_>, Vec<_>) = said.lines().enumerate().partition(|(number, _)| *number < stored.len());
    for (number, verdict) in good {
        assert_eq!(verdict, "good", "{}: {errors}", stored[number].display());
    }
    assert_eq!(bad.len(), 2, "{said}{errors}");
    assert!(bad.iter().all(|(_, verdict)| verdict.starts_with("bad")), "{said}");
}

fn key(folder: &Path, selector: &'static str, kind: &str, traditional: bool) -> Key {
    let file = folder.join(format!("{selector}.pem"));
    let made = folder.join("made.pem");
    openssl(&["genpkey", "-out", made.to_str().unwrap()], kind);
    let more = if traditional { "-traditional" } else { "" };
    openssl(&["pkey", "-in", made.to_str().unwrap(), "-out", file.to_str().unwrap()], more);
    let public = openssl(&["pkey", "-in", made.to_str().unwrap(), "-pubout", "-outform", "DER"], "");
    let record = match selector {
        "ed" => format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(&public[public.len() - 32..])),
        _ => format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public)),
    };
    Key { file, selector, record }
}

fn openssl(arguments: &[&str], more: &str) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).args(more.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
