//! What the server says.

use super::content::{Passing, Way};
use super::open::{Awaited, Open};
use crate::causes::EnhancedCode;
use crate::conversation::{
    Authentication, Cause, LONGEST_TEXT, LineRef, MOST_RECIPIENTS, Phase, Recipient, Reply, Standing, StepKind,
};

/// Extensions of a server that are kept.
const MOST_EXTENSIONS: usize = 32;

impl Open {
    pub fn server(&mut self, text: &[u8], at: LineRef, gap: u64) {
        if let Some(passing) = &self.passing {
            match passing.way {
                // The server does not let the client finish.
                Way::Lines => self.leave_content(false),
                Way::Chunks { .. } if passing.is_over() => self.leave_content(true),
                Way::Chunks { .. } => {}
            }
        }
        let mail = self.awaited.front().and_then(|awaited| awaited.mail);
        self.answered = mail.filter(|place| self.is_undecided(*place));
        let phase = self.awaited.front().map(|awaited| awaited.phase);
        self.spend(phase.unwrap_or(Phase::Input), gap);
        self.step(StepKind::Server, phase, at);
        let Some((code, is_last, words)) = split(text) else { return };
        self.gather(code, words);
        if is_last {
            self.reply(at);
        }
    }

    fn gather(&mut self, code: u16, words: &[u8]) {
        let gathered = &mut self.gathered;
        if gathered.code != 0 && gathered.text.len() < LONGEST_TEXT {
            gathered.text.push('\n');
        }
        gathered.code = code;
        let room = LONGEST_TEXT.saturating_sub(gathered.text.len());
        let words = String::from_utf8_lossy(words.get(..room).unwrap_or(words));
        gathered.text.push_str(&words);
    }

    /// A reply is whole: it answers the oldest command that has none.
    fn reply(&mut self, at: LineRef) {
        let code = std::mem::take(&mut self.gathered.code);
        if code == 354
            && let Some(place) = self.awaited.iter().position(|awaited| awaited.phase == Phase::Data)
        {
            // Nothing else is answered so: replies to what was said before are missing in the log.
            self.awaited.drain(..place);
        }
        let awaited = self.awaited.pop_front();
        if let Some(awaited) = &awaited {
            self.waited(awaited.phase, at);
        }
        let is_good = (200..400).contains(&code);
        let is_told = !is_good || matches!(&awaited, Some(Awaited { phase: Phase::Greeting, .. }));
        if let Some(mail) = self.mail() {
            mail.last = at;
        }
        match awaited {
            // The everyday ones need no copy of the words.
            Some(Awaited { phase: Phase::Ehlo, .. }) if is_good => self.extensions(),
            Some(Awaited { phase: Phase::RcptTo, recipient, .. }) if is_good => self.accepted(recipient),
            Some(Awaited { phase, decides, .. }) if !(is_told || decides && phase == Phase::Content) => {
                self.granted(phase, code, at);
            }
            awaited => {
                let reply = self.copy(code, at);
                self.dismissal = (code == 421).then(|| reply.clone());
                if let Some(awaited) = awaited {
                    self.told(awaited, is_good, reply);
                }
            }
        }
        self.gathered.text.clear();
    }

    fn copy(&mut self, code: u16, at: LineRef) -> Reply {
        let text = self.gathered.text.clone();
        self.heap += text.len();
        Reply { code, enhanced: EnhancedCode::at_start(&text).map(|(code, _)| code), text, at }
    }

    fn extensions(&mut self) {
        let lines = self.gathered.text.lines().skip(1).take(MOST_EXTENSIONS);
        self.conversation.extensions = lines.map(str::to_owned).collect();
        self.heap += self.gathered.text.len();
    }

    /// A good reply whose words do not matter.
    fn granted(&mut self, phase: Phase, code: u16, at: LineRef) {
        match phase {
            Phase::Starttls => {
                self.in_handshake = true;
                self.since = at.stamp;
            }
            Phase::Auth if code == 334 => self.in_exchange = true,
            Phase::Auth => {
                let mechanism = self.mechanism();
                self.conversation.authentication = Authentication::Accepted { mechanism };
            }
            Phase::Data if code == 354 => {
                // A chunk that is not over can't be before it, but in a log that is damaged.
                self.leave_content(false);
                self.passing = Some(Passing::new(Way::Lines));
            }
            _ => {}
        }
    }

