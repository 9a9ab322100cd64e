"""What of a survey one path leaves out, and why: for a test run, where somebody looks at the way the survey goes."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.language import gettext as _
from surveys.domain.branching import Path
from surveys.domain.definitions import Page, Survey
from surveys.domain.rule_words import told


@dataclass(frozen=True, slots=True)
class Way:
    """A page on the path: how many of its questions are answered, and whether it is the one that is shown now."""

    name: str
    title: str
    asked: int
    answered: int
    here: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A page or question that this path leaves out, with the reason in words."""

    text: str
    why: str


def way(road: Path, here: str) -> list[Way]:
    """The pages of the path, in order."""
    return [
        Way(
            stop.name,
            stop.page.title,
            sum(1 for each in stop.questions if each.answerable),
            sum(1 for each in stop.questions if road.answers.get(each.name)),
            stop.name == here,
        )
        for stop in road.stops
    ]


def missing(survey: Survey, road: Path) -> list[Missing]:
    """Everything that the path leaves out, in the order of the survey; of a loop, what no round of it asks."""
    return list(_missing(survey, road))


def _missing(survey: Survey, road: Path) -> Iterator[Missing]:
    met = {survey.unrolled.origins[stop.name].page for stop in road.stops}
    asked = {question.name for stop in road.stops for question in stop.questions}
    for page in survey.pages:
        if page.name not in met:
            yield Missing(_("Page “{name}”").format(name=page.title or page.name), _why(page, survey, road))
        elif page.repeat is None:
            for question in page.questions:
                if question.name not in asked:
                    yield Missing(question.text, _only_if(told(question.show_if, survey)))


def _why(page: Page, survey: Survey, road: Path) -> str:
    if road.ending and page.name in _after(survey, road):
        return _("the survey ends before it")
    if page.show_if:
        return _only_if(told(page.show_if, survey))
    if page.repeat:
        return _("there is nothing to repeat it for")
    if all(each.show_if for each in page.questions):
        return _("none of its questions is asked")
    return _("a jump passes it by")


def _after(survey: Survey, road: Path) -> set[str]:
    """The pages after the last one of the path."""
    last = survey.unrolled.origins[road.stops[-1].name].page
    names = [page.name for page in survey.pages]
    return set(names[names.index(last) + 1 :])


def _only_if(words: str) -> str:
    return _("shown only if {rule}").format(rule=words)
