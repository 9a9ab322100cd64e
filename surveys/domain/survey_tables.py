"""Surveys as plain tables (dictionaries and lists): what TOML files, JSON columns and editor forms share, read."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import Choice
from surveys.domain.definition_faults import BadDefinition, DefinitionFault
from surveys.domain.definition_tables import CHOICE_NAME, SURVEY_NAME, Table
from surveys.domain.definitions import Arm, Computed, End, Jump, Loop, Page, Quota, Survey
from surveys.domain.kinds import KINDS
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Formula, Group, Op, Rule

LISTS = {"arms": "arm", "computed": "computed", "ends": "end", "jumps": "jump", "quotas": "quota"}
"""How a list of things is called in a file, where each of them is a table of its own."""


DEEPEST = 40
"""Levels of tables and lists within each other: more than any survey has, and far fewer than Python can go down."""


def survey_from(values: Mapping[str, Any]) -> tuple[Survey, list[DefinitionFault]]:
    """A survey from its table and everything that is wrong with its parts; see `survey_checks` for the whole.

    Raises:
        BadDefinition: it has too many levels to be read at all.
    """
    table = Table(values, _("survey"))
    _require_shallow(values)
    lists = {"pages": "page", **LISTS}
    table.known([lists.get(each.name, each.name) for each in fields(Survey)])
    found = _fields(table, Survey, skip={"name", "title", "language", "pages"})
    survey = Survey(
        name=table.name(SURVEY_NAME),
        title=table.text("title", needed=True),
        language=table.text("language") or "en",
        pages=tuple(_page(each) for each in table.tables("page", lambda at, each: _placed(_("page"), at, each))),
        **found,
    )
    return survey, table.faults


def _require_shallow(values: Mapping[str, Any]) -> None:
    level: list[Any] = [values]
    for _depth in range(DEEPEST):
        within = (each.values() if isinstance(each, Mapping) else each for each in level)
        level = [part for parts in within for part in parts if isinstance(part, Mapping | list)]
        if not level:
            return
    message = _("There are more than {most} levels of tables and lists within each other.").format(most=DEEPEST)
    raise BadDefinition([DefinitionFault(_("survey"), message, _("Take conditions apart."))])


def _fields(table: Table, kind: type[Any], skip: set[str] | None = None) -> dict[str, Any]:
    """What a table says of each field of a class, read as the field's type asks."""
    wanted = [each for each in fields(kind) if each.name not in (skip or set())]
    return {each.name: _READERS[each.type](table, each.name, each.default) for each in wanted}


def _placed(noun: str, number: int, values: Any) -> str:
    name = values.get("name") if isinstance(values, Mapping) else None
    return f"{noun} {number} (“{name}”)" if name else f"{noun} {number}"


def _page(table: Table) -> Page:
    table.known([{"questions": "question", **LISTS}.get(each.name, each.name) for each in fields(Page)])
    prefix = f"{table.place}, {_('question')}"
    found = table.tables("question", lambda at, each: _placed(prefix, at, each))
    questions = [_question(each) for each in found]
    return Page(
        **_fields(table, Page, skip={"questions"}),
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
    return kind(**_fields(table, kind))


def _choices(table: Table, key: str, _default: Any) -> tuple[Choice, ...]:
    found = table.tables(key, lambda at, each: _placed(f"{table.place}, {key}", at, each))
    for each in found:
        each.known([each.name for each in fields(Choice)])
    return tuple(
        Choice(
            each.name(CHOICE_NAME),
            each.text("label", needed=True),
            _condition(each, "show_if"),
            each.flag("fixed"),
            each.text("image"),
            each.flag("exclusive"),
            each.number("score"),
        )
        for each in found
    )


def _things(kind: type[Any]) -> Callable[[Table, str, Any], tuple[Any, ...]]:
    """A reader of the list of such things."""

    def read(table: Table, key: str, _default: Any) -> tuple[Any, ...]:
        noun = LISTS[key]
        found = table.tables(noun, lambda at, each: _placed(f"{table.place}, {noun}", at, each))
        for each in found:
            each.known([part.name for part in fields(kind)])
        return tuple(kind(**_fields(each, kind)) for each in found)

    return read


def _loop(table: Table, key: str, _default: Any) -> Loop | None:
    if key not in table.values:
        return None
    inner = table.within(table.values[key], f"{table.place}, {key}")
    inner.known([each.name for each in fields(Loop)])
    return Loop(**_fields(inner, Loop)) if inner.values else None


def _names(table: Table, key: str, _default: Any) -> tuple[str, ...]:
    found = table.values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        table.fault(_("“{key}” must be a list of names.").format(key=key), _('Write {key} = ["…"].').format(key=key))
        return ()
    return tuple(found)


def _words(table: Table, key: str, _default: Any) -> dict[str, str]:
    if key not in table.values:
        return {}
    inner = table.within(table.values[key], f"{table.place}, {key}")
    return {str(name): inner.text(name) for name in inner.values}


def _languages(table: Table, key: str, _default: Any) -> dict[str, dict[str, str]]:
    if key not in table.values:
        return {}
    inner = table.within(table.values[key], f"{table.place}, {key}")
    return {str(name): _words(inner, name, None) for name in inner.values}


def _condition(table: Table, key: str, _default: Any = None) -> Condition | None:
    written = table.values.get(key)
    if written is None:
        return None
    if isinstance(written, str):
        return Formula(table.text(key)) if written.strip() else None
    inner = table.within(written, f"{table.place}, {key}")
    return _part(inner) if inner.values else None


def condition_in(written: Any) -> Condition | None:
    """A condition by itself, as it stands in a table, as far as it can be read."""
    return _condition(Table({"it": written}, ""), "it")


def _part(table: Table) -> Condition:
    for key in ("all", "any"):
        if key in table.values:
            table.known([key])
            parts = table.values[key]
            if not parts:
                table.fault(_("“{key}” is empty.").format(key=key), _("Put rules into it or take it out."))
            return Group(every=key == "all", parts=_parts(table, key))
    return _rule(table)


def _parts(table: Table, key: str) -> tuple[Condition, ...]:
    found = table.values[key]
    if not isinstance(found, list):
        return tuple(_part(each) for each in table.tables(key, lambda _at, _each: table.place))
    places = [f"{table.place} {at}" for at in range(1, len(found) + 1)]
    return tuple(
        Formula(each.strip()) if isinstance(each, str) else _part(table.within(each, place))
        for each, place in zip(found, places, strict=True)
    )


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


def _text(table: Table, key: str, default: Any) -> str:
    if key in table.values or default is MISSING:
        return table.text(key, needed=default is MISSING)
    return str(default)


_READERS: Mapping[Any, Callable[[Table, str, Any], Any]] = {
    str: lambda table, key, default: table.name() if key == "name" else _text(table, key, default),
    bool: lambda table, key, _default: table.flag(key),
    int: lambda table, key, default: table.whole(key, default),
    float | None: lambda table, key, default: table.number(key) if key in table.values else default,
    tuple[Choice, ...]: _choices,
    tuple[Jump, ...]: _things(Jump),
    tuple[End, ...]: _things(End),
    tuple[Quota, ...]: _things(Quota),
    tuple[Arm, ...]: _things(Arm),
    tuple[Computed, ...]: _things(Computed),
    tuple[str, ...]: _names,
    Mapping[str, str]: _words,
    Mapping[str, Mapping[str, str]]: _languages,
    Loop | None: _loop,
    Condition | None: _condition,
}
