"""A fresh question when it is first worded: named after its wording, its example answers make way; for the editor."""

import re
from collections.abc import Mapping
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import Posted
from surveys.domain.choice_names import free_name, name_from
from surveys.domain.definition_tables import NAME
from surveys.domain.definitions import Survey
from surveys.domain.expressions.known_names import RESERVED
from surveys.domain.expressions.lexing import WORDS
from surveys.domain.form_tables import Fields, first_of
from surveys.domain.questions import Question

NUMBERED = re.compile(r"question_\d+")
MOST_WORDS = 4


def worded(form: Posted, question: Question, survey: Survey) -> Fields:
    """The form with a name from the wording where nobody gave one, and without examples beside lines of answers."""
    found = {name: list(values) for name, values in form.items()}
    for key, examples in question.skeleton().items():
        if first_of(form, f"{key}-lines"):
            found[key] = [row for row in found.get(key, []) if not _is_example(form, f"{key}-{row}", examples)]
    if NUMBERED.fullmatch(question.name) and question.text == _("New question"):
        found["name"] = [_named(form, question, survey)]
    return found


def _is_example(form: Posted, row: str, examples: list[Mapping[str, Any]]) -> bool:
    return any(all(first_of(form, f"{row}-{key}") == value for key, value in each.items()) for each in examples)


def _named(form: Posted, question: Question, survey: Survey) -> str:
    """A name of the first words, if nobody wrote one and they make one."""
    given, text = first_of(form, "name"), first_of(form, "text")
    words = "_".join(re.findall(r"[a-z0-9]+", name_from(text))[:MOST_WORDS])
    wanted = given == question.name and text != question.text and name_from(text) != name_from("")
    if not wanted or not NAME.fullmatch(words) or words in RESERVED | WORDS:
        return given
    return free_name(words, survey.by_name)
