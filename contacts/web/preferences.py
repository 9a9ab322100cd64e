"""A person's own page: what they get, "stop everything" first; a POST from here may also say yes again."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from contacts.domain.addresses import read_address
from contacts.domain.facts import Door
from contacts.domain.leaving_tokens import read_leaving
from contacts.domain.scopes import EVERYTHING, TRACKING
from contacts.services.change_address import Asked as ChangeAsked
from contacts.services.change_address import ask_to_move
from contacts.services.prefer import (
    PAUSES,
    RHYTHMS,
    Outcome,
    pause,
    prefer,
    resume,
    set_rhythm,
    sheet_of,
    undo_last,
)
from contacts.services.unsubscribe import keys_behind, opt_out
from contacts.storage.permits import wait_for_handovers
from contacts.web.leaving import everything, say_done, speak_to
from core.errors import BadInput
from core.language import noted
from core.tokens import TokenKind
from core.web.visits import Answer, Place, Visit, as_number

PAGE = "public/preferences.html"
_NOTHING = Outcome()
SAID = frozenset({"saved", "late", "same", "paused", "resumed", "undone", *ChangeAsked})


def show_preferences(visit: Visit) -> Answer:
    """What this person gets now; opening the page changes nothing."""
    return _page(visit, _own(visit))


def set_preferences(visit: Visit) -> Answer:
    """Do the one thing that was pressed; what cannot be read as one of them changes nothing."""
    act = ACTS.get(visit.text("act"))
    if act is None:
        return _page(visit, _own(visit), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return act(visit, _own(visit))


def _stop(visit: Visit, own: bytes) -> Answer:
    masked_address = speak_to(visit, own)
    done = opt_out(visit.session, keys_behind(visit.session, own), EVERYTHING, Door.PREFERENCES, at=visit.at)
    here = f"/p/{visit.path['token']}"
    return say_done(visit, done, masked_address, everything(visit), own_page=here)


def _save(visit: Visit, own: bytes) -> Answer:
    wanted = set(visit.texts("topic")) | ({TRACKING} if visit.text("tracking") else set())
    keys = keys_behind(visit.session, own)
    speak_to(visit, own)
    language = visit.language or visit.settings.language
    outcome = prefer(visit.session, keys, wanted, seen=_seen(visit), at=visit.at, language=language)
    return _told(visit, own, outcome, "saved")


def _pause(visit: Visit, own: bytes) -> Answer:
    days = _one_of(visit, "days", PAUSES)
    keys = keys_behind(visit.session, own)
    return _told(visit, own, pause(visit.session, keys, days, seen=_seen(visit), at=visit.at), "paused")


def _resume(visit: Visit, own: bytes) -> Answer:
    keys = keys_behind(visit.session, own)
    return _told(visit, own, resume(visit.session, keys, seen=_seen(visit), at=visit.at), "resumed")


def _rhythm(visit: Visit, own: bytes) -> Answer:
    days = _one_of(visit, "days", RHYTHMS)
    keys = keys_behind(visit.session, own)
    return _told(visit, own, set_rhythm(visit.session, keys, days, seen=_seen(visit), at=visit.at), "saved")


def _move(visit: Visit, own: bytes) -> Answer:
    """Ask to be written to elsewhere; the answer is the same whatever we know of the new address."""
    speak_to(visit, own)
    language = visit.language or visit.settings.language
    keys = keys_behind(visit.session, own)
    try:
        address = read_address(visit.text("address"))
    except BadInput as error:
        return visit.page(
            PAGE, status=HTTPStatus.UNPROCESSABLE_ENTITY, said="", **_shown(visit, own, fault=error.message)
        )
    said = ask_to_move(visit.session, keys, address, visit.settings, language=language, at=visit.at)
    return visit.redirect(f"/p/{visit.path['token']}?said={said.value}")


def _undo(visit: Visit, own: bytes) -> Answer:
    keys, number = keys_behind(visit.session, own), as_number(visit.text("number")) or 0
    return _told(visit, own, undo_last(visit.session, keys, number, at=visit.at), "undone")


ACTS: dict[str, Callable[[Visit, bytes], Answer]] = {
    "stop": _stop,
    "save": _save,
    "pause": _pause,
    "resume": _resume,
    "rhythm": _rhythm,
    "undo": _undo,
    "move": _move,
}


def _told(visit: Visit, own: bytes, outcome: Outcome, said: str) -> Answer:
    """What is said of an act, once it is durable and holds; the page itself where something is asked again."""
    shown = _shown(visit, own, outcome) if outcome.stale or outcome.asked_again else None

    def after_commit() -> Response:
        seconds, covered = visit.settings.confirm_seconds, [own] if outcome.restricted else []
        settled = wait_for_handovers(visit.database, covered, EVERYTHING, seconds=seconds)
        if shown is not None:
            asked = "asked" if settled else "asked-late"
            return visit.page(PAGE, status=HTTPStatus.CONFLICT, said=asked, **shown)
        word = said if settled else "late"
        return visit.redirect(f"/p/{visit.path['token']}?said={word if outcome.changed else 'same'}")

    return after_commit


def _own(visit: Visit) -> bytes:
    return read_leaving(visit.keyring, TokenKind.PREFERENCES, visit.path["token"]).own


def _seen(visit: Visit) -> int:
    """What the page showed; a page that does not say is taken to be older than everything."""
    return as_number(visit.text("seen")) or 0


def _one_of(visit: Visit, name: str, values: tuple[int, ...]) -> int:
    number = as_number(visit.text(name))
    if number not in values:
        raise BadInput(noted("Please choose one of the buttons on the page."))
    return number


def _page(visit: Visit, own: bytes, *, status: int = HTTPStatus.OK) -> Response:
    said = visit.query("said")
    return visit.page(PAGE, status=status, said=said if said in SAID else "", **_shown(visit, own))


def _shown(visit: Visit, own: bytes, outcome: Outcome = _NOTHING, *, fault: str = "") -> dict[str, Any]:
    masked_address = speak_to(visit, own)
    return {
        "masked": masked_address,
        "sheet": sheet_of(visit.session, keys_behind(visit.session, own), at=visit.at),
        "asked_again": outcome.asked_again,
        "stale": outcome.stale,
        "pauses": PAUSES,
        "address": visit.text("address"),
        "fault": fault,
    }


PLACES = (
    Place("/p/{token}", show_preferences),
    Place("/p/{token}", set_preferences, methods=("POST",)),
)
