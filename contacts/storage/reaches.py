"""Reaches: how many people a condition means, and what the gate says of them, topic by topic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contacts.domain.verdicts import Reason
from contacts.storage.contacts import Contact
from contacts.storage.gate import verdict_expression
from contacts.storage.segments import meets


@dataclass(frozen=True)
class Reach:
    """Of the people whom a condition means: who may be written to on a topic now, and why not the others."""

    permitted: int = 0
    stopped: Mapping[Reason, int] = field(default_factory=dict)

    @property
    def met(self) -> int:
        """Everybody whom the condition means."""
        return self.permitted + sum(self.stopped.values())


def reach_of(session: Session, condition: Mapping[str, Any], topic: str, *, at: datetime) -> Reach:
    """Count, in one statement, whom the condition means by the gate's verdict.

    Raises:
        BadInput: the condition cannot be asked.
    """
    verdict = verdict_expression(session, topic, Contact.address_key, Contact.family_key, at=at)
    judged = select(verdict.label("verdict")).select_from(Contact).where(meets(condition, at=at)).subquery()
    rows = session.execute(select(judged.c.verdict, func.count()).group_by(judged.c.verdict))
    counted: dict[str | None, int] = dict(rows.all())
    stopped = {reason: counted[reason.value] for reason in Reason if reason.value in counted}
    return Reach(counted.get(None, 0), stopped)
