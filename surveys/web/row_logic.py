"""What the rows of the editor's forms need for their logic: conditions in words and as menus, and what can be named."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import Posted
from surveys.domain.condition_forms import Options, subjects
from surveys.domain.controls import Control
from surveys.domain.definitions import FINISH, Page, Survey
from surveys.domain.filter_words import shortened
from surveys.domain.form_tables import first_of
from surveys.domain.row_conditions import RowCondition, row_conditions


@dataclass(frozen=True)
class RowLogic:
    """What the rows of a form need for their logic.

    Each condition by its field's name, and what it may look at; `places` has what a field that names something can
    name, by its list and its own name; `known` has what is named already, where more can be written beside it.
    """

    conditions: Mapping[str, RowCondition]
    subjects: Options
    places: Mapping[str, Options] = field(default_factory=dict)
    known: Mapping[str, Collection[str]] = field(default_factory=dict)


def row_logic(
    form: Posted, controls: Sequence[Control], survey: Survey, before_page: str = "", **named: Any
) -> RowLogic:
    """The conditions of the rows, which may look at what is asked before that page; without one at everything."""
    return RowLogic(row_conditions(form, controls, survey), subjects(survey, before_page), **named)


def page_logic(form: Posted, controls: Sequence[Control], survey: Survey, page: Page) -> RowLogic:
    """For the jumps of a page, which look at its own answers too, and for the question that it is repeated over."""
    number = survey.pages.index(page) + 1
    later = [(each.name, page_title(each, at)) for at, each in enumerate(survey.pages[number:], number + 1)]
    ends = [(each.name, _("End: {words}").format(words=shortened(each.text))) for each in survey.ends]
    jumps = [*later, *ends, (FINISH, _("The end of the survey"))]
    earlier = [each for before in survey.pages[: number - 1] for each in before.questions if each.answerable]
    places = {"jump to": jumps, "repeat over": [(each.name, shortened(each.text)) for each in earlier]}
    return row_logic(form, controls, survey, next((name for name, _title in later), ""), places=places)


def head_logic(form: Posted, controls: Sequence[Control], survey: Survey) -> RowLogic:
    """For quotas, which count for answers from anywhere and lead to the ends that are written beside them."""
    ends = [first_of(form, f"end-{key}-name") for key in form.get("end", ())]
    return row_logic(form, controls, survey, known={"quota end": [name for name in ends if name]})


def page_title(page: Page, number: int) -> str:
    """A page as menus have it."""
    place = _("Page {number}").format(number=number)
    return f"{place}: {page.title}" if page.title else place
