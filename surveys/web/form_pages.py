"""How a sheet is shown: a page of the form, the review, the thanks, the receipt, and why there is nothing to answer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus

from babel import Locale, UnknownLocaleError
from starlette.responses import Response

from contacts.domain.leaving_tokens import preferences_token, unsubscribe_token
from core.errors import BadToken
from core.tokens import ANSWER_MAC, TokenKind, pack, unpack
from core.web.visits import Visit
from surveys.domain.anonymity import number_in_link
from surveys.domain.answers_told import told
from surveys.domain.branching import farewell, path
from surveys.domain.cells import Fault, Posted
from surveys.domain.piping import any_pipe
from surveys.domain.preselecting import preselected
from surveys.domain.translations import in_language, languages_of
from surveys.storage.answer_sheets import Sheet, Standing
from surveys.storage.invitations import NOBODY
from surveys.storage.responses import answers_of
from surveys.web.drawn_questions import drawn
from surveys.web.form_sheets import asked

STATUS = {Standing.CLOSED: HTTPStatus.GONE}
RECEIPT = 3
"""Numbers in the token of a receipt: the response, when it was completed, and that it is one."""
RECEIPT_WITHIN = timedelta(minutes=30)


def address_of(visit: Visit, sheet: Sheet | None = None) -> str:
    """The address of the form; of an anonymous one that was begun, the only thing that leads back to what was begun."""
    if sheet and sheet.pseudonym:
        numbers = (number_in_link(each) for each in (sheet.invitation.id, sheet.pseudonym))
        return "/s/" + visit.keyring.sign(TokenKind.ANSWER, pack(*numbers), ANSWER_MAC)
    return f"/s/{visit.path['token']}"


def receipt_address(visit: Visit, sheet: Sheet, here: str) -> str:
    """The address after completion, up to its last field; where the survey offers a receipt, with the key to it."""
    if not (sheet.definition and sheet.definition.receipt and sheet.response):
        return f"{here}?"
    numbers = (sheet.response.id, int(visit.at.timestamp()), RECEIPT)
    return f"{here}?receipt={visit.keyring.sign(TokenKind.ANSWER, pack(*numbers), ANSWER_MAC)}&"


def show_page(
    visit: Visit, sheet: Sheet, wanted: str, *, faults: Sequence[Fault] = (), posted: Posted | None = None
) -> Response:
    """A page of the form, or the review of all of them."""
    if not faults and sheet.reviewing(wanted):
        return _review(visit, sheet)
    stop = (sheet.road.stop(wanted) if faults else None) or sheet.stop(wanted)
    brought = visit.request.query_params
    posted = posted or preselected(stop.questions, sheet.answers, brought)
    questions = asked(
        stop.questions, sheet.answers, posted=posted, faults=faults, language=sheet.language, brought=brought
    )
    assert sheet.definition is not None
    last = sheet.road.after(stop.name) is None
    return _page(
        visit,
        sheet,
        "public/survey/form.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        stop=stop,
        questions=questions,
        files=any(each.question.kind == "file" for each in questions),
        drawn=drawn(questions, in_language(sheet.definition, sheet.language), sheet.language),
        errors={field: text for each in questions for field, text in each.errors.items()},
        progress=sheet.road.progress(stop.name),
        back=sheet.road.before(stop.name),
        last=last and not sheet.definition.review,
        to_review=last and sheet.definition.review,
        intro=sheet.road.intro,
        languages=_languages(sheet),
        shown_at=visit.text("_shown") if faults else int(visit.at.timestamp() * 1000),
        seed=sheet.seed,
        language=sheet.language,
    )


def _languages(sheet: Sheet) -> list[tuple[str, str]]:
    """The other languages of the form, each with its name in itself."""
    assert sheet.definition is not None
    return [(tag, _own_name(tag)) for tag in languages_of(sheet.definition) if tag != sheet.language]


def _own_name(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag


def _review(visit: Visit, sheet: Sheet) -> Response:
    """All answers before they are sent, each page with the way back to it."""
    pages = [(stop, told(stop.questions, sheet.road.answers)) for stop in sheet.road.stops]
    language = sheet.language
    return _page(visit, sheet, "public/survey/review.html", pages=pages, language=language, languages=_languages(sheet))


def show_ended(visit: Visit, sheet: Sheet) -> Response:
    """Why there is nothing to answer any more, or yet."""
    status = STATUS.get(sheet.standing, HTTPStatus.OK)
    words = _farewell(visit, sheet) if sheet.standing is Standing.DONE else ""
    receipt = visit.query("receipt") if visit.query("thanks") and _may_see_receipt(visit, sheet) else ""
    template = f"public/survey/{sheet.standing.value}.html"
    return _page(visit, sheet, template, status=status, farewell=words, receipt=receipt)


def show_declining(visit: Visit, sheet: Sheet) -> Response:
    """The button for who does not want to take part, where the mail says so; looking declines nothing."""
    return _page(visit, sheet, "public/survey/decline.html")


def show_refused(visit: Visit, sheet: Sheet) -> Response:
    """That somebody does not want to take part was noted."""
    return _page(visit, sheet, "public/survey/declined.html")


def show_receipt(visit: Visit, sheet: Sheet) -> Response | None:
    """A person's own answers, for half an hour after they were sent, to whoever sent them; None where not asked for."""
    if not visit.query("copy") or not _may_see_receipt(visit, sheet):
        return None
    assert sheet.definition is not None
    assert sheet.response is not None
    road = path(sheet.definition, answers_of(visit.session, sheet.response.id), sheet.setting)
    pages = [(stop, told(stop.questions, road.answers)) for stop in road.stops]
    return _page(visit, sheet, "public/survey/receipt.html", pages=pages)


