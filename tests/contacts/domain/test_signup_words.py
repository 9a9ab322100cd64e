"""What a form says and asks for: drafts, wordings and their hash, tokens, and the HTML for other sites."""

from dataclasses import replace
from typing import Any

import pytest

from contacts.domain.joining_tokens import joining_token, read_joining
from contacts.domain.signup_drafts import SignupDraft, faults_of
from contacts.domain.snippets import snippet
from contacts.domain.wordings import Line, Wording
from core.errors import BadToken
from core.tokens import ANSWER_MAC, Keyring, TokenKind, pack

RING = Keyring(["one secret of the tests, long enough"])
GOOD = SignupDraft("newsletter", "Our newsletter", "We write to you.", ("updates",), "de")
WORDING = Wording(
    "Our newsletter", "We write.", (Line("updates", "Updates", "Fixes"),), "2026-01", "https://x.test/p", "X"
)
WORDS = {"address": "Your email address", "choose": "What about?", "button": "Sign up"}


def test_a_good_form_has_no_faults():
    assert faults_of(GOOD, {"updates"}) == {}
    assert faults_of(replace(GOOD, language=""), {"updates"}) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Newsletter"), ("name", ""), ("name", "a--b"), ("name", "confirm"), ("name", "a" * 61),
        ("title", ""), ("title", "x" * 201), ("wording", ""), ("wording", "x" * 5001),
        ("topics", ()), ("topics", ("offers",)), ("topics", ("marketing",)), ("language", "german!"),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_field(field: str, value: Any):
    assert list(faults_of(replace(GOOD, **{field: value}), {"updates", "marketing"})) == [field]


def test_a_wording_comes_back_as_it_was_kept_and_any_change_is_another():
    assert Wording.read(WORDING.said) == WORDING
    assert WORDING.scopes == ["updates"]
    others = [
        replace(WORDING, statement="We write!"),
        replace(WORDING, policy_version="2026-02"),
        replace(WORDING, lines=(Line("updates", "Updates", "Fixes."),)),
        replace(WORDING, lines=()),
    ]
    assert len({each.digest for each in [WORDING, *others]}) == 5


def test_a_token_names_one_request_and_opens_nothing_else():
    token = joining_token(RING, 7)
    assert read_joining(RING, token) == 7
    for wrong in (
        token[:-1],
        RING.sign(TokenKind.ANSWER, pack(7), ANSWER_MAC),
        RING.sign(TokenKind.CONFIRM, pack(7)),
        RING.sign(TokenKind.CONFIRM, pack(7, 8), ANSWER_MAC),
    ):
        with pytest.raises(BadToken):
            read_joining(RING, wrong)


def test_a_snippet_loads_nothing_and_breaks_out_of_nothing():
    lines = [Line("updates", 'Updates "& more"'), Line("offers", "<b>Offers</b>")]
    html = snippet("https://x.test/join/a", "<script>alert(1)</script>", lines, **WORDS)
    assert "<script" not in html
    assert "<b>" not in html
    assert html.count('type="checkbox"') == 2
    assert "src=" not in html
    assert "checked" not in html


def test_a_form_for_one_topic_needs_no_tick():
    html = snippet("https://x.test/join/a", "News", [Line("updates", "Updates")], **WORDS)
    assert '<input type="hidden" name="topic" value="updates">' in html
    assert "checkbox" not in html
