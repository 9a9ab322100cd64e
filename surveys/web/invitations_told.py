"""What surveys know about one contact, for the story on the contact's page: invited, answered; never what."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.storage.contacts import Contact
from contacts.web.stories import Line, tells
from core.language import gettext as _
from surveys.storage import answers_kept  # noqa: F401 - so that the web knows what surveys keep of a person
from surveys.storage.invitations import Invitation
from surveys.storage.responses import response_to
from surveys.storage.surveys import get_survey


@tells
def tell_invitations(session: Session, contact: Contact) -> Iterable[Line]:
    """Each survey the contact was asked to answer, and whether they did or declined."""
    for invitation in session.scalars(select(Invitation).where(Invitation.address_key == contact.address_key)):
        yield from _lines(session, invitation)


def _lines(session: Session, invitation: Invitation) -> Iterable[Line]:
    title = get_survey(session, invitation.survey_id).title
    href = f"/console/surveys/{invitation.survey_id}"
    yield Line(invitation.created_at, _("Was invited to the survey: {title}").format(title=title), href=href)
    if invitation.declined_at:
        yield Line(invitation.declined_at, _("Declined the survey: {title}").format(title=title), tone="warn")
    response = response_to(session, invitation.id)
    if response and response.completed_at:
        yield Line(response.completed_at, _("Answered the survey: {title}").format(title=title), tone="good", href=href)
