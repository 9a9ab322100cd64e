"""What a survey must be as a whole before anybody is asked: names, limits, and rules that can be met."""

from collections.abc import Iterable, Iterator

from core.language import gettext as _
from surveys.domain.definition_faults import BadDefinition, DefinitionFault
from surveys.domain.definitions import Survey
from surveys.domain.expression_checks import expression_faults
from surveys.domain.kinds.file_upload import files_fit
from surveys.domain.places_told import place_of, repeated
from surveys.domain.questions import Question
from surveys.domain.reach_checks import reach_faults
from surveys.domain.structure_checks import language_fault, structure_faults
from surveys.domain.themes import theme_faults

MOST_QUESTIONS = 500


def checked(survey: Survey, faults: Iterable[DefinitionFault] = ()) -> Survey:
    """The survey itself, if nothing is wrong with it; that all of it can be reached, `require_publishable` says.

    Raises:
        BadDefinition: with the faults found before, or all that are found here.
    """
    found = list(faults) or list(_of_survey(survey)) or [*structure_faults(survey), *expression_faults(survey)]
    if found:
        raise BadDefinition(found)
    return survey


def require_publishable(survey: Survey) -> Survey:
    """The survey itself, if every page can be reached and every condition be met.

    Raises:
        BadDefinition: naming each place.
    """
    found = list(reach_faults(survey))
    if found:
        raise BadDefinition(found)
    return survey


def _of_survey(survey: Survey) -> Iterator[DefinitionFault]:
    place = _("survey")
    if not survey.pages:
        yield DefinitionFault(place, _("There is no page."), _("Begin one with [[page]]."))
    if sum(1 for _each in survey.questions()) > MOST_QUESTIONS:
        yield DefinitionFault(place, _("There are more than {most} questions.").format(most=MOST_QUESTIONS))
    yield from language_fault(survey.language, place)
    yield from (DefinitionFault(_("theme"), message, remedy) for message, remedy in theme_faults(survey.theme))
    yield from repeated(place, _("page"), [page.name for page in survey.pages])
    yield from repeated(place, _("question"), [question.name for question in survey.questions()])
    columns = [column.name for question in survey.questions() for column in question.columns()]
    if len({question.name for question in survey.questions()}) == sum(1 for _each in survey.questions()):
        yield from repeated(place, _("export column"), columns)
    for number, page in enumerate(survey.pages, 1):
        if not page.questions:
            yield DefinitionFault(f"{_('page')} {number} (“{page.name}”)", _("There is no question on it."))
        if not files_fit(page.questions):
            message = _("Its files are more than one page can take.")
            remedy = _("At most 4 files and 7 MB a page: put some on another page.")
            yield DefinitionFault(f"{_('page')} {number} (“{page.name}”)", message, remedy)
    for question in survey.questions():
        yield from _of_question(question)


def _of_question(question: Question) -> Iterator[DefinitionFault]:
    for message, remedy in question.faults():
        yield DefinitionFault(place_of(question), message, remedy)
