"""Sends mail through a sandboxed SMTP client that writes down every conversation.

The SMTP session, the MIME and the wording of the log are a WebAssembly component. This package is a host for it: it
gives the component TLS sockets to the one server that the settings name, and log files, and nothing else.

    from smtp_transporter import Host, Mail, Server

    host = Host(log_folder="logs")
    host.set_log(1)
    with host.transporter(Server("mail.example.com", user="ana", password="…")) as transporter:
        receipt = transporter.send(Mail(from_="ana@example.com", to="bob@example.org", subject="Hello", text_body="Hi"))
        print(receipt.reply.text)
"""

from ._errors import LogError, SendError
from ._host import Host, OutgoingMessage, Transporter
from ._records import (
    Attachment,
    DeliveryOptions,
    Envelope,
    Header,
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
)

__all__ = [
    "Attachment",
    "DeliveryOptions",
    "Envelope",
    "Header",
    "Host",
    "LogError",
    "Mail",
    "Mailbox",
    "OutgoingMessage",
    "Proxy",
    "Receipt",
    "Recipient",
    "RecipientResult",
    "Reply",
    "SendError",
    "Server",
    "TlsSummary",
    "Transporter",
    "Trust",
]
