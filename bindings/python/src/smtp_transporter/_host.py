"""The component with its capabilities answered: what a program calls."""

from __future__ import annotations

import os
import secrets
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any

from wasmtime import Config, Engine, Store, WasmtimeError
from wasmtime.component import Component, Instance, Linker, ResourceAny, ResourceHost, ResourceType, Variant

from . import _translate as translate
from ._bytes import speed_up
from ._errors import LogError, SendError
from ._logs import Logs
from ._records import Envelope, Mail, Receipt, Reply, Server
from ._sockets import Sockets
from ._table import Table

PACKAGE, VERSION = "smtp:transporter", "0.1.0"
WASI = "0.2.12"

# Numbers by which wasmtime tells the host's kinds of resources apart.
SOCKET, LOG_FILE, INPUT_STREAM, IO_ERROR = 1, 2, 3, 4


def _name(interface: str) -> str:
    return f"{PACKAGE}/{interface}@{VERSION}"


speed_up()


class Host:
    """The compiled component and the logs of this program. Make one and keep it."""

    def __init__(
        self,
        *,
        log_folder: str | os.PathLike[str] | None = None,
        log_keep: int = 50,
        log_utc: bool = False,
        component: bytes | None = None,
        secrets: dict[str, str] | None = None,
    ) -> None:
        """``log_folder`` is where logs may be written; without it there are none. ``secrets`` are credentials that
        settings may name instead of carrying them. ``component`` is another build than the one of this package."""
        config = Config()
        config.cache = True
        self._engine = Engine(config)
        self._component = Component(self._engine, component or _built_in())
        self._logs = Logs(None if log_folder is None else Path(log_folder), keep=log_keep, utc=log_utc)
        self._secrets = dict(secrets or {})

    def set_log(self, first_file: int) -> None:
        """The regular log of this host from now on: 0 turns it off, N on, with ``SMTPLog_N.txt`` as first file."""
        refused = self._logs.set_regular(first_file)
        if refused is not None:
            raise LogError(refused.payload)

    def transporter(self, server: Server) -> Transporter:
        """A transporter that may reach its own server and nothing else. Opens no connection."""
        return Transporter(self, server)


class Transporter:
    """One server and one connection to it. Calls go one after the other: use it from one thread at a time."""

    def __init__(self, host: Host, server: Server) -> None:
        self._store = Store(host._engine)
        self._identity = host._logs.identity()
        reachable = {(server.host, server.port or 587)}
        if server.proxy is not None:
            reachable.add((server.proxy.host, server.proxy.port))
        self._instance = _instantiate(host, self._store, self._identity, Sockets(reachable))
        self._streams = Table[Any]()
        made = self._call("new-transporter", translate.server(server))
        self._resource: Any = _settle(made)

    def send(self, mail: Mail) -> Receipt:
        """Connects if there is no live connection, and hands the mail over. Raises :class:`SendError`."""
        given = translate.mail(mail, lambda file: ResourceHost.own(_STREAMS.put(file), INPUT_STREAM))
        return translate.receipt(_settle(self._call("[method]transporter.send", self._borrow(), given)))

    def open_message(self, envelope: Envelope, size: int | None = None) -> OutgoingMessage:
        """A finished RFC 5322 message, to be pushed in pieces. ``size`` is its length in bytes, where it is known."""
        opened = self._call("[method]transporter.open-message", self._borrow(), translate.envelope(envelope), size)
        return OutgoingMessage(self, _settle(opened))

    def check_connection(self) -> Reply:
        """Connects if there is no live connection, authenticates, and says NOOP."""
        return translate.reply(_settle(self._call("[method]transporter.check-connection", self._borrow())))

    def close(self) -> None:
        """Says QUIT and closes. The transporter is gone then."""
        if self._resource is not None:
            resource, self._resource = self._resource, None
            resource.drop(self._store)
            self._identity.release()

    def __enter__(self) -> Transporter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _borrow(self) -> Any:
        if self._resource is None:
            raise ValueError("this transporter is closed: make another one")
        return self._resource

    def _call(self, name: str, *arguments: Any) -> Any:
        interface = self._instance.get_export_index(self._store, _name("transporter"))
        index = self._instance.get_export_index(self._store, name, interface)
        function = self._instance.get_func(self._store, index) if index is not None else None
        if function is None:
            raise WasmtimeError(f"the component does not export {name}")
        return function(self._store, *arguments)


class OutgoingMessage:
    """A finished message on its way. Dropped without :meth:`finish`, it is not delivered."""

    def __init__(self, transporter: Transporter, resource: Any) -> None:
        self._transporter, self._resource = transporter, resource

    def write(self, data: bytes) -> None:
        """Takes the next bytes. After an error nothing of the message is delivered."""
        _settle(self._transporter._call("[method]outgoing-message.write", self._resource, data))

    def finish(self) -> Receipt:
        """Ends the message and waits for the server's word."""
        resource, self._resource = self._resource, None
        return translate.receipt(_settle(self._transporter._call("[static]outgoing-message.finish", resource)))

    def abandon(self) -> None:
        """Gives the message up."""
        if self._resource is not None:
            resource, self._resource = self._resource, None
            resource.drop(self._transporter._store)


