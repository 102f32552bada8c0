//! `--dir HOST::GUEST[:ro]`.

use std::path::PathBuf;
use std::str::FromStr;

/// A folder of this machine, and the name that the component has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub host: PathBuf,
    pub guest: String,
    pub read_only: bool,
}

impl FromStr for Folder {
    type Err = String;

    fn from_str(text: &str) -> Result<Folder, String> {
        let (text, read_only) = match text.strip_suffix(":ro") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (host, guest) = text.rsplit_once("::").unwrap_or((text, text));
        if host.is_empty() || guest.is_empty() {
            return Err(
                "it is HOST::GUEST, a folder here and its name there, with :ro behind it for reading only".into()
            );
        }
        Ok(Folder { host: host.into(), guest: guest.to_owned(), read_only })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders() {
        for (text, host, guest, read_only) in [
            ("a::b", "a", "b", false),
            ("a::b:ro", "a", "b", true),
            ("a", "a", "a", false),
            ("a:ro", "a", "a", true),
            ("C:\\x::/y", "C:\\x", "/y", false),
        ] {
            assert_eq!(text.parse(), Ok(Folder { host: host.into(), guest: guest.into(), read_only }), "{text}");
        }
        for text in ["", "::", "a::", "::b", ":ro", "a:::ro"] {
            assert!(text.parse::<Folder>().is_err(), "{text}");
        }
    }
}
