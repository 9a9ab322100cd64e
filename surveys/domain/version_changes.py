"""What changed between two versions of a survey, in plain words: wording that may be mended, or what is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.language import gettext as _
from surveys.domain.control_words import label_of
from surveys.domain.definitions import Survey
from surveys.domain.rule_words import told
from surveys.domain.survey_files import condition_table, table_of
from surveys.domain.survey_tables import LISTS

WORDS = frozenset({
    "title", "text", "hint", "intro", "thanks", "purpose", "sponsor", "minutes", "label", "low", "high", "other",
    "none", "unit", "not_applicable", "refusal", "image", "theme", "translations", "yes", "no", "language",
    "review", "receipt",
})  # fmt: skip
"""Fields in which a change mends how something is said, not what is asked."""
LONGEST = 120


class Sort(StrEnum):
    """What a change is to whoever counts answers together."""

    WORDING = "wording"
    STRUCTURE = "structure"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what, and how it was and is; either may be empty."""

    place: str
    what: str
    sort: Sort
    before: str = ""
    after: str = ""


def changes(old: Survey, new: Survey) -> list[Change]:
    """Everything in which the new version differs, in the order of the survey."""
    return [*_head(old, new), *_pages(old, new), *_questions(old, new), *_order(old, new)]


def _head(old: Survey, new: Survey) -> Iterator[Change]:
    before, after = table_of(old), table_of(new)
    yield from _fields(_("survey"), before, after, {"page", "name"}, (old, new))


def _pages(old: Survey, new: Survey) -> Iterator[Change]:
    before = {page["name"]: page for page in table_of(old)["page"]}
    after = {page["name"]: page for page in table_of(new)["page"]}
    for name, page in after.items():
        place = _("page “{name}”").format(name=page.get("title") or name)
        if name not in before:
            yield Change(place, _("added"), Sort.STRUCTURE)
        else:
            yield from _fields(place, before[name], page, {"question", "name"}, (old, new))
    for name in before.keys() - after.keys():
        yield Change(_("page “{name}”").format(name=name), _("taken out"), Sort.STRUCTURE)


def _questions(old: Survey, new: Survey) -> Iterator[Change]:
    tables = [{each["name"]: each for page in table_of(it)["page"] for each in page["question"]} for it in (old, new)]
    before, after = tables
    for name, table in after.items():
        place = _place(name)
        if name not in before:
            yield Change(place, _("added"), Sort.STRUCTURE, after=str(table["text"]))
        else:
            yield from _fields(place, before[name], table, {"name"}, (old, new))
    for name in [name for name in before if name not in after]:
        yield Change(_place(name), _("taken out"), Sort.STRUCTURE, before=str(before[name]["text"]))


def _place(name: str) -> str:
    return _("question “{name}”").format(name=name)


def _order(old: Survey, new: Survey) -> Iterator[Change]:
    """Whether what both ask stands in another order or on another page."""
    pages = [{each.name: page.name for page in it.pages for each in page.questions} for it in (old, new)]
    both = [name for name in pages[1] if name in pages[0]]
    moved = [name for name in both if pages[0][name] != pages[1][name]]
    for name in moved:
        place = _place(name)
        yield Change(place, _("on another page"), Sort.STRUCTURE, pages[0][name], pages[1][name])
    if not moved and both != [name for name in pages[0] if name in pages[1]]:
        yield Change(_("survey"), _("questions in another order"), Sort.STRUCTURE)


def _fields(
    place: str, before: Mapping[str, Any], after: Mapping[str, Any], skip: set[str], versions: tuple[Survey, Survey]
) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        if key in skip or was == now:
            continue
        if _named(was) and _named(now):
            yield from _rows(place, key, was or [], now or [])
        else:
            sort = Sort.WORDING if key in WORDS else Sort.STRUCTURE
            yield Change(place, _label_of(key), sort, _said(was, versions[0]), _said(now, versions[1]))


def _named(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(each, Mapping) and "name" in each for each in value)
    )


def _rows(place: str, key: str, was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    """Choices, rows and other lists of named things, each compared with the one of its name."""
    before, after = {each["name"]: each for each in was}, {each["name"]: each for each in now}
    what = _label_of(key)
    for name, row in after.items():
        if name not in before:
            yield Change(place, _("{what}: added").format(what=what), Sort.STRUCTURE, after=_label(row))
        elif row != before[name]:
            differing = {part for part in {*row, *before[name]} if row.get(part) != before[name].get(part)}
            sort = Sort.WORDING if differing <= WORDS else Sort.STRUCTURE
            yield Change(place, what, sort, _label(before[name]), _label(row))
    for name, row in before.items():
        if name not in after:
            yield Change(place, _("{what}: taken out").format(what=what), Sort.STRUCTURE, before=_label(row))
    if list(after) != list(before) and set(after) == set(before):
        yield Change(place, _("{what}: in another order").format(what=what), Sort.STRUCTURE)


def _label_of(key: str) -> str:
    """What a field is called, whose lists have another name in a file."""
    return label_of(next((name for name, noun in LISTS.items() if noun == key), key))


def _label(row: Mapping[str, Any]) -> str:
    return str(row.get("label") or row.get("text") or row["name"])


def _said(value: Any, survey: Survey) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping) and value.keys() & {"question", "all", "any"}:
        return _condition(value, survey)
    text = ", ".join(map(str, value)) if isinstance(value, (list, Mapping)) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _condition(value: Mapping[str, Any], survey: Survey) -> str:
    """The words of a condition, found where the survey has it."""
    kept = [
        *(page.show_if for page in survey.pages),
        *(each.show_if for page in survey.pages for each in page.questions),
    ]
    return next((told(each, survey) for each in kept if each and condition_table(each) == value), "")
