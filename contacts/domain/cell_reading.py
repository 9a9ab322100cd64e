"""Reads single cells of a table of people (names, languages, sources, attributes), each cleaned and screened (P8)."""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from contacts.domain.columns import attribute_key
from contacts.domain.policy import Source
from core.cards import mask_card_numbers
from core.errors import BadInput

LONGEST_NAME = 200
LONGEST_TEXT = 1_000
MOST_ATTRIBUTES = 200
_LONGEST_LOCALE = 35
# Control characters, and those that turn the direction of writing, have no place in a name.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,14})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,8})\.\d{1,6}", re.ASCII)

Attribute = str | int | float | bool


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Give the text as it may be stored: composed (NFC), on one line, without control characters and card numbers.

    Raises:
        BadInput: it is longer than that many characters.
    """
    if not text:
        return text
    if not text.isascii() or not text.isprintable():
        text = _UNWANTED.sub("", unicodedata.normalize("NFC", text))
    text = mask_card_numbers(_BLANKS.sub(" ", text).strip())
    if len(text) > longest:
        raise BadInput(f"is longer than {longest} characters", remedy="Shorten it.")
    return text


@lru_cache(maxsize=4096)
def read_locale(text: str) -> str:
    """Give a language as stored: ``de``, ``pt-BR``, ``zh-Hant``.

    Raises:
        BadInput: it is no language that is known (CLDR).
    """
    tag = text.strip().replace("_", "-").partition(".")[0]
    if not tag:
        return ""
    try:
        locale = str(Locale.parse(tag, sep="-")).replace("_", "-")
    except (ValueError, TypeError, UnknownLocaleError):
        locale = ""
    if not locale or len(locale) > _LONGEST_LOCALE:
        raise BadInput("is no language that is known", remedy="Write a tag such as de, en-GB or ja.") from None
    return locale


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def read_time_zone(text: str) -> str:
    """Give a time zone by its name in the tz database.

    Raises:
        BadInput: there is none of that name.
    """
    name = text.strip().replace(" ", "_").casefold()
    if name and name not in _zones():
        raise BadInput("is no time zone that is known", remedy="Write a name such as Europe/Berlin.")
    return _zones()[name] if name else ""


def read_source(text: str) -> Source:
    """Give one of the six sources (P6).

    Raises:
        BadInput: it is none of them.
    """
    word = re.sub(r"[\s-]+", "_", text.strip().casefold())
    try:
        return Source(word)
    except ValueError:
        raise BadInput("is not one of the sources", remedy=f"Sources are: {', '.join(Source)}.") from None


def read_names(text: str) -> tuple[str, str]:
    """Part a full name into given and family name where a comma says how; else it all counts as the given name.

    Nothing else tells the two apart in every language, and a greeting with the full name is never wrong.
    """
    family, comma, given = text.partition(",")
    return (given.strip(), family.strip()) if comma and given.strip() else (text.strip(" ,"), "")


def read_attribute(text: str) -> Attribute:
    """Give a cell as a whole number, a decimal, true or false, or a text; ``042`` and ``+49`` stay text."""
    text = clean(text)
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return {"true": True, "false": False}.get(text.lower(), text)


def read_attributes(text: str) -> dict[str, Attribute]:
    """Read a cell that holds a JSON object, as other programs export it; what is nested is laid flat.

    Raises:
        BadInput: it is no object, or has too much in it.
    """
    if not text.strip():
        return {}
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise BadInput("is no JSON object", remedy='Write {"name": "value"}, or map the column to attributes.<name>.')
    found = {key: value for key, value in _flat("", given, 0) if value is not None}
    if len(found) > MOST_ATTRIBUTES:
        raise BadInput(f"has more than {MOST_ATTRIBUTES} attributes", remedy="Keep those that are needed.")
    return found


def _flat(prefix: str, value: Any, depth: int) -> Iterator[tuple[str, Attribute | None]]:
    if isinstance(value, dict) and depth < 4:  # noqa: PLR2004 - deeper than people nest
        for key, inner in value.items():
            yield from _flat(f"{prefix} {key}", inner, depth + 1)
    elif isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        yield attribute_key(prefix), clean(", ".join(map(str, value))) or None
    else:
        yield attribute_key(prefix), _scalar(value)


def _scalar(value: Any) -> Attribute | None:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, int | float) and abs(value) < 1e15:  # noqa: PLR2004 - exact in JSON; not so what is no number
        return value if mask_card_numbers(str(value)) == str(value) else clean(str(value))
    return clean(json.dumps(value))
