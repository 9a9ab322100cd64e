"""The state machines of campaign, mailing and message, as tables of allowed moves; for whatever moves one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from core.errors import Conflict
from core.language import gettext as _


class CampaignState(StrEnum):
    """Where a campaign stands: what the team planned, and how far it has gone."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class MailingState(StrEnum):
    """Where one dispatch of a campaign stands; it is frozen when it leaves `planned`."""

    PLANNED = "planned"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class MessageState(StrEnum):
    """Where one mail to one contact stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    EXCLUDED = "excluded"


S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[S]):
    """A named table of allowed moves: state → the states that may follow it."""

    noun: str
    moves: Mapping[S, frozenset[S]]

    def allows(self, old: S, new: S) -> bool:
        """Say whether `old` may become `new`."""
        return new in self.moves[old]

    def sources(self, new: S) -> tuple[S, ...]:
        """List the states that may become `new`, for a conditional UPDATE."""
        return tuple(old for old, following in self.moves.items() if new in following)

    def is_final(self, state: S) -> bool:
        """Say whether nothing can follow `state`."""
        return not self.moves[state]

    def require(self, old: S, new: S, *, name: str = "") -> None:
        """Refuse a forbidden move.

        Raises:
            Conflict: naming the moves that are possible from `old`.
        """
        if self.allows(old, new):
            return
        subject = f"{self.noun} “{name}”" if name else self.noun
        raise Conflict(
            _("The {subject} is {old} and cannot become {new}.").format(subject=subject, old=old, new=new),
            remedy=self._possible(old),
        )

    def _possible(self, old: S) -> str:
        if old == "finished":
            return _("It is finished; nothing of it is left to stop or change.")
        following = ", ".join(sorted(self.moves[old]))
        if not following:
            return _("That state is final.")
        return _("From there it can become: {states}.").format(states=following)


_C = CampaignState
CAMPAIGN: Machine[CampaignState] = Machine(
    "campaign",
    {
        _C.DRAFT: frozenset({_C.SCHEDULED, _C.CANCELLED}),
        _C.SCHEDULED: frozenset({_C.DRAFT, _C.SENDING, _C.CANCELLED}),
        _C.SENDING: frozenset({_C.PAUSED, _C.FINISHED, _C.CANCELLED}),
        _C.PAUSED: frozenset({_C.SENDING, _C.CANCELLED}),
        _C.FINISHED: frozenset({_C.SENDING}),  # a further mailing is launched, or an unknown message sent again
        _C.CANCELLED: frozenset(),
    },
)

_D = MailingState
MAILING: Machine[MailingState] = Machine(
    "mailing",
    {
        _D.PLANNED: frozenset({_D.SENDING, _D.CANCELLED}),
        _D.SENDING: frozenset({_D.PAUSED, _D.FINISHED, _D.CANCELLED}),
        _D.PAUSED: frozenset({_D.SENDING, _D.CANCELLED}),
        _D.FINISHED: frozenset({_D.SENDING}),  # an operator sends a message of unknown outcome again
        _D.CANCELLED: frozenset(),
    },
)

_M = MessageState
MESSAGE: Machine[MessageState] = Machine(
    "message",
    {
        _M.PLANNED: frozenset({_M.CLAIMED, _M.WITHHELD, _M.CANCELLED}),
        _M.CLAIMED: frozenset(
            # back to planned: a 4xx answer to be retried, or the claim of a sender that died before the handover
            {_M.SENT, _M.FAILED, _M.WITHHELD, _M.UNKNOWN, _M.CANCELLED, _M.PLANNED}
        ),
        _M.UNKNOWN: frozenset({_M.SENT, _M.FAILED, _M.PLANNED}),  # only an operator decides (G6)
        _M.SENT: frozenset(),
        _M.FAILED: frozenset(),
        _M.WITHHELD: frozenset(),
        _M.CANCELLED: frozenset(),
        _M.EXCLUDED: frozenset(),
    },
)

OPEN_MESSAGES: tuple[MessageState, ...] = (_M.PLANNED, _M.CLAIMED)
"""Messages that still have somewhere to go; a mailing finishes when it has none."""

ENDED_MESSAGES: tuple[MessageState, ...] = (_M.SENT, _M.FAILED, _M.WITHHELD, _M.UNKNOWN, _M.CANCELLED)
"""Where every planned message ends, in exactly one of them (G7)."""
