//! The end of a conversation: what is still undecided, and which trouble decided.

use super::open::Open;
use std::collections::BTreeSet;

use crate::conversation::{Cause, Conversation, Delivery, Ending, Mail, Phase, Trouble};

impl Open {
    /// The conversation as it is told.
    pub fn finish(mut self, ending: Ending) -> Conversation {
        self.conversation.last = self.last();
        let complete = self.passing.as_ref().is_some_and(|passing| passing.is_over());
        self.leave_content(complete);
        let mut told = self.conversation;
        told.ending = ending;
        for place in 0..told.mails.len() {
            if told.mails[place].delivery == Delivery::Unfinished {
                told.mails[place].delivery = inferred(&told.mails[place], ending);
            }
            told.mails[place].decisive = of_mail(&told, place, &self.stands);
        }
        let around = of_connection(&told, &self.stands);
        let failed = |mail: &&Mail| matches!(mail.delivery, Delivery::Unknown | Delivery::NotAccepted);
        let of_mails = || told.mails.iter().filter_map(|mail| mail.decisive);
        let failures: BTreeSet<_> = of_mails().chain(around).collect();
        told.decisive = told.mails.iter().rfind(failed).and_then(|mail| mail.decisive).or(around).or(of_mails().next());
        told.failures = failures.into_iter().collect();
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

type Standing<'a> = Vec<(usize, &'a Trouble)>;

/// The troubles that came to something, and are of this mail; or of none.
fn standing<'a>(told: &'a Conversation, stands: &[bool], mail: Option<usize>) -> Standing<'a> {
    let all = told.troubles.iter().enumerate();
    all.filter(|(place, trouble)| stands.get(*place) == Some(&true) && trouble.mail == mail).collect()
}

/// The place of the trouble that befell the connection, and no mail.
fn of_connection(told: &Conversation, stands: &[bool]) -> Option<usize> {
    let around = standing(told, stands, None);
    let (first, trouble) = around.first()?;
    // An OAuth error is followed by the reply that refuses: that one decides.
    let same = around.iter().rfind(|(_, other)| other.phase == trouble.phase && is_reply(other));
    Some(same.map_or(*first, |(place, _)| *place))
}

/// Which of its troubles a mail failed of, or kept it from a recipient.
fn of_mail(told: &Conversation, place: usize, stands: &[bool]) -> Option<usize> {
    let mail = &told.mails[place];
    let own = standing(told, stands, Some(place));
    let first = |which: &dyn Fn(&Trouble) -> bool| own.iter().find(|(_, trouble)| which(trouble)).map(|(at, _)| *at);
    let last = |which: &dyn Fn(&Trouble) -> bool| own.iter().rfind(|(_, trouble)| which(trouble)).map(|(at, _)| *at);
    let of_recipients = |trouble: &Trouble| trouble.phase == Phase::RcptTo;
    let named = first(&of_recipients);
    match mail.delivery {
        Delivery::Accepted => named,
        Delivery::MovedOn | Delivery::Unfinished => None,
        Delivery::NotAccepted | Delivery::Unknown => last(&|trouble| !is_reply(trouble))
            .or_else(|| first(&|trouble| trouble.phase == Phase::MailFrom))
            .or_else(|| named.filter(|_| mail.accepted == 0))
            .or_else(|| last(&|trouble| !of_recipients(trouble)))
            .or(named),
    }
}

fn is_reply(trouble: &Trouble) -> bool {
    matches!(trouble.cause, Cause::Reply(_))
}
