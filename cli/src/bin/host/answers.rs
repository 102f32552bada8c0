//! What answers an import of a component: by its interface, whatever the version.

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The host, always: it reaches nothing outside.
    Always(&'static str),
    /// The host, as far as this option grants it.
    Grant(&'static str),
    /// The host, always by a refusal.
    Refused(&'static str),
    /// Nobody: a component that asks for it can't be loaded.
    Nobody,
}

impl Answer {
    pub fn can_be_loaded(self) -> bool {
        self != Answer::Nobody
    }

    pub fn words(self) -> &'static str {
        match self {
            Answer::Always(words) | Answer::Grant(words) | Answer::Refused(words) => words,
            Answer::Nobody => "no grant: it can't be loaded",
        }
    }
}

pub fn answer(import: &str) -> Answer {
    let name = import.split('@').next().unwrap_or(import);
    match name.split_once('/').unwrap_or((name, "")) {
        ("smtp:transporter", "types" | "secrets") => Answer::Always("always: only types"),
        ("smtp:transporter", "transporter") => {
            Answer::Always("always: a transporter of its own, the built-in one or --transporter")
        }
        ("smtp:transporter", "tls-sockets") => {
            Answer::Grant("--allow HOST:PORT; send and check grant the server of --server")
        }
        ("smtp:transporter", "signing") => Answer::Grant("--dkim-key FILE; without it mails go unsigned"),
        ("smtp:transporter", "log-files") => Answer::Grant("--log, --log-dir DIR, --log-file FILE"),
        ("wasi:io", "error" | "poll" | "streams") | ("wasi:random", "random" | "insecure" | "insecure-seed") => {
            Answer::Always("always: reaches nothing outside")
        }
        ("wasi:clocks", "monotonic-clock" | "wall-clock") => Answer::Always("always: tells the time, within --timeout"),
        ("wasi:cli", "environment") => Answer::Grant("arguments always; --env NAME[=V] for each variable"),
        (
            "wasi:cli",
            "stdin" | "stdout" | "stderr" | "exit" | "terminal-input" | "terminal-output" | "terminal-stdin"
            | "terminal-stdout" | "terminal-stderr",
        ) => Answer::Always("always: standard streams and exit"),
        ("wasi:filesystem", "types" | "preopens") => {
            Answer::Grant("--dir HOST::GUEST[:ro]; without it there is no folder")
        }
        (
            "wasi:sockets",
            "network" | "instance-network" | "ip-name-lookup" | "tcp" | "tcp-create-socket" | "udp"
            | "udp-create-socket",
        ) => Answer::Refused("never: every use is refused; mail servers are reached through the transporter"),
        _ => Answer::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        assert!(
            matches!(answer("smtp:transporter/tls-sockets@0.1.0"), Answer::Grant(words) if words.starts_with("--allow"))
        );
        assert!(matches!(answer("wasi:io/streams@0.2.12"), Answer::Always(_)));
        assert!(matches!(answer("wasi:sockets/tcp@0.2.0"), Answer::Refused(_)));
        for import in ["wasi:http/types@0.2.0", "log", "", "/", "wasi:io/everything@0.2.0", "wasi:cli/run@0.2.0"] {
            assert_eq!(answer(import), Answer::Nobody, "{import}");
        }
    }
}
