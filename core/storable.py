"""Texts and numbers that every database keeps, told from those that none does; for doors through which values come."""

import re
from collections.abc import Mapping
from typing import Any

_LARGEST = 2**63 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether it has neither the character of number nothing nor half a character of a pair."""
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """The same text with a sign in place of each character that is not kept."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def unstorable_place(values: Any) -> str | None:
    """Where a text or a whole number within is none that is kept, as in ``page.1.title``; None where all are.

    Items count from 1; a key that is none counts for the table that it stands in. It goes as deep as the values do.
    """
    waiting: list[tuple[str, Any]] = [("", values)]
    while waiting:
        place, value = waiting.pop()
        if (isinstance(value, str) and not is_storable(value)) or (isinstance(value, int) and abs(value) > _LARGEST):
            return place
        if isinstance(value, Mapping):
            if not all(is_storable(key) for key in value):
                return place
            waiting += [(f"{place}.{key}".lstrip("."), each) for key, each in value.items()]
        elif isinstance(value, list | tuple):
            waiting += [(f"{place}.{at}".lstrip("."), each) for at, each in enumerate(value, 1)]
    return None
