"""Console pages for contacts: find them, read one's story, and record that one asked to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from contacts.domain.addresses import Pepper, read_address
from contacts.domain.policy import Source
from contacts.storage.contacts import Contact
from contacts.storage.listings import PAGE, StandingFilter, Wanted, blocks_among, count_contacts, listed
from contacts.web.stories import flags_of
from core.errors import BadInput
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/contacts"
SOURCES = (
    ("", _("any source")),
    (Source.PURCHASE.value, _("purchase")),
    (Source.DOWNLOAD.value, _("download")),
    (Source.REGISTRATION.value, _("registration")),
    (Source.CORRESPONDENCE.value, _("correspondence")),
    (Source.MAILING_LIST.value, _("mailing list")),
    (Source.SURVEY.value, _("survey")),
)
STANDINGS = (
    ("", _("any standing")),
    (StandingFilter.FREE.value, _("nothing blocked")),
    (StandingFilter.PARTLY.value, _("opted out of a part")),
    (StandingFilter.LEFT.value, _("opted out of everything")),
    (StandingFilter.BOUNCED.value, _("bounced")),
    (StandingFilter.CHILD.value, _("children")),
)


@dataclass(frozen=True)
class ContactRow:
    """A contact in the list, with its flags as words and tones."""

    contact: Contact
    flags: Sequence[tuple[str, str]]


def list_contacts(visit: Visit) -> Answer:
    """The contacts, newest first, narrowed down as asked."""
    asked = {name: value for name in ("q", "source", "standing") if (value := visit.query(name))}
    found = listed(visit.session, wanted(visit), before=_number(visit.query("before")))
    blocks = blocks_among(visit.session, found[:PAGE])
    following = urlencode(asked | {"before": str(found[PAGE - 1].id)}) if len(found) > PAGE else ""
    return visit.page(
        "console/contacts.html",
        rows=[ContactRow(contact, flags_of(blocks.get(contact.address_key, ()))) for contact in found[:PAGE]],
        total=None if asked else count_contacts(visit.session),
        asked=asked,
        source_choices=SOURCES,
        standing_choices=STANDINGS,
        first=f"{LIST}?{urlencode(asked)}" if visit.query("before") else None,
        next=f"{LIST}?{following}" if following else None,
    )


def wanted(visit: Visit) -> Wanted:
    """What the query string asks for; a whole address is looked up by its key, whatever its spelling."""
    words = visit.query("q")
    source, standing = visit.query("source"), visit.query("standing")
    return Wanted(
        own=_key_of(words, visit),
        words=words,
        by_beginning=visit.sees_addresses,
        source=source if source in set(Source) else "",
        standing=StandingFilter(standing) if standing in set(StandingFilter) else None,
    )


def _key_of(words: str, visit: Visit) -> bytes | None:
    if "@" not in words:
        return None
    try:
        address = read_address(words)
    except BadInput:
        return None
    return Pepper(visit.settings.pepper.get_secret_value()).keys(address).own


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() else None


PLACES = (Place(LIST, list_contacts, role=Role.ANALYST),)
