"""The public link of a survey: an age screen without a hint, a code by e-mail where that is wanted, then the form.

Looking changes nothing (G11), no cookie is set, and the answers are the same for every address (P1).
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.responses import Response

from contacts.domain.signup_limits import seconds_left
from core.language import gettext, spoken
from core.tokens import ANSWER_MAC, TokenKind, pack
from core.web.visits import Answer, Place, Visit
from surveys.domain.anonymity import Access, number_in_link
from surveys.domain.kinds.hidden_value import CODE
from surveys.services.take_part import Arrival, Reception, Said, arrive, enter_code, public_survey
from surveys.storage.surveys import Survey, published

PATH = "/take/{name}"
BORN = ("day", "month", "year")
FIELDS = ("address", "born", "code")
TRAP = "website"


def show_entrance(visit: Visit) -> Answer:
    """What the survey is about, and the age screen."""
    return _page(visit, _survey(visit), "take")


def come_in(visit: Visit) -> Answer:
    """Judge what was typed, once, and lead on."""
    survey = _survey(visit)
    arrival = Arrival(
        born=(visit.text("day"), visit.text("month"), visit.text("year")),
        network=visit.network,
        agent=visit.request.headers.get("user-agent", ""),
        address=visit.text("address"),
        trap=visit.text(TRAP),
    )
    reception = arrive(visit.session, survey, arrival, visit.settings, at=visit.at)
    return _answered(visit, survey, reception, "take")


def give_code(visit: Visit) -> Answer:
    """Let in whoever has the code."""
    survey = _survey(visit)
    written, code = visit.text("address"), visit.text("code")
    reception = enter_code(visit.session, survey, written, code, visit.network, visit.settings, at=visit.at)
    return _answered(visit, survey, reception, "take_code")


def _survey(visit: Visit) -> Survey:
    survey = public_survey(visit.session, visit.path["name"])
    visit.language = spoken(published(visit.session, survey).language, visit.settings.language)
    return survey


def _answered(visit: Visit, survey: Survey, reception: Reception, page: str) -> Answer:
    if reception.said is Said.COME_IN:
        token = visit.keyring.sign(TokenKind.ANSWER, pack(number_in_link(reception.invitation)), ANSWER_MAC)
        return visit.redirect(f"/s/{token}{_codes(visit)}")
    if reception.said is Said.CODE_SENT:
        code_page = _page(visit, survey, "take_code")
        return lambda: code_page
    if reception.said is Said.NOT_TAKEN:
        return visit.page("public/survey/not_for_you.html", nobody=True)
    if reception.said is Said.TOO_OFTEN:
        later = visit.page("public/join_later.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        later.headers["Retry-After"] = str(seconds_left(visit.at))
        return later
    return _page(visit, survey, page, reception.faults)


def _codes(visit: Visit) -> str:
    """What the link brings along for hidden questions, as the end of an address; whatever is no code is left out."""
    found = [(name, code) for name, code in visit.request.query_params.items() if CODE.fullmatch(code)]
    return f"?{urlencode(found)}" if found else ""


def _page(visit: Visit, survey: Survey, page: str, faults: Mapping[str, str] | None = None) -> Response:
    return visit.page(
        f"public/survey/{page}.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        survey=published(visit.session, survey),
        anonymity=survey.anonymity,
        unlink_days=survey.unlink_days,
        nobody=True,
        known=survey.access == Access.CODE.value,
        action=f"/take/{survey.name}",
        codes=_codes(visit),
        typed={name: visit.text(name) for name in ("address", "code", *BORN)},
        trap=TRAP,
        wrong=bool(faults),
        faults={name: gettext((faults or {}).get(name, ""), visit.language) for name in FIELDS},
    )


PLACES = (
    Place(PATH, show_entrance),
    Place(PATH, come_in, methods=("POST",)),
    Place(PATH + "/code", give_code, methods=("POST",)),
)
