"""How places of a definition are named in faults, and names that are given twice; for all checks."""

from collections import Counter
from collections.abc import Iterator, Sequence

from core.language import gettext as _
from surveys.domain.definition_faults import DefinitionFault
from surveys.domain.definitions import Page
from surveys.domain.questions import Question


def place_of(question: Question) -> str:
    """How a question is named in a fault."""
    return f"{_('question')} “{question.name}”"


def place_of_page(page: Page) -> str:
    """How a page is named in a fault."""
    return f"{_('page')} “{page.name}”"


def repeated(place: str, noun: str, names: Sequence[str]) -> Iterator[DefinitionFault]:
    """What is named twice."""
    for name, times in Counter(names).items():
        if times > 1:
            message = _("Two of kind “{noun}” are named “{name}”.").format(noun=noun, name=name)
            yield DefinitionFault(place, message, _("Give one of them another name."))
