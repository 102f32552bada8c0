"""Conversation logs: the component writes statements, this numbers and stamps them.

The format is described in ``docs/log.md`` of the project: any number of threads and processes append to one file, each
under its lock, going on with the counter that the file ends with.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import re
import sys
import threading
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from wasmtime.component import Variant

from ._table import Table

FULL = 10_000_000
"""Bytes that make a file of the regular log full."""
LONGEST = 1 << 20
"""Bytes of one statement in the regular log; the component cuts far below it."""
LONGEST_EXTENDED = 8 << 20
FARTHEST_LOOK = 16 << 20
PREFIX = "SMTPLog"

_LINE = re.compile(rb"(\d{1,19}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z?) ")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f]")
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[1-9¹²³]|lpt[1-9¹²³])(\s*\.|\s*$)", re.IGNORECASE)


class Logs:
    """The logs of one host."""

    def __init__(self, folder: Path | None, keep: int, utc: bool) -> None:
        self._folder, self._keep, self._utc = folder, keep, utc
        self._lock = threading.Lock()
        self._regular: Log | None = None
        self._number = 0
        self._free: list[int] = []
        self._slots = 0
        self._unique = 0

    def identity(self) -> Identity:
        with self._lock:
            self._unique += 1
            if self._free:
                return Identity(self, heapq.heappop(self._free), self._unique)
            self._slots += 1
            return Identity(self, self._slots, self._unique)

    def regular_is_on(self) -> bool:
        return self._regular is not None

    def set_regular(self, first: int) -> Variant | None:
        """None is success; else the interface's ``log-error``."""
        if self._folder is None:
            return Variant("denied", "no log folder is granted; Host(log_folder=…) would grant one")
        with self._lock:
            if first == 0:
                self._regular = None
                return None
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._open_from(first)
            except OSError as error:
                return Variant("unwritable", f"the log folder '{self._folder}' can't be written: {error.strerror}")
            return None

    def append_regular(self, who: Identity, statements: list[str]) -> str:
        with self._lock:
            log = self._regular
            if log is None:
                return "all"
            rest = log.append(who, statements)
            while rest and log.is_full():
                try:
                    log = self._open_from(self._number + 1, log)
                except OSError as error:
                    log.lose(len(rest), error)
                    return "lost"
                rest = log.append(who, rest)
            return "lost" if rest or log.lost else "all"

    def open(self, name: str, who: Identity, table: Table[Extended]) -> int | Variant:
        """The number of an extended log in the table, or the interface's ``log-error``."""
        if self._folder is None:
            return Variant("denied", f"no extended log is granted; Host(log_folder=…) would allow '{name}'")
        wrong = _wrong_name(name)
        if wrong:
            return Variant("invalid-name", f"'{name!r}' {wrong}")
        if re.fullmatch(rf"{PREFIX}_[1-9]\d*\.txt", name, re.IGNORECASE):
            return Variant("invalid-name", f"'{name}' belongs to the regular log")
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or not path.parent.resolve().is_relative_to(self._folder.resolve()):
                return Variant("invalid-name", f"'{name}' is a link, which may lead out of the folder of the logs")
            return table.put(Extended(Log(path, self._utc, LONGEST_EXTENDED, full=None), who))
        except OSError as error:
            return Variant("unwritable", f"the log file '{path}' can't be written: {error.strerror}")

    def _open_from(self, number: int, last: Log | None = None) -> Log:
        assert self._folder is not None
        while True:
            log = Log(self._folder / f"{PREFIX}_{number}.txt", self._utc, LONGEST, full=FULL)
            if not log.is_full():
                break
            log.close()
            number += 1
        if last is not None:
            log.lost, log.reason = last.lost, last.reason
            last.close()
        self._regular, self._number = log, number
        self._recycle(number)
        return log

    def _recycle(self, current: int) -> None:
        assert self._folder is not None
        if self._keep == 0:
            return
        pattern = re.compile(rf"{PREFIX}_([1-9]\d*)\.txt")
        numbers = sorted(int(found[1]) for name in os.listdir(self._folder) if (found := pattern.fullmatch(name)))
        for number in [number for number in numbers if number <= current][: -self._keep]:
            (self._folder / f"{PREFIX}_{number}.txt").unlink(missing_ok=True)


class Identity:
    """Fields 3 and 4: a slot that is used again, and a number that is not."""

    def __init__(self, logs: Logs, slot: int, unique: int) -> None:
        self._logs: Logs | None = logs
        self.slot, self.unique = slot, unique

    def release(self) -> None:
        if self._logs is not None:
            heapq.heappush(self._logs._free, self.slot)
            self._logs = None


class Extended:
    """The log of one transporter."""

    def __init__(self, log: Log, who: Identity) -> None:
        self._log, self._who = log, who
        self._lock = threading.Lock()

    def append(self, statements: list[str]) -> str:
        with self._lock:
            return "lost" if self._log.append(self._who, statements) or self._log.lost else "all"

    def close(self) -> None:
        self._log.close()


