"""May this definition follow that one? For new versions of a survey that already has answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import Choice
from surveys.domain.definition_faults import BadDefinition, DefinitionFault
from surveys.domain.definitions import Survey
from surveys.domain.places_told import place_of
from surveys.domain.questions import Question

FURTHER = ("other", "none", "not_applicable", "refusal")
"""The fields whose words offer a further answer."""


def require_succession(old: Survey, new: Survey) -> None:
    """Refuse a new version in which a name means something else: answers to it could not be counted together.

    Raises:
        BadDefinition: naming each question.
    """
    faults = list(_changes(old, new))
    if faults:
        raise BadDefinition(faults)


def _changes(old: Survey, new: Survey) -> Iterator[DefinitionFault]:
    remedy = _("Keep what was published and give the changed question a new name.")
    for question in new.questions():
        former = old.by_name.get(question.name)
        if former is not None and former.kind != question.kind:
            message = _("It was of kind “{old}” before, and is “{new}” now.").format(old=former.kind, new=question.kind)
            yield DefinitionFault(place_of(question), message, remedy)
        elif former is not None and _measure(former) != _measure(question):
            yield DefinitionFault(place_of(question), _("Its scale is not the one published before."), remedy)


def _measure(question: Question) -> tuple[object, ...]:
    """What the numbers of an answer mean: the points of a scale in order."""
    scale = [point.name for point in getattr(question, "scale", ())]
    return (scale, getattr(question, "highest", None))


def asked_ever(versions: Sequence[Survey]) -> list[tuple[Question, bool]]:
    """Every question that any version asked, in its newest wording, and whether the newest version asks it.

    Choices and rows that only earlier versions had stand at the end of theirs, and “other”, “none of these”, “not
    applicable” and “prefer not to say” stay, so that no answer is lost.

    Args:
        versions: newest first.
    """
    found: dict[str, tuple[Question, bool]] = {}
    for place, survey in enumerate(versions):
        for question in survey.questions():
            newer, current = found.get(question.name, (question, place == 0))
            found[question.name] = (_with_former(newer, question), current)
    return list(found.values())


def _with_former(newer: Question, older: Question) -> Question:
    for key in ("choices", "rows", "across"):
        kept: tuple[Choice, ...] = getattr(newer, key, ())
        former: tuple[Choice, ...] = getattr(older, key, ())
        gone = tuple(each for each in former if each.name not in {choice.name for choice in kept})
        if gone:
            longer: dict[str, Any] = {key: (*kept, *gone)}
            newer = replace(newer, **longer)
    kept_words = {key: getattr(older, key, "") for key in FURTHER if getattr(newer, key, None) == ""}
    again: dict[str, Any] = {key: words for key, words in kept_words.items() if words}
    return replace(newer, **again) if again else newer
