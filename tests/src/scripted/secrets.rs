//! No secret in any file, stream, JSON or Debug output, whatever the server repeats of it.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use ring::rand::{SecureRandom, SystemRandom};
use smtp_host::types::{AuthenticationMode, Server};

use super::client::{self, Client, mail};
use super::needles::{Needle, joined};
use super::plan::{Echo, Plan};
use super::server::Scripted;

const MODES: [(AuthenticationMode, &str); 7] = [
    (AuthenticationMode::ScramSha256, "SCRAM-SHA-256"),
    (AuthenticationMode::ScramSha1, "SCRAM-SHA-1"),
    (AuthenticationMode::CramMd5, "CRAM-MD5"),
    (AuthenticationMode::Plain, "PLAIN"),
    (AuthenticationMode::Login, "LOGIN"),
    (AuthenticationMode::Xoauth2, "XOAUTH2"),
    (AuthenticationMode::Oauthbearer, "OAUTHBEARER"),
];

/// Which characters a secret has besides the plain ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Any, also those that no mechanism carries: CR, LF, NUL.
    Any,
    /// All that the mechanisms carry in a password.
    Password,
    /// The same for a token: no control character of ASCII.
    Token,
}

/// 11 to 41 characters. The last one is plain: a file of one line has no line end of its own.
fn secret(random: &SystemRandom, kind: Kind) -> String {
    const PLAIN: &[char] = &['a', 'Z', '0', '9', '.', '-', '_', '~', '+', '/', '=', 'q', 'k', 'M'];
    const ODD: &[char] = &[
        '\r', '\n', '\0', ' ', '"', '\'', '\\', '<', '>', '%', '{', '}', '*', '\t', '\u{1}', '\u{7}', '\u{1b}',
        '\u{7f}', '\u{85}', 'ñ', 'ß', 'Ω', '日', '🙂', '\u{202e}',
    ];
    let mut bytes = [0; 82];
    random.fill(&mut bytes).expect("random bytes");
    let length = 10 + usize::from(bytes[0]) % 31;
    let is_carried = |c: &char| match kind {
        Kind::Any => true,
        Kind::Password => *c != '\0',
        Kind::Token => !c.is_ascii_control(),
    };
    let odd: Vec<char> = ODD.iter().copied().filter(is_carried).collect();
    let pick = |byte: u8, from: &[char]| from[usize::from(byte) % from.len()];
    let one = |at| if bytes[at] < 80 { pick(bytes[at + 41], &odd) } else { pick(bytes[at + 41], PLAIN) };
    let mut secret: String = (1..=length).map(one).collect();
    // Every one of them holds some, wherever chance has put the others.
    let (at, _) = secret.char_indices().nth(5).expect("10 characters");
    secret.insert(at, pick(bytes[41], &odd));
    secret + "Z"
}

fn echoing(echo: Echo, lets_in: bool) -> Plan {
    let offer = MODES.iter().fold("AUTH".to_owned(), |offer, (_, name)| offer + " " + name);
    Plan { echo: Some(echo), lets_in, ..Plan::good().offering(&offer) }
}

/// Everything in which a secret was looked for.
#[derive(Default)]
struct Search {
    needles: Vec<Needle>,
    haystacks: Vec<(String, String)>,
}

impl Search {
    fn add(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.haystacks.push((name.into(), text.into()));
    }

    /// The files of a folder, and what the server said in them with its lines joined.
    fn add_logs(&mut self, client: &Client) {
        for entry in std::fs::read_dir(&client.folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a log");
            self.add(format!("{}, joined", path.display()), joined(&text));
            self.add(path.display().to_string(), text);
        }
    }

    fn assert_nothing_found(&self) {
        let mut found = String::new();
        for needle in &self.needles {
            for (name, text) in &self.haystacks {
                if let Some(place) = needle.found_in(name, text) {
                    let _ = writeln!(found, "{place}");
                }
            }
        }
        assert!(found.is_empty(), "{found}");
    }
}

