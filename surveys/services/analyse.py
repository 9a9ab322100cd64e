"""Results of a survey: every question counted over the responses looked at, with its chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from surveys.domain.answer_counts import Counts, Key, Selected, count
from surveys.domain.charts import Chart, chart_of
from surveys.domain.hidden_tallies import veil
from surveys.domain.lenses import WHOLE, Lens
from surveys.domain.packed_answers import Sheet
from surveys.domain.questions import Question
from surveys.domain.statistics.masses import Mass
from surveys.domain.statistics.weighted_tallies import sureness_of, widened
from surveys.domain.tallies import Frequency, Share, Tally, median_of, share_of
from surveys.storage.answer_figures import Looked, look
from surveys.storage.answer_packs import FACTS, PACE
from surveys.storage.invitations import Turnout, turnout
from surveys.storage.responses import pages_left
from surveys.storage.surveys import Survey

SECONDS = (FACTS, "seconds")


@dataclass(frozen=True)
class Result:
    """One question with what its answers add up to; `current` is False where only earlier versions asked it.

    `base` says how many answered and what they weigh. `hidden`: some counts are hidden, as they tell of so few.
    """

    question: Question
    tally: Tally
    chart: Chart | None
    current: bool
    base: Mass = field(default_factory=Mass)
    hidden: bool = False

    @property
    def row_labels(self) -> tuple[str, ...]:
        """What stands above the shares of the rows."""
        widest = max((row.tally.shares for row in self.tally.rows), key=len, default=())
        return tuple(share.label for share in widest)

    @property
    def texts(self) -> int:
        """How many texts can be read."""
        return round(self.tally.texts)


@dataclass(frozen=True)
class PageFlow:
    """One page: who stopped there, of all who began, and the median seconds that those looked at spent on it."""

    stopped: Share
    seconds: float | None

    def facts(self) -> dict[str, Any]:
        """For programs."""
        at = self.stopped
        named = {"name": at.name, "text": at.label}
        return {**named, "stopped": int(at.count), "share": at.share, "seconds": self.seconds}


@dataclass(frozen=True)
class Results:
    """All of a survey's results, from the completed responses of all versions that were looked at.

    `pages` are those on which people stopped or that took a time, in order; `minutes` is the median time from
    beginning to end.
    """

    turnout: Turnout
    results: tuple[Result, ...]
    looked: Looked
    pages: tuple[PageFlow, ...] = ()
    minutes: float | None = None

    @property
    def versions(self) -> int:
        """How many versions were published."""
        return len(self.looked.asked.versions)

    def of(self, name: str) -> Result | None:
        """The result of one question."""
        return next((result for result in self.results if result.question.name == name), None)


def analyse(session: Session, survey: Survey, lens: Lens = WHOLE, *, at: datetime) -> Results:
    """Count everything; no answer is loaded by itself.

    Raises:
        BadInput: see `look`.
    """
    looked = look(session, survey, lens, at=at)
    results: list[Result] = []
    if not looked.withheld:
        counts = count(looked.selected, looked.weights)
        plain = Counts((1.0,) * len(looked.weights), counts.size, counts.columns, counts.given)
        for question, current in looked.asked.questions.values():
            result = _result(question, counts, plain, looked, current=current)
            if current or result.base.count:
                results.append(result)
    times = _times(looked)
    pages, minutes = _pages(session, survey, looked, times), median_of(times.get(SECONDS, ()))
    counted = turnout(session, survey.id)
    return Results(counted, tuple(results), looked, pages, None if minutes is None else minutes / 60)


def _pages(
    session: Session, survey: Survey, looked: Looked, times: Mapping[Key, Sequence[Frequency]]
) -> tuple[PageFlow, ...]:
    """Where people stand who began and did not end, and how long pages take. Of anonymous ones nobody is told."""
    if looked.anonymous:
        return ()
    stopped = pages_left(session, survey.id)
    began = sum(stopped.values()) + looked.everybody + looked.screened
    pages = {page.name: page for version in looked.asked.versions for page in version.unrolled.pages}
    labels = {name: page.title or page.questions[0].text for name, page in pages.items() if page.questions}
    places = {name: place for place, name in enumerate(pages)}
    known = {*stopped, *(page for question, page in times if question == PACE)}
    return tuple(
        PageFlow(
            share_of(name, labels.get(name, name), stopped.get(name, 0), began),
            median_of(times.get((PACE, name), ())),
        )
        for name in sorted(known, key=lambda name: (places.get(name, -1), name))
    )


def _times(looked: Looked) -> dict[Key, list[Frequency]]:
    """The seconds from beginning to end and on each page, of everybody looked at alike: nothing is weighted."""
    if looked.anonymous:
        return {}
    counts = count(Selected(_timed(each.sheet), each.mask) for each in looked.selected)
    found: dict[Key, list[Frequency]] = {}
    for question in (FACTS, PACE):
        for each in counts.frequencies(question):
            found.setdefault((question, each.row), []).append(each)
    return found


def _timed(sheet: Sheet) -> Sheet:
    return Sheet(sheet.ids, {key: column for key, column in sheet.columns.items() if key == SECONDS or key[0] == PACE})


def _result(question: Question, counts: Counts, plain: Counts, looked: Looked, *, current: bool) -> Result:
    base = counts.base(question.name)
    tally = question.tally(counts.frequencies(question.name), _whole(base.weight))
    if looked.weighed or looked.population:
        tally = widened(tally, sureness_of(base, looked.population))
    people = question.tally(plain.frequencies(question.name), base.count) if looked.weighed else tally
    shown = replace(veil(tally, people), texts=people.texts) if looked.anonymous else replace(tally, texts=people.texts)
    hidden = looked.anonymous and replace(shown, texts=0) != replace(tally, texts=0)
    return Result(question, shown, chart_of(question, shown), current, base, hidden=hidden)


def _whole(weight: float) -> float:
    """A whole number without a fraction, so that it reads like one."""
    return int(weight) if weight == int(weight) else weight
