"""The console's page of senders: which processes hand mail over, on which machine, what each does and how fast."""

from datetime import timedelta

from campaigns.storage.senders import SenderState, overtaken, senders_lately
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

PAGE = "/console/senders"
SILENT = timedelta(seconds=10)
"""After so long without a sign of life a sender is told to be silent."""
LATELY = timedelta(hours=24)
STATES = {
    SenderState.IDLE: (_("idle"), ""),
    SenderState.SENDING: (_("sending"), "good"),
    SenderState.AWAY: (_("no server answers"), "warn"),
    SenderState.DRAINING: (_("ends what it began"), ""),
}


def show_senders(visit: Visit) -> Answer:
    """Those that run, and those that went in the last day."""
    found = senders_lately(visit.session, since=visit.at - LATELY)
    running = [each for each in found if each.stopped_at is None]
    states = {state.value: (_(word), tone) for state, (word, tone) in STATES.items()}
    return visit.page(
        "console/senders.html",
        running=running,
        gone=[each for each in found if each.stopped_at is not None],
        silent={each.id for each in running if each.seen_at < visit.at - SILENT},
        states=states,
        rate=sum(each.rate for each in running),
        overtaken=overtaken(visit.session),
    )


PLACES = (Place(PAGE, show_senders, role=Role.ANALYST),)
