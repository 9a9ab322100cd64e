"""What the stories ask for: a house over each database, its clock standing still at noon."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from core.database import Database
from core.settings import Settings
from tests.conftest import NOON
from tests.journeys.houses import House, house_of


@pytest.fixture
def house(settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose clock stands still."""
    with (
        time_machine.travel(NOON, tick=False) as time,
        house_of(settings, database, tmp_path, monkeypatch, time) as opened,
    ):
        yield opened
