"""TLS sockets for the component, within what was granted."""

from __future__ import annotations

import errno
import selectors
import socket
import ssl
import time
from datetime import datetime
from typing import Any

from wasmtime.component import Record, Variant

from . import _proxy
from ._connect import connect
from ._table import Table
from ._tls import Handshake, Tls
from ._translate import record

MOST = 1 << 16
"""Bytes of one read, and bytes that are kept while a write waits."""
MOST_SOCKETS = 16


class Failed(Exception):
    """The interface's ``socket-error``."""

    def __init__(self, tag: str, payload: Any = None) -> None:
        self.error = Variant(tag, payload)


def timed_out(limit_ms: int) -> Failed:
    return Failed("failed", Variant("timed-out", limit_ms))


def failure(error: OSError) -> Variant:
    """The interface's ``socket-failure``."""
    if error.errno == errno.ECONNREFUSED:
        return Variant("refused")
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL):
        return Variant("unreachable")
    if error.errno in (errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE):
        return Variant("reset")
    return Variant("other", error.strerror or str(error))


class Sockets:
    """The sockets of one component, which may reach these hosts and ports."""

    def __init__(self, reachable: set[tuple[str, int]]) -> None:
        self.table: Table[Socket] = Table()
        self._reachable = reachable
        self._open = 0

    def connect(self, to: Record, tls: Record | None, timeout_ms: int) -> int | Record:
        """The number of the socket, or the interface's ``connect-error``."""
        tries: list[Record] = []
        try:
            self._check(to)
            made = Socket(to, tls, timeout_ms, tries)
        except Failed as failed:
            return record(error=failed.error, attempts=tries)
        self._open += 1
        return self.table.put(made)

    def _check(self, to: Record) -> None:
        for end in (to, to.proxy):
            if end is not None and (end.host, end.port) not in self._reachable:
                raise Failed("denied", f"the host has not granted {end.host}:{end.port}")
        if self._open >= MOST_SOCKETS:
            raise Failed("denied", f"{MOST_SOCKETS} sockets are open, which is all that the host grants")

    def drop(self, number: int) -> None:
        self._open -= 1
        self.table.drop(number)


