"""Mailing confirmations: each open sign-up gets the one mail that asks whether it was meant, through the same gate."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.mail.inlining import inline_css
from campaigns.mail.shipped import confirmation
from campaigns.storage.confirmations import add_confirmation, mailing_of_the_day
from contacts.storage.askers import askers_due
from contacts.storage.signups import take_for_mailing

MOST_AT_ONCE = 500


def anybody_asks(session: Session, *, at: datetime) -> bool:
    """Whether there is a mail to plan; changes nothing."""
    return bool(askers_due(session, at=at, most=1))


def mail_confirmations(session: Session, *, at: datetime) -> int:
    """Plan the mails of those who asked and may get one now; how many. What may not go yet waits where it is.

    A request is taken by a conditional UPDATE, so that two clocks at once plan one mail.
    """
    first = {bytes(each.address_key): each.id for each in reversed(askers_due(session, at=at, most=MOST_AT_ONCE))}
    taken = {own: number for own, number in first.items() if take_for_mailing(session, number, at=at)}
    if taken:
        sources = confirmation()
        mailing = mailing_of_the_day(session, sources.subject, inline_css(sources.html).html, sources.text, at=at)
        for own, number in taken.items():
            add_confirmation(session, mailing, own, number, at=at)
    return len(taken)
