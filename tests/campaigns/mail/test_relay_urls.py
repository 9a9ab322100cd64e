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
        ("smtp://a.test?weight=0", "weight cannot be “0”, but a number above 0"),
        ("smtp://a.test?rate=inf", "rate cannot be “inf”, but messages a second above 0"),
        ("smtp://a.test?rate=nan", "rate cannot be “nan”, but messages a second above 0"),
        ("smtp://a.test?connections=201", "connections cannot be “201”, but a whole number from 1 to 200"),
        ("smtp://a.test?connections=1000000", "from 1 to 200"),
        ("smtp://a.test?rate=5&weight=2&rate=6", "rate is given twice"),
        ("smtp://a.test?cafile=/ca.pem", "cafile means nothing on a line without TLS"),
        ("capture:?cafile=/ca.pem", "cafile means nothing"),
        ("smtps://a.test?cafile=", "cafile cannot be"),
        ("smtp://a.test?warmup-gmial=2026-11-23:5", "warmup-gmial: there is no such provider; write gmail,"),
        ("smtp://a.test?warmup-gmail=2026-11-23:5&warmup-gmail.com=2026-11-23:6", "gmail has a warm-up already"),
        ("smtp://a.test?warmup=2026-11-23:0,0", "no warm-up plan"),
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


def test_a_warm_up_for_a_domain_is_for_who_takes_its_mail():
    (one,) = read_relay_urls("smtp://a.test?warmup-Googlemail.com=2026-11-23:5&warmup-example.org=2026-11-23:6")
    assert set(one.plan.warm_ups) == {"gmail", "example.org"}


def test_no_password_is_told_when_an_option_is_wrong():
    with pytest.raises(Misconfigured) as refused:
        read_relay_urls("smtps://user:secret@a.test?weight=much")
    assert "secret" not in str(refused.value)
