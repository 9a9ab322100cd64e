"""The form behind an invitation's link: complete without scripts, no cookie; opening it stores nothing (G11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from secrets import randbits

from sqlalchemy.orm import Session
from starlette.responses import PlainTextResponse, Response

from core.errors import BadToken, HeedfulError
from core.tokens import ANSWER_MAC, TokenKind, unpack
from core.web.shared_places import SharedPlace
from core.web.visits import Answer, Place, Visit
from surveys.domain.anonymity import mark_of, number_from_link
from surveys.domain.answering import Step
from surveys.domain.cells import Posted
from surveys.domain.machine_answers import signs_of_request
from surveys.domain.turns import Act, Turn
from surveys.services.respond import Press, Pressed, decline, look, press_all
from surveys.storage.answer_sheets import Link, Sheet, Standing
from surveys.storage.pseudonyms import Veil
from surveys.web.form_pages import (
    address_of,
    receipt_address,
    show_declining,
    show_ended,
    show_page,
    show_receipt,
    show_refused,
)

PATH = "/s/{token}"
DECLINE = "decline"
MAY_DECLINE = frozenset({Standing.OPEN, Standing.NOT_YET})
SEED_BITS = 31
LONGEST_WHOLE = 9
MILLISECONDS = 13
"""Digits of a moment in milliseconds since 1970, until the year 2286."""
LANGUAGE = "language:"
"""How the buttons begin that choose a language; what is filled in is kept, and the same page is shown."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent with the form; without a press they do not want to take part."""

    link: Link
    at: datetime
    press: Press | None = None


def show_form(visit: Visit) -> Answer:
    """The page to go on with, or the one asked for; nothing is stored by looking."""
    link = _link(visit, language=visit.query("lang"))
    if link.invitation == 0:
        return visit.page("public/survey/trial.html")
    sheet = look(visit.session, link, at=visit.at)
    if visit.query("decline") and sheet.standing in MAY_DECLINE and sheet.invitation.declined_at is None:
        return show_declining(visit, sheet)
    if sheet.standing is not Standing.OPEN:
        return show_receipt(visit, sheet) or show_ended(visit, sheet)
    if visit.query("declined") and sheet.invitation.declined_at:
        return show_refused(visit, sheet)
    return show_page(visit, sheet, visit.query("page"))


def _link(visit: Visit, *, language: str) -> Link:
    """The invitation in the link, 0 in that of a test mail; and what it brings along to keep answers apart."""
    carried = unpack(visit.keyring.open(TokenKind.ANSWER, visit.path["token"], ANSWER_MAC))
    numbers = [number_from_link(each) for each in carried]
    if len(numbers) not in {1, 2}:
        raise BadToken("This link is not complete.")
    return Link(
        invitation=numbers[0],
        version=_whole(visit.text("_version")),
        seed=_whole(visit.text("_seed"), 1 << SEED_BITS) or randbits(SEED_BITS),
        language=language,
        veil=Veil(numbers[-1] if len(numbers) > 1 else 0, visit.keyring.digests(mark_of(numbers[0]))),
    )


def _whole(written: str, below: int = 10**LONGEST_WHOLE) -> int:
    fits = written.isascii() and written.isdigit() and len(written) <= LONGEST_WHOLE + 1
    return int(written) if fits and int(written) < below else 0


def read_sent(visit: Visit) -> Sent:
    """Which button was pressed on which page."""
    wanted = visit.text("_go")
    chosen = wanted.removeprefix(LANGUAGE) if wanted.startswith(LANGUAGE) else visit.text("_language")
    link = _link(visit, language=chosen)
    if wanted == DECLINE:
        return Sent(link, visit.at)
    act = Act.STAY if wanted.startswith(LANGUAGE) else Act(wanted) if wanted in list(Act) else Act.NEXT
    turn = Turn(visit.text("_page"), posted(visit), act)
    signs = signs_of_request(dict(visit.request.headers), visit.at, trap=visit.text("_address2"))
    return Sent(link, visit.at, Press(link, turn, _seconds(visit, act), visit.settings.child_age, signs))


def posted(visit: Visit) -> Posted:
    """The text fields of the form, each with all of its values."""
    return {name: visit.texts(name) for name in visit.form if not name.startswith("_")}


def _seconds(visit: Visit, act: Act) -> float | None:
    """How long the page was looked at; what is kept meanwhile is not counted twice."""
    shown = visit.text("_shown")
    known = shown.isascii() and shown.isdigit() and len(shown) == MILLISECONDS and act is not Act.STAY
    return visit.at.timestamp() - int(shown) / 1000 if known else None


def answer_together(session: Session, batch: Sequence[Sent]) -> list[Pressed | HeedfulError | None]:
    """Store what everybody sent at this moment; None for the link of a test mail."""
    places = [place for place, each in enumerate(batch) if each.press and each.link.invitation]
    presses = [press for place in places if (press := batch[place].press)]
    said: list[Pressed | HeedfulError | None] = [None] * len(batch)
    if presses:
        for place, pressed in zip(places, press_all(session, presses, at=batch[-1].at), strict=True):
            said[place] = pressed
    for place, each in enumerate(batch):
        if not each.press and each.link.invitation:
            said[place] = Pressed(decline(session, each.link, at=each.at))
    return said


def tell(visit: Visit, pressed: Pressed | None) -> Answer:
    """Lead to the next page, or show what is wrong with this one."""
    if pressed is None:
        return partial(visit.page, "public/survey/trial.html")
    if visit.text("_go") == DECLINE:
        return visit.redirect(f"{address_of(visit)}?declined=1")
    return _answered(visit, pressed.sheet, pressed.step)


def _answered(visit: Visit, sheet: Sheet, step: Step | None) -> Answer:
    if visit.text("_auto"):
        return _kept(visit, sheet, stored=step is not None)
    if step is None:
        return partial(show_ended, visit, sheet)
    if step.faults:
        return partial(show_page, visit, sheet, step.page, faults=step.faults, posted=posted(visit))
    return visit.redirect(_onwards(visit, sheet, step))


def _onwards(visit: Visit, sheet: Sheet, step: Step) -> str:
    here = address_of(visit, sheet)
    if step.complete:
        return f"{receipt_address(visit, sheet, here)}thanks=1"
    return f"{here}?page={step.page}" + ("" if sheet.response else f"&lang={sheet.language}")


def _kept(visit: Visit, sheet: Sheet, *, stored: bool) -> Response:
    """What the script is told: the address that leads back to what was kept, or that nothing is kept any more."""
    status = HTTPStatus.OK if stored else HTTPStatus.CONFLICT
    return PlainTextResponse(address_of(visit, sheet) if stored else "", status_code=status)


PLACES = (Place(PATH, show_form),)
SHARED_PLACES = (SharedPlace(PATH, read_sent, answer_together, tell),)
