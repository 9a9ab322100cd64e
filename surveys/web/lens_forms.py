"""The form above results by which they are filtered, weighted and corrected; for every page of results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.errors import BadInput
from core.web.visits import Visit
from surveys.domain.filter_words import Option, OptionGroup, option_groups, told_term
from surveys.domain.lenses import WHOLE, Lens, read_lens
from surveys.domain.questions import Question
from surveys.domain.suppression import LEAST
from surveys.storage.answer_figures import Looked, asked_by
from surveys.storage.surveys import Survey
from surveys.storage.weightings import weighting_of

ALWAYS = ("@language=de", "@day>=2026-11-01", "@version=2", "@segment=Customers")
"""Conditions that any survey takes, after those of its own questions."""
OWN_EXAMPLES = 2


@dataclass(frozen=True)
class Chosen:
    """One condition of the filter with the address of the page without it."""

    written: str
    told: str
    without: str


@dataclass(frozen=True)
class LensForm:
    """Everything that the form shows; `error` says why it was not used."""

    lens: Lens
    groups: Sequence[OptionGroup]
    chosen: Sequence[Chosen]
    weightable: bool
    fields: Sequence[tuple[str, str]]
    looked: Looked | None = None
    error: str = ""
    least: int = LEAST
    examples: Sequence[str] = ALWAYS


def lens_of(visit: Visit) -> Lens:
    """What the address of the page asks for.

    Raises:
        BadInput: the population is no number.
    """
    given = visit.request.query_params
    return read_lens({name: given.getlist(name) for name in given})


def lens_form(
    visit: Visit,
    survey: Survey,
    lens: Lens,
    looked: Looked | None,
    *,
    error: str = "",
    own: Mapping[str, Sequence[str]] | None = None,
) -> LensForm:
    """The form of a page with `own` fields that its address keeps."""
    questions = (looked.asked if looked else asked_by(visit.session, survey)).by_name
    kept = {name: values for name, values in (own or {}).items() if values}
    chosen = []
    for written in lens.where:
        rest = replace(lens, where=tuple(each for each in lens.where if each != written))
        chosen.append(Chosen(written, _told(written, questions, looked), f"?{rest.query(**kept)}"))
    groups = _groups(questions, looked)
    telling = (next((each.written for each in group.options if "*" not in each.written), "") for group in groups)
    examples = [each for each in telling if each][:OWN_EXAMPLES]
    return LensForm(
        lens,
        groups,
        chosen,
        weighting_of(visit.session, survey.id) is not None,
        [(name, value) for name, values in kept.items() for value in values],
        looked,
        error,
        examples=(*examples, *ALWAYS),
    )


def _told(written: str, questions: Mapping[str, Question], looked: Looked | None) -> str:
    terms = {str(term): term for term in (looked.chosen.terms if looked else ())}
    return told_term(terms[written], questions) if written in terms else written


def _groups(questions: Mapping[str, Question], looked: Looked | None) -> Sequence[OptionGroup]:
    groups = list(option_groups(questions))
    if looked and len(looked.asked.versions) > 1:
        numbers = range(len(looked.asked.versions), 0, -1)
        groups.append(OptionGroup("Version", [Option(f"@version={number}", str(number)) for number in numbers]))
    return groups


def safely(visit: Visit) -> tuple[Lens, str]:
    """The lens of the page, or the whole and what is wrong with what was asked."""
    try:
        return lens_of(visit), ""
    except BadInput as wrong:
        return WHOLE, wrong.plainly
