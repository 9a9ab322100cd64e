"""Console pages for contacts: find them, read one's story, and record that one asked to stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from contacts.domain.addresses import PepperRing, read_address
from contacts.domain.policy import Source
from contacts.storage.contacts import Contact
from contacts.storage.listings import PAGE, StandingFilter, Wanted, blocks_among, count_contacts, listed
from contacts.storage.peppers import keys_of
from contacts.web.stories import flags_of
from core.errors import BadInput
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit, as_number

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
    """The contacts, newest first, narrowed down by what may stand in an address of a page."""
    return _listed(visit, {name: visit.query(name) for name in ("source", "standing")}, visit.query("before"))


def find_contacts(visit: Visit) -> Answer:
    """The contacts of a name or an address; asked by POST, so that no address stands in a URL (P1)."""
    return _listed(visit, {name: visit.text(name) for name in ("q", "source", "standing")}, visit.text("before"))


def _listed(visit: Visit, given: Mapping[str, str], before: str) -> Answer:
    asked = {name: value for name, value in given.items() if value}
    found = listed(visit.session, wanted(visit, asked), before=as_number(before))
    blocks = blocks_among(visit.session, found[:PAGE])
    return visit.page(
        "console/contacts.html",
        rows=[ContactRow(contact, flags_of(blocks.get(contact.address_key, ()))) for contact in found[:PAGE]],
        total=None if asked else count_contacts(visit.session),
        asked=asked,
        source_choices=SOURCES,
        standing_choices=STANDINGS,
        begun=bool(before),
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        query=urlencode({name: value for name, value in asked.items() if name != "q"}),
    )


def wanted(visit: Visit, asked: Mapping[str, str]) -> Wanted:
    """What is asked for; a whole address is looked up by its key, whatever its spelling."""
    words, source, standing = (asked.get(name, "") for name in ("q", "source", "standing"))
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
    return keys_of(visit.session, PepperRing.of(visit.settings), address).own


PLACES = (
    Place(LIST, list_contacts, role=Role.ANALYST),
    Place(LIST, find_contacts, methods=("POST",), role=Role.ANALYST),
)
