//! The end of a conversation: what is still undecided, and which trouble decided.

use super::open::Open;
use crate::conversation::{Cause, Conversation, Delivery, Ending, Mail, Phase, Trouble};

impl Open {
    /// The conversation as it is told.
    pub fn finish(mut self, ending: Ending) -> Conversation {
        let complete = self.passing.as_ref().is_some_and(|passing| passing.is_over());
        self.leave_content(complete);
        let mut told = self.conversation;
        told.ending = ending;
        for mail in &mut told.mails {
            if mail.delivery == Delivery::Unfinished {
                mail.delivery = inferred(mail, ending);
            }
        }
        told.decisive = decisive(&told, &self.stands);
        told
    }
}

/// What became of a mail that no event tells of: other programs write none.
fn inferred(mail: &Mail, ending: Ending) -> Delivery {
    let everybody_refused = mail.accepted == 0 && mail.unanswered == 0 && mail.refused > 0;
    match &mail.reply {
        Some(reply) if reply.is_positive() && everybody_refused => Delivery::NotAccepted,
        Some(reply) if reply.is_positive() => Delivery::Accepted,
        Some(_) => Delivery::NotAccepted,
        None if everybody_refused => Delivery::NotAccepted,
        None if ending != Ending::Closed => Delivery::Unfinished,
        None if mail.content.complete => Delivery::Unknown,
        None => Delivery::NotAccepted,
    }
}

/// The place of the trouble that decided the outcome.
fn decisive(told: &Conversation, stands: &[bool]) -> Option<usize> {
    let standing = || told.troubles.iter().enumerate().filter(|(place, _)| stands.get(*place) == Some(&true));
    let failed = |mail: &Mail| matches!(mail.delivery, Delivery::Unknown | Delivery::NotAccepted);
    if let Some(place) = told.mails.iter().rposition(failed) {
        let own: Vec<_> = standing().filter(|(_, trouble)| trouble.mail == Some(place)).collect();
        if let Some(found) = of_mail(&told.mails[place], &own) {
            return Some(found);
        }
    }
    let before_mails: Vec<_> = standing().filter(|(_, trouble)| trouble.mail.is_none()).collect();
    if let Some((first, trouble)) = before_mails.first() {
        // An OAuth error is followed by the reply that refuses: that one decides.
        let same = before_mails.iter().rfind(|(_, other)| other.phase == trouble.phase && is_reply(other));
        return Some(same.map_or(*first, |(place, _)| *place));
    }
    let of_recipient = standing().find(|(_, trouble)| trouble.phase == Phase::RcptTo);
    of_recipient.map(|(place, _)| place)
}

/// Which of its troubles a mail failed of.
fn of_mail(mail: &Mail, own: &[(usize, &Trouble)]) -> Option<usize> {
    let find =
        |which: &dyn Fn(&Trouble) -> bool| own.iter().find(|(_, trouble)| which(trouble)).map(|(place, _)| *place);
    let last =
        |which: &dyn Fn(&Trouble) -> bool| own.iter().rfind(|(_, trouble)| which(trouble)).map(|(place, _)| *place);
    let of_recipients = |trouble: &Trouble| trouble.phase == Phase::RcptTo;
    last(&|trouble| !is_reply(trouble))
        .or_else(|| find(&|trouble| trouble.phase == Phase::MailFrom))
        .or_else(|| (mail.accepted == 0).then(|| find(&of_recipients))?)
        .or_else(|| last(&|trouble| !of_recipients(trouble)))
        .or_else(|| find(&of_recipients))
}

fn is_reply(trouble: &Trouble) -> bool {
    matches!(trouble.cause, Cause::Reply(_))
}
