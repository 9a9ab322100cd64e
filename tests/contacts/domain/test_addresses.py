"""Addresses: spellings of one person share a key, other people never do."""

import pytest
from pydantic import SecretStr

from contacts.domain.addresses import Pepper, PepperRing, read_address
from core.errors import BadInput
from core.settings import Settings

PEPPER = Pepper("a pepper of the tests, long enough")

SAME = [
    ("ann@example.org", "ANN@EXAMPLE.ORG"),
    ("ann@example.org", "  ann@example.org\n"),
    ("ann@example.org", "Ann Example <ann@example.org>"),
    ("ann@example.org", "mailto:ann@example.org?subject=hi"),
    ("ann@example.org", "MAILTO:ann@example.org"),
    ("ann@example.org", "ann@example.org."),
    ("ann@example.org", "a\u200bnn@exam\u00adple.org"),
    ("ann@example.org", "ａnn@ｅxample.org"),
    ("jörg@example.org", "jo\u0308rg@example.org"),
    ("jörg@example.org", "JÖRG@example.org"),
    ("a@müller.test", "a@xn--mller-kva.test"),
    ("a@müller.test", "a@MÜLLER.test"),
    ("a@例え.test", "a@xn--r8jz45g.test"),
    ("strasse@example.org", "straße@example.org"),
    ("σίσυφος@example.org", "ΣΊΣΥΦΟΣ@example.org"),
]
OTHERS = [
    ("ann@example.org", "anne@example.org"),
    ("ann@example.org", "ann@example.com"),
    ("ann@example.org", "a.nn@example.org"),
    ("ann@example.org", "ann+x@example.org"),
    ("ann@gmail.com", "a.nn@gmail.com"),
    ("a@faß.test", "a@fass.test"),
    ("ann@example.org", "ann@sub.example.org"),
]
FAMILIES = [
    ("ann@gmail.com", "a.n.n+shop@googlemail.com"),
    ("ann@example.org", "ann+shop@example.org"),
    ("ann@example.org", "ANN+a+b@example.org"),
]
BAD = [
    "", " ", "ann", "ann@", "@example.org", "ann@@example.org", "ann@exa mple.org", "ann..b@example.org", "ann@example",
    "ann@example.org\r\nBcc: eve@example.org", "ann@example.org, bob@example.org", '"a b"@example.org', "a@[127.0.0.1]",
    "x" * 65 + "@example.org", "ann@" + "x" * 330 + ".org", "ann@-example.org", "ann@ex\u0000ample.org", "<>",
    "mailto:", "ann@xn--a.test",
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_person_share_the_key(one, other):
    assert PEPPER.keys(read_address(one)) == PEPPER.keys(read_address(other))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_people_have_other_keys(one, other):
    assert PEPPER.keys(read_address(one)).own != PEPPER.keys(read_address(other)).own


@pytest.mark.parametrize(("one", "other"), FAMILIES)
def test_close_spellings_are_one_family_and_two_people(one, other):
    first, second = PEPPER.keys(read_address(one)), PEPPER.keys(read_address(other))
    assert first.family == second.family
    assert first.own != second.own


@pytest.mark.parametrize("written", BAD)
def test_what_no_mail_can_reach_is_refused_without_repeating_it(written):
    with pytest.raises(BadInput) as refused:
        read_address(written)
    assert "example.org" not in str(refused.value)


def test_mail_is_delivered_to_the_address_as_written():
    assert read_address("Ann.Example+News@Example.ORG").delivery == "Ann.Example+News@example.org"
    assert read_address("ann@müller.test").delivery == "ann@xn--mller-kva.test"
    assert read_address("jörg@müller.test").delivery == "jörg@xn--mller-kva.test"


def test_a_local_part_of_a_tag_or_dots_alone_keeps_its_family():
    assert read_address("+tag@example.org").family == "+tag@example.org"


def test_without_the_pepper_no_key_can_be_told():
    assert Pepper("another pepper of the tests").keys(read_address("a@example.org")) != PEPPER.keys(
        read_address("a@example.org")
    )
    assert Pepper("x" * 32).canary != PEPPER.canary


def test_the_pepper_comes_from_the_settings():
    secret = SecretStr("p" * 40)
    settings = Settings(_env_file=None, secret_key=secret, pepper=secret)
    assert PepperRing.of(settings).peppers[0].canary == Pepper("p" * 40).canary