_STREAMS: Table[Any] = Table()
"""Open files that components read; those of all hosts, as numbers are unique."""


def _settle(result: Any) -> Any:
    """The value of a result; its error is raised."""
    if isinstance(result, Variant):
        if result.tag == "err":
            raise translate.send_error(result.payload)
        return result.payload
    if hasattr(result, "phase"):
        raise translate.send_error(result)
    return result


def _built_in() -> bytes:
    """The component: in the package, or in a checkout where it was built."""
    packaged = resources.files(__package__).joinpath("smtp-transporter.wasm")
    if packaged.is_file():
        return packaged.read_bytes()
    return (Path(__file__).parents[4] / "guest/prebuilt/smtp-transporter.wasm").read_bytes()


def _instantiate(host: Host, store: Store, identity: Any, sockets: Sockets) -> Instance:
    logs = host._logs
    files: Table[Any] = Table()
    linker = Linker(host._engine)
    with linker.root() as root:
        with root.add_instance(f"wasi:io/error@{WASI}") as error:
            error.add_resource("error", ResourceType.host(IO_ERROR), lambda _, rep: _STREAMS.drop(rep))
            error.add_func("[method]error.to-debug-string", lambda store, error: str(_STREAMS[_number(store, error)]))
        with root.add_instance(f"wasi:io/streams@{WASI}") as streams:
            streams.add_resource("input-stream", ResourceType.host(INPUT_STREAM), lambda _, rep: _STREAMS.drop(rep))
            streams.add_func("[method]input-stream.blocking-read", _read_stream)
        with root.add_instance(f"wasi:random/random@{WASI}") as random:
            random.add_func("get-random-bytes", lambda _, count: secrets.token_bytes(count))
        with root.add_instance(_name("secrets")):
            pass
        with root.add_instance(_name("types")) as types:
            types.add_resource("input-stream", ResourceType.host(INPUT_STREAM), lambda _, rep: _STREAMS.drop(rep))
        with root.add_instance(_name("tls-sockets")) as tls:
            tls.add_func("credential", lambda _, name, to, tls: _credential(host, name))
            tls.add_resource("socket", ResourceType.host(SOCKET), lambda _, rep: sockets.drop(rep))
            tls.add_func("[static]socket.connect", lambda _, *given: _own(sockets.connect(*given), SOCKET))
            for method in ("attempts", "start-tls", "read", "write", "local-address", "tls-session", "now"):
                tls.add_func(f"[method]socket.{method}", _method(sockets.table, method.replace("-", "_")))
        with root.add_instance(_name("signing")) as signing:
            # This host has no keys: mails go unsigned.
            signing.add_func("signer-for", lambda _, domain: None)
            signing.add_func("sign", lambda _, key, text: "this host has no keys to sign with")
        with root.add_instance(_name("log-files")) as logging:
            logging.add_resource("log-file", ResourceType.host(LOG_FILE), lambda _, rep: files.drop(rep))
            logging.add_func("open", lambda _, name: _own(logs.open(name, identity, files), LOG_FILE))
            logging.add_func("[method]log-file.append", _method(files, "append"))
            logging.add_func("append-regular", lambda _, statements: logs.append_regular(identity, statements))
            logging.add_func("regular-is-on", lambda _: logs.regular_is_on())
            logging.add_func("set-regular", lambda _, first: logs.set_regular(first))
    return linker.instantiate(store, host._component)


def _own(made: Any, kind: int) -> Any:
    return ResourceHost.own(made, kind) if isinstance(made, int) else made


def _method(table: Table[Any], name: str) -> Any:
    def call(store: Any, resource: ResourceAny, *arguments: Any) -> Any:
        return getattr(table[_number(store, resource)], name)(*arguments)

    return call


def _number(store: Any, borrowed: ResourceAny) -> int:
    return int(borrowed.to_host(store).rep)


def _read_stream(store: Any, resource: ResourceAny, most: int) -> Any:
    """The two cases of ``stream-error`` need no tag: one is an error's resource, the other nothing."""
    try:
        data = _STREAMS[_number(store, resource)].read(min(most, 1 << 16))
    except OSError as error:
        return ResourceHost.own(_STREAMS.put(error), IO_ERROR)
    # The end of the stream is the case `closed`, which has no value.
    return data if data else None


def _credential(host: Host, name: str) -> Variant:
    if name in host._secrets:
        return Variant("ok", host._secrets[name])
    return Variant("err", f"the host has no secret named '{name}'; Host(secrets=…) would give it one")