def _may_see_receipt(visit: Visit, sheet: Sheet) -> bool:
    if not (visit.query("receipt") and sheet.response and sheet.response.done and sheet.definition):
        return False
    try:
        numbers = unpack(visit.keyring.open(TokenKind.ANSWER, visit.query("receipt"), ANSWER_MAC))
    except BadToken:
        return False
    ends = visit.at.timestamp() - RECEIPT_WITHIN.total_seconds()
    return len(numbers) == RECEIPT and numbers[0] == sheet.response.id and numbers[1] >= ends


def _farewell(visit: Visit, sheet: Sheet) -> str:
    """The words of the end that was reached, with what they repeat of the answers just after these were sent."""
    assert sheet.definition is not None
    ending = sheet.response.ending if sheet.response else ""
    if not visit.query("thanks") or sheet.response is None or visit.open_session is None:
        spoken = in_language(sheet.definition, sheet.language)
        end = spoken.ends_by_name.get(ending)
        words = end.text if end else spoken.thanks
        return "" if any_pipe([words]) else words
    return farewell(sheet.definition, answers_of(visit.session, sheet.response.id), ending, sheet.setting)


def _page(
    visit: Visit, sheet: Sheet, template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: object
) -> Response:
    survey = in_language(sheet.definition, sheet.language) if sheet.definition else None
    if survey is not None:
        visit.language = sheet.language
    own = sheet.invitation.address_key
    ways: Mapping[str, object] = {
        "survey": survey,
        "version": sheet.version,
        "declined": sheet.invitation.declined_at is not None,
        "thanks": bool(visit.query("thanks")),
        "completed_at": sheet.response.completed_at if sheet.response and not sheet.anonymous else None,
        "anonymity": sheet.survey.anonymity,
        "unlink_days": sheet.survey.unlink_days,
        "nobody": sheet.invitation.contact_id == NOBODY,
        "here": address_of(visit, sheet),
        "preferences_url": "/p/" + preferences_token(visit.keyring, own, 0),
        "unsubscribe_url": "/u/" + unsubscribe_token(visit.keyring, own, 0, 0),
    }
    return visit.page(template, status=status, **{**ways, **context})