#[tokio::test]
async fn no_secret_anywhere() {
    let random = SystemRandom::new();
    let client = Client::new();
    let mut search = Search::default();
    let mut accepted = 0;
    for echo in [Echo::Whole, Echo::Split] {
        for (lets_in, any) in [(true, false), (false, false), (true, true), (false, true)] {
            let scripted = Scripted::start(echoing(echo, lets_in));
            let mut connections = 0;
            for (at, (mode, name)) in MODES.iter().enumerate() {
                for initial_response in [true, false] {
                    let run = format!("{name} {echo:?} let in {lets_in} any {any} initial response {initial_response}");
                    let is_token = matches!(mode, AuthenticationMode::Xoauth2 | AuthenticationMode::Oauthbearer);
                    let kind = match (any, is_token) {
                        (true, _) => Kind::Any,
                        (false, true) => Kind::Token,
                        (false, false) => Kind::Password,
                    };
                    let secret = secret(&random, kind);
                    search.needles.push(Needle::new(format!("{run}: {secret:?}"), &secret));
                    let settings = Server {
                        user: Some(format!("user {} é\"", at * 17)),
                        password: (!is_token).then(|| secret.as_str().into()),
                        access_token: is_token.then(|| secret.as_str().into()),
                        authentication_mode: Some(*mode),
                        initial_response: Some(initial_response),
                        log_file: Some(format!("{run}.txt")),
                        ..client::settings(scripted.port)
                    };
                    let mut transporter = client.transporter(settings).await;
                    let check = transporter.check_connection().await;
                    let result = transporter.send(&mail()).await;
                    transporter.close().await;
                    accepted += usize::from(result.is_ok() && !any);
                    connections += 1;
                    search
                        .add(format!("the result of {run}"), format!("{check:?}\n{check:#?}\n{result:?}\n{result:#?}"));
                    if let Err(error) = result {
                        search.add(format!("the error of {run}"), format!("{}{:?}", error.message, error.reply));
                    }
                }
            }
            let said = scripted.seen().said();
            for (_, name) in MODES {
                // What a mechanism can't carry is refused before it is said.
                let is_said = !any || !matches!(name, "PLAIN" | "XOAUTH2" | "OAUTHBEARER");
                assert!(
                    !is_said || said.contains(&format!("AUTH {name}")),
                    "{name} was tried, {connections} connections: {said}"
                );
            }
        }
    }
    // Without a proof of the server's, SCRAM lets nobody in; the others do.
    assert_eq!(accepted, 2 * 2 * 5, "{}", client.regular());
    search.add_logs(&client);
    assert!(search.haystacks.iter().any(|(_, text)| text.contains("***")));
    search.assert_nothing_found();
}

/// The same through the command line: what goes to standard output and standard error.
#[test]
fn no_secret_from_the_command_line() {
    let random = SystemRandom::new();
    let mut search = Search::default();
    let client = Client::new();
    for (at, (_, name)) in MODES.iter().enumerate() {
        let (echo, lets_in) = if at % 2 == 0 { (Echo::Whole, false) } else { (Echo::Split, true) };
        let scripted = Scripted::start(echoing(echo, lets_in));
        let is_token = name.contains("OAUTH");
        let secret = secret(&random, if is_token { Kind::Token } else { Kind::Password });
        let file = client.folder.join(format!("{name}.secret"));
        std::fs::write(&file, format!("{secret}\n")).expect("a file");
        search.needles.push(Needle::new(format!("{name}: {secret:?}"), &secret));
        let mut command = Command::new(crate::servers::host());
        command.args(["send", "--json", "--accept-unsecure", "--user", "someone else", "--log"]);
        command.args(["--from", "a@example.test", "--to", "b@example.test", "--subject", "s", "--text", "t"]);
        command.args(["--server", &format!("smtp://localhost:{}", scripted.port), "--auth", &name.to_lowercase()]);
        command.arg("--log-dir").arg(&client.folder).arg("--log-file").arg(client.folder.join(format!("{name}.txt")));
        command.arg(if is_token { "--token-file" } else { "--password-file" }).arg(&file);
        let output = command.stdin(Stdio::null()).output().expect("the host runs");
        let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let told = format!("{name}: {out}{err}");
        assert!(scripted.wait_for(1).said().contains(&format!("AUTH {name}")), "{told}");
        assert!(out.contains("\"success\":"), "{told}");
        std::fs::remove_file(&file).expect("the file");
        search.add(format!("standard output, {name}"), out);
        search.add(format!("standard error, {name}"), err);
    }
    search.add_logs(&client);
    search.assert_nothing_found();
}
