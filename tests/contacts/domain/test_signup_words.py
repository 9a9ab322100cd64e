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


def test_a_snippet_is_spelt_like_this():
    lines = [Line("updates", "Updates"), Line("offers", "Offers & more")]
    action = "https://x.test/join/a?b=1&c=2"
    assert snippet(action, "News", lines, address="Address", choose="Which?", button="Go") == (
        '<form action="https://x.test/join/a?b=1&amp;c=2" method="post">\n'
        "  <p>News</p>\n"
        "  <p><label>Address<br>\n"
        '    <input type="email" name="address" autocomplete="email" required></label></p>\n'
        "  <fieldset>\n"
        "    <legend>Which?</legend>\n"
        '    <label><input type="checkbox" name="topic" value="updates"> Updates</label><br>\n'
        '    <label><input type="checkbox" name="topic" value="offers"> Offers &amp; more</label><br>\n'
        "  </fieldset>\n"
        "  <p><button>Go</button></p>\n"
        "</form>\n"
    )
    assert snippet("/a", "N", lines[:1], address="A", choose="W", button="G").splitlines()[4:] == [
        '  <input type="hidden" name="topic" value="updates">', "  <p><button>G</button></p>", "</form>",
    ]  # fmt: skip


def test_a_wording_is_named_by_the_hash_that_it_always_had():
    assert WORDING.said == {
        "title": "Our newsletter", "statement": "We write.", "policy_version": "2026-01", "sender": "X",
        "privacy_url": "https://x.test/p", "lines": [{"scope": "updates", "title": "Updates", "description": "Fixes"}],
    }  # fmt: skip
    assert WORDING.digest == DIGEST
    assert replace(WORDING, title="Größe").digest != DIGEST
    assert Line("updates", "Updates").description == ""


DIGEST = "99530320df199fca01dd3dedd5f7a2d43ce5b1d94e6bf8e8ce4a93d208fdb83d"


def test_a_form_may_be_as_long_as_its_limits():
    largest = replace(GOOD, name="a" * 60, title="x" * 200, wording="x" * 5_000)
    assert faults_of(largest, {"updates"}) == {}
    assert faults_of(replace(GOOD, name="a", title="x", wording="y"), {"updates"}) == {}
    assert list(faults_of(replace(GOOD, topics=("updates", "offers")), {"updates"})) == ["topics"]
    assert list(faults_of(replace(GOOD, name="new"), {"updates"})) == ["name"]
    assert (SignupDraft("a", "b", "c", ()).language, SignupDraft("a", "b", "c", ()).active) == ("", True)