class Socket:
    """One connection. No call waits longer than its limit says."""

    def __init__(self, to: Record, tls: Record | None, timeout_ms: int, attempts: list[Record]) -> None:
        """``attempts`` is filled also where this fails."""
        self._started = time.monotonic()
        deadline = self._started + timeout_ms / 1000
        first = to if to.proxy is None else to.proxy
        try:
            addresses = socket.getaddrinfo(first.host, first.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Failed("not-resolved", getattr(error, "strerror", None) or str(error)) from None
        made, tries = connect([(family, address) for family, _, _, _, address in addresses], deadline)
        attempts.extend(self._attempt(*one, timeout_ms) for one in tries)
        self._attempts = attempts
        if made is None:
            raise Failed("unreachable")
        self._tcp = made
        self._tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tls: Tls | None = None
        self._held = b""
        self._ended = False
        try:
            if to.proxy is not None:
                self._pass(to, deadline, timeout_ms)
            if tls is not None:
                self._secure(tls, deadline, timeout_ms)
        except Failed:
            self.close()
            raise

    def attempts(self) -> list[Record]:
        return self._attempts

    def start_tls(self, tls: Record, timeout_ms: int) -> Record | Variant:
        try:
            waiting = len(self._held) + len(self._peek())
            if waiting:
                raise Failed("injected-bytes", waiting)
            return self._secure(tls, time.monotonic() + timeout_ms / 1000, timeout_ms)
        except Failed as failed:
            return failed.error

    def read(self, most: int, timeout_ms: int) -> bytes | Variant:
        most = max(1, min(most, MOST))
        try:
            if not self._held and not self._ended:
                self._fill(time.monotonic() + timeout_ms / 1000, timeout_ms)
        except Failed as failed:
            return failed.error
        taken, self._held = self._held[:most], self._held[most:]
        return taken

    def write(self, data: bytes, timeout_ms: int) -> Variant | None:
        deadline = time.monotonic() + timeout_ms / 1000
        view = memoryview(self._tls.encrypt(data) if self._tls else data)
        try:
            while view:
                try:
                    view = view[self._tcp.send(view) :]
                    continue
                except BlockingIOError:
                    pass
                # Reading meanwhile, so that a server which waits to be read can't lock both sides up.
                reads = selectors.EVENT_READ if len(self._held) < MOST and not self._ended else 0
                if self._wait(selectors.EVENT_WRITE | reads, deadline, timeout_ms) & selectors.EVENT_READ:
                    self._take()
            return None
        except Failed as failed:
            return failed.error
        except OSError as error:
            return Variant("lost") if error.errno == errno.EPIPE else Variant("failed", failure(error))

    def local_address(self) -> Record:
        return _address(self._tcp.getsockname())

    def tls_session(self) -> Record | None:
        return self._tls.session if self._tls else None

    def now(self) -> Record:
        offset = datetime.now().astimezone().utcoffset()
        return record(
            elapsed_ms=int((time.monotonic() - self._started) * 1000),
            unix_ms=int(time.time() * 1000),
            utc_offset_minutes=int(offset.total_seconds() // 60) if offset else 0,
        )

    def close(self) -> None:
        if self._tls and not self._ended:
            try:
                self._tcp.send(self._tls.goodbye())
            except OSError:
                pass  # Nobody is left to be told.
        self._tcp.close()

    def _pass(self, to: Record, deadline: float, limit_ms: int) -> None:
        """Through the proxy on the other end."""
        proxy = to.proxy
        password = None if proxy.password is None else proxy.password.payload
        talking = _proxy.talk(proxy.kind, to.host, to.port, proxy.user, password)
        answer: bytes | None = None
        try:
            while True:
                wish = talking.send(answer) if answer is not None else next(talking)
                answer = b""
                if isinstance(wish, bytes):
                    self._tcp.sendall(wish)
                    continue
                while len(answer) < wish:
                    try:
                        piece = self._tcp.recv(wish - len(answer))
                    except BlockingIOError:
                        self._wait(selectors.EVENT_READ, deadline, limit_ms)
                        continue
                    if not piece:
                        raise _proxy.Refused("it ended the connection before it answered")
                    answer += piece
        except StopIteration:
            return
        except _proxy.Refused as refused:
            raise Failed("proxy", str(refused)) from None
        except ConnectionResetError:
            raise Failed("proxy", "it reset the connection") from None
        except OSError as error:
            raise Failed("proxy", error.strerror or str(error)) from None
        except Failed:
            where = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
            raise Failed("proxy", f"{where}:{proxy.port} did not answer within {limit_ms} ms") from None

    def _secure(self, settings: Record, deadline: float, limit_ms: int) -> Record:
        handshake = Handshake(settings)
        while True:
            refused = handshake.step()
            try:
                self._tcp.sendall(handshake.outgoing.read())
            except OSError:
                pass  # What the server said before it hung up tells more; the next read gets it.
            if refused is not None:
                raise Failed(refused.tag, refused.payload)
            if handshake.tls is not None:
                self._tls = handshake.tls
                return self._tls.session
            self._wait(selectors.EVENT_READ, deadline, limit_ms)
            try:
                data = self._tcp.recv(MOST)
            except BlockingIOError:
                continue
            except OSError as error:
                raise Failed("failed", failure(error)) from None
            if not data:
                raise Failed("lost")
            handshake.feed(data)

    def _fill(self, deadline: float, limit_ms: int) -> None:
        while not self._held and not self._ended:
            if not self._take():
                self._wait(selectors.EVENT_READ, deadline, limit_ms)

    def _take(self) -> bool:
        """Takes what is there; False where nothing is."""
        try:
            data = self._tcp.recv(MOST)
        except BlockingIOError:
            return False
        except OSError as error:
            raise Failed("failed", failure(error)) from None
        if self._tls is None:
            self._held += data
            self._ended = not data
        else:
            try:
                clear, self._ended = self._tls.decrypt(data)
            except ssl.SSLError as error:
                raise Failed("handshake", error.reason or str(error)) from None
            self._held += clear
            if not data and not self._ended:
                raise Failed("lost")
        return True

    def _peek(self) -> bytes:
        try:
            data = self._tcp.recv(MOST, socket.MSG_PEEK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise Failed("failed", failure(error)) from None
        if not data:
            raise Failed("lost")
        return data

    def _wait(self, events: int, deadline: float, limit_ms: int) -> int:
        with selectors.DefaultSelector() as selector:
            selector.register(self._tcp, events)
            ready = selector.select(max(0.0, deadline - time.monotonic()))
        if not ready:
            raise timed_out(limit_ms)
        return ready[0][1]

    def _attempt(self, address: Any, error: OSError | None, elapsed: float, limit_ms: int) -> Record:
        why = None
        if error is not None:
            why = Variant("timed-out", limit_ms) if isinstance(error, TimeoutError) else failure(error)
        return record(address=_address(address), failure=why, elapsed_ms=int(elapsed * 1000))


def _address(address: Any) -> Record:
    return record(ip=str(address[0]).split("%")[0], port=address[1])
