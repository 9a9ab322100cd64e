"""Conditions that nobody can meet and pages that nobody can come to, told before a survey is published."""

from collections.abc import Iterator

from core.language import gettext as _
from surveys.domain.definition_faults import DefinitionFault
from surveys.domain.definitions import Page, Survey
from surveys.domain.places_told import place_of_page
from surveys.domain.satisfying import Budget, can_be_met
from surveys.domain.show_rules import Condition
from surveys.domain.uses import uses_in


def reach_faults(survey: Survey) -> Iterator[DefinitionFault]:
    """Everything that would never be shown, and every jump that would never be taken."""
    budget = Budget()
    impossible: list[Condition] = []
    for use in uses_in(survey):
        if use.condition is None or any(each in impossible for each in use.within):
            continue
        if not can_be_met(survey, (*use.within, use.condition), budget):
            impossible.append(use.condition)
            remedy = _("Look at the conditions together: they exclude each other, or ask for what cannot be answered.")
            yield DefinitionFault(use.place, _("This condition can never be met."), remedy)
    reached = _reached(survey)
    for page in survey.pages:
        if page.name not in reached:
            message = _("Nobody can come to this page: every way jumps over it.")
            yield DefinitionFault(place_of_page(page), message, _("Give a jump before it a condition, or remove it."))
    for page in survey.pages:
        yield from _idle_jumps(page)


def _idle_jumps(page: Page) -> Iterator[DefinitionFault]:
    """Jumps behind one that everybody takes."""
    always = next((place for place, jump in enumerate(page.jumps) if jump.when is None), len(page.jumps))
    for number, _jump in enumerate(page.jumps[always + 1 :], always + 2):
        message = _("An earlier jump without a condition is always taken.")
        remedy = _("Put the jump without a condition last.")
        yield DefinitionFault(f"{place_of_page(page)}, jump {number}", message, remedy)


def _reached(survey: Survey) -> set[str]:
    """The pages that some way leads to, followed from the first."""
    names = [page.name for page in survey.pages]
    starts = {0, *_moving_starts(survey)}
    waiting = sorted(starts)
    reached: set[int] = set()
    while waiting:
        place = waiting.pop()
        if place >= len(names) or place in reached:
            continue
        reached.add(place)
        page = survey.pages[place]
        waiting += [names.index(jump.to) for jump in page.jumps if jump.to in names]
        if not _always_leaves(page):
            waiting.append(place + 1)
    return {names[place] for place in reached}


def _moving_starts(survey: Survey) -> list[int]:
    """Pages that come first in a block that exchanges places: any of them may follow what stands before all."""
    found = [place for place, page in enumerate(survey.pages) if page.block in survey.shuffle_blocks]
    return [place for place in found if place == 0 or survey.pages[place - 1].block != survey.pages[place].block]


def _always_leaves(page: Page) -> bool:
    """Whether everybody is shown this page and jumps away from it."""
    shown = page.show_if is None and page.repeat is None and any(each.show_if is None for each in page.questions)
    return shown and any(jump.when is None and jump.to != page.name for jump in page.jumps)
