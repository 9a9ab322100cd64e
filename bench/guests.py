"""Guests: invented people who were invited to the demonstration's survey as the product invites; for its benchmark."""

from pathlib import Path

from sqlalchemy import select, update

from bench.towns import AT, found, key_of, settle_people
from campaigns.domain.checks import Clearance
from campaigns.domain.states import MessageState
from campaigns.storage.audiences import freeze_audience
from campaigns.storage.campaigns import fingerprint
from campaigns.storage.mailings import MailingKind, begin_mailing, plan_mailing
from campaigns.storage.messages import Message
from contacts.domain.addresses import PepperRing
from contacts.domain.facts import Door, Fact, Kind
from contacts.storage.ledger import record
from contacts.storage.peppers import remember_pepper
from core.database import Database
from surveys.domain.survey_files import read_survey
from surveys.services.apply_survey import apply_survey
from surveys.services.invite import Wish, attach_invitations, draft_invitation
from surveys.storage.invitations import Invitation
from surveys.storage.surveys import find_survey, open_survey

GUESTS = 4_000
SECRET = "a-benchmark-signs-with-a-key-that-is-no-secret"
SURVEY = Path(__file__).resolve().parent.parent / "demo" / "satisfaction.toml"


def invite_guests(database: Database, number: int) -> list[int]:
    """So many people, all who may be asked invited and their mail handed over; the numbers of their invitations."""
    found(str(database.engine.url.render_as_string(hide_password=False)))
    settle_people(database, number)
    with database.writing() as session:
        remember_pepper(session, PepperRing([SECRET]))
        record(session, [_consent(each) for each in range(number)], at=AT)
        apply_survey(session, read_survey(SURVEY.read_text(encoding="utf-8")), at=AT)
        open_survey(session, find_survey(session, "satisfaction"), AT)
    with database.writing() as session:
        campaign = draft_invitation(session, find_survey(session, "satisfaction"), Wish(), at=AT)
        clearance = Clearance(fingerprint(campaign), "s", "h", "t")
        mailing = plan_mailing(session, campaign, clearance, kind=MailingKind.FIRST, due_at=AT, at=AT)
        begun = begin_mailing(session, mailing.id, AT)
        assert begun is not None
        freeze_audience(session, begun, at=AT)
        attach_invitations(session, begun.id, at=AT)
        sent = {"state": MessageState.SENT.value, "handed_over_at": AT, "next_try_at": None}
        session.execute(update(Message).where(Message.state == MessageState.PLANNED.value).values(**sent))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    with database.reading() as session:
        return list(session.scalars(select(Invitation.id).order_by(Invitation.id)))


def _consent(number: int) -> Fact:
    key = key_of(number)
    said = {"source": "purchase", "policy_version": "2026-01", "evidence": "a till receipt"}
    return Fact(key, key, Kind.CONSENT, "research", Door.IMPORT, AT, **said)  # type: ignore[arg-type]  # texts
