"""Whether a mail server of the settings may take a campaign's mail."""

from collections.abc import Iterator, Sequence

from campaigns.domain.checks import Finding, error
from campaigns.domain.relays import RelayPlan, allowed
from core.language import gettext as _


def about_relay(plans: Sequence[RelayPlan], *, sender_domain: str, wished: str) -> Iterator[Finding]:
    """What is wrong with the server that a campaign asks for, or with there being none for its sender."""
    if allowed(plans, sender_domain=sender_domain, wished=wished):
        return
    known = ", ".join(plan.name for plan in plans)
    if wished:
        yield error(
            "relay",
            _("There is no mail server “{name}”.").format(name=wished),
            _("The servers are {known}; HEEDFUL_SMTP_URL names them.").format(known=known),
        )
    else:
        yield error(
            "sender",
            _("No mail server takes mail from {domain}.").format(domain=sender_domain),
            _("Every server in HEEDFUL_SMTP_URL is named for other domains (from=…). Name one for this, or for all."),
        )
