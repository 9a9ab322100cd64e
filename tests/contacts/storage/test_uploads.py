import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contacts.storage.uploads import stage, staged, unstage
from core.errors import NotFound


def test_a_file_waits_under_its_key_until_it_is_taken(tmp_path: Path, noon: datetime) -> None:
    key = stage(tmp_path / "uploads", "people \u00e9.csv", io.BytesIO(b"email"), at=noon)
    waiting = staged(tmp_path / "uploads", key)
    assert (waiting.file_name, waiting.path.read_bytes()) == ("people \u00e9.csv", b"email")
    unstage(tmp_path / "uploads", key)
    unstage(tmp_path / "uploads", "../secret")
    with pytest.raises(NotFound):
        staged(tmp_path / "uploads", key)


def test_a_file_that_waited_for_a_day_is_removed_by_the_next(tmp_path: Path, noon: datetime) -> None:
    old = stage(tmp_path, "old.csv", io.BytesIO(b"a"), at=noon)
    new = stage(tmp_path, "new.csv", io.BytesIO(b"b"), at=noon)
    for name in (old, f"{old}.name"):
        os.utime(tmp_path / name, (noon.timestamp() - 90_000,) * 2)
    for name in (new, f"{new}.name"):
        os.utime(tmp_path / name, (noon.timestamp(),) * 2)
    stage(tmp_path, "next.csv", io.BytesIO(b"c"), at=noon + timedelta(hours=1))
    assert staged(tmp_path, new).file_name == "new.csv"
    with pytest.raises(NotFound):
        staged(tmp_path, old)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 31, "g" * 32, "0" * 32])
def test_a_strange_key_opens_nothing(tmp_path: Path, key: str) -> None:
    with pytest.raises(NotFound):
        staged(tmp_path, key)
