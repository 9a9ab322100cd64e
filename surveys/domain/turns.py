"""One turn of the form: a press seen with what stands around the pages, the review and the button that stays."""

from dataclasses import dataclass, replace
from enum import StrEnum

from surveys.domain.answering import Go, Step, advance
from surveys.domain.branching import Setting, path
from surveys.domain.cells import Answers, Posted
from surveys.domain.definitions import Survey

REVIEW = "-review"
"""The page on which all answers are shown before they are sent; no page of a survey can be named so."""


class Act(StrEnum):
    """Which button was pressed; `stay` keeps what can be kept and shows the same page, as autosave does."""

    NEXT = "next"
    BACK = "back"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Turn:
    """One press on one page, with the fields of its form."""

    page: str
    posted: Posted
    act: Act = Act.NEXT


def take_turn(survey: Survey, answers: Answers, turn: Turn, setting: Setting) -> Step:
    """Take the press and say what follows, as `advance` does; with the review before the response is whole."""
    if turn.page == REVIEW and survey.review:
        return _from_review(survey, answers, turn.act, setting)
    go = Go.NEXT if turn.act is Act.NEXT else Go.BACK
    step = advance(survey, answers, turn.page, turn.posted, go, setting=setting)
    if turn.act is Act.STAY:
        stays = step.road is not None and step.road.stop(turn.page) is not None
        return replace(step, page=turn.page) if stays else step
    if step.complete and survey.review and not step.ending:
        kept = advance(survey, answers, turn.page, turn.posted, Go.BACK, setting=setting)
        return replace(kept, page=REVIEW)
    return step


def _from_review(survey: Survey, answers: Answers, act: Act, setting: Setting) -> Step:
    """Send what was reviewed, if it is whole still; or go back to the last page."""
    road = path(survey, answers, setting)
    last = road.stops[-1]
    if act is not Act.NEXT:
        return Step({}, answers, REVIEW if act is Act.STAY else last.name, road=road)
    owing = road.first_owing()
    if owing is not None:
        return Step({}, answers, owing.name, road=road)
    fields: dict[str, list[str]] = {}
    for question in last.questions:
        fields |= question.fields(road.answers.get(question.name, ()))
    return advance(survey, answers, last.name, fields, Go.NEXT, setting=setting)
