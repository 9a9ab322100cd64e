"""Which pages and questions one person sees: a pure function of the definition and the answers so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from surveys.domain.cells import Answers, Cells, Fault
from surveys.domain.definitions import Page, Survey
from surveys.domain.questions import Question


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a path depends on beside the answers: a number that decides all chances, and who is asked, how and when.

    `contact` are fields of the person for conditions and texts; `language` is empty for the survey's own.
    """

    seed: int = 0
    contact: Mapping[str, str | float] = field(default_factory=dict)
    language: str = ""
    today: date | None = None


@dataclass(frozen=True)
class Stop:
    """A page on the path with those of its questions that are asked."""

    page: Page
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """The page's name."""
        return self.page.name


@dataclass(frozen=True, slots=True)
class Progress:
    """“Page `number` of `count`” on the path as the answers so far draw it; hidden pages are not counted."""

    number: int
    count: int

    @property
    def percent(self) -> int:
        """How much lies behind."""
        return round(100 * (self.number - 1) / self.count)


@dataclass(frozen=True)
class Path:
    """The pages one person sees, in order.

    Answers off the path stand `aside`: they are kept while the response is open and count for nothing. `ending` names
    the end that the path leads to; empty where it completes the survey.
    """

    stops: tuple[Stop, ...]
    answers: Answers
    aside: Answers = field(default_factory=dict)
    ending: str = ""

    def stop(self, name: str) -> Stop | None:
        """The page of that name, if it is on the path."""
        return next((stop for stop in self.stops if stop.name == name), None)

    def progress(self, name: str) -> Progress:
        """How far that page is along the path."""
        names = [stop.name for stop in self.stops]
        return Progress(names.index(name) + 1, len(names))

    def after(self, name: str) -> Stop | None:
        """The next page; None after the last."""
        place = [stop.name for stop in self.stops].index(name) + 1
        return self.stops[place] if place < len(self.stops) else None

    def before(self, name: str) -> Stop | None:
        """The page before; None before the first."""
        place = [stop.name for stop in self.stops].index(name)
        return self.stops[place - 1] if place else None

    def first_owing(self) -> Stop | None:
        """The first page that still lacks a required answer."""
        return next((stop for stop in self.stops if owed(stop, self.answers)), None)


_HERE = Setting()


def path(survey: Survey, answers: Answers, setting: Setting = _HERE) -> Path:  # noqa: ARG001 - until chances are drawn
    """Walk through the survey once, in order; a rule sees only answers that are themselves on the path."""
    effective: dict[str, Cells] = {}
    stops: list[Stop] = []
    for page in survey.pages:
        asked = tuple(each for each in page.questions if each.shown(effective)) if page.shown(effective) else ()
        if asked:
            stops.append(Stop(page, asked))
        effective |= {each.name: answers[each.name] for each in asked if answers.get(each.name)}
    aside = {name: cells for name, cells in answers.items() if name not in effective and cells}
    return Path(tuple(stops), effective, aside)


def owed(stop: Stop, answers: Answers) -> tuple[Fault, ...]:
    """What a page still lacks before the survey can be completed."""
    stored: Mapping[str, Cells] = answers
    return tuple(
        fault
        for question in stop.questions
        for fault in question.read(question.fields(stored.get(question.name, ()))).faults
    )


def nearest(survey: Survey, road: Path, wanted: str) -> Stop:
    """The wanted page, or where it is not on the path the last one before it, or the first.

    The first page is always on the path: it can have no rule, since nothing comes before it.
    """
    order = [page.name for page in survey.pages]
    place = order.index(wanted) if wanted in order else 0
    return [stop for stop in road.stops if order.index(stop.name) <= place][-1]
