"""Between the records of this package and the values that wasmtime takes and gives."""

from __future__ import annotations

from typing import Any, Callable

from wasmtime.component import Record, Variant

from ._errors import SendError
from ._records import (
    Attachment,
    DeliveryOptions,
    Envelope,
    Mail,
    Mailbox,
    Proxy,
    Receipt,
    Recipient,
    RecipientResult,
    Reply,
    Server,
    TlsSummary,
    Trust,
    mailboxes,
)


def record(**fields: Any) -> Record:
    """A record; the names of the interface have hyphens where Python has underscores."""
    made = Record()
    for name, value in fields.items():
        setattr(made, name.rstrip("_").replace("_", "-"), value)
    return made


def secret(value: str | None) -> Variant | None:
    return None if value is None else Variant("value", value)


def server(given: Server) -> Record:
    fields = dict(vars(given))
    fields["password"] = secret(given.password)
    fields["access_token"] = secret(given.access_token)
    fields["trust"] = None if given.trust is None else trust(given.trust)
    fields["proxy"] = None if given.proxy is None else proxy(given.proxy)
    return record(**fields)


def proxy(given: Proxy) -> Record:
    return record(**{**vars(given), "password": secret(given.password)})


def trust(given: Trust) -> Record:
    roots = [Variant(root) if isinstance(root, str) else Variant("pem", root) for root in given.roots]
    certificate = given.client_certificate
    return record(
        roots=roots,
        pin_sha256=given.pin_sha256,
        client_certificate=None if certificate is None else record(pem=secret(certificate.decode())),
    )


def mail(given: Mail, stream: Callable[[Any], Any]) -> Record:
    """``stream`` makes a stream of the interface of an open file."""
    sender = mailboxes(given.sender)
    return record(
        from_=[mailbox(one) for one in mailboxes(given.from_)],
        sender=mailbox(sender[0]) if sender else None,
        reply_to=[mailbox(one) for one in mailboxes(given.reply_to)],
        to=[mailbox(one) for one in mailboxes(given.to)],
        cc=[mailbox(one) for one in mailboxes(given.cc)],
        bcc=[mailbox(one) for one in mailboxes(given.bcc)],
        subject=given.subject,
        text_body=given.text_body,
        html_body=given.html_body,
        attachments=[attachment(one, stream) for one in given.attachments],
        headers=[record(name=header.name, value=header.value) for header in given.headers],
        in_reply_to=list(given.in_reply_to),
        references=list(given.references),
        message_id=given.message_id,
        send_at=given.send_at,
        keywords=list(given.keywords),
        comments=given.comments,
        envelope=None if given.envelope is None else envelope(given.envelope),
        options=None if given.options is None else options(given.options),
    )


def mailbox(given: Mailbox) -> Record:
    return record(name=given.name, email=given.email)


def attachment(given: Attachment, stream: Callable[[Any], Any]) -> Record:
    content = given.content
    return record(
        content=content if isinstance(content, (bytes, str)) else stream(content),
        size=given.size,
        name=given.name,
        media_type=given.media_type,
        cid=given.cid,
        disposition=given.disposition,
    )


def envelope(given: Envelope) -> Record:
    recipients = [Recipient(one) if isinstance(one, str) else one for one in given.recipients]
    return record(
        from_=given.from_,
        recipients=[record(email=one.email, notify=notify(one.notify), original=one.original) for one in recipients],
        options=None if given.options is None else options(given.options),
    )


def notify(given: str | set[str] | None) -> Variant:
    """The option is written with its tag, since ``never`` is a case without a value, and so ``None`` as well."""
    if given is None:
        return Variant("none")
    return Variant("some", None if given == "never" else {given} if isinstance(given, str) else set(given))


def options(given: DeliveryOptions) -> Record:
    fields = dict(vars(given))
    fields["notify"] = notify(given.notify)
    return record(**fields, deliver_by=None)


def reply(value: Any) -> Reply:
    return Reply(value.status, value.enhanced, value.text)


def receipt(value: Any) -> Receipt:
    return Receipt(
        reply=reply(value.reply),
        message_id=getattr(value, "message-id"),
        bytes=value.bytes,
        recipients=[recipient_result(one) for one in value.recipients],
        tls=tls_summary(value.tls),
        warnings=value.warnings,
    )


def recipient_result(value: Any) -> RecipientResult:
    return RecipientResult(value.email, value.accepted, reply(value.reply))


def tls_summary(value: Any) -> TlsSummary | None:
    return None if value is None else TlsSummary(value.version, value.cipher)


def send_error(value: Any) -> SendError:
    return SendError(
        phase=value.phase,
        kind=value.kind,
        message=value.message,
        reply=None if value.reply is None else reply(value.reply),
        delivery=value.delivery,
        retry=value.retry,
        recipients=[recipient_result(one) for one in value.recipients],
        tls=tls_summary(value.tls),
        warnings=value.warnings,
    )
