"""The records of the interface ``smtp:transporter/types``, as Python has them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import getaddresses
from pathlib import Path
from typing import BinaryIO, Union

Addresses = Union[str, "Mailbox", Iterable[Union[str, "Mailbox"]], None]


@dataclass
class Trust:
    """How the server's certificate is judged. Without any of it: Mozilla's roots."""

    roots: list[str | bytes] = field(default_factory=list)
    """``"mozilla"``, ``"system"``, or the bytes of a PEM file."""
    pin_sha256: bytes | None = None
    """32 bytes: then this certificate (its DER hashed) and no other is accepted."""
    client_certificate: bytes | None = field(default=None, repr=False)
    """PEM with certificate and private key."""


@dataclass
class Proxy:
    """A proxy that connects to the server on our behalf, and resolves its name."""

    kind: str
    """``socks5`` or ``http-connect``."""
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass
class Server:
    """Which server to talk to, as whom, and how. ``None`` takes the interface's default."""

    host: str
    port: int | None = None
    """Default 587."""
    tls_at_once: bool | None = None
    """Default: on port 465, and STARTTLS on every other."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    authentication_mode: str | None = None
    """``scram-sha256``, ``plain``, ``oauth2``, …; default: the best that is offered."""
    accept_unsecure_connection: bool | None = None
    connection_time_out: int | None = None
    """Seconds; default 30."""
    send_time_out: int | None = None
    """Seconds; default 100."""
    keep_alive: bool | None = None
    log_file: str | None = None
    """Name of the extended log, in the host's log folder."""
    log_language: str | None = None
    """``english`` or ``spanish``."""
    ehlo_name: str | None = None
    initial_response: bool | None = None
    pipelining: bool | None = None
    chunking: bool | None = None
    trust: Trust | None = None
    proxy: Proxy | None = None


@dataclass
class Mailbox:
    """A person or role."""

    email: str
    name: str | None = None


def mailboxes(given: Addresses) -> list[Mailbox]:
    """Reads ``a@b``, ``Name <a@b>``, texts with commas, mailboxes, and lists of all that."""
    if given is None:
        return []
    if isinstance(given, (str, Mailbox)):
        given = [given]
    found: list[Mailbox] = []
    for item in given:
        if isinstance(item, Mailbox):
            found.append(item)
        else:
            # What is no address is passed on, so that the component can say what is wrong with it.
            found.extend(Mailbox(email or item, name or None) for name, email in getaddresses([item]))
    return found


@dataclass
class Attachment:
    """A file. Its content is bytes, text, or an open file that is read in pieces while it is sent."""

    content: bytes | str | BinaryIO
    name: str | None = None
    media_type: str | None = None
    cid: str | None = None
    disposition: str | None = None
    """``attachment`` or ``inline``; default: inline where there is a ``cid``."""
    size: int | None = None
    """Bytes of an open file, where that is known."""

    @classmethod
    def file(cls, path: str | os.PathLike[str], **more: str) -> Attachment:
        """A file of this machine; it is opened now and read while it is sent."""
        path = Path(path)
        opened = path.open("rb")
        return cls(opened, name=more.pop("name", path.name), size=os.fstat(opened.fileno()).st_size, **more)


@dataclass
class Header:
    name: str
    value: str


@dataclass
class Recipient:
    """One RCPT TO."""

    email: str
    notify: str | set[str] | None = None
    """DSN: ``"never"``, or a set of ``success``, ``failure``, ``delay``."""
    original: str | None = None


@dataclass
class DeliveryOptions:
    """Extensions of one mail."""

    require_all: bool = False
    return_content: str | None = None
    """``full`` or ``headers``."""
    envelope_id: str | None = None
    notify: str | set[str] | None = None
    require_tls: bool = False
    priority: int | None = None
    hold_for: int | None = None
    """Seconds."""


@dataclass
class Envelope:
    """Who sends and receives as far as the server is concerned."""

    from_: str
    """The empty text is the null reverse-path."""
    recipients: list[Recipient | str]
    options: DeliveryOptions | None = None


@dataclass
class Mail:
    """A mail in its parts."""

    from_: Addresses = None
    to: Addresses = None
    cc: Addresses = None
    bcc: Addresses = None
    sender: Mailbox | str | None = None
    reply_to: Addresses = None
    subject: str | None = None
    text_body: str | None = None
    html_body: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    message_id: str | None = None
    send_at: str | None = None
    """RFC 3339 with offset."""
    keywords: list[str] = field(default_factory=list)
    comments: str | None = None
    envelope: Envelope | None = None
    options: DeliveryOptions | None = None


@dataclass
class Reply:
    """One reply of the server."""

    status: int
    enhanced: str | None
    text: str


@dataclass
class RecipientResult:
    email: str
    accepted: bool
    reply: Reply


@dataclass
class TlsSummary:
    version: str
    cipher: str


@dataclass
class Receipt:
    """The server has the mail."""

    reply: Reply
    message_id: str | None
    bytes: int
    recipients: list[RecipientResult]
    tls: TlsSummary | None
    warnings: list[str]