    fn told(&mut self, awaited: Awaited, is_good: bool, reply: Reply) {
        let at = reply.at;
        let phase = awaited.phase;
        match phase {
            Phase::Greeting => self.conversation.greeting = Some(reply.clone()),
            Phase::Auth => {
                let mechanism = self.mechanism();
                self.conversation.authentication = Authentication::Refused { mechanism, reply: reply.clone() };
            }
            Phase::MailFrom | Phase::Data | Phase::Content => {
                if let Some(mail) = self.mail() {
                    mail.reply = Some(reply.clone());
                }
            }
            Phase::RcptTo => return self.refused(awaited.recipient, reply),
            _ => {}
        }
        // How a server says good-bye changes nothing, and a mail may follow a reset that was refused.
        let matters = !matches!(phase, Phase::Quit | Phase::Rset) || reply.code == 421 && phase == Phase::Rset;
        if !is_good && matters {
            self.trouble(phase, Cause::Reply(reply), at, None);
        }
    }

    fn accepted(&mut self, recipient: Option<Result<usize, Box<str>>>) {
        let Some(mail) = self.mail() else { return };
        mail.accepted += 1;
        mail.unanswered = mail.unanswered.saturating_sub(1);
        if let Some(Ok(place)) = recipient
            && let Some(recipient) = mail.recipients.get_mut(place)
        {
            recipient.standing = Standing::Accepted;
        }
    }

    fn refused(&mut self, recipient: Option<Result<usize, Box<str>>>, reply: Reply) {
        let at = reply.at;
        let mut name = None;
        if let Some(mail) = self.mail() {
            mail.refused += 1;
            mail.unanswered = mail.unanswered.saturating_sub(1);
            match recipient {
                Some(Ok(place)) => {
                    if let Some(recipient) = mail.recipients.get_mut(place) {
                        recipient.standing = Standing::Refused;
                        recipient.reply = Some(reply.clone());
                        name = Some(recipient.address.clone());
                    }
                }
                // Who is refused is told before who is not.
                Some(Err(address)) => {
                    let address = String::from(address);
                    name = Some(address.clone());
                    if let Some(place) = mail.recipients.iter().rposition(|known| known.standing == Standing::Accepted)
                    {
                        let recipient = Recipient { address, standing: Standing::Refused, reply: Some(reply.clone()) };
                        mail.recipients[place] = recipient;
                    }
                }
                None => {}
            }
            debug_assert!(mail.recipients.len() <= MOST_RECIPIENTS);
        }
        self.heap += size_of::<Reply>() + reply.text.len();
        self.trouble(Phase::RcptTo, Cause::Reply(reply), at, name);
    }

    fn mechanism(&self) -> String {
        match &self.conversation.authentication {
            Authentication::Begun { mechanism }
            | Authentication::Accepted { mechanism }
            | Authentication::Refused { mechanism, .. } => mechanism.clone(),
            Authentication::None => String::new(),
        }
    }
}

/// Code, whether this is the last line, and the words. `None` where it is no line of a reply.
fn split(text: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (code, rest) = text.split_first_chunk::<3>()?;
    if !code.iter().all(u8::is_ascii_digit) || !(b'2'..=b'5').contains(&code[0]) {
        return None;
    }
    let code = code.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'));
    match rest {
        [] => Some((code, true, rest)),
        [b' ', words @ ..] => Some((code, true, words)),
        [b'-', words @ ..] => Some((code, false, words)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_replies() {
        assert_eq!(split(b"250 ok"), Some((250, true, &b"ok"[..])));
        assert_eq!(split(b"250-ok"), Some((250, false, &b"ok"[..])));
        assert_eq!(split(b"250"), Some((250, true, &b""[..])));
        assert_eq!(split(b"334 "), Some((334, true, &b""[..])));
        for text in ["", "25", "2500", "250\\x09ok", "999 x", "HTTP/1.1 400"] {
            assert_eq!(split(text.as_bytes()), None, "{text}");
        }
    }
}
