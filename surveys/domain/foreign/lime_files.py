"""Surveys of LimeSurvey (.lss) as tables of ours."""

from typing import Any

from core.language import gettext as _
from surveys.domain.foreign.assembling import Assembly, ForeignPage, ForeignQuestion
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.conditions_told import Target
from surveys.domain.foreign.finishing import finished
from surveys.domain.foreign.lime_kinds import Telling, told_kind
from surveys.domain.foreign.lime_rows import Row, lime_rows
from surveys.domain.foreign.lime_structure import LimeGroup, LimeQuestion, structure_of

PROGRAM = "LimeSurvey"
_TAILS = (".naok", ".value", ".code", ".shown", ".valuenaok")


class _Targets(dict[str, Target]):
    """What conditions may ask about: LimeSurvey's names with their tails, such as Q1.NAOK."""

    def get(self, name: str, default: Target | None = None) -> Target | None:  # type: ignore[override]  # one sort of key
        """The target of that name, with or without its tail."""
        plain = next((name[: -len(tail)] for tail in _TAILS if name.lower().endswith(tail)), name)
        return super().get(plain, default)


def read_lime(content: bytes) -> Carried:
    """The survey of a LimeSurvey structure file.

    Raises:
        BadInput: it is no such file.
    """
    tables = lime_rows(content)
    survey = next(iter(tables.get("surveys", ())), {})
    everything = Assembly(PROGRAM, survey.get("language") or "en")
    everything.targets = _Targets()
    for number, group in enumerate(structure_of(tables), 1):
        _page(everything, group, number)
    return _finished(everything, tables.get("surveys_languagesettings", ()), survey)


def _finished(everything: Assembly, settings: Any, survey: Row) -> Carried:
    said: dict[str, dict[str, str]] = {}
    for row in settings:
        for key in ("title", "description", "welcometext", "endtext"):
            if row.get(f"surveyls_{key}"):
                said.setdefault(key, {})[row.get("surveyls_language", "")] = row[f"surveyls_{key}"]
    place = _("survey")
    title = everything.words(said.get("title", {}), "title", place)
    everything.head = {
        "intro": everything.words(said.get("welcometext") or said.get("description") or {}, "intro", place),
        "thanks": everything.words(said.get("endtext", {}), "thanks", place),
    }
    if survey.get("anonymized") == "Y":
        everything.report.note(place, _("Answers were anonymous there; choose so here before the first invitation."))
    return finished(everything, title, title)


def _page(everything: Assembly, group: LimeGroup, number: int) -> None:
    shown = next(iter(group.said.values()), "") or str(number)
    place = _("group “{name}”").format(name=shown[:80])
    name = everything.names.of(f"page {number}", fallback="page")
    table: dict[str, Any] = {"name": name}
    for key, said in (("title", group.said), ("text", group.about)):
        if words := everything.words(said, f"page:{name}.{key}", place):
            table[key] = words
    page = ForeignPage(table, place, (group.condition,) if group.condition else ())
    everything.pages.append(page)
    for question in group.questions:
        _question(everything, page, question)


def _question(everything: Assembly, page: ForeignPage, question: LimeQuestion) -> None:
    place = _("question “{name}”").format(name=question.code or question.number)
    made = told_kind(Telling(everything, question, place))
    if made is None:
        message = _("There is no question of kind “{kind}” here; it was left out.")
        everything.report.note(place, message.format(kind=question.kind))
        return
    for key in ("em_validation_q", "array_filter", "array_filter_exclude", "random_group", "min_answers_sub"):
        if question.attributes.get(key):
            everything.report.note(place, _("“{key}” was left out.").format(key=key))
    page.questions.append(ForeignQuestion(made, place, (question.condition,) if question.condition else ()))


def is_lime(content: bytes) -> bool:
    """Say whether a file looks like a structure of LimeSurvey."""
    return b"<LimeSurveyDocType" in content[:4096] or content.lstrip()[:5] == b"<?xml"
