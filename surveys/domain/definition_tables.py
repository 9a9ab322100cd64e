"""One table of a survey's definition while it is read: texts, names, flags and numbers, with their faults."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from core.language import gettext as _
from surveys.domain.definition_faults import DefinitionFault

LONGEST_LABEL = 500
LONGEST_TEXT = 5000
LONGEST = {"image": 140_000}
"""A picture is part of the definition; how large one may be, `pictures` says."""
LABELS = {
    "title",
    "sponsor",
    "purpose",
    "other",
    "none",
    "low",
    "high",
    "unit",
    "not_applicable",
    "label",
    "language",
    "refusal",
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CHOICE_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
SURVEY_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass
class Table:
    """One table of a definition while it is read: faults are collected, so that all of them are told at once."""

    values: Mapping[str, Any]
    place: str
    faults: list[DefinitionFault] = field(default_factory=list)

    def fault(self, message: str, remedy: str = "") -> None:
        """Note what is wrong here."""
        self.faults.append(DefinitionFault(self.place, message, remedy))

    def within(self, values: object, place: str) -> "Table":
        """A table inside this one; something else than a table is a fault."""
        if isinstance(values, Mapping):
            return Table(values, place, self.faults)
        self.faults.append(DefinitionFault(place, _("This must be a table."), _('Write it as { key = "value" }.')))
        return Table({}, place, self.faults)

    def tables(self, key: str, place: Callable[[int, Any], str]) -> list["Table"]:
        """The tables of a list."""
        found = self.values.get(key, [])
        if not isinstance(found, list):
            self.fault(_("“{key}” must be a list.").format(key=key))
            return []
        return [self.within(each, place(number, each)) for number, each in enumerate(found, 1)]

    def known(self, keys: Sequence[str]) -> None:
        """Refuse keys that mean nothing here."""
        for key in self.values:
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                remedy = _("Did you mean “{near}”?").format(near=near[0]) if near else ""
                remedy = remedy or _("Known keys: {keys}.").format(keys=", ".join(keys))
                self.fault(_("There is no key “{key}” here.").format(key=key), remedy)

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text, without outer space."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.fault(_("“{key}” must be a text.").format(key=key), _as_text(key, value))
            return ""
        tidy = value.replace("\r\n", "\n").strip()
        most = LONGEST_LABEL if key in LABELS else LONGEST.get(key, LONGEST_TEXT)
        if needed and not tidy:
            self.fault(_("“{key}” is missing.").format(key=key), _('Add {key} = "…".').format(key=key))
        if len(tidy) > most:
            self.fault(_("“{key}” has more than {most} characters.").format(key=key, most=most), _("Shorten it."))
        return tidy

    def name(self, pattern: re.Pattern[str] = NAME) -> str:
        """The stable name of a thing."""
        name = self.text("name", needed=True)
        if name and not pattern.fullmatch(name):
            remedy = _("Use small letters, digits and _, beginning with a letter.")
            self.fault(_("“{name}” cannot be a name.").format(name=name), remedy)
        return name

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fault(_("“{key}” must be true or false.").format(key=key))
        return value is True

    def whole(self, key: str, default: int) -> int:
        """A whole number."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(_("“{key}” must be a whole number.").format(key=key))
            return default
        return value

    def number(self, key: str) -> float | None:
        """A number, or nothing."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 10**15:
            self.fault(_("“{key}” must be a number.").format(key=key))
            return None
        return float(value)


def _as_text(key: str, value: object) -> str:
    """How to write as a text what is none."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        remedy = _('Write one text, its words parted by blanks: {key} = "{words}".')
        return remedy.format(key=key, words=" ".join(value))
    return _('Put it in quotes: {key} = "…".').format(key=key)
