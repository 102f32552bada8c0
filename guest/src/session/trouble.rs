//! What it means and what to do where the connection itself fails: errors without a reply.

use super::reply::Reply;
use super::settings::Settings;
use crate::error::{Delivery, Error, Kind, Phase, Retry};
use crate::log::{Check, Failure, TlsFailure};

/// What is awaited, for a sentence.
pub(super) fn awaited(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolve => "the address of the server",
        Phase::Connect => "the connection",
        Phase::Tls => "the TLS handshake",
        Phase::Greeting => "the server's greeting",
        Phase::Ehlo => "the reply to EHLO",
        Phase::StartTls => "the reply to STARTTLS",
        Phase::Auth => "the reply to AUTH",
        Phase::Noop => "the reply to NOOP",
        Phase::Rset => "the reply to RSET",
        Phase::MailFrom => "the reply to MAIL FROM",
        Phase::RcptTo => "the reply to RCPT TO",
        Phase::Data => "the reply to DATA",
        Phase::Content => "the reply to the content",
        Phase::Quit => "the reply to QUIT",
        Phase::Policy | Phase::Input => "the server",
    }
}

/// The connection ended while the reply of this phase was awaited.
pub fn lost(settings: &Settings, phase: Phase, failure: Option<&Failure>) -> Error {
    let how = match failure {
        None => "closed the connection".to_owned(),
        Some(Failure::Reset) => "reset the connection".to_owned(),
        Some(Failure::Refused) => "refused the connection".to_owned(),
        Some(Failure::Unreachable) => "can't be reached any more".to_owned(),
        Some(Failure::TimedOut(ms)) => format!("did not answer the network within {}", seconds(*ms)),
        Some(Failure::Other(words)) => format!("is gone ({words})"),
    };
    let hint = match phase {
        Phase::Greeting => {
            "It may take no connections from this address, or expect TLS from the first byte: then use port 465."
        }
        Phase::Ehlo | Phase::StartTls => "A firewall or virus scanner on the way may be the cause.",
        Phase::Auth => "Some servers do so after too many wrong passwords.",
        Phase::Content => "The mail may be too large for it, or a filter cut it off.",
        _ => "Try again; if it happens always, ask whoever runs the server for its log.",
    };
    let message = format!("{} {how} while {} was awaited. {hint}", settings.host, awaited(phase));
    Error::new(phase, Kind::ConnectionLost, Retry::Later, message)
}

/// Nothing came in time. `limit` names the limit of the caller's that ran out, where it was one.
pub(super) fn timed_out(settings: &Settings, phase: Phase, limit_ms: u32, limit: Option<&str>) -> Error {
    let host = &settings.host;
    let within = match limit {
        None => format!("within {}", seconds(limit_ms)),
        Some(name) => format!("before the {name} of {} ran out", seconds(limit_ms)),
    };
    let hint = match phase {
        Phase::Greeting if !settings.tls_at_once() => {
            "A server that says nothing often expects TLS from the first byte: try port 465. Else the port may be that \
             of another service."
        }
        Phase::Greeting => "The port may be that of another service, or the server is overloaded.",
        Phase::Tls => {
            "A firewall or virus scanner that looks into TLS may hold it up: try again, from another network if you can."
        }
        Phase::Content => "Servers that check mails for viruses need time: raise the send time-out.",
        _ => "The server is overloaded or the network is slow: try again, or raise the time-out.",
    };
    let message = format!("Nothing came from {host} {within} while {} was awaited. {hint}", awaited(phase));
    Error::new(phase, Kind::TimedOut, Retry::Later, message)
}

/// What came is no SMTP.
pub(super) fn not_understood(settings: &Settings, phase: Phase) -> Error {
    let message = match phase {
        Phase::Greeting => format!(
            "What {} said is no greeting of a mail server. Is {} the right port? 587 and 465 are the usual ones.",
            settings.host, settings.port
        ),
        _ => format!(
            "What {} said where {} was awaited can't be understood. The log has its words; something between here and \
             the server may be interfering.",
            settings.host,
            awaited(phase)
        ),
    };
    Error::new(phase, Kind::ReplyNotUnderstood, Retry::AfterChange, message)
}

/// A reply without end.
pub(super) fn too_long(settings: &Settings, phase: Phase, limit: usize) -> Error {
    let message = format!(
        "{} sent more than {} MiB where {} was awaited: this is no mail server, or a hostile one.",
        settings.host,
        limit >> 20,
        awaited(phase)
    );
    Error::new(phase, Kind::ReplyNotUnderstood, Retry::AfterChange, message)
}

/// STARTTLS is required and not to be had.
pub(super) fn tls_not_offered(settings: &Settings) -> Error {
    let message = format!(
        "{} offers no STARTTLS on port {}, and without encryption nothing is sent. Try port 465, or ask whoever runs the \
         server; a firewall on the way may have removed the offer. Only where the way there is safe, accept an unsecured \
         connection.",
        settings.host, settings.port
    );
    Error::new(Phase::StartTls, Kind::TlsNotOffered, Retry::AfterChange, message)
}

/// STARTTLS is offered and required, and was refused.
pub(super) fn tls_refused(settings: &Settings, reply: Reply) -> Error {
    let retry = if reply.is_transient() { Retry::Later } else { Retry::AfterChange };
    let message = format!(
        "{} offers STARTTLS on port {} and refused it, and without encryption nothing is sent. Try again later, try port \
         465, or ask whoever runs the server. Only where the way there is safe, accept an unsecured connection.",
        settings.host, settings.port
    );
    Error::new(Phase::StartTls, Kind::TlsNotOffered, retry, message).with_reply(reply)
}

