"""Questions drawn for the form: one that nobody has filled in looks alike to everybody, and is drawn once a process."""

from collections.abc import Iterable

from markupsafe import Markup

from core.web.rendering import fragment
from surveys.domain.definitions import Survey
from surveys.domain.questions import Question
from surveys.web.form_sheets import Asked

MOST = 4096
TEMPLATE = "public/survey/asked.html"
_kept: dict[tuple[int, str], tuple[Question, Markup]] = {}
"""By the identity of the question, which the entry keeps alive; nothing that anybody filled in, nothing made of it."""


def drawn(questions: Iterable[Asked], spoken: Survey, language: str) -> list[Markup]:
    """Each question as HTML; `spoken` is the survey in that language."""
    return [_drawn(each, language) if _same_for_all(each, spoken) else _made(each, language) for each in questions]


def _same_for_all(asked: Asked, spoken: Survey) -> bool:
    """Say whether it is as the survey has it: neither filled in nor faulty, nor shaped for one person."""
    return asked.blank and not asked.errors and spoken.by_name.get(asked.question.name) is asked.question


def _drawn(asked: Asked, language: str) -> Markup:
    key = (id(asked.question), language)
    known = _kept.get(key)
    if known is None:
        if len(_kept) >= MOST:
            _kept.clear()
        known = _kept[key] = (asked.question, _made(asked, language))
    return known[1]


def _made(asked: Asked, language: str) -> Markup:
    return fragment(TEMPLATE, language, asked=asked)
