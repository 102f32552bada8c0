"""What is said to a proxy before the target speaks: SOCKS 5 (RFC 1928, 1929) and HTTP CONNECT (RFC 9110 §9.3.6).

Both are written without a socket: they yield bytes to send, or how many bytes they need next. Not a byte more than the
proxy's answer is asked for, since the next one is the target's.
"""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from collections.abc import Generator
from typing import Union

Talk = Generator[Union[bytes, int], bytes, None]
LONGEST_HEAD = 8 << 10
VERSION, NO_AUTHENTICATION, USER_AND_PASSWORD = 5, 0, 2
REFUSALS = {
    1: "general failure", 2: "its rules don't allow this connection", 3: "network unreachable from there",
    4: "host unreachable from there", 5: "connection refused there",
    6: "the connection timed out there (TTL expired)", 7: "it can't connect on behalf of others",
    8: "it does not know this kind of address",
}


class Refused(Exception):
    """What the proxy answered, in words that repeat no password."""


def talk(kind: str, host: str, port: int, user: str | None, password: str | None) -> Talk:
    """Ends when the connection to the target is there; else raises :class:`Refused`."""
    return (_socks if kind == "socks5" else _http)(_canonical(host), port, user, password or "")


def _canonical(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        name = host.lower() if host.isascii() else host.encode("idna").decode()
        return name.removesuffix(".")


def _socks(host: str, port: int, user: str | None, password: str) -> Talk:
    yield bytes([VERSION, 1, NO_AUTHENTICATION] if user is None else [VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD])
    version, method = yield 2
    if version != VERSION:
        raise Refused("it is no SOCKS 5 proxy")
    if method == USER_AND_PASSWORD and user is not None:
        yield b"\x01" + _short("user", user) + _short("password", password)
        if (yield 2)[1] != 0:
            raise Refused("it refused the user and password")
    elif method == 0xFF:
        raise Refused("it wants a user and password" if user is None else "it takes no user and password")
    elif method != NO_AUTHENTICATION:
        raise Refused(f"it chose the authentication {method}, which was not offered")
    yield bytes([VERSION, 1, 0]) + _address(host) + port.to_bytes(2, "big")
    version, code, _, kind = yield 4
    if version != VERSION:
        raise Refused("it is no SOCKS 5 proxy")
    if code != 0:
        raise Refused(REFUSALS.get(code, f"failure {code}"))
    # What the proxy bound is of no interest, but stands before the target's first byte.
    length = (yield 1)[0] if kind == 3 else {1: 4, 4: 16}.get(kind)
    if length is None:
        raise Refused(f"its answer has an address of the unknown kind {kind}")
    yield length + 2


def _short(what: str, text: str) -> bytes:
    data = text.encode()
    if len(data) > 255:
        raise Refused(f"the {what} has more than 255 bytes")
    return bytes([len(data)]) + data


def _address(host: str) -> bytes:
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return b"\x03" + bytes([len(host)]) + host.encode()
    return (b"\x01" if ip.version == 4 else b"\x04") + ip.packed


def _http(host: str, port: int, user: str | None, password: str) -> Talk:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    request = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
    if user is not None:
        request += f"Proxy-Authorization: Basic {b64encode(f'{user}:{password}'.encode()).decode()}\r\n"
    yield f"{request}\r\n".encode()
    head = b""
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        if len(head) == LONGEST_HEAD:
            raise Refused(f"its answer has no end within {LONGEST_HEAD} bytes")
        head += yield 1
        if not head.startswith(b"HTTP/"[: len(head)]):
            raise Refused("it is no HTTP proxy")
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip()
    version, status, reason = [*line.split(" ", 2), "", ""][:3]
    if not version.startswith("HTTP/1.") or len(status) != 3 or not (status.isascii() and status.isdigit()):
        raise Refused("its answer is no HTTP")
    # Who was told a password may repeat it in his reason.
    reason = "" if user is not None else "".join(c for c in reason if c.isprintable())[:200]
    told = f"{status} {reason}".rstrip()
    if status == "407":
        raise Refused(f"it wants a user and password ({told})" if user is None else f"it refused the user and password ({told})")
    if not status.startswith("2"):
        raise Refused(f"it refused the connection ({told})")