/// The first bytes on a plain port are those of TLS.
pub(super) fn tls_on_plain_port(settings: &Settings) -> Error {
    let message = format!(
        "{} speaks TLS from the first byte on port {}, which was taken for a plain one. Use port 465, where TLS starts at \
         once.",
        settings.host, settings.port
    );
    Error::new(Phase::Greeting, Kind::TlsOnPlainPort, Retry::AfterChange, message)
}

/// Bytes behind the reply to STARTTLS.
pub(super) fn injected(settings: &Settings) -> Error {
    let message = format!(
        "More bytes came with {}'s reply to STARTTLS. They may be those of an attacker on the way, so nothing was sent. \
         Use port 465, where TLS starts at once, and tell whoever runs the server.",
        settings.host
    );
    Error::new(Phase::StartTls, Kind::InjectedBytes, Retry::AfterChange, message)
}

/// The whole mail left and no answer came.
pub(super) fn in_doubt(mut error: Error) -> Error {
    error.delivery = Delivery::Unknown;
    error.message.push_str(
        " The whole mail had left by then: the server may have it. Sending it again may deliver it twice, so look first \
         whether it arrived.",
    );
    error
}

/// TLS did not come about, at once or after STARTTLS. Nothing was sent.
pub fn tls_failed(settings: &Settings, failure: &TlsFailure) -> Error {
    let host = &settings.host;
    let (kind, retry, message) = match failure {
        TlsFailure::Certificate { check, detail, certificate } => {
            let names = certificate.as_ref().map(|certificate| certificate.names.join(", ")).unwrap_or_default();
            (Kind::CertificateRefused, Retry::AfterChange, certificate_refused(host.as_str(), *check, detail, &names))
        }
        TlsFailure::NotTls(_) => (
            Kind::PlainTextOnTlsPort,
            Retry::AfterChange,
            format!(
                "{host} speaks plain text on port {}, where TLS was to start. Use port 587, where STARTTLS turns it into \
                 TLS.",
                settings.port
            ),
        ),
        TlsFailure::NothingInCommon(words) => (
            Kind::TlsFailed,
            Retry::AfterChange,
            format!(
                "{host} has no TLS version or cipher suite in common with this client, which takes TLS 1.2 and 1.3 \
                 ({words}). The server needs an update."
            ),
        ),
        TlsFailure::InjectedBytes(_) => return injected(settings),
        TlsFailure::BadTrust(words) => {
            (Kind::TlsFailed, Retry::AfterChange, format!("The settings of whom to trust can't be used: {words}."))
        }
        TlsFailure::Connection(Failure::TimedOut(ms)) => (
            Kind::TimedOut,
            Retry::Later,
            format!(
                "The TLS handshake with {host} did not end within {}. A firewall or virus scanner that looks into TLS may \
                 hold it up: try again, from another network if you can.",
                seconds(*ms)
            ),
        ),
        TlsFailure::Connection(_) | TlsFailure::Lost => (
            Kind::ConnectionLost,
            Retry::Later,
            format!("{host} ended the connection in the TLS handshake. A firewall on the way may be the cause."),
        ),
        TlsFailure::Other(words) => {
            (Kind::TlsFailed, Retry::AfterChange, format!("TLS with {host} did not come about: {words}."))
        }
    };
    let mut error = Error::new(Phase::Tls, kind, retry, message);
    if settings.accept_unsecure {
        error.message.push_str(
            " The connection can't be used after that, so it did not go on in the clear, although an unsecured one was \
             accepted.",
        );
    }
    error
}

fn certificate_refused(host: &str, check: Check, detail: &str, names: &str) -> String {
    let sentence = match check {
        Check::UnknownIssuer => "was issued by nobody who is trusted here. If it is the server's own, give its issuer's certificate as a root, or pin it.".to_owned(),
        Check::Expired => "has expired. Whoever runs the server must renew it.".to_owned(),
        Check::NotYetValid => "is not valid yet. Check the clock of this machine.".to_owned(),
        Check::WrongName if names.is_empty() => "is for another name. Use the name that it is for as the host.".to_owned(),
        Check::WrongName => format!("is for another name: {names}. Use one of these as the host."),
        Check::Revoked => "was revoked by its issuer.".to_owned(),
        Check::PinMismatch => "is not the one that was pinned. If the server has a new one, check it and change the pin.".to_owned(),
        Check::BadSignature => "has a wrong signature.".to_owned(),
        Check::NotForServers => "is not made for servers.".to_owned(),
        Check::Malformed => "can't be read.".to_owned(),
        Check::Other => format!("did not pass: {detail}."),
    };
    format!("The certificate of {host} {sentence} Nothing was sent.")
}

/// `5 s`, `1.5 s`.
pub(super) fn seconds(ms: u32) -> String {
    let (whole, rest) = (ms / 1000, ms % 1000);
    if rest == 0 {
        return format!("{whole} s");
    }
    format!("{whole}.{}", format!("{rest:03}").trim_end_matches('0')) + " s"
}

#[cfg(test)]
mod tests {
    #[test]
    fn seconds() {
        for (ms, text) in [(1, "0.001 s"), (1500, "1.5 s"), (30_000, "30 s"), (0, "0 s"), (1050, "1.05 s")] {
            assert_eq!(super::seconds(ms), text);
        }
    }
}
