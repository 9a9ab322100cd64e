"""Offerings: everything that somebody can say yes to now, with the words that a form or a page shows for it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.scopes import TRACKING, partner_of
from contacts.domain.wordings import Line
from contacts.storage.partners import all_partners, is_active
from contacts.storage.topics import all_topic_names, open_topics
from core.language import gettext


def offered_lines(session: Session, *, at: datetime, language: str = "en") -> list[Line]:
    """Open topics, those of active partners among them; tracking; and sharing with each active partner.

    Titles that came with Heedful are in that language, the house's own as the house wrote them.
    """
    active = {each.name: each for each in all_partners(session) if is_active(session, each.name, at=at)}
    topics = [
        Line(each.name, gettext(each.title, language), gettext(each.description, language))
        for each in open_topics(session)
        if partner_of(each.name) in {None, *active}
    ]
    tracking = Line(
        TRACKING,
        gettext("Remember which topics I click on", language),
        gettext("So that we write about what interests you. Links work the same without.", language),
    )
    title = gettext("Share my contact data with {partner}", language)
    sharing = [Line(each.sharing, title.format(partner=each.title)) for each in active.values()]
    return [*topics, tracking, *sharing]


def lines_among(session: Session, scopes: Collection[str], *, at: datetime, language: str = "en") -> Sequence[Line]:
    """Those of these scopes that are offered now, in the order in which everything is."""
    return [line for line in offered_lines(session, at=at, language=language) if line.scope in scopes]


def everything_known(session: Session) -> set[str]:
    """Every scope that was ever added: topics, and what can be permitted for each partner, archived or not."""
    partners = all_partners(session)
    return {*all_topic_names(session), *(each.topic for each in partners), *(each.sharing for each in partners)}
