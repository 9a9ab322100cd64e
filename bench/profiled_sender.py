"""A sender under cProfile, each of its threads: says where its microseconds go. For `heedful bench send --profile`."""

import cProfile
import pstats
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import sender

_profiles: list[cProfile.Profile] = []


def _begin() -> None:
    profile = cProfile.Profile()
    _profiles.append(profile)
    profile.enable()


def _at_a_thread_start(_frame: FrameType, _event: str, _given: Any) -> None:
    sys.setprofile(None)
    _begin()


def main() -> int:
    place = Path(sys.argv.pop(1))
    threading.setprofile(_at_a_thread_start)
    _begin()
    try:
        return sender.main()
    finally:
        for profile in _profiles:
            profile.create_stats()
        with place.open("w") as file:
            told = pstats.Stats(*_profiles, stream=file)
            told.sort_stats("tottime").print_stats(70)
            told.sort_stats("cumulative").print_stats(90)


if __name__ == "__main__":
    sys.exit(main())
