"""What is counted at the forms, under which names, and when it is too much."""

from datetime import UTC, datetime

import pytest

from contacts.domain.signup_limits import LIMITS, Counted, Digests, hour_of, is_too_many, seconds_left, site_of

AT = datetime(2026, 11, 22, 12, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("network", "site"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_site_is_an_address_of_version_4_or_half_of_one_of_version_6(network: str, site: str):
    assert site_of(network) == site


def test_a_digest_tells_nothing_without_the_secret_and_mixes_nothing_up():
    ours, theirs = Digests("one secret"), Digests("another secret")
    assert ours.of(Counted.NETWORK, "192.0.2.7") != theirs.of(Counted.NETWORK, "192.0.2.7")
    assert ours.of(Counted.NETWORK, "x") != ours.of(Counted.FORM, "x")
    assert ours.of(Counted.BROWSER, "ab", "c") != ours.of(Counted.BROWSER, "a", "bc")
    assert ours.of(Counted.ADDRESS, b"ab") == ours.of(Counted.ADDRESS, "ab")
    assert len(ours.of(Counted.ADDRESS, b"")) == 32


def test_an_hour_begins_and_how_long_it_lasts():
    assert hour_of(AT) == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert seconds_left(AT) == 2370
    assert seconds_left(AT.replace(minute=59, second=59, microsecond=999_999)) == 1


@pytest.mark.parametrize("counted", LIMITS)
def test_the_table_holds_for_the_hour_and_for_the_day(counted: Counted):
    limit = LIMITS[counted]
    assert not is_too_many(counted, limit.an_hour, limit.a_day)
    assert is_too_many(counted, limit.an_hour + 1, limit.a_day)
    assert is_too_many(counted, 1, limit.a_day + 1)
    assert not is_too_many(counted, limit.an_hour * 10, limit.a_day * 10, times=10)
    assert is_too_many(counted, limit.an_hour * 10 + 1, 1, times=10)
    assert is_too_many(counted, 1, limit.a_day * 10 + 1, times=10)


def test_the_table_says_this():
    assert {counted: (limit.an_hour, limit.a_day) for counted, limit in LIMITS.items()} == {
        Counted.NETWORK: (30, 100), Counted.FORM: (1_000, 10_000), Counted.ADDRESS: (5, 10),
    }  # fmt: skip
    assert list(LIMITS) == [Counted.NETWORK, Counted.FORM, Counted.ADDRESS]


def test_a_digest_is_spelt_as_it_always_was():
    """What was counted before a new version is counted after it."""
    ours = Digests("one secret")
    assert ours.of(Counted.NETWORK, "192.0.2.7").hex() == NETWORK
    assert ours.of(Counted.BROWSER, "ab", b"c").hex() == BROWSER


NETWORK = "fc49af9b7104c8f0c9dd6900a97140018286c0646fa0d3a6a03f289f4fe50115"
BROWSER = "15f4298c1cc9e7f9d5121a023c9452b53aeec72fa51b78bae13a22cbf47d1ab1"
