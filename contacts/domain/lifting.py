"""Lifting: who may end a block, a pause or a limit; everything else can only restrict (GUARANTEES 3)."""

from contacts.domain.facts import Door, Fact, Kind
from contacts.domain.permission import PAUSE
from contacts.domain.verdicts import BlockReason
from core.errors import Forbidden

_OWN_PAGES = frozenset({Door.PREFERENCES, Door.DOUBLE_OPT_IN})
_PROVEN = frozenset({Door.DOUBLE_OPT_IN})
_TEAM = frozenset({Door.OPERATOR, Door.TERMINAL})

LIFTERS = {
    BlockReason.OPT_OUT.value: _OWN_PAGES,
    PAUSE: _OWN_PAGES,
    BlockReason.BOUNCE.value: _PROVEN,
    BlockReason.COMPLAINT.value: _PROVEN,
    BlockReason.ERASURE.value: _PROVEN,
    BlockReason.HOLD.value: _TEAM,
    BlockReason.CHILD.value: _TEAM,
}
"""Through which doors each is lifted: the person's own, or the team's for what the team put there."""


def require_right(fact: Fact) -> None:
    """Pass only a fact that came through a door that may record it.

    A yes that counts as the person's own word (`confirmed`), a pause, a rhythm and a release come from the person's own
    page or by double opt-in. The team ends its own holds, and a child flag only by two operators with evidence.

    Raises:
        Forbidden: it did not; nothing is recorded.
    """
    if fact.confirmed and fact.door not in _OWN_PAGES:
        raise Forbidden("Only the person can say that.")
    if fact.kind in {Kind.PAUSE, Kind.RHYTHM} and not fact.confirmed and "carried" not in fact.details:
        raise Forbidden("Only the person sets a pause or a rhythm.")
    if fact.kind is Kind.RELEASE:
        _require_right_to_release(fact)


def _require_right_to_release(fact: Fact) -> None:
    reason = fact.details.get("reason", "")
    if fact.door not in LIFTERS.get(reason, ()):
        raise Forbidden("This block cannot be lifted here.")
    if LIFTERS[reason] is not _TEAM and not fact.confirmed:
        raise Forbidden("Only the person lifts this block.")
    if reason == BlockReason.CHILD and not (_two_people(fact) and fact.evidence):
        raise Forbidden("A child flag is lifted by two operators with evidence of a mistake.")


def _two_people(fact: Fact) -> bool:
    operators = fact.details.get("operators", [])
    return len({each for each in operators if each}) == 2  # noqa: PLR2004 - two pairs of eyes
