"""A rating that stands in the invitation's mail: it pre-selects on the page, and only a press there stores it (G11)."""

from collections.abc import Iterable, Mapping

from surveys.domain.cells import Answers, Posted
from surveys.domain.definitions import Survey
from surveys.domain.kinds.rating_scale import Scale
from surveys.domain.questions import Question


def first_rating(survey: Survey) -> Scale | None:
    """The rating that the survey begins with, so that its numbers may stand in the mail; None where it is no rating.

    Only the first question of all, asked of everybody: the link must lead to the page on which it stands.
    """
    first = survey.pages[0]
    question = first.questions[0]
    plain = first.show_if is None and first.repeat is None and question.show_if is None
    return question if plain and isinstance(question, Scale) else None


def preselected(questions: Iterable[Question], answers: Answers, wanted: Mapping[str, str]) -> Posted | None:
    """The fields of a page with a rating pre-selected that its link names; None where it names none that is open.

    What was answered already stays as it is, whatever the link says; so does what is no number of the scale.
    """
    asked = list(questions)
    for question in asked:
        value = wanted.get(question.name, "")
        if not value or not isinstance(question, Scale) or answers.get(question.name):
            continue
        if question.read({question.name: [value]}).cells:
            fields: dict[str, list[str]] = {question.name: [value]}
            for other in asked:
                fields |= other.fields(answers.get(other.name, ())) if other is not question else {}
            return fields
    return None
