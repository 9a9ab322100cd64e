"""Routes: which server's lines each claimed message goes to, and which must wait, until when and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.relays import Heard, RelayPlan
from campaigns.storage.claims import Claim


@dataclass(frozen=True)
class Admitted:
    """The claimed messages that may go now, by server; those that wait are planned again already."""

    by_relay: dict[str, list[Claim]] = field(default_factory=dict)
    put_off: dict[int, datetime] = field(default_factory=dict)


class Traffic:
    """What one sender knows of servers, limits and back-offs, shared with the other senders through the database.

    `admit` and `keep` run in the sender's own transactions (claim and beat); `note` and the questions need none.
    """

    def __init__(self, plans: Sequence[RelayPlan]) -> None:
        self.plans = {plan.name: plan for plan in plans}

    def admit(self, session: Session, claims: Sequence[Claim], *, at: datetime) -> Admitted:
        """Say where each message goes; what has to wait is planned again in this transaction."""
        del session, at
        return Admitted({next(iter(self.plans)): list(claims)})

    def note(self, relay: str, address: str, said: Heard, text: str = "") -> None:
        """Take note of what came of one message, to be shared at the next beat."""
