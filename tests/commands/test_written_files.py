"""Files that commands write: whole or not at all, and told in one sentence where it cannot be."""

import os
import resource
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commands.written_files import PRIVATE, begun_file, whole_file
from core.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file may become larger than this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def write(output: Path, text: bytes, mode: int = 0o666) -> None:
    with whole_file(output, mode=mode) as file:
        file.write(text)


def test_a_file_is_replaced_whole_or_stays_as_it_was(tmp_path: Path):
    good = tmp_path / "good.csv"
    write(good, b"first", mode=PRIVATE)
    write(good, b"second")
    assert (good.read_bytes(), stat.S_IMODE(good.stat().st_mode)) == (b"second", PRIVATE)
    with full_disk(8192), pytest.raises(BadInput, match=r"good\.csv cannot be written: File too large\."):
        write(good, b"x" * 100_000)
    with pytest.raises(ZeroDivisionError), whole_file(good) as file:
        file.write(str(1 // 0).encode())
    assert good.read_bytes() == b"second"
    (tmp_path / "also.csv").symlink_to(good)
    write(tmp_path / "also.csv", b"third")
    assert ((tmp_path / "also.csv").is_symlink(), good.read_bytes()) == (True, b"third")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["also.csv", "good.csv"]
    with pytest.raises(BadInput, match="No such file or directory"), begun_file(tmp_path / "none" / "x.csv"):
        pass


def test_into_a_pipe_goes_what_comes_and_it_stays_a_pipe(tmp_path: Path):
    pipe, came = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: came.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"line\n")
    reader.join(timeout=10)
    assert came == [b"line\n"]
    assert pipe.is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize("buffered", ["-Bc", "-uBc"])
def test_standard_output_without_room_is_never_taken_for_written(tmp_path: Path, buffered: str):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))"
    code = f"{limit}; from commands.written_files import *\nwith whole_file(Path('-')) as file: file.write(b'x' * 9**5)"
    with (tmp_path / "full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, buffered, code], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode != 0, b"File too large" in done.stderr) == (True, True)


def test_a_person_gets_no_receipt_of_what_could_not_be_written(house, tmp_path: Path):
    failed = house("person", "export", "ann@example.org", "--output", "none/ann.json")
    assert (failed.exit_code, failed.output) == (
        1, "heedful: The file ann.json cannot be written: No such file or directory.\n",
    )  # fmt: skip
    assert house("person", "export", "ann@example.org", "--output", "ann.json").exit_code == 0
    assert house("export", "--output", tmp_path).exit_code == 2
    assert '"act": "export"' not in (tmp_path / "ann.json").read_text()
    assert house("person", "export", "ann@example.org").output.count('"act": "export"') == 1
