"""One press of a button on a page of the form: from posted fields to answers, faults, and where to go next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from surveys.domain.branching import Path, Setting, Stop, nearest, path
from surveys.domain.cells import Answers, Cells, Fault, Posted
from surveys.domain.definitions import Survey
from surveys.domain.questions import Question
from surveys.domain.young_answers import impossible


class Go(StrEnum):
    """Which button was pressed."""

    NEXT = "next"
    BACK = "back"


@dataclass(frozen=True)
class Submission:
    """What a page's fields hold: answers that may be stored (empty: cleared), and faults."""

    answers: Answers
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Step:
    """What one press leads to.

    `changed` is to be stored; `page` is the page to show now; `complete` says that the response is whole, and then
    `answers` is all that remains of it, computed values among them, and `ending` names the end it came to. With
    `faults` nothing is to be stored. `road` is the path as it is after this press.
    """

    changed: Answers
    answers: Answers
    page: str
    faults: tuple[Fault, ...] = ()
    complete: bool = False
    ending: str = ""
    road: Path | None = None


_HERE = Setting()


def submit(questions: Iterable[Question], posted: Posted, today: date | None = None) -> Submission:
    """Read the fields of these questions; a question with a fault has no answer here at all.

    Births and ages are held against `today`, where that is known.
    """
    answers: dict[str, Cells] = {}
    faults: list[Fault] = []
    for question in questions:
        reading = question.read(posted)
        found = [*reading.faults, *impossible(question, reading.cells, today)]
        faults += found
        if not found and question.answerable:
            answers[question.name] = reading.cells
    return Submission(answers, tuple(faults))


def advance(survey: Survey, answers: Answers, page: str, posted: Posted, go: Go, *, setting: Setting = _HERE) -> Step:
    """Take the posted fields of a page and say what follows.

    Going back keeps what can be kept and complains about nothing. A page that is not on the path (another tab
    changed an earlier answer) stores nothing and leads back onto the path. After the last page the response is
    complete if no page lacks a required answer; otherwise the first one that does is next.
    """
    road = path(survey, answers, setting)
    stop = road.stop(page)
    if stop is None:
        return Step({}, answers, nearest(survey, road, page).name, road=road)
    for question in stop.questions:
        posted = question.carried(posted, answers.get(question.name, ()))
    submission = submit(stop.questions, posted, setting.today)
    if submission.faults and go is Go.NEXT:
        return Step({}, answers, page, submission.faults, road=road)
    merged = {name: cells for name, cells in {**answers, **submission.answers}.items() if cells}
    new_road = path(survey, merged, setting)
    if go is Go.BACK:
        return Step(submission.answers, merged, (new_road.before(page) or stop).name, road=new_road)
    return _onwards(survey, new_road, submission.answers, merged, new_road.after(page))


def _onwards(survey: Survey, road: Path, changed: Answers, merged: Answers, following: Stop | None) -> Step:
    ahead = following or road.first_owing()
    if ahead is not None:
        return Step(changed, merged, ahead.name, road=road)
    computed = {each.name: road.answers.get(each.name, ()) for each in survey.computed}
    kept = {**changed, **{name: cells for name, cells in road.answers.items() if merged.get(name) != cells}}
    return Step({**kept, **computed}, road.answers, "", complete=True, ending=road.ending, road=road)
