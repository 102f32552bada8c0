//! One mail transaction: from MAIL to the reply to the content.

use super::command::{Refusal, key_value};
use super::content::{Content, Flaw};
use super::mailbox::Received;

/// Recipients of one mail, RFC 5321 §4.5.3.1.8.
const MOST_RECIPIENTS: usize = 100;

pub(super) struct Transaction {
    from: String,
    params: Vec<String>,
    to: Vec<String>,
    recipient_params: Vec<Vec<String>>,
    /// Whether RCPT was said at all.
    addressed: bool,
    /// BDAT has begun: RFC 3030 §2 lets nothing but BDAT follow.
    pub(super) chunks: Option<Content>,
    limit: usize,
}

impl Transaction {
    pub(super) fn new(from: String, params: Vec<String>, limit: usize) -> Result<Transaction, Refusal> {
        let size = params.iter().find_map(|param| match key_value(param) {
            (keyword, Some(size)) if keyword == "SIZE" => Some(size.parse().unwrap_or(u64::MAX)),
            _ => None,
        });
        if size.is_some_and(|size| size > limit as u64) {
            return Err(Refusal(552, "5.3.4", "Message size exceeds the limit"));
        }
        Ok(Transaction {
            from,
            params,
            to: Vec::new(),
            recipient_params: Vec::new(),
            addressed: false,
            chunks: None,
            limit,
        })
    }

    pub(super) fn recipient(&mut self, to: String, params: Vec<String>) -> Result<(), Refusal> {
        self.addressed = true;
        if self.chunks.is_some() {
            return Err(Refusal(503, "5.5.1", "Content has begun"));
        }
        if !to.is_ascii() && !self.has("SMTPUTF8", None) {
            return Err(Refusal(550, "5.6.7", "An international address needs SMTPUTF8"));
        }
        match to.split('@').next() {
            Some("nobody") => return Err(Refusal(550, "5.1.1", "No such user here")),
            Some("full") => return Err(Refusal(452, "4.2.2", "Mailbox full")),
            _ if self.to.len() >= MOST_RECIPIENTS => return Err(Refusal(452, "4.5.3", "Too many recipients")),
            _ => {}
        }
        self.to.push(to);
        self.recipient_params.push(params);
        Ok(())
    }

    /// Whether content may begin by DATA.
    pub(super) fn ready_for_data(&self) -> Result<(), Refusal> {
        if self.chunks.is_some() {
            return Err(Refusal(503, "5.5.1", "DATA and BDAT may not be mixed"));
        }
        if self.binary() {
            return Err(Refusal(503, "5.5.1", "BODY=BINARYMIME needs BDAT"));
        }
        self.ready()
    }

    /// Whether content may begin.
    pub(super) fn ready(&self) -> Result<(), Refusal> {
        match (self.to.is_empty(), self.addressed) {
            (false, _) => Ok(()),
            (true, true) => Err(Refusal(554, "5.5.1", "No valid recipients")),
            (true, false) => Err(Refusal(503, "5.5.1", "Need RCPT command")),
        }
    }

    pub(super) fn content(&self) -> Content {
        Content::new(self.limit, self.binary())
    }

    /// The verdict on the whole content.
    pub(super) fn finish(
        self,
        content: Content,
        id: String,
        user: Option<String>,
        tls: Option<&'static str>,
        chunked: bool,
    ) -> Result<Received, Refusal> {
        if let Some(flaw) = content.flaw() {
            return Err(refusal(flaw));
        }
        let Transaction { from, params, to, recipient_params, .. } = self;
        Ok(Received { id, from, to, params, recipient_params, content: content.finish(), user, tls, chunked })
    }

    fn binary(&self) -> bool {
        self.has("BODY", Some("BINARYMIME"))
    }

    fn has(&self, keyword: &str, value: Option<&str>) -> bool {
        self.params
            .iter()
            .map(|param| key_value(param))
            .any(|(found, said)| found == keyword && said.map(str::to_ascii_uppercase).as_deref() == value)
    }
}

pub(super) fn refusal(flaw: Flaw) -> Refusal {
    match flaw {
        Flaw::TooLarge => Refusal(552, "5.3.4", "Message size exceeds the limit"),
        Flaw::LineTooLong => Refusal(550, "5.6.0", "A line has more than 998 bytes"),
    }
}
