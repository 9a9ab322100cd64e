"""Mailing confirmations: each open sign-up gets the one mail that asks whether it was meant, through the same gate."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.mail.inlining import inline_css
from campaigns.mail.shipped import confirmation
from campaigns.storage.confirmations import add_confirmation, mailing_of_the_day
from campaigns.storage.mailings import Mailing
from contacts.storage.askers import askers_due
from contacts.storage.signups import take_for_mailing
from core.language import spoken

MOST_AT_ONCE = 500


def anybody_asks(session: Session, *, at: datetime) -> bool:
    """Whether there is a mail to plan; changes nothing."""
    return bool(askers_due(session, at=at, most=1))


def mail_confirmations(session: Session, *, at: datetime) -> int:
    """Plan the mails of those who asked and may get one now; how many. What may not go yet waits where it is.

    A request is taken by a conditional UPDATE, so that two clocks at once plan one mail.
    """
    first = {bytes(each.address_key): each for each in reversed(askers_due(session, at=at, most=MOST_AT_ONCE))}
    taken = {own: asker for own, asker in first.items() if take_for_mailing(session, asker.id, at=at)}
    languages = {own: spoken(asker.locale, "") for own, asker in taken.items()}
    mailings = {each: _mailing(session, each, at) for each in sorted(set(languages.values()))}
    for own, asker in taken.items():
        add_confirmation(session, mailings[languages[own]], own, asker.id, at=at)
    return len(taken)


def _mailing(session: Session, language: str, at: datetime) -> Mailing:
    """The day's mailing in the language of the form that was filled in; where there is no catalogue, the house's."""
    sources = confirmation()
    html = inline_css(sources.html).html
    return mailing_of_the_day(session, sources.subject, html, sources.text, language=language, at=at)
