"""Duplicates: contacts that are perhaps one person, for somebody to look at; nothing is ever merged by itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from contacts.storage.contacts import Contact

MOST = 50
_SHORTEST_TELLING = 5
"""Characters from which an attribute tells people apart: a telephone number, a customer's number, a postcode."""


@dataclass(frozen=True)
class Group:
    """Contacts that are alike; `why` is `spelling`, or the attribute that people of one name share."""

    why: str
    contacts: Sequence[Contact]


def duplicates(session: Session, *, most: int = MOST) -> list[Group]:
    """The groups found first: close spellings of one address, then people of one name who share something telling."""
    return [*_of_one_family(session, most), *islice(_of_one_name(session, most), most)][:most]


def _of_one_family(session: Session, most: int) -> list[Group]:
    families = (
        select(Contact.family_key).group_by(Contact.family_key).having(func.count() > 1).order_by(func.min(Contact.id))
    )
    wanted = session.scalars(families.limit(most)).all()
    found: dict[bytes, list[Contact]] = defaultdict(list)
    for contact in session.scalars(select(Contact).where(Contact.family_key.in_(wanted)).order_by(Contact.id)):
        found[bytes(contact.family_key)].append(contact)
    return [Group("spelling", found[bytes(family)]) for family in wanted]


def _of_one_name(session: Session, most: int) -> Iterator[Group]:
    name = (Contact.family_name, Contact.given_name)
    shared = (
        select(*name)
        .where(Contact.family_name != "", Contact.given_name != "")
        .group_by(*name)
        .having(func.count() > 1)
        .order_by(func.min(Contact.id))
        .limit(most * 4)
    )
    names = [(family, given) for family, given in session.execute(shared)]
    found: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for contact in session.scalars(select(Contact).where(tuple_(*name).in_(names)).order_by(Contact.id)):
        found[contact.family_name, contact.given_name].append(contact)
    for each in names:
        yield from _who_share(found[each])


def _who_share(namesakes: Iterable[Contact]) -> Iterator[Group]:
    """Parts people of one name by what tells them apart; each stands in one group at most."""
    sharing: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for contact in namesakes:
        for key, value in sorted(contact.attributes.items()):
            if not isinstance(value, bool) and len(str(value)) >= _SHORTEST_TELLING:
                sharing[key, str(value)].append(contact)
    seen: set[int] = set()
    for (key, _), group in sorted(sharing.items(), key=lambda each: -len(each[1])):
        new = [contact for contact in group if contact.id not in seen]
        if len(new) > 1:
            seen |= {contact.id for contact in new}
            yield Group(key, new)
