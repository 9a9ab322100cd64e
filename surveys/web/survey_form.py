"""The form behind an invitation's link: no script, no cookie, no account; opening it stores nothing (G11)."""

from collections.abc import Mapping
from http import HTTPStatus

from contacts.domain.leaving_tokens import preferences_token, unsubscribe_token
from core.errors import BadToken
from core.tokens import ANSWER_MAC, TokenKind, pack, unpack
from core.web.visits import Answer, Place, Visit
from surveys.domain.anonymity import mark_of
from surveys.domain.answering import Go, Step
from surveys.domain.branching import Stop
from surveys.domain.cells import Posted
from surveys.services.respond import Sheet, Standing, decline, look, press
from surveys.storage.invitations import NOBODY
from surveys.storage.pseudonyms import Veil
from surveys.web.form_sheets import asked

PATH = "/s/{token}"
DECLINE = "decline"
STATUS = {Standing.CLOSED: HTTPStatus.GONE}


def show_form(visit: Visit) -> Answer:
    """The page to go on with, or the one asked for; nothing is stored by looking."""
    number, veil = _link(visit)
    if number == 0:
        return visit.page("public/survey/trial.html")
    sheet = look(visit.session, number, veil=veil)
    if sheet.standing is not Standing.OPEN:
        return _ended(visit, sheet)
    if visit.query("declined") and sheet.invitation.declined_at:
        return _page(visit, sheet, "public/survey/declined.html")
    return _form(visit, sheet, sheet.stop(visit.query("page")))


def answer_form(visit: Visit) -> Answer:
    """Store a page and lead to the next, or show what is wrong with it."""
    number, veil = _link(visit)
    if number == 0:
        return visit.page("public/survey/trial.html")
    if visit.text("_go") == DECLINE:
        decline(visit.session, number, at=visit.at, veil=veil)
        return visit.redirect(f"{_here(visit)}?declined=1")
    go = Go.BACK if visit.text("_go") == Go.BACK.value else Go.NEXT
    version = _whole(visit.text("_version"))
    page, fields = visit.text("_page"), posted(visit)
    pressed = press(visit.session, number, page, fields, go, at=visit.at, version=version, veil=veil)
    if pressed.step is None:
        return _ended(visit, pressed.sheet)
    if pressed.step.faults:
        return _faulty(visit, pressed.sheet, pressed.step)
    ahead = "thanks=1" if pressed.step.complete else f"page={pressed.step.page}"
    return visit.redirect(f"{_here(visit, pressed.sheet)}?{ahead}")


def _link(visit: Visit) -> tuple[int, Veil]:
    """The number of the invitation in the link, 0 in that of a test mail; and what it brings along to keep apart."""
    numbers = unpack(visit.keyring.open(TokenKind.ANSWER, visit.path["token"], ANSWER_MAC))
    if len(numbers) not in {1, 2}:
        raise BadToken("This link is not complete.")
    return numbers[0], Veil(numbers[-1] if len(numbers) > 1 else 0, visit.keyring.digests(mark_of(numbers[0])))


def _here(visit: Visit, sheet: Sheet | None = None) -> str:
    """The address of the form; of an anonymous one that was begun, the only thing that leads back to what was begun."""
    if sheet and sheet.pseudonym:
        return "/s/" + visit.keyring.sign(TokenKind.ANSWER, pack(sheet.invitation.id, sheet.pseudonym), ANSWER_MAC)
    return f"/s/{visit.path['token']}"


def posted(visit: Visit) -> Posted:
    """The text fields of the form, each with all of its values."""
    return {name: visit.texts(name) for name in visit.form if not name.startswith("_")}


def _whole(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < len("1000000000") else 0


def _faulty(visit: Visit, sheet: Sheet, step: Step) -> Answer:
    stop = sheet.road.stop(step.page)
    assert stop is not None
    return _form(visit, sheet, stop, step)


def _form(visit: Visit, sheet: Sheet, stop: Stop, step: Step | None = None) -> Answer:
    definition = sheet.definition
    assert definition is not None
    faults = step.faults if step else ()
    questions = asked(
        stop.questions,
        sheet.answers or {},
        posted=posted(visit) if step else None,
        faults=faults,
        language=definition.language,
    )
    return _page(
        visit,
        sheet,
        "public/survey/form.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        stop=stop,
        questions=questions,
        errors={field: text for each in questions for field, text in each.errors.items()},
        progress=sheet.road.progress(stop.name),
        back=sheet.road.before(stop.name),
        last=sheet.road.after(stop.name) is None,
        action=_here(visit),
    )


def _ended(visit: Visit, sheet: Sheet) -> Answer:
    status = STATUS.get(sheet.standing, HTTPStatus.OK)
    return _page(visit, sheet, f"public/survey/{sheet.standing.value}.html", status=status)


def _page(
    visit: Visit, sheet: Sheet, template: str, *, status: HTTPStatus = HTTPStatus.OK, **context: object
) -> Answer:
    if sheet.definition is not None:
        visit.language = sheet.definition.language
    own = sheet.invitation.address_key
    ways: Mapping[str, object] = {
        "survey": sheet.definition,
        "version": sheet.version,
        "declined": sheet.invitation.declined_at is not None,
        "thanks": bool(visit.query("thanks")),
        "completed_at": sheet.response.completed_at if sheet.response and not sheet.anonymous else None,
        "anonymity": sheet.survey.anonymity,
        "nobody": sheet.invitation.contact_id == NOBODY,
        "here": _here(visit),
        "preferences_url": "/p/" + preferences_token(visit.keyring, own, 0),
        "unsubscribe_url": "/u/" + unsubscribe_token(visit.keyring, own, 0, 0),
    }
    return visit.page(template, status=status, **{**ways, **context})


PLACES = (Place(PATH, show_form), Place(PATH, answer_form, methods=("POST",)))
