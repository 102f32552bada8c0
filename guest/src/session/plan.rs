//! What a mail asks of the server, against what the server offers: decided before MAIL is said.

use super::address::ReversePath;
use super::capabilities::Capabilities;
use super::command::{Mail, Orcpt, Rcpt, Xtext};
use super::envelope::{Body, Envelope, Options, Recipient, Shape};
use super::input::quote;
use super::reply::Reply;
use super::settings::Settings;
use crate::error::{Error, Kind, Phase, Retry};
use crate::log::{Note, Transcript};

/// How one mail goes to one server.
#[derive(Debug)]
pub(super) struct Plan {
    pub pipelined: bool,
    pub chunked: bool,
    /// For every recipient that is not asked: why.
    pub unasked: Vec<Option<Reply>>,
    pub warnings: Vec<String>,
    size: Option<u64>,
    utf8: bool,
    dsn: bool,
}

/// Decides.
///
/// # Errors
/// Where the mail needs what the server does not offer: nothing was said of it then.
pub(super) fn plan(
    envelope: &Envelope,
    shape: &Shape,
    offered: &Capabilities,
    settings: &Settings,
    is_secured: bool,
    log: &mut Transcript,
) -> Result<Plan, Error> {
    let check = || -> Result<bool, (&'static str, String)> {
        body(shape, offered, settings)?;
        options(envelope, offered, is_secured)?;
        utf8(envelope, shape, offered)
    };
    let utf8 = check().map_err(|(extension, reason)| {
        log.note(Note::NotOffered { extension, reason: reason.clone() });
        Error::new(Phase::MailFrom, Kind::ExtensionNotOffered, Retry::AfterChange, reason)
    })?;
    if let (Some(size), Some(Some(limit))) = (shape.size, offered.size)
        && size > limit
    {
        log.note(Note::TooLarge { size, limit });
        let message = format!(
            "The mail has {size} bytes and the server takes {limit} at the most. Make it smaller: send a link instead of \
             the attachment, or split it."
        );
        return Err(Error::new(Phase::MailFrom, Kind::MessageTooLarge, Retry::AfterChange, message));
    }
    let unasked = unasked(envelope, offered);
    let mut warnings = Vec::new();
    let left_out = unasked.iter().flatten().count();
    if left_out > 0 {
        let message = format!(
            "{left_out} of {} recipients were not asked: the server takes no more in one mail. Send them another.",
            unasked.len()
        );
        if envelope.options.require_all || left_out == unasked.len() {
            return Err(Error::new(Phase::RcptTo, Kind::RecipientRefused, Retry::AfterChange, message));
        }
        warnings.push(message);
    }
    if wants_dsn(envelope) && !offered.dsn {
        warnings.push("The server offers no DSN: the reports that were asked for were not asked of it.".to_owned());
    }
    Ok(Plan {
        pipelined: offered.pipelining && settings.pipelining,
        chunked: offered.chunking && settings.chunking,
        unasked,
        warnings,
        size: shape.size.filter(|_| offered.size.is_some()),
        utf8,
        dsn: offered.dsn,
    })
}

impl Plan {
    pub fn mail<'a>(&self, envelope: &'a Envelope, shape: &Shape) -> Mail<'a> {
        let options = &envelope.options;
        Mail {
            from: &envelope.from,
            size: self.size,
            body: shape.body,
            utf8: self.utf8,
            ret: options.return_content.filter(|_| self.dsn),
            envid: options.envelope_id.as_ref().filter(|_| self.dsn).map(|id| Xtext::new(id.as_str())),
            require_tls: options.require_tls,
            priority: options.priority,
            by: options.deliver_by,
            hold_for: options.hold_for,
        }
    }

    pub fn rcpt<'a>(&self, envelope: &Envelope, recipient: &'a Recipient) -> Rcpt<'a> {
        Rcpt {
            to: &recipient.address,
            notify: recipient.notify.or(envelope.options.notify).filter(|_| self.dsn),
            orcpt: recipient.original.as_ref().filter(|_| self.dsn).map(|original| Orcpt::new(original.as_str())),
        }
    }
}

