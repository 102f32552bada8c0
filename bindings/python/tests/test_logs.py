"""The log files: numbers without a hole, over threads, processes, torn lines and full files."""

import multiprocessing
import re
from pathlib import Path

import pytest

from smtp_transporter import _logs
from smtp_transporter._logs import Logs
from smtp_transporter._table import Table

LINE = re.compile(r"(\d+) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3} (\d+) (\d+) (.*)")


def numbers(path: Path) -> list[int]:
    text = path.read_text()
    assert text.endswith("\n")
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    assert all(found), text
    return [int(line[1]) for line in found if line]


def write(folder: Path, count: int) -> None:
    logs = Logs(folder, keep=0, utc=False)
    assert logs.set_regular(1) is None
    who = logs.identity()
    for number in range(count):
        assert logs.append_regular(who, [f'C > "{number}"', f'S < "{number}"']) == "all"


def test_two_processes_share_one_counter(tmp_path: Path) -> None:
    others = [multiprocessing.Process(target=write, args=(tmp_path, 200)) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
        assert other.exitcode == 0
    assert numbers(tmp_path / "SMTPLog_1.txt") == list(range(1, 801))


def test_a_torn_line_keeps_its_number(tmp_path: Path) -> None:
    path = tmp_path / "SMTPLog_1.txt"
    path.write_text('7 2026-02-06T15:03:11.586 1 1 C > "NOOP"\n8 2026-02-06T15:03:11.58')
    write(tmp_path, 1)
    assert path.read_text().splitlines()[2].startswith("9 ")


def test_time_never_goes_back(tmp_path: Path) -> None:
    path = tmp_path / "SMTPLog_1.txt"
    path.write_text('1 2999-02-06T15:03:11.586 1 1 C > "NOOP"\n')
    write(tmp_path, 1)
    assert [line.split()[1] for line in path.read_text().splitlines()] == ["2999-02-06T15:03:11.586"] * 3


def test_a_full_file_is_followed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_logs, "FULL", 1000)
    logs = Logs(tmp_path, keep=2, utc=True)
    logs.set_regular(5)
    who = logs.identity()
    for number in range(100):
        logs.append_regular(who, [f'C > "{number}"'])
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2 and "SMTPLog_5.txt" not in names
    last = max(tmp_path.iterdir(), key=lambda path: int(path.stem.split("_")[1]))
    assert 'C > "99"' in last.read_text().splitlines()[-1] and last.read_text().startswith("1 ")


def test_a_component_can_forge_no_line(tmp_path: Path) -> None:
    logs = Logs(tmp_path, keep=0, utc=False)
    logs.set_regular(1)
    logs.append_regular(logs.identity(), ['S < "250 ok\n2 2026-01-01T00:00:00.000 1 1 C > "forged\x1b[31m\x85"'])
    text = (tmp_path / "SMTPLog_1.txt").read_text()
    assert text.count("\n") == 1 and "\\x0a2 " in text and "\\x1b[31m\\xc2\\x85" in text


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "", "a\nb", "con", "nul.txt", "x.", "c:x", "SMTPLog_3.txt"])
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    logs = Logs(tmp_path / "logs", keep=0, utc=False)
    refused = logs.open(name, logs.identity(), Table())
    assert not isinstance(refused, int) and refused.tag == "invalid-name"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/link.txt").symlink_to(tmp_path / "elsewhere.txt")
    logs = Logs(tmp_path / "logs", keep=0, utc=False)
    assert not isinstance(logs.open("link.txt", logs.identity(), Table()), int)
    assert not (tmp_path / "elsewhere.txt").exists()
