"""TOML as text that people keep: written so that reading it gives the same values, and keys found by line."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, time
from difflib import get_close_matches
from typing import Any, cast

from core.cards import screened
from core.errors import BadInput
from core.language import gettext as _

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(text: str) -> dict[str, Any]:
    """Read TOML; card numbers are masked in its texts (P8).

    Raises:
        BadInput: naming the line that is no TOML.
    """
    try:
        return cast(dict[str, Any], screened(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        reason = str(error).split(" (at", maxsplit=1)[0]
        raise BadInput(
            _("This is not TOML: {reason}.").format(reason=reason),
            line=int(found[1]) if found else text.count("\n") + 1,
            remedy=_('A line is: key = "value".'),
        ) from None
    except ValueError:  # all that is left: Python reads no number of thousands of digits
        raise BadInput(_("A number in this TOML has too many digits.")) from None
    except RecursionError:
        raise BadInput(_("This TOML has too many levels.")) from None


def line_of(text: str, *path: str) -> int | None:
    """The line, from 1, where the key `path` is written; None where it cannot be told (inline tables)."""
    table, key = ".".join(path[:-1]), path[-1]
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        tidy = line.strip()
        if tidy.startswith("["):
            current = tidy.split("]")[0].strip("[ ").replace('"', "")
            if current == ".".join(path):
                return number
        elif current == table and re.match(rf'"?{re.escape(key)}"?\s*[=.]', tidy):
            return number
    return None


def refuse_unknown(given: Iterable[str], known: Iterable[str], text: str, *table: str) -> None:
    """Refuse a key that means nothing here, with the nearest one that does.

    Raises:
        BadInput: with line, field and a suggestion.
    """
    allowed = sorted(known)
    for key in given:
        if key not in allowed:
            near = get_close_matches(key, allowed, n=1)
            raise BadInput(
                _("There is no key “{key}” here.").format(key=key),
                field=".".join((*table, key)),
                line=line_of(text, *table, key),
                remedy=_("Did you mean “{near}”?").format(near=near[0])
                if near
                else _("Known keys: {keys}.").format(keys=", ".join(allowed)),
            )


def write_toml(values: Mapping[str, Any]) -> str:
    """Write values as TOML: plain keys first, then a table for each mapping. None cannot be written and is left out."""
    return "\n".join(_table(values, ())).strip("\n") + "\n"


def _table(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    kept = {key: value for key, value in values.items() if value is not None}
    plain = {key: value for key, value in kept.items() if not isinstance(value, Mapping)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in kept.items():
        if isinstance(value, Mapping):
            inner = (*path, _key(key))
            lines += ["", f"[{'.'.join(inner)}]", *_table(value, inner)]
    return lines


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _long(value) if "\n" in value else _quoted(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items() if each is not None)
        return f"{{{inside}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(each) for each in value if each is not None)}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    written = repr(value)
    return written if any(mark in written for mark in ".e") else f"{written}.0"


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char, char) if char.isprintable() else _escaped(char) for char in text) + '"'


def _long(text: str) -> str:
    """A multi-line string; the newline after the opening quotes is not part of it."""
    escaped = "".join(char if char == "\n" else _quoted(char)[1:-1] for char in text)
    return f'"""\n{escaped}"""'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\U{ord(char):08x}"
