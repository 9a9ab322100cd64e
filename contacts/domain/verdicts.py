"""Verdicts: why somebody may not be written to, in the order in which reasons outrank each other."""

from enum import StrEnum


class Reason(StrEnum):
    """Why no permit is given; the earlier one is named where several apply."""

    TOPIC_CLOSED = "topic_closed"
    PARTNER_STOPPED = "partner_stopped"
    CHILD = "child"
    ERASED = "erased"
    COMPLAINT = "complaint"
    BOUNCED = "bounced"
    OPTED_OUT = "opted_out"
    HELD = "held"
    FAMILY_HELD = "family_held"
    NO_PERMISSION = "no_permission"
    PERMISSION_LAPSED = "permission_lapsed"
    PAUSED = "paused"
    CAP_REACHED = "cap_reached"
    RHYTHM_REACHED = "rhythm_reached"
    QUIET_HOURS = "quiet_hours"
    GATE_FAILED = "gate_failed"


SENTENCES = {
    Reason.TOPIC_CLOSED: "the topic is closed or unknown",
    Reason.PARTNER_STOPPED: "the partner is not active, or owes an answer to our opt-out list",
    Reason.CHILD: "is marked as a child: nothing is ever sent",
    Reason.ERASED: "asked to be erased",
    Reason.COMPLAINT: "reported a mail as spam",
    Reason.BOUNCED: "cannot be reached: mail came back",
    Reason.OPTED_OUT: "opted out",
    Reason.HELD: "is held until an open question is settled",
    Reason.FAMILY_HELD: "has a close spelling of an address that opted out; held until this address itself says yes",
    Reason.NO_PERMISSION: "never gave permission for this topic",
    Reason.PERMISSION_LAPSED: "was told that mail would come, so long ago that this no longer holds",
    Reason.PAUSED: "asked for a pause that is not over yet",
    Reason.CAP_REACHED: "had as much mail of this kind as is allowed for now",
    Reason.RHYTHM_REACHED: "asked for less mail, and has had as much as that for now",
    Reason.QUIET_HOURS: "is in quiet hours: sent when they are over",
    Reason.GATE_FAILED: "the check itself failed, so nothing was sent",
}


class BlockReason(StrEnum):
    """What put a block there; stored with the block, outranking each other in this order."""

    CHILD = "child"
    ERASURE = "erasure"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    OPT_OUT = "opt_out"
    HOLD = "hold"


RANKS = {reason: rank for rank, reason in enumerate(BlockReason)}
VERDICT_OF = {
    BlockReason.CHILD: Reason.CHILD,
    BlockReason.ERASURE: Reason.ERASED,
    BlockReason.COMPLAINT: Reason.COMPLAINT,
    BlockReason.BOUNCE: Reason.BOUNCED,
    BlockReason.OPT_OUT: Reason.OPTED_OUT,
    BlockReason.HOLD: Reason.HELD,
}
