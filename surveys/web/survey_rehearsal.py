"""A test run in the console: the draft answered as a contact or as nobody, with its path shown; nothing is stored."""

import json
from collections.abc import Mapping
from typing import Any

from contacts.domain.addresses import PepperRing, read_address
from contacts.storage.contacts import Contact, contact_by_key, contact_numbered
from contacts.storage.peppers import keys_of
from core.errors import BadInput
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.answering import Go, Step, advance
from surveys.domain.branching import Path, Setting, path
from surveys.domain.cells import Answers, Cell
from surveys.domain.definitions import Survey
from surveys.domain.kinds.file_upload import pretended
from surveys.domain.paths_told import missing, way
from surveys.domain.translations import in_language, languages_of
from surveys.storage.definitions_kept import fields_of
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import drafted
from surveys.web.editor_forms import refused
from surveys.web.form_sheets import asked
from surveys.web.survey_asking import own_name
from surveys.web.survey_form import posted
from surveys.web.survey_pages import PAGE, survey_of_visit

LARGEST_SEED = 10**9


def show_start(visit: Visit) -> Answer:
    """Who the survey is tried as."""
    return _start(visit, survey_of_visit(visit))


def _start(visit: Visit, stored: Stored, error: BadInput | None = None) -> Answer:
    survey = drafted(visit.session, stored)
    return visit.page(
        "console/surveys/run.html",
        status=refused(error),
        survey=stored,
        languages=[(each, own_name(each)) for each in languages_of(survey)],
        address=visit.text("address"),
        error=error,
    )


def run(visit: Visit) -> Answer:
    """The first page, or what follows from a press on one; all that was answered travels in the form."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    if visit.text("act") == "begin":
        try:
            contact = _chosen(visit)
        except BadInput as error:
            return _start(visit, stored, error)
        return _show(visit, stored, survey, Step({}, {}, ""), contact)
    contact = contact_numbered(visit.session, _whole(visit.text("_contact"))) if visit.text("_contact") else None
    setting = _setting(visit, contact)
    go = Go.BACK if visit.text("_go") == Go.BACK.value else Go.NEXT
    answers = _answers(visit.text("_answers"))
    written = pretended(survey.questions(), posted(visit))
    step = advance(survey, answers, visit.text("_page"), written, go, setting=setting)
    return _show(visit, stored, survey, step, contact)


def _chosen(visit: Visit) -> Contact | None:
    """The contact of the address that was written, if one was; asked by POST, so that none stands in a URL (P1)."""
    if not visit.text("address"):
        return None
    keys = keys_of(visit.session, PepperRing.of(visit.settings), read_address(visit.text("address")))
    contact = contact_by_key(visit.session, keys.own)
    if contact is None:
        raise BadInput(_("This address is not among the contacts."), field="address")
    return contact


def _whole(written: str) -> int:
    fits = written.isascii() and written.isdigit() and len(written) < len(str(LARGEST_SEED))
    return int(written) if fits else 0


def _setting(visit: Visit, contact: Contact | None) -> Setting:
    language = visit.text("_language")
    today = visit.at.date()
    return Setting(seed=_whole(visit.text("_seed")), contact=fields_of(contact), language=language, today=today)


def _answers(written: str) -> Answers:
    """The answers that the form carried along; what cannot be read is no answer."""
    try:
        found = json.loads(written or "{}")
        return {str(name): tuple(_cell(each) for each in cells) for name, cells in found.items()}
    except (ValueError, TypeError, AttributeError, KeyError):
        return {}


def _cell(part: Mapping[str, Any]) -> Cell:
    number, text = part["number"], part["text"]
    return Cell(
        str(part["row"]),
        str(part["value"]),
        None if number is None else float(number),
        None if text is None else str(text),
    )


def _carried(answers: Answers) -> str:
    plain = {
        name: [{"row": each.row, "value": each.value, "number": each.number, "text": each.text} for each in cells]
        for name, cells in answers.items()
    }
    return json.dumps(plain, ensure_ascii=False)


def _show(visit: Visit, stored: Stored, survey: Survey, step: Step, contact: Contact | None) -> Answer:
    setting = _setting(visit, contact)
    road = path(survey, step.answers, setting)
    stop = None if step.complete else (road.stop(step.page) or road.stops[0])
    own, visit.language = visit.language, setting.language or survey.language
    answer = visit.page(
        "public/survey/rehearsal.html",
        status=422 if step.faults else 200,
        survey=in_language(survey, setting.language),
        here=f"/console/surveys/{stored.id}",
        stop=stop,
        questions=asked(
            stop.questions if stop else (),
            step.answers,
            posted=posted(visit) if step.faults else None,
            faults=step.faults,
            language=visit.language,
        ),
        errors=bool(step.faults),
        road=road,
        back=stop and road.before(stop.name),
        last=stop is None or road.after(stop.name) is None,
        progress=road.progress(stop.name) if stop else None,
        carried=_carried(step.answers),
        contact=contact,
        setting=setting,
        **_told(survey, road, stop.name if stop else ""),
    )
    visit.language = own
    return answer


def _told(survey: Survey, road: Path, here: str) -> dict[str, object]:
    return {"way": way(road, here), "missing": missing(survey, road)}


PLACES = (
    Place(PAGE + "/run", show_start, role=Role.EDITOR),
    Place(PAGE + "/run", run, methods=("POST",), role=Role.EDITOR),
)