/// RFC 6152 section 3, RFC 3030 section 3.
fn body(shape: &Shape, offered: &Capabilities, settings: &Settings) -> Result<(), (&'static str, String)> {
    match shape.body {
        Body::EightBit if !offered.eight_bit => Err((
            "8BITMIME",
            "The message has 8-bit characters and the server does not offer 8BITMIME. Encode its parts as \
             quoted-printable or base64."
                .to_owned(),
        )),
        Body::Binary if !(offered.binarymime && offered.chunking && settings.chunking) => Err((
            "BINARYMIME",
            "The message is binary and the server does not offer BINARYMIME with CHUNKING (or chunking is turned off). \
             Encode its parts as base64."
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Everything that is asked for and can't be left out silently.
fn options(envelope: &Envelope, offered: &Capabilities, is_secured: bool) -> Result<(), (&'static str, String)> {
    let options = &envelope.options;
    let missing = |extension, what: &str| {
        Err((
            extension,
            format!(
                "{what} was asked for and the server does not offer {extension}. Leave it out, or use another server."
            ),
        ))
    };
    if options.require_tls && !is_secured {
        // RFC 8689 section 2, item 2.
        return Err(("REQUIRETLS", "REQUIRETLS was asked for and this connection is not encrypted.".to_owned()));
    }
    if options.require_tls && !offered.requiretls {
        return missing("REQUIRETLS", "Encryption all the way");
    }
    if options.priority.is_some() && !offered.mt_priority {
        return missing("MT-PRIORITY", "A priority");
    }
    match (options.deliver_by, offered.deliverby) {
        (Some(_), None) => return missing("DELIVERBY", "A time to deliver by"),
        // RFC 2852 section 3.
        (Some(by), Some(Some(least))) if !by.notify && i64::from(by.seconds) < i64::from(least) => {
            return Err((
                "DELIVERBY",
                format!("Delivery within {} s was asked for and the server promises none under {least} s.", by.seconds),
            ));
        }
        _ => {}
    }
    match (options.hold_for, offered.futurerelease) {
        (Some(_), None) => missing("FUTURERELEASE", "Holding the mail back"),
        (Some(seconds), Some(most)) if u64::from(seconds) > most => Err((
            "FUTURERELEASE",
            format!("The mail is to be held back for {seconds} s and the server holds mails for {most} s at the most."),
        )),
        _ => Ok(()),
    }
}

/// Whether SMTPUTF8 is to be said: RFC 6531 section 3.4 has it said only where it is needed.
fn utf8(envelope: &Envelope, shape: &Shape, offered: &Capabilities) -> Result<bool, (&'static str, String)> {
    let who = match &envelope.from {
        ReversePath::Address(from) if from.needs_utf8() => Some(from),
        _ => envelope.recipients.iter().map(|recipient| &recipient.address).find(|address| address.needs_utf8()),
    };
    if who.is_none() && !shape.utf8 {
        return Ok(false);
    }
    if offered.smtputf8 {
        return Ok(true);
    }
    let what = match who {
        Some(address) => format!("The address {}", quote(address.as_str())),
        None => "An address in the message's header".to_owned(),
    };
    Err((
        "SMTPUTF8",
        format!(
            "{what} is not ASCII before its `@` and the server does not offer SMTPUTF8. Use an address in ASCII, or another server."
        ),
    ))
}

fn wants_dsn(envelope: &Envelope) -> bool {
    let Options { return_content, envelope_id, notify, .. } = &envelope.options;
    let asked = |recipient: &Recipient| recipient.notify.is_some() || recipient.original.is_some();
    return_content.is_some() || envelope_id.is_some() || notify.is_some() || envelope.recipients.iter().any(asked)
}

/// RFC 9422 section 4.2 and 4.3: recipients beyond the limits are not asked for; they are the caller's to send anew.
fn unasked(envelope: &Envelope, offered: &Capabilities) -> Vec<Option<Reply>> {
    let most = offered.limits.rcpt_max.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let most_domains =
        offered.limits.rcpt_domain_max.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let mut domains: Vec<String> = Vec::new();
    let mut asked = 0;
    let mut decide = |recipient: &Recipient| {
        if asked >= most {
            return Some(Reply::local(format!(
                "Not asked: the server takes {most} recipients a mail (LIMITS RCPTMAX)."
            )));
        }
        if most_domains < usize::MAX {
            let domain = recipient.address.domain().as_str().to_ascii_lowercase();
            if !domains.contains(&domain) {
                if domains.len() >= most_domains {
                    return Some(Reply::local(format!(
                        "Not asked: the server takes recipients in {most_domains} domains a mail (LIMITS RCPTDOMAINMAX)."
                    )));
                }
                domains.push(domain);
            }
        }
        asked += 1;
        None
    };
    envelope.recipients.iter().map(&mut decide).collect()
}

#[cfg(test)]
#[path = "tests/plan.rs"]
mod tests;
