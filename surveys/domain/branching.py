"""Which pages and questions one person sees: a pure function of the definition, the answers so far and the setting."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from surveys.domain.cells import Answers, Cells, Fault
from surveys.domain.computed_values import cells_of
from surveys.domain.definitions import FINISH, Loop, Page, Survey
from surveys.domain.expressions.sights import Sight
from surveys.domain.questions import Question
from surveys.domain.randomising import drawn, shuffled
from surveys.domain.shaping import shaped, still_possible
from surveys.domain.show_rules import Condition, holds
from surveys.domain.translations import in_language


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
    the end that the path leads to; empty where it completes the survey. `order` has all pages, shown or not, in this
    person's order; `intro` and `farewell` are the words before and after, in the person's language. `quotas` names
    those that the response counts for once it is complete; one that comes to an end of its own counts for none.
    """

    stops: tuple[Stop, ...]
    answers: Answers
    aside: Answers = field(default_factory=dict)
    ending: str = ""
    order: tuple[str, ...] = ()
    arm: str = ""
    intro: str = ""
    farewell: str = ""
    quotas: tuple[str, ...] = ()

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

    def shown(self) -> dict[str, list[str]]:
        """What was asked in which order: the questions under "", and each shuffled list under question.list."""
        asked = [question for stop in self.stops for question in stop.questions]
        found = {"": [question.name for question in asked]}
        for question in asked:
            if question.shuffle:
                found |= {
                    f"{question.name}.{key}": [each.name for each in getattr(question, key)] for key in question.lists
                }
        return found


_HERE = Setting()


def path(survey: Survey, answers: Answers, setting: Setting = _HERE) -> Path:
    """Walk through the survey once, in order; a condition sees only answers that are themselves on the path."""
    return _Walk(in_language(survey, setting.language), answers, setting).path()


def farewell(survey: Survey, answers: Answers, ending: str, setting: Setting = _HERE) -> str:
    """The words at an end that something else than the path led to, such as a full quota; thanks where it has none."""
    walk = _Walk(in_language(survey, setting.language), answers, setting)
    road = walk.path()
    end = walk.survey.ends_by_name.get(ending)
    return walk.said(end.text) if end else road.farewell


