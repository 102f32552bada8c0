"""All addresses of a host, both families raced (RFC 8305): the first connection wins, the others are dropped."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time
from itertools import chain, zip_longest
from typing import Any

STAGGER = 0.25
"""Seconds between two tries, RFC 8305 §5."""

Address = tuple[Any, Any]
Attempt = tuple[Any, "OSError | None", float]


def connect(addresses: list[Address], deadline: float) -> tuple[socket.socket | None, list[Attempt]]:
    """The connection, and every try that came to an end, in that order: address, error, seconds."""
    waiting = _interleave(addresses)
    tries: list[Attempt] = []
    running: dict[socket.socket, tuple[Any, float]] = {}
    won: socket.socket | None = None
    next_start = 0.0
    with selectors.DefaultSelector() as selector:
        while won is None and (waiting or running):
            now = time.monotonic()
            if now >= deadline:
                break
            if waiting and (now >= next_start or not running):
                family, address = waiting.pop(0)
                made = socket.socket(family, socket.SOCK_STREAM)
                made.setblocking(False)
                code = made.connect_ex(address)
                next_start = now + STAGGER
                if code not in (0, errno.EINPROGRESS):
                    tries.append((address, OSError(code, os.strerror(code)), 0.0))
                    made.close()
                    next_start = now
                    continue
                running[made] = (address, now)
                selector.register(made, selectors.EVENT_WRITE)
            until = min(deadline, next_start) if waiting else deadline
            for key, _ in selector.select(max(0.0, until - time.monotonic())):
                ended = key.fileobj
                assert isinstance(ended, socket.socket)
                code = ended.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                address, started = running.pop(ended)
                selector.unregister(ended)
                error = OSError(code, os.strerror(code)) if code else None
                tries.append((address, error, time.monotonic() - started))
                if error is None:
                    won = ended
                    break
                ended.close()
                next_start = 0.0
    for other, (address, started) in running.items():
        other.close()
        if won is None:
            tries.append((address, TimeoutError(), time.monotonic() - started))
    return won, tries


def _interleave(addresses: list[Address]) -> list[Address]:
    """Alternates the families, beginning with the one that the resolver prefers."""
    if not addresses:
        return []
    first = [one for one in addresses if one[0] == addresses[0][0]]
    others = [one for one in addresses if one[0] != addresses[0][0]]
    return [one for one in chain.from_iterable(zip_longest(first, others)) if one is not None]
