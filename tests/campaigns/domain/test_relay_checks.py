"""A campaign that no server may take cannot be scheduled."""

from campaigns.domain.relay_checks import about_relay
from campaigns.domain.relays import RelayPlan

PLANS = (RelayPlan("mx1"), RelayPlan("mx2", senders=frozenset({"example.org"})))


def told(*plans: RelayPlan, wished: str = "") -> list[str]:
    return [found.where for found in about_relay(plans, sender_domain="example.com", wished=wished)]


def test_a_server_that_may_take_the_mail_is_no_matter():
    assert told(*PLANS) == []
    assert told(*PLANS, wished="mx2") == []


def test_a_wish_for_a_server_that_is_not_there_and_a_sender_nobody_takes_are_errors():
    assert told(*PLANS, wished="mx3") == ["relay"]
    assert told(PLANS[1]) == ["sender"]
