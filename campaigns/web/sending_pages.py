"""The console's page of the sending: mail servers, today's plans, rates, and which providers push back."""

from campaigns.domain.rations import Held
from campaigns.mail.relay_urls import read_relay_urls
from campaigns.services.watch_sending import sending_now
from campaigns.storage.relay_states import end_rest
from core.errors import NotFound
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

PAGE = "/console/sending"
REASONS = {
    Held.RATE: _("for a rate"),
    Held.PROVIDER: _("for a provider that pushed back"),
    Held.RELAY: _("for a server"),
    Held.WARM_UP: _("for the next day of a warm-up"),
}


def show_sending(visit: Visit) -> Answer:
    """How each server does, and what holds mail back."""
    zone = visit.settings.time_zone
    fleet = [(relay.plan, relay.shown) for relay in read_relay_urls(visit.settings.smtp_url.get_secret_value())]
    now = sending_now(visit.session, fleet, zone=zone, at=visit.at)
    waiting = [(_(words), now.waiting[why]) for why, words in REASONS.items() if why in now.waiting]
    return visit.page("console/sending.html", now=now, waiting=waiting, zone=zone, said=visit.query("said"))


def try_again(visit: Visit) -> Answer:
    """End the rest of one server or provider, for all senders."""
    relay, provider = visit.text("relay"), visit.text("provider")
    if not end_rest(visit.session, relay=relay, provider=provider, at=visit.at):
        raise NotFound(_("It is not left alone any more."))
    return visit.redirect(f"{PAGE}?said=retried")


PLACES = (
    Place(PAGE, show_sending, role=Role.ANALYST),
    Place(PAGE, try_again, methods=("POST",), role=Role.EDITOR),
)
