"""Several servers in one setting, each with options; what cannot be read is refused with what could be."""

from datetime import date

import pytest

from campaigns.domain.warm_up import WarmUp
from campaigns.mail.relay_urls import Line, read_relay_urls
from core.errors import Misconfigured

ONE = (
    "smtp+starttls://user:p,w@mx1.example.org:587?name=mx1&weight=3&connections=20&rate=50"
    "&from=example.org,Example.com&pipelining=off&cafile=/ca.pem"
)
TWO = "smtps://mx2.example.org?warmup=2026-11-23:50,100&warmup-gmail=2026-11-24:5"


@pytest.mark.parametrize("between", [",", " ", "\n", ", \n  "])
def test_servers_are_parted_by_commas_or_white_space(between):
    one, two = read_relay_urls(f" {ONE}{between}{TWO} ")
    assert (one.line, one.password, one.connections, one.pipelining, one.cafile) == (
        Line.STARTTLS, "p,w", 20, False, "/ca.pem",
    )  # fmt: skip
    plan = one.plan
    assert (plan.name, plan.weight, plan.rate) == ("mx1", 3, 50)
    assert plan.senders == {"example.org", "example.com"}
    assert (two.plan.name, two.connections, two.plan.warm_up) == (
        "mx2.example.org",
        0,
        WarmUp(date(2026, 11, 23), (50, 100)),
    )
    assert two.plan.warm_ups == {"gmail": WarmUp(date(2026, 11, 24), (5,))}


def test_one_server_is_called_after_its_host_and_the_mailbox_capture():
    assert [each.plan.name for each in read_relay_urls("smtp://localhost:2525")] == ["localhost"]
    assert [each.plan.name for each in read_relay_urls("capture:")] == ["capture"]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("smtp://a.test smtp://a.test:26", "a.test twice"),
        ("capture: smtp://a.test", "stands alone"),
        ("smtp://a.test?weight=0", "weight cannot be"),
        ("smtp://a.test?rate=inf", "rate cannot be"),
        ("smtp://a.test?connections=201", "connections cannot be"),
        ("smtp://a.test?name=a@b", "name cannot be"),
        ("smtp://a.test?from=", "from cannot be"),
        ("smtp://a.test?from=ann@example.org", "from cannot be"),
        ("smtp://a.test?pipelining=maybe", "pipelining cannot be"),
        ("smtp://a.test?warmup=soon", "no warm-up plan"),
        ("smtp://a.test?warmup-=2026-11-23:5", "is no option"),
        ("smtp://a.test?colour=red", "colour is no option"),
        ("smtp://a.test, mx2.example.org", "not the address"),
    ],
)
def test_what_cannot_be_read_is_refused(setting, told):
    with pytest.raises(Misconfigured, match=told):
        read_relay_urls(setting)


def test_no_password_is_told_when_an_option_is_wrong():
    with pytest.raises(Misconfigured) as refused:
        read_relay_urls("smtps://user:secret@a.test?weight=much")
    assert "secret" not in str(refused.value)
