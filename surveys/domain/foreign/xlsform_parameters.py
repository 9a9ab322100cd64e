"""The parameters of a row of XLSForm (“start=1 end=5”): read, and what is wrong with them."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from core.language import gettext as _

_PAIR = re.compile(r"[\s,;]*([^\s=,;]+)\s*=\s*([^\s=,;]+)[\s,;]*")
_PLACES = frozenset({"allow-mock-accuracy", "reference-geometry"})
_CHANCE = frozenset({"randomize", "seed"})
_KNOWN = {
    "text": frozenset({"rows"}),
    "image": frozenset({"app", "max-pixels"}),
    "audio": frozenset({"quality"}),
    "range": frozenset({"start", "end", "step", "tick_interval", "placeholder", "tick_labelset"}),
    "select_one": _CHANCE,
    "select_multiple": _CHANCE,
    "rank": _CHANCE,
    "select_one_from_file": _CHANCE | {"label", "value"},
    "select_multiple_from_file": _CHANCE | {"label", "value"},
    "geopoint": _PLACES | {"capture-accuracy", "warning-accuracy"},
    "geoshape": _PLACES | {"incremental"},
    "geotrace": _PLACES | {"incremental"},
}
_WHOLE = ("rows", "max-pixels")


def parameters_of(written: str) -> dict[str, str] | None:
    """The parameters by their names in small letters; None where they are not pairs of name=value."""
    found, place = {}, 0
    while place < len(written.strip()):
        match = _PAIR.match(written, place)
        if match is None:
            return None
        found[match[1].lower()] = match[2]
        place = match.end()
    return found


def parameter_faults(word: str, written: str) -> Iterator[str]:
    """What is wrong with the parameters of a row of that type."""
    found = parameters_of(written)
    if found is None:
        yield _("The parameters are not written as name=value.")
        return
    if unknown := sorted(set(found) - _KNOWN.get(word, frozenset(found))):
        yield _("There is no parameter “{name}” for this type.").format(name=unknown[0])
    if any(name in found and not re.fullmatch(r"[+-]?\d+", found[name]) for name in _WHOLE):
        yield _("A parameter that is a whole number is not one.")
    if word == "range":
        yield from _range_faults(found)
    yield from _chance_faults(found)


def _chance_faults(found: Mapping[str, str]) -> Iterator[str]:
    if found.get("randomize", "true").lower() not in {"true", "false"}:
        yield _("“randomize” is true or false.")
    if "seed" in found and "randomize" not in found:
        yield _("A seed is for a random order only.")
    elif "seed" in found and not found["seed"].startswith("${") and _number(found["seed"]) is None:
        yield _("A seed is a number, or a question.")


def _range_faults(found: Mapping[str, str]) -> Iterator[str]:
    numbers = {
        name: _number(found.get(name, default)) for name, default in (("start", "1"), ("end", "10"), ("step", "1"))
    }
    for name in ("tick_interval", "placeholder"):
        if name in found:
            numbers[name] = _number(found[name])
    start, end, step = numbers["start"], numbers["end"], numbers["step"]
    if start is None or end is None or step is None or None in numbers.values():
        yield _("A range is told by numbers.")
    elif not step or step > abs(end - start):
        yield _("The step of a range is more than nothing, and no more than the whole.")
    else:
        yield from _tick_faults(numbers, start, end, step)


def _tick_faults(numbers: Mapping[str, Decimal | None], start: Decimal, end: Decimal, step: Decimal) -> Iterator[str]:
    ticks, hint = numbers.get("tick_interval"), numbers.get("placeholder")
    if ticks is not None and (not ticks or ticks > abs(end - start) or ticks % step):
        yield _("Ticks stand a multiple of the step apart, within the range.")
    if hint is not None and ((hint - start) % step or not min(start, end) <= hint <= max(start, end)):
        yield _("The placeholder is one of the steps of the range.")


def _number(written: str) -> Decimal | None:
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
