"""Children whom a survey met: nothing of theirs is kept but the block (G13), and the team is told of known contacts."""

from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.addresses import AddressKeys
from contacts.domain.case_kinds import CaseKind
from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.scopes import EVERYTHING
from contacts.storage.case_lists import put_case
from contacts.storage.cases import Case
from contacts.storage.contacts import contact_by_key
from contacts.storage.ledger import record
from contacts.storage.signups import family_asked_for
from contacts.storage.successors import with_successors
from core.emptied_logs import empty_log_when_committed
from surveys.storage.invitations import NOBODY, Invitation
from surveys.storage.pseudonyms import drop_pseudonym
from surveys.storage.responses import Response, drop_response
from surveys.storage.surveys import Survey


def block_child(session: Session, keys: AddressKeys, survey: Survey, *, at: datetime) -> None:
    """Block everything for a child, under every address that they had later.

    A child may answer with a parent's link: the team is told before a contact's data are deleted for it.
    """
    fact = Fact(keys.own, keys.family, Kind.CHILD, EVERYTHING, Door.SURVEY, at)
    record(session, with_successors(session, fact), at=at)
    contact = contact_by_key(session, keys.own)
    if contact is None:
        return
    case = Case(
        kind=CaseKind.CHILD.value,
        door=Door.SURVEY.value,
        address=contact.address,
        address_key=keys.own,
        family_key=keys.family,
    )
    put_case(session, case, f"An age under the limit was given in the survey {survey.name}.", at=at)


def turn_child_away(
    session: Session, survey: Survey, invitation: Invitation, response: Response | None, *, at: datetime
) -> None:
    """Drop all that a child answered and, if the link was somebody's, block them; a public one opens nothing more.

    Of what was dropped SQLite's log keeps nothing either, unless somebody is reading at that moment.
    """
    empty_log_when_committed(session)
    kept = response.invitation_id if response else invitation.id
    if response is not None:
        drop_response(session, response)
    drop_pseudonym(session, kept)
    if invitation.contact_id != NOBODY:
        own = bytes(invitation.address_key)
        contact = contact_by_key(session, own)
        family = contact.family_key if contact else family_asked_for(session, own)
        block_child(session, AddressKeys(own, bytes(family or own)), survey, at=at)
