//! The configuration of the service: a TOML file, checked as a whole before anything of it is used.

mod file;
mod log;
mod place;
mod reader;
mod transporter;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use toml::Spanned;

pub use log::LogConfig;
pub use place::ConfigError;
pub use transporter::{Limits, TransporterConfig};

use crate::options;
use reader::{Result, Source};

/// What the file says.
pub struct Config {
    pub listen: Vec<SocketAddr>,
    /// Names that a request's Host may have, beside the loopback ones.
    pub hosts: Vec<String>,
    /// Where the tokens are.
    pub state: PathBuf,
    /// HTTP connections at once.
    pub connections: usize,
    /// Watchers of events at once.
    pub watchers: usize,
    /// Bytes of a request's body that is not streamed.
    pub body_limit: usize,
    pub tls: Option<TlsConfig>,
    pub log: LogConfig,
    pub transporters: BTreeMap<String, TransporterConfig>,
}

/// The certificate that the service shows.
#[derive(Clone)]
pub struct TlsConfig {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

impl Config {
    /// Reads the file and all that it names.
    ///
    /// # Errors
    /// Name file, line and key.
    pub fn load(path: &Path) -> Result<Config> {
        let bytes =
            std::fs::read(path).map_err(|error| ConfigError::of_file(path, &format!("it can't be read: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|_| ConfigError::of_file(path, "it is not UTF-8 text"))?;
        Config::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Config> {
        let source = Source { path, text };
        let file: file::File = toml::from_str(text)
            .map_err(|error| source.wrong(error.span().unwrap_or(0..0), first_line(error.message())))?;
        let log = log::read(&source, &file.log)?;
        let language = log.language();
        let read = |(name, table): (&String, _)| Ok((name.clone(), transporter::read(&source, name, table, language)?));
        let state = match &file.state {
            Some(folder) => source.path(folder.get_ref()),
            None => options::state_folder()
                .ok_or_else(|| source.wrong(0..0, "this machine says no folder for state (no HOME): give state"))?,
        };
        let tls = match &file.tls {
            Some(tls) => Some(TlsConfig { certificate: source.bytes(&tls.certificate)?, key: source.bytes(&tls.key)? }),
            None => None,
        };
        Ok(Config {
            listen: listen(&source, &file)?,
            hosts: hosts(&source, &file)?,
            state,
            connections: source.number(&file.connections, 1024, 8, 100_000)? as usize,
            watchers: source.number(&file.watchers, 64, 1, 10_000)? as usize,
            body_limit: source.number(&file.body_limit, 30_000_000, 1024, 1 << 32)? as usize,
            tls,
            transporters: file.transporter.iter().map(read).collect::<Result<_>>()?,
            log,
        })
    }
}

fn listen(source: &Source<'_>, file: &file::File) -> Result<Vec<SocketAddr>> {
    let parse = |address: &Spanned<String>| {
        let why = "it is ADDRESS:PORT, as 127.0.0.1:8025 or [::1]:8025";
        address.get_ref().parse().map_err(|_| source.wrong(address.span(), why))
    };
    file.listen.iter().flat_map(|list| list.get_ref()).map(parse).collect()
}

fn hosts(source: &Source<'_>, file: &file::File) -> Result<Vec<String>> {
    let name = |host: &Spanned<String>| source.domain(host).map(|name| name.to_ascii_lowercase());
    file.hosts.iter().flat_map(|list| list.get_ref()).map(name).collect()
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or("it is wrong")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config> {
        Config::parse(Path::new("serve.toml"), &format!("state = \"s\"\nlog.folder = \"l\"\n{text}"))
    }

    #[test]
    fn a_whole_one() {
        let config = parse(
            "listen = [\"127.0.0.1:8025\"]\nlog.state = 3\n[transporter.main]\nserver = \"smtps://mail.example.com\"\n\
             connections = 2\n",
        )
        .unwrap();
        let main = &config.transporters["main"];
        assert_eq!((main.server.host.as_str(), main.server.port), ("mail.example.com", Some(465)));
        assert_eq!((main.limits.connections, config.log.state, config.log.keep), (2, 3, 50));
    }

    #[test]
    fn errors_name_line_and_key() {
        for (text, expected) in [
            ("listen = [\"nowhere\"]", "serve.toml:3: listen: it is ADDRESS:PORT, as 127.0.0.1:8025 or [::1]:8025"),
            ("colour = 1", "serve.toml:3: colour: unknown field `colour`"),
            ("[transporter.a]\nuser = \"x\"", "serve.toml:3: [transporter.a]: missing field `server`"),
            ("[transporter.a]\nserver = \"http://h\"", "serve.toml:4: server: the URL begins with smtp:// or smtps://"),
            (
                "[transporter.a]\nserver = \"smtp://u:secret@h\"",
                "serve.toml:4: server: a password can't stand in the URL",
            ),
            ("[transporter.a]\nserver = \"smtp://u@h\"", "serve.toml:4: server: the user has no password"),
            (
                "[transporter.a]\nserver = \"smtp://h\"\nconnections = 0",
                "serve.toml:5: connections: it is a number from 1",
            ),
            ("[transporter.a]\nserver = \"smtp://h\"\nca-file = \"none.pem\"", "serve.toml:5: ca-file: '"),
            ("[transporter.a]\nserver = \"smtp://h\"\nauth = \"best\"", "serve.toml:5: auth: it is one of"),
            ("log.keep = \"all\"", "serve.toml:3: log.keep: invalid type"),
            ("[log", "serve.toml:3: "),
        ] {
            let error = parse(text).err().unwrap().to_string();
            assert!(error.starts_with(expected), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
