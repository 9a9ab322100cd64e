"""What one claim may take of rates and of the day's plans."""

from datetime import UTC, date, datetime, timedelta

from campaigns.domain.allowances import Allowance
from campaigns.domain.rations import WHOLE, Ration, mailing_bucket, provider_bucket, relay_bucket
from campaigns.domain.relays import RelayPlan

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = date(2026, 11, 23)
ONE = RelayPlan("one")


def of(tokens: float) -> Allowance:
    return Allowance(1, tokens, NOON)


def test_a_server_without_limits_may_be_given_all():
    ration = Ration(100)
    assert ration.room(ONE) == 100
    assert ration.takes(ONE, "gmail")
    assert not ration.is_short()
    ration.spend(7, "one", "gmail")
    assert ration.taken == {}


def test_the_narrowest_of_rate_and_plan_counts():
    ration = Ration(100, allowances={relay_bucket("one"): of(30)}, left={("one", WHOLE): 20, ("one", "gmail"): 0})
    assert ration.room(ONE) == 20
    assert ration.takes(ONE, "example.org")
    assert not ration.takes(ONE, "gmail")
    assert not ration.has_day(ONE, "gmail")


def test_what_goes_is_spent_everywhere_it_counts():
    buckets = {mailing_bucket(7): of(2), provider_bucket("gmail"): of(0.5), relay_bucket("one"): of(1)}
    ration = Ration(100, allowances=buckets, day=DAY, left={("one", WHOLE): 5, ("one", "gmail"): 2})
    assert not ration.has(provider_bucket("gmail"))
    assert ration.has(provider_bucket("example.org"))
    ration.spend(7, "one", "example.org")
    assert (buckets[mailing_bucket(7)].tokens, buckets[relay_bucket("one")].tokens) == (1, 0)
    assert ration.left == {("one", WHOLE): 4, ("one", "gmail"): 2}
    ration.spend(7, "one", "gmail")
    assert ration.taken == {(("one", WHOLE), DAY): 2, (("one", "gmail"), DAY): 1}
    assert ration.is_short()


def test_a_provider_without_tokens_makes_no_claim_short():
    assert not Ration(1, allowances={provider_bucket("gmail"): of(0)}).is_short()


def test_a_promise_is_told_on_our_own_clock():
    hour = timedelta(hours=1)
    buckets = {provider_bucket("gmail"): Allowance(1, 0, NOON + hour)}
    ration = Ration(1, allowances=buckets, ahead=hour)
    assert ration.promise(provider_bucket("gmail"), NOON, 0.5) == NOON + timedelta(seconds=1)
