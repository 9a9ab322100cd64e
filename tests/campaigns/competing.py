"""Trials of variants for tests: begun, sent and clicked without a network, and ticked as the clock does it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.domain.states import MessageState
from campaigns.domain.trials import DraftTrial, DraftVariant
from campaigns.services.decide_winner import contests_open, decide, let_go
from campaigns.services.launch import launch
from campaigns.storage.campaigns import Campaign, get_campaign
from campaigns.storage.claims import Outcome, claim, settle
from campaigns.storage.clicks import Click
from campaigns.storage.links import links_of
from campaigns.storage.mailings import finish_mailings, get_mailing
from campaigns.storage.messages import Message
from campaigns.storage.variants import trial_of
from core.database import Database
from tests.campaigns.scenes import HTML, TEXT, a_sender, add_readers, make_draft, scheduled
from tests.conftest import NOON

HOUR = timedelta(hours=1)
LATER = NOON + 4 * HOUR
B = DraftVariant(subject="Is it spring?", html=HTML.replace("/new", "/other"), text=TEXT.replace("/new", "/other"))


def begin_trial(database: Database, house: tuple[Any, Any], people: int, *variants: DraftVariant, **trial: Any) -> int:
    """Launch a campaign with a trial over so many people; answers with its mailing's number."""
    draft = make_draft(trial=DraftTrial(variants=variants or (B,), **trial))
    with database.writing() as session:
        add_readers(session, people)
        number = scheduled(session, draft).id
    with database.writing() as session:
        assert launch(session, number, *house, at=NOON) is not None
    return number


def send_due(database: Database, at: datetime) -> int:
    """What a sender does, without the network: everything that is due is claimed and sent; how much."""
    with database.writing() as session:
        sender = a_sender(session)
        claims = claim(session, sender, at=at, lease=HOUR, most=10_000)
        settle(session, sender, [Outcome(each.message_id, MessageState.SENT, handed_over_at=at) for each in claims])
        finish_mailings(session, at)
    return len(claims)


def click(database: Database, mailing_id: int, variant: int, readers: int) -> None:
    """Let some readers of a variant follow a link."""
    with database.writing() as session:
        mailing = get_mailing(session, mailing_id)
        link = next(iter(links_of(session, mailing.campaign_id).values()))
        got = select(Message).where(
            Message.mailing_id == mailing_id, Message.variant == variant, Message.state == "sent"
        )
        for each in session.scalars(got.order_by(Message.id).limit(readers)).all():
            facts = {"message_id": each.id, "contact_id": each.contact_id, "topic": mailing.topic}
            session.add(Click(link_id=link, at=NOON, **facts))


def tick(database: Database, at: datetime) -> None:
    """What the clock does at each tick."""
    with database.reading() as session:
        numbers = contests_open(session)
    for number in numbers:
        with database.writing() as session:
            decide(session, number, at=at)
        freed = 1
        while freed:
            with database.writing() as session:
                freed = let_go(session, number, at=at)


def dealt(database: Database, mailing_id: int) -> Counter[int | None]:
    """How many people were dealt each variant; under None those whose variant is open."""
    with database.reading() as session:
        query = select(Message.variant).where(Message.mailing_id == mailing_id, Message.state != "excluded")
        return Counter(session.scalars(query))


def campaign_of(session: Session, mailing_id: int) -> Campaign:
    """The campaign of a mailing."""
    return get_campaign(session, get_mailing(session, mailing_id).campaign_id)


def decided(database: Database, mailing_id: int) -> tuple[int | None, str]:
    """Which variant the rest gets, and who said so."""
    with database.reading() as session:
        trial = trial_of(session, mailing_id)
        assert trial is not None
        return trial.winner, trial.decided_by
