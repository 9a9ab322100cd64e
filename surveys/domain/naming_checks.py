"""Questions whose answers name the person have no place where answers are kept apart from people (G14)."""

from core.language import gettext as _
from surveys.domain.anonymity import Anonymity
from surveys.domain.definition_faults import BadDefinition, DefinitionFault
from surveys.domain.definitions import Survey
from surveys.domain.places_told import place_of


def require_nobody_named(survey: Survey, mode: Anonymity) -> None:
    """Pass only if nobody is asked who they are by a survey that promises not to know.

    Raises:
        BadDefinition: naming each question, such as one for an address or a file.
    """
    if mode is Anonymity.IDENTIFIED:
        return
    message = _("Its answers would say whose they are, and this survey keeps answers apart from people.")
    remedy = _("Leave the question out, or choose an identified survey.")
    faults = [
        DefinitionFault(place_of(question), message, remedy) for question in survey.questions() if question.identifying
    ]
    if faults:
        raise BadDefinition(faults)
