"""Surveys as plain tables (dictionaries and lists), both ways: what TOML files, JSON columns and editor forms share."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.cells import Choice
from surveys.domain.definitions import Page, Survey
from surveys.domain.kinds import KINDS
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Group, Op, Rule

LONGEST_LABEL = 500
LONGEST_TEXT = 5000
LABELS = {"title", "sponsor", "purpose", "other", "none", "low", "high", "unit", "not_applicable", "label", "language"}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CHOICE_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
SURVEY_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class DefinitionFault:
    """What is wrong with a definition, where, and what to do."""

    place: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.place}: {self.message}", self.remedy) if part)


class BadDefinition(BadInput):
    """A definition that cannot be a survey; `faults` has everything that was found."""

    def __init__(self, faults: Sequence[DefinitionFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


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
            self.fault(
                _("“{key}” must be a text.").format(key=key), _('Put it in quotes: {key} = "…".').format(key=key)
            )
            return ""
        tidy = value.replace("\r\n", "\n").replace("\x00", "").strip()
        most = LONGEST_LABEL if key in LABELS else LONGEST_TEXT
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


def survey_from(values: Mapping[str, Any]) -> tuple[Survey, list[DefinitionFault]]:
    """A survey from its table and everything that is wrong with its parts; see `survey_checks` for the whole."""
    table = Table(values, _("survey"))
    table.known(["name", "title", "language", "sponsor", "purpose", "minutes", "intro", "thanks", "page"])
    survey = Survey(
        name=table.name(SURVEY_NAME),
        title=table.text("title", needed=True),
        language=table.text("language") or "en",
        sponsor=table.text("sponsor"),
        purpose=table.text("purpose"),
        minutes=table.whole("minutes", 0),
        intro=table.text("intro"),
        thanks=table.text("thanks"),
        pages=tuple(_page(each) for each in table.tables("page", lambda at, each: _placed(_("page"), at, each))),
    )
    return survey, table.faults


def _placed(noun: str, number: int, values: Any) -> str:
    name = values.get("name") if isinstance(values, Mapping) else None
    return f"{noun} {number} (“{name}”)" if name else f"{noun} {number}"


def _page(table: Table) -> Page:
    table.known(["name", "title", "text", "show_if", "question"])
    prefix = f"{table.place}, {_('question')}"
    found = table.tables("question", lambda at, each: _placed(prefix, at, each))
    questions = [_question(each) for each in found]
    return Page(
        name=table.name(),
        title=table.text("title"),
        text=table.text("text"),
        show_if=_condition(table, "show_if"),
        questions=tuple(question for question in questions if question),
    )


def _question(table: Table) -> Question | None:
    kind = KINDS.get(table.text("kind", needed=True))
    if kind is None:
        if table.text("kind"):
            known = ", ".join(KINDS)
            table.fault(_("There is no kind “{kind}”.").format(kind=table.text("kind")), _("Kinds: ") + known)
        return None
    table.known(["kind", *(each.name for each in fields(kind))])
    read = {each.name: _READERS[each.type](table, each.name, each.default) for each in fields(kind)}
    return kind(**read)


def _choices(table: Table, key: str, _default: Any) -> tuple[Choice, ...]:
    found = table.tables(key, lambda at, each: _placed(f"{table.place}, {key}", at, each))
    for each in found:
        each.known(["name", "label"])
    return tuple(Choice(each.name(CHOICE_NAME), each.text("label", needed=True)) for each in found)


def _condition(table: Table, key: str, _default: Any = None) -> Condition | None:
    if key not in table.values:
        return None
    inner = table.within(table.values[key], f"{table.place}, {key}")
    return _part(inner) if inner.values else None


def _part(table: Table) -> Condition:
    for key in ("all", "any"):
        if key in table.values:
            table.known([key])
            parts = table.tables(key, lambda at, _each: f"{table.place} {at}")
            if not parts:
                table.fault(_("“{key}” is empty.").format(key=key), _("Put rules into it or take it out."))
            return Group(every=key == "all", parts=tuple(_part(each) for each in parts))
    return _rule(table)


def _rule(table: Table) -> Rule:
    table.known(["question", "op", "value", "row"])
    written = table.text("op", needed=True)
    op = Op(written) if written in list(Op) else Op.ANSWERED
    if written and written != op:
        table.fault(_("There is no rule “{op}”.").format(op=written), _("Rules: ") + ", ".join(Op))
    value = table.values.get("value", True if op is Op.ANSWERED else None)
    if not isinstance(value, (str, int, float)):
        table.fault(_("“value” is missing."), _("Say what the answer is compared with."))
        value = ""
    tidy = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return Rule(table.text("question", needed=True), op, tidy, table.text("row"))


_READERS: Mapping[Any, Callable[[Table, str, Any], Any]] = {
    str: lambda table, key, default: table.name() if key == "name" else table.text(key, needed=default is MISSING),
    bool: lambda table, key, _default: table.flag(key),
    int: lambda table, key, default: table.whole(key, default),
    float | None: lambda table, key, _default: table.number(key),
    tuple[Choice, ...]: _choices,
    Condition | None: _condition,
}
