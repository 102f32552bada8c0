//! The command line.

use std::fs;

use crate::exit::{Failure, NO_INPUT, USAGE};
use crate::transporter::{AuthenticationMode, ClientCertificate, Language, Proxy, ProxyKind, RootStore, Secret, Trust};

/// What was asked for.
pub struct Arguments {
    pub host: String,
    pub port: Option<u16>,
    pub tls_at_once: bool,
    pub user: Option<String>,
    password_file: Option<String>,
    pub auth: Option<AuthenticationMode>,
    pub accept_unsecure: bool,
    pub trust: Option<Trust>,
    pub proxy: Option<Proxy>,
    pub connect_timeout: Option<u32>,
    pub from: String,
    pub to: Vec<String>,
    pub subject: Option<String>,
    pub text: Option<String>,
    pub message_id: Option<String>,
    pub log: Option<u32>,
    pub log_file: Option<String>,
    pub language: Language,
}

impl Arguments {
    /// Takes `--option value` and `--option=value`.
    pub fn parse(given: Vec<String>) -> Result<Arguments, Failure> {
        let mut found = Arguments {
            host: String::new(),
            port: None,
            tls_at_once: false,
            user: None,
            password_file: None,
            auth: None,
            accept_unsecure: false,
            trust: None,
            proxy: None,
            connect_timeout: None,
            from: String::new(),
            to: Vec::new(),
            subject: None,
            text: None,
            message_id: None,
            log: None,
            log_file: None,
            language: Language::English,
        };
        let mut given = given.into_iter();
        while let Some(argument) = given.next() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            match option.as_str() {
                "--log" => found.log = Some(value.map_or(Ok(1), |value| number(&option, &value))?),
                "--accept-unsecure" if value.is_none() => found.accept_unsecure = true,
                "--system-roots" if value.is_none() => found.trust().roots.push(RootStore::System),
                _ => {
                    let missing = || usage(format!("{option}: its value is missing"));
                    found.set(&option, value.or_else(|| given.next()).ok_or_else(missing)?)?;
                }
            }
        }
        for (option, missing) in
            [("--server", found.host.is_empty()), ("--from", found.from.is_empty()), ("--to", found.to.is_empty())]
        {
            if missing {
                return Err(usage(format!("{option} is missing; --help lists the options")));
            }
        }
        Ok(found)
    }

    fn set(&mut self, option: &str, value: String) -> Result<(), Failure> {
        match option {
            "--server" => self.server(&value)?,
            "--from" => self.from = value,
            "--to" => self.to.push(value),
            "--subject" => self.subject = Some(value),
            "--text" => {
                self.text = Some(match value.strip_prefix('@') {
                    Some(file) => read(option, file)?,
                    None => value,
                });
            }
            "--message-id" => self.message_id = Some(value),
            "--user" => self.user = Some(value),
            "--password-file" => self.password_file = Some(value),
            "--auth" => self.auth = Some(mode(&value)?),
            "--pin-sha256" => self.trust().pin_sha256 = Some(hex(option, &value)?),
            "--ca-file" => {
                let pem = read(option, &value)?.into_bytes();
                self.trust().roots.push(RootStore::Pem(pem));
            }
            "--client-cert" => {
                let pem = Secret::Value(read(option, &value)?);
                self.trust().client_certificate = Some(ClientCertificate { pem });
            }
            "--proxy" => self.proxy = Some(proxy(&value)?),
            "--connect-timeout" => self.connect_timeout = Some(number(option, &value)?),
            "--log-file" => self.log_file = Some(value),
            "--log-language" => {
                self.language = match value.as_str() {
                    "en" => Language::English,
                    "es" => Language::Spanish,
                    _ => return Err(usage(format!("{option}: it is 'en' or 'es'"))),
                }
            }
            _ => return Err(usage(format!("there is no option '{}'; --help lists them", option.escape_debug()))),
        }
        Ok(())
    }

    fn server(&mut self, url: &str) -> Result<(), Failure> {
        let wrong = || usage("--server: it is smtp://HOST[:PORT] or smtps://HOST[:PORT]".to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        self.tls_at_once = match scheme {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(wrong()),
        };
        // The last colon, unless it stands in the brackets of an IPv6 address.
        let (host, port) = match rest.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| wrong())?)),
            None => (rest, None),
        };
        if host.is_empty() || host.contains(['/', '@']) {
            return Err(wrong());
        }
        self.host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        self.port = port.or(self.tls_at_once.then_some(465));
        Ok(())
    }

    fn trust(&mut self) -> &mut Trust {
        self.trust.get_or_insert(Trust { roots: Vec::new(), pin_sha256: None, client_certificate: None })
    }

    /// The password, from where nobody can see it in a list of processes.
    pub fn password(&self) -> Result<Option<String>, Failure> {
        match &self.password_file {
            Some(file) => {
                read("--password-file", file).map(|text| Some(text.trim_end_matches(['\r', '\n']).to_owned()))
            }
            None => Ok(std::env::var("SMTP_PASSWORD").ok()),
        }
    }
}

fn read(option: &str, file: &str) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| Failure {
        exit: NO_INPUT,
        message: format!(
            "{option}: '{}' can't be read: {error}; `wasmtime run --dir` opens folders",
            file.escape_debug()
        ),
    })
}

fn mode(name: &str) -> Result<AuthenticationMode, Failure> {
    Ok(match name {
        "plain" => AuthenticationMode::Plain,
        "login" => AuthenticationMode::Login,
        "cram-md5" => AuthenticationMode::CramMd5,
        "scram-sha-256" => AuthenticationMode::ScramSha256,
        _ => return Err(usage("--auth: it is plain, login, cram-md5 or scram-sha-256".to_owned())),
    })
}

fn proxy(url: &str) -> Result<Proxy, Failure> {
    let wrong = || usage("--proxy: it is socks5://HOST:PORT or http://HOST:PORT".to_owned());
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let kind = match scheme {
        "socks5" => ProxyKind::Socks5,
        "http" => ProxyKind::HttpConnect,
        _ => return Err(wrong()),
    };
    let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    Ok(Proxy { kind, host: host.to_owned(), port, user: None, password: None })
}

fn number(option: &str, text: &str) -> Result<u32, Failure> {
    text.parse().map_err(|_| usage(format!("{option}: '{}' is no number", text.escape_debug())))
}

fn hex(option: &str, text: &str) -> Result<Vec<u8>, Failure> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b':').collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(pair).collect();
    bytes
        .filter(|bytes| bytes.len() == 32)
        .ok_or_else(|| usage(format!("{option}: a SHA-256 has 64 hexadecimal digits")))
}

fn usage(message: String) -> Failure {
    Failure { exit: USAGE, message }
}
