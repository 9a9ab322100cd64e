"""The house's own mail template: it asks, sells nothing, follows nobody, and says how to be left alone."""

import re
from typing import Any

import pytest

from campaigns.mail.inlining import inline_css
from campaigns.mail.sandbox import compile_mail
from campaigns.mail.shipped import confirmation, kinds, shipped
from core.errors import BadInput

PARTS = ("html", "text")


def rendered(language: str = "en", **contact: Any) -> Any:
    """The mail to somebody who has asked for two topics."""
    sources = confirmation()
    inlined = inline_css(sources.html)
    assert inlined.warning is None
    asked = {"form": "Strings & Keys", "topics": ["Updates <b>", "Offers"]}
    given = {
        "contact": {"source": "confirmation", "given_name": "", "locale": "en", "attributes": asked} | contact,
        "campaign": {"name": "x", "subject": "", "preheader": ""},
        "content": {},
        "sender": {"name": "Halcyon", "email": "news@example.org", "postal_address": "12 Kestrel Row\nBristol"},
        "unsubscribe_url": "https://m.example.org/u/leave",
        "preferences_url": "https://m.example.org/p/prefer",
        "privacy_url": "https://www.example.org/privacy",
        "personal_url": "https://m.example.org/join/confirm/mine",
        "advertisement": False,
        "language": language,
    }
    return compile_mail(sources.subject, inlined.html, sources.text).render(given)


@pytest.mark.parametrize("part", PARTS)
def test_g20_it_says_who_asks_for_what_where_and_how_to_be_left_alone(part: str):
    mail = getattr(rendered(), part)
    for said in (
        "12 Kestrel Row",
        "Bristol",
        "https://m.example.org/u/leave",
        "https://m.example.org/join/confirm/mine",
    ):
        assert said in mail
    assert "Updates &lt;b&gt;" in mail if part == "html" else "- Updates <b>" in mail
    plain = " ".join(mail.split())
    assert "ignore this mail: nothing happens" in plain
    assert "somebody entered your address on a page of Halcyon" in plain
    assert "https://m.example.org/p/prefer" not in mail, "who has not confirmed has nothing to choose from yet"
    assert "dvertisement" not in mail
    assert "joined a mailing list" not in plain


def test_its_subject_names_the_form_in_one_line():
    assert rendered().subject == "Please confirm: Strings & Keys"


def test_every_sentence_has_its_place_filled_and_no_line_is_too_long():
    mail = rendered()
    visible = re.sub(r"<style.*?</style>|<!--.*?-->", "", mail.html + mail.text, flags=re.DOTALL)
    assert not re.search(r"\{\w+\}|\{\{|\{%", visible)
    assert max(map(len, mail.html.splitlines())) < 998
    assert max(map(len, mail.text.splitlines())) <= 78


def test_languages_from_right_to_left_turn_it():
    assert 'dir="rtl"' in rendered("ar").html


def test_a_team_cannot_choose_it():
    assert "confirmation" not in kinds()
    with pytest.raises(BadInput):
        shipped("confirmation")
