"""Writing to us: a page without login that stops mail, or asks for data to be deleted, copied or put right (P12).

The answer is the same whether or not we know the address. What stops mail is never refused, however often it is asked.
"""

from collections.abc import Collection, Mapping

from starlette.responses import Response

from contacts.domain.addresses import Address, AddressKeys, PepperRing, read_address
from contacts.domain.case_kinds import LONGEST_WORDS, TERMS, CaseKind
from contacts.domain.facts import Door
from contacts.domain.scopes import EVERYTHING
from contacts.domain.signup_limits import Counted, Digests, seconds_left, site_of
from contacts.services.open_case import Asked, open_case
from contacts.services.unsubscribe import opt_out
from contacts.storage.attempts import tried_too_often
from contacts.storage.peppers import keys_of
from contacts.storage.permits import wait_for_handovers
from core.errors import BadInput
from core.language import gettext
from core.settings import split_secrets
from core.web.visits import Answer, Place, Visit

PAGE = "/contact"
REASONS = {
    "stop": CaseKind.OPT_OUT,
    "delete": CaseKind.ERASURE,
    "copy": CaseKind.ACCESS,
    "correct": CaseKind.CORRECTION,
    "child": CaseKind.CHILD,
    "other": CaseKind.QUESTION,
}
_WORDS_NEEDED = frozenset({CaseKind.CORRECTION, CaseKind.QUESTION})


def show_contact_page(visit: Visit) -> Answer:
    """The form; a link may choose the reason, never the address."""
    return _form(visit, reason=visit.query("reason"))


def write_to_us(visit: Visit) -> Answer:
    """Take what was asked, hold or stop the address at once, and say so when it is durable and holds."""
    kind, words = REASONS.get(visit.text("reason")), visit.text("words")
    faults: dict[str, str] = {}
    address = _address(visit, faults)
    if kind is None:
        faults["reason"] = _("Please choose what it is about.", visit)
    elif kind in _WORDS_NEEDED and not words:
        faults["words"] = _("Please tell us in a few words.", visit)
    if len(words) > LONGEST_WORDS:
        faults["words"] = _("This is too long; 4,000 characters fit.", visit)
    if faults or kind is None or address is None:
        return _form(visit, reason=visit.text("reason"), faults=faults, status=422)
    keys = keys_of(visit.session, PepperRing.of(visit.settings), address)
    own = [keys.own] if TERMS[kind].holds else []
    if kind is CaseKind.OPT_OUT:
        own += opt_out(visit.session, keys, EVERYTHING, Door.CONTACT_FORM, at=visit.at).later
    too_often = _too_often(visit, keys)
    if not too_often and not visit.text("website"):
        asked = Asked(kind, Door.CONTACT_FORM, address.delivery, keys, words)
        open_case(visit.session, asked, at=visit.at)
    return _answer(visit, kind, own, too_often=too_often and kind is not CaseKind.OPT_OUT)


def _answer(visit: Visit, kind: CaseKind, own: Collection[bytes], *, too_often: bool) -> Answer:
    def after_commit() -> Response:
        if too_often:
            answer = visit.page("public/asked_too_often.html", status=429)
            answer.headers["Retry-After"] = str(seconds_left(visit.at))
            return answer
        seconds = visit.settings.confirm_seconds
        settled = wait_for_handovers(visit.database, own, EVERYTHING, seconds=seconds)
        return visit.page("public/asked.html", kind=kind.value, terms=TERMS[kind], late=not settled)

    return after_commit


def _too_often(visit: Visit, keys: AddressKeys) -> bool:
    """Count this try by network and by address, in the order in which sign-ups are counted (locks)."""
    digests = Digests(split_secrets(visit.settings.secret_key)[0])
    tries = {
        Counted.NETWORK: digests.of(Counted.NETWORK, "contact", site_of(visit.network)),
        Counted.ADDRESS: digests.of(Counted.ADDRESS, "contact", keys.own),
    }
    return any(tried_too_often(visit.session, what, digest, at=visit.at) for what, digest in tries.items())


def _address(visit: Visit, faults: dict[str, str]) -> Address | None:
    try:
        return read_address(visit.text("address"))
    except BadInput as error:
        faults["address"] = error.message
        return None


def _(sentence: str, visit: Visit) -> str:
    return gettext(sentence, visit.language or visit.settings.language)


def _form(visit: Visit, *, reason: str, faults: Mapping[str, str] | None = None, status: int = 200) -> Response:
    return visit.page(
        "public/contact.html",
        status=status,
        reason=reason if reason in REASONS else "",
        address=visit.text("address"),
        words=visit.text("words"),
        faults=faults or {},
        longest=LONGEST_WORDS,
    )


PLACES = (
    Place(PAGE, show_contact_page),
    Place(PAGE, write_to_us, methods=("POST",)),
)
