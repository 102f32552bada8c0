//! A conversation log read back, by rules written down apart from the code that wrote it.

use std::fs;
use std::path::Path;

/// The statements of one log file, whose other fields have been checked.
#[derive(Default)]
pub struct Log {
    pub statements: Vec<String>,
}

impl Log {
    /// An absent file is an empty log.
    #[track_caller]
    pub fn read(path: &Path) -> Log {
        let Ok(bytes) = fs::read(path) else { return Log::default() };
        let text = String::from_utf8(bytes).expect("a log is UTF-8");
        assert!(text.ends_with('\n') && !text.contains('\r'), "lines end with LF: {text}");
        let mut before = String::new();
        let statements = text.lines().enumerate().map(|(index, line)| {
            let fields: Vec<&str> = line.splitn(5, ' ').collect();
            let [counter, when, process, unique, statement] = fields[..] else { panic!("no log line: {line}") };
            assert_eq!(counter, (index + 1).to_string(), "{text}");
            assert!(is_date(when) && *when >= *before, "{before} before {line}");
            assert!(process.parse::<u32>().is_ok() && unique.parse::<u64>().is_ok(), "{line}");
            let quoted =
                |start: &str| statement.starts_with(start) && statement.ends_with('"') && statement.len() > start.len();
            assert!(quoted("C > \"") || quoted("S < \"") || statement.starts_with("### "), "{line}");
            assert!(!statement.chars().any(char::is_control), "{line:?}");
            before = when.to_owned();
            statement.to_owned()
        });
        Log { statements: statements.collect() }
    }

    /// From the connection to its end, each command of the client with a reply in the right order.
    #[track_caller]
    pub fn whole(&self, port: u16, secured: bool) -> &Log {
        let state = if secured { "secured" } else { "unsecured" };
        let first = format!("### SMTP Connected to 'localhost' on port {port}. ({state})");
        let connected = self.statements.iter().position(|statement| *statement == first);
        let connected = connected.unwrap_or_else(|| panic!("no {first} in\n{}", self.text()));
        // Before it only: an address that did not answer (localhost may be ::1 first).
        assert!(self.statements[..connected].iter().all(|statement| statement.starts_with("### ")), "{}", self.text());
        assert_eq!(self.statements.last().map(String::as_str), Some("### SMTP Connection closed"), "{}", self.text());
        self
    }

    /// What the client said, line by line.
    pub fn client(&self) -> Vec<&str> {
        self.quoted("C > ")
    }

    /// What the server said, line by line.
    pub fn server(&self) -> Vec<&str> {
        self.quoted("S < ")
    }

    fn quoted(&self, who: &str) -> Vec<&str> {
        self.statements.iter().filter_map(|s| s.strip_prefix(who)).map(|s| &s[1..s.len() - 1]).collect()
    }

    /// Whether an event contains this.
    pub fn event(&self, part: &str) -> bool {
        self.statements.iter().any(|statement| statement.starts_with("### ") && statement.contains(part))
    }

    /// The content of the only mail in it, as it went over the wire.
    #[track_caller]
    pub fn content(&self) -> Vec<&str> {
        let lines = self.client();
        let start = lines.iter().position(|line| *line == "DATA" || line.starts_with("BDAT "));
        let start = start.unwrap_or_else(|| panic!("no content in\n{}", self.text()));
        let by_data = lines[start] == "DATA";
        let is_end = |line: &&str| *line == if by_data { "." } else { "QUIT" };
        let end = if by_data { lines.iter().position(is_end) } else { lines.iter().rposition(is_end) };
        let end = end.unwrap_or_else(|| panic!("no end of the content in\n{}", self.text()));
        lines[start + 1..end].iter().copied().filter(|line| by_data || !line.starts_with("BDAT ")).collect()
    }

    pub fn text(&self) -> String {
        self.statements.join("\n")
    }
}

/// How a line stands in a log: control characters, and bytes that are no UTF-8, as `\xNN`.
pub fn escaped(line: &[u8]) -> String {
    let mut out = String::new();
    for chunk in line.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
            } else {
                out.push(c);
            }
        }
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

/// `2019-02-06T15:03:11.586`
fn is_date(text: &str) -> bool {
    let shape = "0000-00-00T00:00:00.000";
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'0' { c.is_ascii_digit() } else { c == s })
}
