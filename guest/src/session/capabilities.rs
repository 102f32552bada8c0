//! What EHLO was answered with. RFC 5321 section 4.1.1.1 and the extensions' own.

use super::reader::RawReply;

/// The extensions that the server offers. After HELO, and before EHLO, none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// SIZE, RFC 1870: offered, and the limit where there is one.
    pub size: Option<Option<u64>>,
    /// 8BITMIME, RFC 6152.
    pub eight_bit: bool,
    /// SMTPUTF8, RFC 6531.
    pub smtputf8: bool,
    /// BINARYMIME, RFC 3030. Of use with CHUNKING alone.
    pub binarymime: bool,
    /// CHUNKING, RFC 3030.
    pub chunking: bool,
    /// PIPELINING, RFC 2920.
    pub pipelining: bool,
    /// DSN, RFC 3461.
    pub dsn: bool,
    /// ENHANCEDSTATUSCODES, RFC 2034.
    pub enhanced: bool,
    /// LIMITS, RFC 9422.
    pub limits: Limits,
    /// REQUIRETLS, RFC 8689.
    pub requiretls: bool,
    /// MT-PRIORITY, RFC 6710.
    pub mt_priority: bool,
    /// DELIVERBY, RFC 2852: offered, and the least number of seconds where there is one.
    pub deliverby: Option<Option<u32>>,
    /// FUTURERELEASE, RFC 4865: the greatest number of seconds that a mail is held.
    pub futurerelease: Option<u64>,
    /// STARTTLS, RFC 3207.
    pub starttls: bool,
    /// AUTH, RFC 4954: the mechanisms in capitals, each once.
    pub auth: Vec<String>,
}

/// RFC 9422 section 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Mails on one connection.
    pub mail_max: Option<u32>,
    /// Recipients of one mail.
    pub rcpt_max: Option<u32>,
    /// Different domains among the recipients of one mail.
    pub rcpt_domain_max: Option<u32>,
}

/// Nobody has more mechanisms to offer than this.
const MECHANISMS: usize = 64;

impl Capabilities {
    /// Reads a reply to EHLO; its first line is a greeting. Lines that can't be read are lines that are not there.
    pub(super) fn parse(reply: &RawReply) -> Capabilities {
        let mut capabilities = Capabilities::default();
        for line in reply.lines.iter().skip(1) {
            if let Ok(line) = core::str::from_utf8(line) {
                capabilities.line(line);
            }
        }
        capabilities
    }

    fn line(&mut self, line: &str) {
        let mut words = line.split_ascii_whitespace();
        let Some(keyword) = words.next() else { return };
        let keyword = keyword.to_ascii_uppercase();
        let first = words.clone().next();
        match keyword.as_str() {
            // RFC 1870 section 3: 0 is no limit.
            "SIZE" => self.size = Some(first.and_then(|limit| limit.parse().ok()).filter(|limit| *limit > 0)),
            "8BITMIME" => self.eight_bit = true,
            "SMTPUTF8" => self.smtputf8 = true,
            "BINARYMIME" => self.binarymime = true,
            "CHUNKING" => self.chunking = true,
            "PIPELINING" => self.pipelining = true,
            "DSN" => self.dsn = true,
            "ENHANCEDSTATUSCODES" => self.enhanced = true,
            "LIMITS" => words.for_each(|limit| self.limits.word(limit)),
            "REQUIRETLS" => self.requiretls = true,
            "MT-PRIORITY" => self.mt_priority = true,
            "DELIVERBY" => self.deliverby = Some(first.and_then(|least| least.parse().ok())),
            "FUTURERELEASE" => self.futurerelease = Some(first.and_then(|most| most.parse().ok()).unwrap_or(u64::MAX)),
            "STARTTLS" => self.starttls = true,
            "AUTH" => self.mechanisms(words),
            // The form from before RFC 2554: `AUTH=LOGIN PLAIN`.
            _ => {
                if let Some(first) = keyword.strip_prefix("AUTH=") {
                    self.mechanisms(core::iter::once(first).chain(words));
                }
            }
        }
    }

    fn mechanisms<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        for name in names.map(str::to_ascii_uppercase) {
            if !name.is_empty() && self.auth.len() < MECHANISMS && !self.auth.contains(&name) {
                self.auth.push(name);
            }
        }
    }
}

impl Limits {
    fn word(&mut self, word: &str) {
        let Some((name, value)) = word.split_once('=') else { return };
        // RFC 9422 section 3: no value is 0; what can't be read is ignored.
        let value = value.parse().ok().filter(|value| *value > 0);
        match name.to_ascii_uppercase().as_str() {
            "MAILMAX" => self.mail_max = value,
            "RCPTMAX" => self.rcpt_max = value,
            "RCPTDOMAINMAX" => self.rcpt_domain_max = value,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(lines: &str) -> Capabilities {
        let lines = core::iter::once("mx.example greets you STARTTLS").chain(lines.lines());
        Capabilities::parse(&RawReply { status: 250, lines: lines.map(|line| line.as_bytes().to_vec()).collect() })
    }

    #[test]
    fn everything_at_once() {
        let all = parse(
            "size 1000\n8BITMIME\nSmtpUtf8\nBINARYMIME\nCHUNKING\nPIPELINING\nDSN\nENHANCEDSTATUSCODES\n\
             LIMITS MAILMAX=2 RCPTMAX=100 RCPTDOMAINMAX=1 OTHER=7\nREQUIRETLS\nMT-PRIORITY MIXER\nDELIVERBY 240\n\
             FUTURERELEASE 86400 2030-01-01T00:00:00Z\nSTARTTLS\nAUTH plain LOGIN\nAUTH=LOGIN CRAM-MD5\nXYZ",
        );
        let expected = Capabilities {
            size: Some(Some(1000)),
            eight_bit: true,
            smtputf8: true,
            binarymime: true,
            chunking: true,
            pipelining: true,
            dsn: true,
            enhanced: true,
            limits: Limits { mail_max: Some(2), rcpt_max: Some(100), rcpt_domain_max: Some(1) },
            requiretls: true,
            mt_priority: true,
            deliverby: Some(Some(240)),
            futurerelease: Some(86400),
            starttls: true,
            auth: ["PLAIN", "LOGIN", "CRAM-MD5"].map(str::to_owned).to_vec(),
        };
        assert_eq!(all, expected);
    }

    #[test]
    fn the_greeting_line_is_no_capability() {
        assert_eq!(parse(""), Capabilities::default());
    }

    #[test]
    fn odd_values() {
        assert_eq!(parse("SIZE").size, Some(None));
        assert_eq!(parse("SIZE 0").size, Some(None));
        assert_eq!(parse("SIZE 99999999999999999999999").size, Some(None));
        assert_eq!(parse("LIMITS RCPTMAX=0 RCPTMAX MAILMAX=x").limits, Limits::default());
        assert_eq!(parse("AUTH=").auth, Vec::<String>::new());
        assert_eq!(parse("AUTH=LOGIN").auth, ["LOGIN"]);
        assert_eq!(parse("DELIVERBY").deliverby, Some(None));
        assert_eq!(parse("\n \t"), Capabilities::default());
    }
}
