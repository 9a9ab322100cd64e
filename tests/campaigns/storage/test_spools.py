import threading
from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.storage.spools import ClickSpool, FollowedLink
from tests.conftest import NOON

CLICKS = [FollowedLink(each, 7, NOON + timedelta(microseconds=each), each % 2) for each in range(5)]


def test_what_is_spooled_comes_out_once(tmp_path: Path):
    spool = ClickSpool(tmp_path / "data" / "clicks.spool")
    taken: list[FollowedLink] = []
    assert spool.empty_into(taken.extend) == 0
    spool.add(CLICKS[:2])
    spool.add(CLICKS[2:])
    assert spool.empty_into(taken.extend) == 5
    assert taken == CLICKS
    assert spool.empty_into(taken.extend) == 0


def test_clicks_that_cannot_be_stored_stay(tmp_path: Path):
    spool = ClickSpool(tmp_path / "clicks.spool")
    spool.add(CLICKS)

    def away(_clicks: list[FollowedLink]) -> None:
        raise OSError

    with pytest.raises(OSError):
        spool.empty_into(away)
    assert spool.empty_into(lambda clicks: None) == 5


def test_a_line_cut_short_by_a_crash_loses_only_itself(tmp_path: Path):
    path = tmp_path / "clicks.spool"
    ClickSpool(path).add(CLICKS)
    path.write_bytes(path.read_bytes()[:-5])
    taken: list[FollowedLink] = []
    assert ClickSpool(path).empty_into(taken.extend) == 4
    assert taken == CLICKS[:4]


def test_p1_the_file_holds_numbers_and_moments_and_only_its_owner_reads_it(tmp_path: Path):
    path = tmp_path / "clicks.spool"
    ClickSpool(path).add(CLICKS[:1])
    assert path.read_text() == '[0,7,"2026-11-22T12:00:00+00:00",0]\n'
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_processes_lose_nothing_between_them(tmp_path: Path):
    path = tmp_path / "clicks.spool"
    taken: list[FollowedLink] = []

    def fill() -> None:
        for click in CLICKS:
            ClickSpool(path).add([click])

    writers = [threading.Thread(target=fill) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        ClickSpool(path).empty_into(taken.extend)
    ClickSpool(path).empty_into(taken.extend)
    assert len(taken) == 20
