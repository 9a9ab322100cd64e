"""Console pages for duplicates: contacts that are perhaps one person, side by side, and merged by hand."""

from collections.abc import Mapping, Sequence
from functools import partial

from starlette.responses import Response

from contacts.domain.facts import Fact, Kind
from contacts.domain.intake import PROFILE, merged_attributes
from contacts.services.merge_contacts import Merged, merge_contacts, united_restrictions
from contacts.services.unsubscribe import OptOut, hold_good
from contacts.storage.blocks import blocks_of
from contacts.storage.contacts import Contact, contact_numbered
from contacts.storage.duplicates import MOST, duplicates
from contacts.storage.topics import all_topics
from contacts.web.stories import flags_of, scope_titles
from core.errors import Conflict
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

LIST = "/console/duplicates"
PAIR = LIST + "/{keep:int}/{drop:int}"


def show_duplicates(visit: Visit) -> Answer:
    """Groups of contacts that are alike, each with why."""
    groups = [
        (_why(group.why), [(each, flags_of(blocks_of(visit.session, each.address_key))) for each in group.contacts])
        for group in duplicates(visit.session)
    ]
    return visit.page("console/duplicates.html", groups=groups, most=MOST, said=visit.query("said"))


def _why(why: str) -> str:
    if why == "spelling":
        return _("Close spellings of one address")
    return _("The same name, and the same “{attribute}”").format(attribute=why)


def show_pair(visit: Visit) -> Answer:
    """Both contacts side by side, with what a merge would do; nothing is done yet."""
    return _pair(visit)


def _pair(visit: Visit, *, error: str = "") -> Answer:
    keep, drop = (contact_numbered(visit.session, int(visit.path[name])) for name in ("keep", "drop"))
    if keep.id == drop.id:
        raise Conflict(_("This is one contact, not two."))
    titles = scope_titles(all_topics(visit.session))
    facts = united_restrictions(visit.session, keep, drop, at=visit.at, by="")
    return visit.page(
        "console/duplicate.html",
        status=409 if error else 200,
        keep=keep,
        drop=drop,
        rows=_rows(keep, drop),
        restrictions=[(_whose(fact, keep), _what(fact, titles)) for fact in facts],
        error=error,
    )


def _whose(fact: Fact, keep: Contact) -> str:
    return _("The kept address") if fact.own == keep.address_key else _("The dropped address")


def _what(fact: Fact, titles: Mapping[str, str]) -> str:
    return _RESTRICTIONS[fact.kind].format(scope=titles.get(fact.scope, fact.scope))


_RESTRICTIONS = {
    Kind.OPT_OUT: _("opt-out from {scope}"),
    Kind.COMPLAINT: _("spam complaint"),
    Kind.CHILD: _("child flag"),
    Kind.ERASURE: _("erasure"),
    Kind.HOLD: _("hold on {scope}"),
    Kind.PAUSE: _("pause of {scope}"),
    Kind.RHYTHM: _("less mail"),
}
"""All that is ever carried from one address to another."""


def _rows(keep: Contact, drop: Contact) -> Sequence[tuple[str, object, object, object]]:
    """Each field: its name, what both have, and what the kept contact will have."""
    names = {"given_name": _("given name"), "family_name": _("family name")} | {
        "locale": _("language"),
        "time_zone": _("time zone"),
    }
    plain = [
        (names[name], getattr(keep, name), getattr(drop, name), getattr(keep, name) or getattr(drop, name))
        for name in PROFILE
    ]
    both = merged_attributes(keep.attributes, drop.attributes, overwrites=False)
    keys = sorted(keep.attributes.keys() | drop.attributes.keys())
    return plain + [
        (key, keep.attributes.get(key, ""), drop.attributes.get(key, ""), both.get(key, "")) for key in keys
    ]


def merge_pair(visit: Visit) -> Answer:
    """Merge the two; said only once it is durable and its restrictions hold (G1, G2)."""
    keep, drop = int(visit.path["keep"]), int(visit.path["drop"])
    operator = visit.operator.id if visit.operator else 0
    by = _("operator {number}").format(number=operator)
    return partial(_confirm, visit, merge_contacts(visit.session, keep, drop, at=visit.at, by=by))


def _confirm(visit: Visit, found: Merged) -> Response:
    stopped = [OptOut(fact.own, fact.scope, 0) for fact in found.facts]
    settled = hold_good(visit.database, stopped, seconds=visit.settings.confirm_seconds)
    return visit.redirect(f"/console/contacts/{found.kept}?said=merged{'' if settled else '-late'}")


PLACES = (
    Place(LIST, show_duplicates, role=Role.EDITOR),
    Place(PAIR, show_pair, role=Role.EDITOR),
    Place(PAIR, merge_pair, methods=("POST",), role=Role.EDITOR),
)
