"""A person's own page: what they get, "stop everything" first; a POST from here may also say yes again."""

from starlette.responses import Response

from contacts.domain.facts import Door
from contacts.domain.leaving_tokens import read_leaving
from contacts.domain.scopes import EVERYTHING, TRACKING
from contacts.services.prefer import choices, prefer
from contacts.services.unsubscribe import keys_behind, opt_out
from contacts.storage.contacts import contact_by_key
from contacts.storage.gate import verdicts
from contacts.storage.permits import wait_for_handovers
from contacts.storage.topics import open_topics
from contacts.web.leaving import everything, say_done, speak_to
from core.errors import Conflict
from core.language import gettext
from core.tokens import TokenKind
from core.web.visits import Answer, Place, Visit


def show_preferences(visit: Visit) -> Answer:
    """What this person gets now; opening the page changes nothing."""
    own = _own(visit)
    return _page(visit, own)


def set_preferences(visit: Visit) -> Answer:
    """Stop everything, or make it as ticked."""
    own = _own(visit)
    keys = keys_behind(visit.session, own)
    if visit.text("act") == "stop":
        masked_address = speak_to(visit, own)
        opt_out(visit.session, keys, EVERYTHING, Door.PREFERENCES, at=visit.at)
        return say_done(visit, own, EVERYTHING, masked_address, everything(visit))
    if contact_by_key(visit.session, own) is None:
        return _page(visit, own)
    wanted = set(visit.texts("topic")) | ({TRACKING} if visit.text("tracking") else set())
    try:
        stopped = prefer(visit.session, keys, wanted, at=visit.at)
    except Conflict as error:
        return _page(visit, own, error=str(error), status=409)

    def after_commit() -> Response:
        settled = True
        if stopped:
            settled = wait_for_handovers(visit.database, [own], stopped, seconds=visit.settings.confirm_seconds)
        return visit.redirect(f"/p/{visit.path['token']}?said={'saved' if settled else 'late'}")

    return after_commit


def _own(visit: Visit) -> bytes:
    return read_leaving(visit.keyring, TokenKind.PREFERENCES, visit.path["token"]).own


def _page(visit: Visit, own: bytes, *, error: str | None = None, status: int = 200) -> Response:
    masked_address = speak_to(visit, own)
    scopes = [topic.name for topic in open_topics(visit.session)] + [TRACKING]
    permitted = {scope for scope in scopes if verdicts(visit.session, scope, [own], at=visit.at).get(own, "no") is None}
    return visit.page(
        "public/preferences.html",
        status=status,
        masked=masked_address,
        token=visit.path["token"],
        topics=choices(visit.session, permitted),
        tracking_on=TRACKING in permitted,
        said=_said(visit),
        error=error,
    )


def _said(visit: Visit) -> str:
    said = {
        "saved": "Saved. This holds from now on.",
        "late": "Saved. One message that was already being handed over may still arrive.",
    }
    sentence = said.get(visit.query("said"))
    return gettext(sentence, visit.language or visit.settings.language) if sentence else ""


PLACES = (
    Place("/p/{token}", show_preferences),
    Place("/p/{token}", set_preferences, methods=("POST",)),
)