class Log:
    """One file."""

    def __init__(self, path: Path, utc: bool, longest: int, full: int | None) -> None:
        self._path, self._utc, self._longest, self._full = path, utc, longest, full
        self._file: BinaryIO = _open(path)
        self._left: tuple[int, int, str] | None = None
        self.lost = 0
        self.reason = ""

    def is_full(self) -> bool:
        return self._full is not None and os.fstat(self._file.fileno()).st_size >= self._full

    def append(self, who: Identity, statements: list[str]) -> list[str]:
        """What did not fit into a full file. Lines that can't be written are counted, and told of later."""
        try:
            self._follow()
            with _locked(self._file):
                return self._write(who, statements)
        except OSError as error:
            self.lose(len(statements), error)
            return []

    def lose(self, lines: int, error: OSError) -> None:
        if self.lost == 0:
            self.reason = error.strerror or str(error)
            print(
                f"smtp-transporter: the log file '{self._path}' can't be written: {self.reason}; mail goes on, and the "
                "log will say how many lines are missing",
                file=sys.stderr,
            )
        self.lost += lines

    def close(self) -> None:
        self._file.close()

    def _follow(self) -> None:
        """Opens the file anew where another stands at its path now."""
        try:
            if os.path.samestat(os.stat(self._path), os.fstat(self._file.fileno())):
                return
        except FileNotFoundError:
            pass
        self._file.close()
        self._file, self._left = _open(self._path), None

    def _write(self, who: Identity, statements: list[str]) -> list[str]:
        length = os.fstat(self._file.fileno()).st_size
        if self._left is None or self._left[0] != length:
            self._left = (length, *_tail(self._file, length))
        _, counter, last = self._left
        torn = b""
        if length and _byte_before(self._file, length) != b"\n":
            torn = b"\n"
        stamp = max(self._now(), last)
        missing = [f"### SMTP Log: {_lines(self.lost)} could not be written ({self.reason})"] if self.lost else []
        out = bytearray(torn)
        taken = 0
        for statement in missing + statements:
            if self._full is not None and length + len(out) >= self._full:
                break
            counter += 1
            out += f"{counter} {stamp} {who.slot} {who.unique} {_safe(statement, self._longest)}\n".encode()
            taken += 1
        try:
            _write_all(self._file.fileno(), bytes(out), length)
        except OSError:
            self._left = None
            raise
        self._left = (length + len(out), counter, stamp)
        if missing and taken:
            self.lost = 0
        return (missing + statements)[taken:] if taken >= len(missing) else statements

    def _now(self) -> str:
        now = datetime.now(timezone.utc) if self._utc else datetime.now()
        text = now.replace(tzinfo=None).isoformat(timespec="milliseconds")
        return f"{text}Z" if self._utc else text


class _locked:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)


def _open(path: Path) -> BinaryIO:
    """Never through a link in the last place: the folder may be somebody else's as well."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    return os.fdopen(handle, "r+b", buffering=0)


def _write_all(handle: int, data: bytes, length: int) -> None:
    """Writes; where the disk is full in mid-line, takes all of it back."""
    done = 0
    try:
        while done < len(data):
            done += os.write(handle, data[done:])
    except OSError:
        os.ftruncate(handle, length)
        raise


def _tail(file: BinaryIO, length: int) -> tuple[int, str]:
    """The counter and the stamp of the last line."""
    look = 4096
    while True:
        start = max(0, length - look)
        data = os.pread(file.fileno(), length - start, start)
        torn = bool(data) and not data.endswith(b"\n")
        lines = data.split(b"\n")[: None if torn else -1]
        if start:
            lines = lines[1:]
        for back, line in enumerate(reversed(lines)):
            found = _LINE.match(line)
            if found:
                return int(found[1]) + back, found[2].decode()
        if start == 0 or look >= FARTHEST_LOOK:
            return int(torn), ""
        look *= 8


def _byte_before(file: BinaryIO, length: int) -> bytes:
    return os.pread(file.fileno(), 1, length - 1)


def _safe(statement: str, longest: int) -> str:
    """No control character: what comes from a component can't forge a line or move a terminal."""
    safe = _UNSAFE.sub(lambda found: "".join(f"\\x{byte:02x}" for byte in found[0].encode()), statement)
    data = safe.encode()
    if len(data) <= longest:
        return safe
    cut = data[:longest].decode(errors="ignore")
    return f"{cut}… (+{len(data) - len(cut.encode())} bytes)" + ('"' if statement.endswith('"') else "")


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _wrong_name(name: str) -> str | None:
    if not name or _UNSAFE.search(name) or re.search(r'[\\:<>"|?*]', name):
        return "has characters in it that not every machine takes in a file name"
    parts = name.split("/")
    if name.startswith("/") or ".." in parts:
        return "leaves the folder of the logs"
    for part in parts:
        if not part or len(part.encode()) > 255 or part.endswith((".", " ")) or _DEVICE.match(part):
            return "is not a file name on every machine"
    return None
