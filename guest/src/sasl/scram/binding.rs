//! What ties an exchange to the TLS connection that it runs in, RFC 5929 and RFC 9266.

use super::super::{Error, Mechanism};
use crate::log::TlsFacts;

/// What the first message says of channel binding, RFC 5802 section 6.
pub enum Binding {
    /// `n`: we don't speak of it.
    None,
    /// `y`: we could, and saw no offer; a server that did offer then knows that somebody took its offer away.
    NotOffered,
    /// `p`: to this, by this name.
    To(&'static str, Vec<u8>),
}

impl Binding {
    /// The binding for a mechanism on a connection whose server offered these mechanisms.
    pub fn new(mechanism: Mechanism, tls: Option<&TlsFacts>, offered: &[String]) -> Result<Binding, Error> {
        let data = tls.and_then(data);
        if mechanism == Mechanism::ScramSha256Plus {
            let (name, data) = data.ok_or(Error::NoChannelBinding)?;
            return Ok(Binding::To(name, data.to_vec()));
        }
        // An unknown offer (an empty list) is no proof of a missing one.
        let is_plus = |name: &String| {
            let name = name.to_ascii_uppercase();
            name.starts_with("SCRAM-") && name.ends_with("-PLUS")
        };
        if data.is_none() || offered.is_empty() || offered.iter().any(is_plus) {
            return Ok(Binding::None);
        }
        Ok(Binding::NotOffered)
    }

    /// The GS2 header.
    pub fn header(&self) -> String {
        match self {
            Binding::None => "n,,".to_owned(),
            Binding::NotOffered => "y,,".to_owned(),
            Binding::To(name, _) => format!("p={name},,"),
        }
    }

    /// What stands behind the header in `c=`.
    pub fn data(&self) -> &[u8] {
        match self {
            Binding::To(_, data) => data,
            Binding::None | Binding::NotOffered => &[],
        }
    }
}

/// RFC 9266 section 4: `tls-exporter` is the binding of TLS 1.3, and is not to be used below without the extended
/// master secret; there the certificate's hash serves.
fn data(tls: &TlsFacts) -> Option<(&'static str, &[u8])> {
    let exporter = tls.exporter.as_deref().filter(|_| tls.version == "TLSv1.3").map(|data| ("tls-exporter", data));
    exporter
        .or_else(|| tls.end_point.as_deref().map(|data| ("tls-server-end-point", data)))
        .filter(|(_, data)| !data.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(version: &str, exporter: bool, end_point: bool, mechanism: Mechanism, offered: &[&str]) -> String {
        let tls = TlsFacts {
            version: version.into(),
            exporter: exporter.then(|| vec![1; 32]),
            end_point: end_point.then(|| vec![2; 32]),
            ..TlsFacts::default()
        };
        let offered: Vec<String> = offered.iter().map(|&name| name.to_owned()).collect();
        match Binding::new(mechanism, Some(&tls), &offered) {
            Ok(binding) => binding.header(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn each_tls_version_has_its_binding() {
        let plus = Mechanism::ScramSha256Plus;
        assert_eq!(header("TLSv1.3", true, true, plus, &[]), "p=tls-exporter,,");
        assert_eq!(header("TLSv1.3", false, true, plus, &[]), "p=tls-server-end-point,,");
        assert_eq!(header("TLSv1.2", true, true, plus, &[]), "p=tls-server-end-point,,");
        assert!(header("TLSv1.2", true, false, plus, &[]).contains("no TLS data"));
    }

    #[test]
    fn a_missing_offer_is_told_to_the_server() {
        let scram = Mechanism::ScramSha256;
        assert_eq!(header("TLSv1.3", true, true, scram, &["SCRAM-SHA-256", "PLAIN"]), "y,,");
        assert_eq!(header("TLSv1.3", true, true, scram, &["SCRAM-SHA-256", "scram-sha-256-plus"]), "n,,");
        assert_eq!(header("TLSv1.3", true, true, Mechanism::ScramSha1, &["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"]), "n,,");
        assert_eq!(header("TLSv1.3", false, false, scram, &["SCRAM-SHA-256"]), "n,,");
        assert_eq!(header("TLSv1.3", true, true, scram, &[]), "n,,");
    }
}
