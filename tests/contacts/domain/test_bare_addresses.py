"""What is left of what somebody wrote: letters that nobody sees, brackets, comments and quotation marks are gone."""

import pytest

from contacts.domain.bare_addresses import bare_address, unjoined, visible
from core.errors import BadInput

UNSEEN = (
    "ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b 200e-200f 202a-202e 2060-206f 3164 fe00-fe0f feff ffa0 fff0-fff8 "
    "1bca0-1bca3 1d173-1d17a e0000-e0fff"
)
"""Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties, without U+200C and U+200D."""


def test_letters_that_nobody_sees_are_gone_and_no_others():
    wanted: set[int] = set()
    for each in UNSEEN.split():
        first, _, last = each.partition("-")
        wanted.update(range(int(first, 16), int(last or first, 16) + 1))
    every = [chr(each) for each in (*range(0x20000), *range(0xE0000, 0xE2000)) if each not in {0x200C, 0x200D}]
    assert {ord(each) for each in set(every) - set(visible("".join(every)))} == wanted


def test_joiners_stay_only_where_they_make_another_domain():
    assert unjoined("a\u200cb\u200dc") == "abc"
    assert unjoined("abc") == "abc"
    assert visible("a\u200cb@example.org") == "ab@example.org"
    assert visible("ann@نامه\u200cای.com") == "ann@xn--mgba3gch31f060k.com"
    assert visible("ann@<نامه\u200cای.com>") == "ann@<xn--mgba3gch31f060k.com>"
    assert visible("ann@exa\u200dmple.org") == "ann@example.org"
    assert visible("a\u200dn") == "an"
    assert visible("ann@نامه\u200cای.ｃｏｍ") == "ann@xn--mgba3gch31f060k.com"
    assert visible("Ann@Exämple.Org") == "Ann@Exämple.Org"


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("ann@example.org", "ann@example.org"),
        (" ann@example.org. ", "ann@example.org"),
        ("ann@example.org。", "ann@example.org"),
        ("ann@example.org．", "ann@example.org"),
        ("ann@example.org｡", "ann@example.org"),
        ("ann@example.org..", "ann@example.org."),
        ("Ann <ann@example.org>", "ann@example.org"),
        ('"Lee, Ann" <ann@example.org>', "ann@example.org"),
        ('"<x@y>" <ann@example.org>,', "ann@example.org"),
        ('Ann < "a>b"@example.org >', '"a>b"@example.org'),
        ('An"n <ann@example.org>', "ann@example.org"),
        ("'ann@example.org'", "ann@example.org"),
        ("“‘ann@example.org’”", "ann@example.org"),
        ("«ann@example.org»", "ann@example.org"),
        ("„ann@example.org“", "ann@example.org"),
        ("<ann@example.org>", "ann@example.org"),
        ("<<ann@example.org>>", "ann@example.org"),
        ('"ann@example.org"', "ann@example.org"),
        ("'ann@example.org\"", "'ann@example.org\""),
        ("ann @ example.org", "ann@example.org"),
        ("ann＠example.org", "ann@example.org"),
        ("ann﹫example.org", "ann@example.org"),
        ("ann＠b@example.org", "ann＠b@example.org"),
        ("mailto:ann%2Bx@example.org?subject=a@b", "ann+x@example.org"),
        ("MAILTO:<ann@example.org>", "ann@example.org"),
        ("<mailto:ann@example.org>", "ann@example.org"),
        ("mailto:a%E2%80%8Bnn@example.org", "ann@example.org"),
        ("ann@example.org ;,", "ann@example.org"),
        ("'", "'"),
        ("''", ""),
        ("", ""),
    ],
)
def test_what_is_left_is_the_address(written, bare):
    assert bare_address(written) == bare


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("ann@example.org (Ann)", "ann@example.org"),
        ("ann(x)@example.org", "ann@example.org"),
        ("ann@example.org (a (b) c)", "ann@example.org"),
        ("(a) ann@example.org (b)", "ann@example.org"),
        (r"ann@example.org (a\)b)", "ann@example.org"),
        (r"ann@example.org (a\\)", "ann@example.org"),
        ('"a(b)c"@example.org', '"a(b)c"@example.org'),
        (r'"a\"(b)c"@example.org', r'"a\"(b)c"@example.org'),
        ('(a"b) ann@example.org', "ann@example.org"),
        ("ann@example.org (a", "ann@example.org (a"),
        ("ann@example.org) (a)", "ann@example.org)"),
        (r"\(ann@example.org", r"\(ann@example.org"),
    ],
)
def test_comments_are_blanks_and_brackets_without_a_partner_stay(written, bare):
    assert bare_address(written) == bare


def test_a_mailto_link_that_is_no_text_is_refused():
    with pytest.raises(BadInput, match="mailto link is damaged") as caught:
        bare_address("mailto:%FF@example.org")
    assert caught.value.field == "address"
