"""Looking, pressing and declining by the number of an invitation, for tests that care for little else."""

from datetime import datetime

from sqlalchemy.orm import Session

from surveys.domain.answering import Go
from surveys.domain.cells import Posted
from surveys.domain.turns import Act, Turn
from surveys.services import respond
from surveys.services.respond import Pressed
from surveys.storage.answer_sheets import Link, Sheet
from surveys.storage.pseudonyms import BARE, Veil
from tests.conftest import NOON


def look(session: Session, number: int, *, version: int = 0, veil: Veil = BARE) -> Sheet:
    """What the invitation's link shows."""
    return respond.look(session, Link(number, version=version, veil=veil), at=NOON)


def press(
    session: Session,
    number: int,
    page: str,
    posted: Posted,
    go: Go = Go.NEXT,
    *,
    at: datetime = NOON,
    version: int = 0,
    veil: Veil = BARE,
) -> Pressed:
    """One button pressed by one person."""
    link = Link(number, version=version, veil=veil)
    return respond.press(session, link, Turn(page, posted, Act(go.value)), at=at)


def decline(session: Session, number: int, *, at: datetime = NOON, veil: Veil = BARE) -> Sheet:
    """Somebody does not want to take part."""
    return respond.decline(session, Link(number, veil=veil), at=at)
