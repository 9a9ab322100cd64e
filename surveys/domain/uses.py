"""Where a survey uses conditions and piped texts, and which questions have certainly been asked by then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.language import gettext as _
from surveys.domain.definitions import Page, Survey
from surveys.domain.piping import pipes_in
from surveys.domain.places_told import place_of, place_of_page
from surveys.domain.question_texts import lists_of, text_fields
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition


@dataclass(frozen=True)
class Use:
    """One condition, or the expressions of one text, with its place and the questions that it may look at.

    `within` are the conditions that hold where this one is asked.
    """

    place: str
    earlier: Mapping[str, Question]
    condition: Condition | None = None
    pipes: tuple[str, ...] = ()
    within: tuple[Condition, ...] = field(default=())


def uses_in(survey: Survey) -> Iterator[Use]:
    """Every use in the order of the survey; a loop is looked at in its first round."""
    seen: set[str] = set()
    yield from _piped(_("survey"), {}, intro=survey.intro)
    for page in survey.unrolled.pages:
        origin = survey.unrolled.origins[page.name].page
        if origin not in seen:
            seen.add(origin)
            yield from _on_page(page, asked_before(survey, page))
    everything = {question.name: question for question in survey.asked_questions()}
    for quota in survey.quotas:
        yield Use(f"{_('quota')} “{quota.name}”, when", everything, quota.when)
    for end in survey.ends:
        yield from _piped(f"{_('end')} “{end.name}”", everything, text=end.text)
    yield from _piped(_("survey"), everything, thanks=survey.thanks)


def _on_page(page: Page, earlier: Mapping[str, Question]) -> Iterator[Use]:
    place = place_of_page(page)
    yield Use(f"{place}, show_if", earlier, page.show_if)
    yield from _piped(place, earlier, title=page.title, text=page.text)
    outer = (page.show_if,) if page.show_if else ()
    for question in page.questions:
        yield from _of_question(question, earlier, outer)
    after = {**earlier, **{question.name: question for question in page.questions}}
    for number, jump in enumerate(page.jumps, 1):
        yield Use(f"{place}, jump {number}, when", after, jump.when, within=outer)


def _of_question(question: Question, earlier: Mapping[str, Question], outer: tuple[Condition, ...]) -> Iterator[Use]:
    place = place_of(question)
    yield Use(f"{place}, show_if", earlier, question.show_if, within=outer)
    yield from _piped(place, earlier, **{key: getattr(question, key) for key in text_fields(type(question))})
    inner = (*outer, question.show_if) if question.show_if else outer
    for key, choices in lists_of(question):
        for each in choices:
            yield Use(f"{place}, {key} “{each.name}”, show_if", earlier, each.show_if, within=inner)
            yield from _piped(f"{place}, {key} “{each.name}”", earlier, label=each.label)


def _piped(place: str, earlier: Mapping[str, Question], **texts: str) -> Iterator[Use]:
    for key, text in texts.items():
        if pipes := tuple(pipes_in(text)):
            yield Use(f"{place}, {key}", earlier, pipes=pipes)


def asked_before(survey: Survey, page: Page) -> dict[str, Question]:
    """The questions that stand before this page in everybody's order, whatever blocks exchange places."""
    stretches = survey.stretches
    moving = [place for place, (block, _pages) in enumerate(stretches) if block]
    own = next(place for place, (_block, pages) in enumerate(stretches) if page in pages)
    found: list[Page] = []
    for place, (block, pages) in enumerate(stretches):
        if place == own:
            found += pages[: pages.index(page)]
        elif _always_before(place, own, bool(block), moving):
            found += pages
    return {question.name: question for each in found for question in each.questions}


def _always_before(place: int, own: int, moves: bool, moving: list[int]) -> bool:  # noqa: FBT001 - a fact, not a switch
    """Whether the stretch at `place` comes before the one at `own` in every order."""
    earliest = moving[0] if own in moving else own
    latest = moving[-1] if moves else place
    return latest < earliest
