"""What can go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._records import RecipientResult, Reply, TlsSummary


class SendError(Exception):
    """Why a mail did not go, or a check failed. ``str()`` of it says what it means and what to do."""

    phase: str
    """Where: ``resolve connect tls greeting ehlo starttls auth mail-from rcpt-to data content quit policy input``."""
    kind: str
    """What: ``authentication-failed``, ``certificate-refused``, …, the names of the interface's ``error-kind``."""
    message: str
    """What it means and what to do, without secrets."""
    reply: Reply | None
    """The server's reply, where one is the cause."""
    delivery: str
    """``not-accepted``, ``accepted`` or ``unknown``: then sending again may deliver twice."""
    retry: str
    """``later``, ``never`` or ``after-change``."""
    recipients: list[RecipientResult]
    tls: TlsSummary | None
    warnings: list[str]

    def __init__(
        self,
        phase: str,
        kind: str,
        message: str,
        reply: Reply | None,
        delivery: str,
        retry: str,
        recipients: list[RecipientResult],
        tls: TlsSummary | None,
        warnings: list[str],
    ) -> None:
        super().__init__(message)
        self.phase, self.kind, self.message, self.reply = phase, kind, message, reply
        self.delivery, self.retry, self.recipients, self.tls, self.warnings = delivery, retry, recipients, tls, warnings

    @property
    def status(self) -> int:
        """The reply's code; 0 where no reply is the cause."""
        return self.reply.status if self.reply else 0


class LogError(Exception):
    """A log that was not granted, has an impossible name, or can't be written."""
