"""What our own rules say of carried questions and conditions, before anybody relies on them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from core.language import gettext as _
from surveys.domain.definitions import Survey
from surveys.domain.expressions.compiling import condition
from surveys.domain.expressions.slips import Slip
from surveys.domain.questions import Question
from surveys.domain.structure_checks import language_fault
from surveys.domain.survey_tables import survey_from
from surveys.domain.translations import texts_of
from surveys.domain.uses import asked_before

LISTS = ("choices", "rows", "across", "scale")
Holder = tuple[dict[str, Any], str, Mapping[str, Question]]
"""A table that may hold a condition, the question or page that it belongs to, and what is asked before it."""


def sound_question(table: Mapping[str, Any]) -> tuple[Question | None, str]:
    """The question that a table makes; or none, and why."""
    survey, faults = survey_from({"name": "carried", "title": "…", "page": [{"name": "page", "question": [table]}]})
    if faults:
        return None, faults[0].message
    question = survey.pages[0].questions[0]
    why = next((message for message, _remedy in question.faults()), "")
    return (None, why) if why else (question, "")


def is_language(tag: str) -> bool:
    """Say whether a tag names a language that is known here."""
    return not any(True for _fault in language_fault(tag, ""))


def text_paths(table: Mapping[str, Any]) -> frozenset[str]:
    """The paths of all texts that can be translated."""
    survey, _faults = survey_from(table)
    return frozenset(each.path for each in texts_of(survey))


def drop_misfits(table: Mapping[str, Any], tell: Callable[[str, str, str], None]) -> None:
    """Take out each condition that our rules refuse, and tell whose it was, what it said and why it went."""
    survey, _faults = survey_from(table)
    for holder, owner, earlier in _holders(table, survey):
        if "show_if" in holder and (why := _misfit(survey, holder["show_if"], earlier)):
            tell(owner, holder.pop("show_if"), why)


def _holders(table: Mapping[str, Any], survey: Survey) -> Iterator[Holder]:
    for written, page in zip(table["page"], survey.pages, strict=True):
        earlier = asked_before(survey, page)
        yield written, f"page:{page.name}", earlier
        for question in written["question"]:
            yield question, question["name"], earlier
            for key in LISTS:
                yield from ((each, question["name"], earlier) for each in question.get(key, ()))


def _misfit(survey: Survey, text: str, earlier: Mapping[str, Question]) -> str:
    """Why a condition cannot stand; nothing if it can."""
    try:
        condition(text, survey.logic.known)
    except Slip as slip:
        return slip.said
    later = any(name not in earlier for name in survey.logic.named_in(text))
    return _("it looks at a question that is asked later") if later else ""
