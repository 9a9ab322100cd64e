"""Console pages for coding open texts: the frame of a question, and one text after the other, by keyboard."""

from core.errors import BadInput
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.services.code_texts import give_codes, next_text, set_frame
from surveys.services.read_texts import TextWish, read_texts
from surveys.storage.coding_frames import KEYS
from surveys.web.survey_pages import LIST, survey_of_visit
from surveys.web.text_pages import TEXTS, number_of

WHOLE_PAGE = TextWish(limit=1)


def show_coding(visit: Visit) -> Answer:
    """The next text without a code, or the one asked for, beside the frame."""
    return _show(visit)


def _show(visit: Visit, *, error: str = "", written: str | None = None) -> Answer:
    survey, name = survey_of_visit(visit), str(visit.path["question"])
    about = read_texts(visit.session, survey, name, WHOLE_PAGE, at=visit.at)
    after, at_response = number_of(visit.query("after")), number_of(visit.query("text"))
    desk = next_text(visit.session, survey, name, after=after, at_response=at_response)
    lines = "\n".join(f"{code.name} = {code.label}" for code in desk.frame)
    return visit.page(
        "console/surveys/coding.html",
        status=422 if error else 200,
        survey=survey,
        question=about.question,
        desk=desk,
        keys=KEYS,
        lines=lines if written is None else written,
        place=f"{LIST}/{survey.id}/answers/{name}",
        error=error,
        said=visit.query("said"),
    )


def change_frame(visit: Visit) -> Answer:
    """Keep the codes as they are written now."""
    survey, name = survey_of_visit(visit), str(visit.path["question"])
    written = visit.text("frame")
    try:
        set_frame(visit.session, survey, name, written)
    except BadInput as wrong:
        return _show(visit, error=str(wrong), written=written)
    return visit.redirect(f"{LIST}/{survey.id}/answers/{name}/coding?said=saved")


def code_one(visit: Visit) -> Answer:
    """Keep one text's codes and go on to the next; an untouched text is passed over."""
    survey, name = survey_of_visit(visit), str(visit.path["question"])
    response = number_of(visit.text("response"))
    give_codes(visit.session, survey, name, response, visit.texts("code"))
    return visit.redirect(f"{LIST}/{survey.id}/answers/{name}/coding?after={response}")


PLACES = (
    Place(TEXTS + "/coding", show_coding, role=Role.EDITOR),
    Place(TEXTS + "/coding", code_one, methods=("POST",), role=Role.EDITOR),
    Place(TEXTS + "/frame", change_frame, methods=("POST",), role=Role.EDITOR),
)