class _Walk:
    """One walk: what was met so far decides what comes next."""

    def __init__(self, survey: Survey, answers: Answers, setting: Setting) -> None:
        self.survey = survey
        self.given = answers
        self.seed = setting.seed
        self.met: dict[str, Cells] = {}
        arm = drawn(setting.seed, "arm", survey.arms) if survey.arms else ""
        language = setting.language or survey.language
        plans = survey.logic.plans
        self.sight = Sight(self.met, setting.contact, setting.today, arm, language, plans)
        self.judge = survey.logic.judge(self.sight)
        self.rounds: dict[object, set[str]] = {}

    def path(self) -> Path:
        stops: list[Stop] = []
        pages = self.pages()
        wanted = ending = ""
        for page in pages:
            if wanted and wanted not in {page.name, self.survey.unrolled.origins[page.name].page}:
                continue
            wanted = ""
            stop = self.stop(page)
            if stop is None:
                continue
            stops.append(stop)
            if page.jumps:
                wanted = self.jump(page)
                if wanted == FINISH or wanted in self.survey.ends_by_name:
                    ending = wanted if wanted != FINISH else ""
                    break
        return self.whole(stops, pages, ending)

    def pages(self) -> list[Page]:
        """All pages in this person's order."""
        stretches = self.survey.stretches
        if self.survey.shuffle_blocks:
            stretches = tuple(shuffled(self.seed, "blocks", stretches, lambda stretch: not stretch[0]))
        return [page for _block, pages in stretches for page in pages]

    def holds(self, condition: Condition | None) -> bool:
        return condition is None or holds(condition, self.met, self.judge)

    def said(self, text: str) -> str:
        return self.survey.logic.said(text, self.sight)

    def stop(self, page: Page) -> Stop | None:
        """The page with what is asked on it; None where that is nothing."""
        if page.name in self.survey.same_for_all:
            for question in page.questions:
                if cells := self.given.get(question.name):
                    self.met[question.name] = cells
            if self.survey.computed:
                self.sight.worked_out.clear()
            return Stop(page, page.questions)
        return self.own_stop(page)

    def own_stop(self, page: Page) -> Stop | None:
        """A page that differs from person to person."""
        if not self.holds(page.show_if) or not self.in_bounds(page):
            return None
        asked = tuple(
            own
            for each in self.order(page)
            if (each.show_if is None or self.holds(each.show_if)) and (own := self.own(each))
        )
        if not asked:
            return None
        for question in asked:
            cells = self.given.get(question.name, ())
            kept = cells if self.survey.shapes[question.name].plain else still_possible(question, cells)
            if kept:
                self.met[question.name] = kept
        self.sight.worked_out.clear()
        return Stop(self.worded(page), asked)

    def in_bounds(self, page: Page) -> bool:
        """Say whether a loop has not yet been gone through as often as it may be."""
        origin = self.survey.unrolled.origins[page.name]
        if origin.loop is None:
            return True
        if origin.loop.random:
            return origin.round in self.lot(origin.loop)
        rounds = self.rounds.setdefault(origin.loop, set())
        if origin.round not in rounds and len(rounds) >= origin.loop.most:
            return False
        rounds.add(origin.round)
        return True

    def lot(self, loop: Loop) -> set[str]:
        """The rounds of a loop that fall to this person: loops over one question choose alike."""
        if loop not in self.rounds:
            order = shuffled(self.seed, f"loop {loop.over}", self.survey.unrolled.rounds[loop])
            found = [each.name for each in order if self.holds(each.when)]
            self.rounds[loop] = set(found[: loop.most])
        return self.rounds[loop]

    def order(self, page: Page) -> tuple[Question, ...]:
        if not page.shuffle:
            return page.questions
        return tuple(shuffled(self.seed, f"page {page.name}", page.questions, lambda each: not each.answerable))

    def own(self, question: Question) -> Question | None:
        shape = self.survey.shapes[question.name]
        return question if shape.plain else shaped(question, shape, self.seed, self.holds, self.said)

    def worded(self, page: Page) -> Page:
        title, text = self.said(page.title), self.said(page.text)
        return page if (title, text) == (page.title, page.text) else replace(page, title=title, text=text)

    def jump(self, page: Page) -> str:
        return next((jump.to for jump in page.jumps if self.holds(jump.when)), "")

    def whole(self, stops: list[Stop], pages: list[Page], ending: str) -> Path:
        """The path, with values worked out last of all."""
        values = {each.name: cells_of(self.sight.work_out(each.name)) for each in self.survey.computed}
        self.met |= {name: cells for name, cells in values.items() if cells}
        aside = {
            name: cells for name, cells in self.given.items() if cells and name not in self.met and name not in values
        }
        end = self.survey.ends_by_name.get(ending)
        counting = () if ending else tuple(each.name for each in self.survey.quotas if self.holds(each.when))
        return Path(
            tuple(stops),
            self.met,
            aside,
            ending,
            tuple(page.name for page in pages),
            self.sight.arm,
            self.said(self.survey.intro),
            self.said(end.text if end else self.survey.thanks),
            counting,
        )


def owed(stop: Stop, answers: Answers) -> tuple[Fault, ...]:
    """What a page still lacks before the survey can be completed."""
    stored: Mapping[str, Cells] = answers
    return tuple(
        fault
        for question in stop.questions
        for fault in question.read(question.fields(stored.get(question.name, ()))).faults
    )


def nearest(survey: Survey, road: Path, wanted: str) -> Stop:
    """The wanted page, or where it is not on the path the last one before it, or the first of the path.

    The first page of a definition is always shown, so that there is one.
    """
    order = road.order or tuple(page.name for page in survey.unrolled.pages)
    place = order.index(wanted) if wanted in order else 0
    return [stop for stop in road.stops if order.index(stop.name) <= place or stop is road.stops[0]][-1]
