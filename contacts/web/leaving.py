"""The ways out for recipients: one-click, the page behind the link, and the page that needs no link.

GET shows and changes nothing (G11); POST records, commits, waits for open permits, and only then says "done" (G2).
"""

from collections.abc import Callable

from starlette.responses import Response

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.facts import Door
from contacts.domain.leaving_tokens import Leaving, read_leaving
from contacts.domain.scopes import EVERYTHING
from contacts.services.unsubscribe import OptOut, hold_good, keys_behind, opt_out
from contacts.storage.contacts import contact_by_key
from contacts.storage.peppers import keys_of
from contacts.storage.topics import topic_numbered
from core.errors import BadInput
from core.language import gettext, spoken
from core.tokens import TokenKind
from core.web.rendering import masked
from core.web.visits import Answer, Place, Visit


def show_leave(visit: Visit) -> Answer:
    """One plain button; opening the page changes nothing, whoever or whatever opens it."""
    leaving = read_leaving(visit.keyring, TokenKind.UNSUBSCRIBE, visit.path["token"])
    masked_address = speak_to(visit, leaving.own)
    scope, label = scope_of(visit, leaving)
    return visit.page(
        "public/leave.html",
        masked=masked_address,
        scope_label=label,
        token=visit.path["token"],
        wider=scope != EVERYTHING,
    )


def leave(visit: Visit) -> Answer:
    """Opt out: by the page's button, or by a mail program's one-click (RFC 8058), with whatever body it sends."""
    leaving = read_leaving(visit.keyring, TokenKind.UNSUBSCRIBE, visit.path["token"])
    masked_address = speak_to(visit, leaving.own)
    scope, label = scope_of(visit, leaving)
    by_page = visit.text("from") == "page"
    if visit.text("scope") == EVERYTHING and scope != EVERYTHING:
        scope, label = EVERYTHING, everything(visit)
    done = opt_out(
        visit.session,
        keys_behind(visit.session, leaving.own),
        scope,
        Door.PAGE if by_page else Door.ONE_CLICK,
        at=visit.at,
        mailing_id=leaving.mailing_id,
    )
    return say_done(visit, done, masked_address, label)


def say_done(
    visit: Visit, done: OptOut, masked_address: str, label: str, *, own_page: str = ""
) -> Callable[[], Response]:
    """What is said once the opt-out is durable: done, or that one message may still arrive.

    It leads to the person's own page only from there: a link that stops can only restrict, so it must never turn into
    one that may say yes again (G10), whoever a mail's headers were shown to.
    """

    def after_commit() -> Response:
        settled = hold_good(visit.database, [done], seconds=visit.settings.confirm_seconds)
        return visit.page(
            "public/left.html",
            masked=masked_address,
            scope_label=label,
            late=not settled,
            preferences_url=own_page,
        )

    return after_commit


def scope_of(visit: Visit, leaving: Leaving) -> tuple[str, str]:
    """The scope that a link's number means, and its title; a number that means nothing any more is everything."""
    topic = topic_numbered(visit.session, leaving.topic_id) if leaving.topic_id else None
    if topic is None:
        return EVERYTHING, everything(visit)
    return topic.name, gettext(topic.title, visit.language or visit.settings.language)


def everything(visit: Visit) -> str:
    """The widest scope, as people read it."""
    return gettext("all mail from us", visit.language or visit.settings.language)


def speak_to(visit: Visit, own: bytes) -> str:
    """How a link's person is called: their address, masked; sets the page's language to theirs."""
    contact = contact_by_key(visit.session, own)
    if contact is None:
        return gettext("this address", visit.language or visit.settings.language)
    visit.language = spoken(contact.locale) if contact.locale else visit.language
    return masked(contact.address)


def show_open_page(visit: Visit) -> Answer:
    """The page that needs no link: type the address."""
    return visit.page("public/unsubscribe.html", address="", error=None)


def leave_by_address(visit: Visit) -> Answer:
    """Opt a typed address out of everything; the answer is the same whether we know it or not."""
    typed = visit.text("address")
    try:
        address = read_address(typed)
    except BadInput as error:
        return visit.page("public/unsubscribe.html", status=422, address=typed, error=error.message)
    keys = keys_of(visit.session, PepperRing.of(visit.settings), address)
    done = opt_out(visit.session, keys, EVERYTHING, Door.OPEN_PAGE, at=visit.at)

    def after_commit() -> Response:
        settled = hold_good(visit.database, [done], seconds=visit.settings.confirm_seconds)
        return visit.page(
            "public/left.html",
            masked=masked(typed),
            scope_label=everything(visit),
            late=not settled,
            preferences_url="",
        )

    return after_commit


PLACES = (
    Place("/u/{token}", show_leave),
    Place("/u/{token}", leave, methods=("POST",), any_body=True),
    Place("/unsubscribe", show_open_page),
    Place("/unsubscribe", leave_by_address, methods=("POST",)),
)
