"""How each field of a survey, page, question or choice is written in a form: read off its class, for the editor."""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin

from core.language import gettext as _
from surveys.domain.control_words import HELP, label_of
from surveys.domain.show_rules import Condition
from surveys.domain.survey_tables import LISTS


class Writing(StrEnum):
    """What somebody writes a field with."""

    LINE = "line"
    AREA = "area"
    TICK = "tick"
    NUMBER = "number"
    PICK = "pick"
    LINES = "lines"
    ROWS = "rows"
    RULES = "rules"
    WHEN = "when"
    TOML = "toml"


AREAS = frozenset({"text", "hint", "intro", "thanks", "purpose"})


@dataclass(frozen=True, slots=True)
class Control:
    """One field of a form, named as in a file.

    `row` has the fields of each row, of which there is at most one where `single`; `mapping` says that what is written
    as in a file is a table's lines, not a value.
    """

    name: str
    label: str
    writing: Writing
    help: str = ""
    default: Any = ""
    needed: bool = False
    options: tuple[tuple[str, str], ...] = ()
    row: tuple["Control", ...] = ()
    single: bool = False
    mapping: bool = False


def controls_of(kind: type[Any], skip: Collection[str] = (), *, inside: bool = False) -> tuple[Control, ...]:
    """The fields of a class in order; `inside` a row, what has rows of its own is written as in a file."""
    words: Mapping[str, str] = getattr(kind, "labels", {})
    return tuple(_control(each, words, inside) for each in fields(kind) if each.name not in skip)


def _control(each: Field[Any], words: Mapping[str, str], inside: bool) -> Control:  # noqa: FBT001 - one of two places
    writing, more = _writing(each, inside=inside)
    return Control(
        LISTS.get(each.name, each.name),
        label_of(each.name, words),
        writing,
        help=_(HELP.get(each.name, "")),
        default=_default(each),
        needed=each.default is MISSING and each.default_factory is MISSING,
        **more,
    )


def _default(each: Field[Any]) -> Any:
    if each.default_factory is not MISSING or each.default is MISSING:
        return ""
    return each.default.value if isinstance(each.default, StrEnum) else each.default


def _writing(each: Field[Any], *, inside: bool) -> tuple[Writing, dict[str, Any]]:
    if each.type in CONDITIONS:
        return (Writing.WHEN if inside else Writing.RULES), {}
    kind = _bare(each.type)
    if kind is str and each.name in AREAS and not inside:
        return Writing.AREA, {}
    if kind in PLAIN:
        return PLAIN[kind], {}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Writing.PICK, {"options": tuple((word.value, label_of(word.value)) for word in kind)}
    return _several(kind, inside=inside)


CONDITIONS = (Condition | None, "Condition | None")
PLAIN: Mapping[Any, Writing] = {
    str: Writing.LINE,
    bool: Writing.TICK,
    int: Writing.NUMBER,
    float: Writing.NUMBER,
    tuple[str, ...]: Writing.LINES,
}


MAPPINGS = (dict, Mapping)


def _several(kind: Any, *, inside: bool) -> tuple[Writing, dict[str, Any]]:
    """Rows for several of one class, or for one that may be there; everything else is written as in a file."""
    several = get_origin(kind) is tuple
    of = get_args(kind)[0] if several else kind
    if inside or not is_dataclass(of):
        return Writing.TOML, {"mapping": get_origin(kind) in MAPPINGS and not inside}
    assert isinstance(of, type)
    return Writing.ROWS, {"row": controls_of(of, inside=True), "single": not several}


def _bare(kind: Any) -> Any:
    """The type itself where nothing is allowed in its place."""
    given = [each for each in get_args(kind) if each is not type(None)]
    return given[0] if isinstance(kind, UnionType) and len(given) == 1 else kind
