"""The mail templates that ship, rendered as a mailing renders them: their promises to readers and to the law."""

import re
from email.policy import SMTP
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

import pytest

from campaigns.mail.inlining import inline_css
from campaigns.mail.sandbox import CompiledMail, compile_mail
from campaigns.mail.shipped import kinds, shipped

MARKETING = ("announcement", "update", "offer")
RESEARCH = ("survey_invitation", "survey_reminder")
KINDS = (*MARKETING, *RESEARCH)
LONGEST_LINE = 998  # RFC 5322, 2.1.1
CLIPPED_AT = 102 * 1024  # Gmail, bytes of HTML

CONTENT: dict[str, Any] = {
    "headline": "Strings & Keys",
    "intro": "A new idea.",
    "body": "Text with **weight**.",
    "button_label": "Look",
    "button_url": "https://www.example.org/look?a=1&b=2",
    "price": "€149",
    "code": "ENCORE25",
    "ends": "6 December 2026",
    "version": "Version 6.1",
    "purpose": "To learn what works",
    "sponsor": "Halcyon Audio",
    "minutes": 5,
    "sections": [
        {
            "title": "One <thing>",
            "text": "More.",
            "image_url": "https://www.example.org/one.png",
            "image_alt": "The “mixer”",
            "link_label": "See it",
            "link_url": "https://www.example.org/one",
        },
        {"title": "Bare"},
    ],
}


@lru_cache
def _compiled(kind: str) -> CompiledMail:
    sources = shipped(kind)
    return compile_mail(sources.subject, sources.html, sources.text)


def _variables(kind: str, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "contact": {"given_name": "Maya", "source": "registration", "locale": "en"},
        "campaign": {"name": "x", "subject": "Hello & welcome", "preheader": "Just a line"},
        "content": CONTENT,
        "sender": {
            "name": "Halcyon <Audio>",
            "email": "news@example.org",
            "postal_address": "12 Kestrel Row\nBristol BS1 4ND",
        },
        "unsubscribe_url": "https://m.example.org/u/leave",
        "preferences_url": "https://m.example.org/p/prefer",
        "privacy_url": "https://www.example.org/privacy",
        "personal_url": "https://m.example.org/s/mine",
        "advertisement": kind in MARKETING,
        "language": "en",
    }
    return given | changes


def _render(kind: str, part: str, **changes: Any) -> str:
    mail = _compiled(kind).render(_variables(kind, **changes))
    return {"subject.txt": mail.subject, "body.html": mail.html, "body.txt": mail.text}[part]


class Reader(HTMLParser):
    """Collects what the tests ask about, and whether tags balance."""

    _VOID = frozenset({"meta", "img", "br", "hr", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_three_parts_and_the_tags_balance(kind: str) -> None:
    assert _render(kind, "subject.txt").strip()
    assert _render(kind, "body.txt").strip()
    read = Reader(_render(kind, "body.html"))
    assert read.open == []
    assert read.every("html")[0]["lang"] == "en"
    assert all(table["role"] == "presentation" for table in read.every("table"))
    assert all(image.get("alt") for image in read.every("img"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["body.html", "body.txt"])
def test_g20_both_parts_carry_address_way_out_and_the_word_advertisement_where_due(kind: str, part: str) -> None:
    mail = _render(kind, part)
    for needed in (
        "12 Kestrel Row",
        "Bristol BS1 4ND",
        "https://m.example.org/u/leave",
        "https://m.example.org/p/prefer",
    ):
        assert needed in mail
    assert "https://www.example.org/privacy" in mail
    assert ("This is an advertisement from" in mail) is (kind in MARKETING)


@pytest.mark.parametrize("kind", RESEARCH)
@pytest.mark.parametrize("part", ["body.html", "body.txt"])
def test_g14_an_invitation_sells_nothing_and_links_only_to_the_survey(kind: str, part: str) -> None:
    mail = _render(kind, part)
    for selling in ("€149", "ENCORE25", "https://www.example.org/one", "https://www.example.org/look"):
        assert selling not in mail
    assert "https://m.example.org/s/mine" in mail
    assert "This mail sells nothing" in mail


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["subject.txt", "body.html", "body.txt"])
def test_every_content_field_may_be_missing(kind: str, part: str) -> None:
    mail = _render(kind, part, content={}, contact={"source": "purchase", "given_name": None})
    assert "None" not in mail
    assert "Hello" not in mail.replace("Hello &amp; welcome", "").replace("Hello & welcome", "")
    if part == "body.html":
        assert Reader(mail).open == []


@pytest.mark.parametrize("kind", MARKETING)
def test_every_link_of_the_content_stands_in_both_parts_in_the_same_order(kind: str) -> None:
    wanted = ["https://www.example.org/look?a=1&b=2", "https://www.example.org/one"]
    anchors = [anchor["href"] for anchor in Reader(_render(kind, "body.html")).every("a")]
    text = re.findall(r"https://\S+", _render(kind, "body.txt"))
    footer = ["https://m.example.org/u/leave", "https://m.example.org/p/prefer", "https://www.example.org/privacy"]
    assert text == wanted + footer
    assert [link for link in anchors if link and not link.startswith("mailto:")] == wanted + footer


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_the_team_are_escaped_in_html_and_plain_in_text(kind: str) -> None:
    html, text = _render(kind, "body.html"), _render(kind, "body.txt")
    assert "Halcyon &lt;Audio&gt;" in html
    assert "<Audio>" not in html
    assert "Halcyon <Audio>" in text
    assert "&amp;" not in text
    assert "Strings &amp; Keys" in html


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_loaded_from_elsewhere_unless_the_team_put_it_there(kind: str) -> None:
    read = Reader(_render(kind, "body.html", content={}))
    assert read.every("img") == read.every("script") == read.every("link") == []
    assert "url(" not in _render(kind, "body.html")
    assert "@import" not in _render(kind, "body.html")


@pytest.mark.parametrize("kind", KINDS)
def test_the_button_has_a_twin_for_outlook_with_the_same_link(kind: str) -> None:
    mail = _render(kind, "body.html")
    conditional = re.findall(r"<!--\[if mso\]>.*?<!\[endif\]-->", mail, re.DOTALL)
    twins = [re.search(r'<v:roundrect[^>]* href="([^"]+)"', block) for block in conditional]
    link = next(twin[1] for twin in twins if twin)
    assert f'<a class="button" href="{link}">' in mail


@pytest.mark.parametrize("kind", KINDS)
def test_inlined_as_a_mailing_does_it_every_piece_has_its_style_and_the_media_queries_stay(kind: str) -> None:
    sources = shipped(kind)
    inlined = inline_css(sources.html)
    assert inlined.warning is None
    html = compile_mail(sources.subject, inlined.html, sources.text).render(_variables(kind)).html
    read = Reader(html.replace("<!DOCTYPE html>", ""))
    assert all("background-color" in (anchor.get("style") or "") for anchor in _with_class(read, "a", "button"))
    assert all("padding" in (cell.get("style") or "") for cell in _with_class(read, "td", "card"))
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 540px" in html
    assert "<!--[if mso]>" in html
    assert len(html.encode()) < CLIPPED_AT // 3
    assert max(map(len, html.splitlines())) < LONGEST_LINE


def test_these_are_all_the_kinds_that_ship() -> None:
    assert set(kinds()) == set(KINDS)


def _with_class(read: Reader, tag: str, name: str) -> list[dict[str, str | None]]:
    found = [attributes for attributes in read.every(tag) if name in (attributes.get("class") or "").split()]
    assert found
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["ar", "fa-IR", "he"])
def test_languages_from_right_to_left_turn_the_page(kind: str, language: str) -> None:
    read = Reader(_render(kind, "body.html", language=language))
    assert read.every("html")[0]["dir"] == "rtl"
    assert _with_class(read, "td", "card")[0]["align"] == "right"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("purchase", "bought something"),
        ("download", "downloaded something"),
        ("registration", "registered with"),
        ("correspondence", "wrote to"),
        ("mailing_list", "joined a mailing list"),
        ("survey", "took part in a survey"),
        ("", "were in touch"),
    ],
)
def test_the_footer_tells_where_the_address_came_from(source: str, words: str) -> None:
    for part in ("body.html", "body.txt"):
        assert words in _render("announcement", part, contact={"source": source, "given_name": ""})


@pytest.mark.parametrize("part", ["body.html", "body.txt"])
@pytest.mark.parametrize("address", ["Halcyon\n12 Kestrel Row", "12 Kestrel Row"])
def test_the_sender_is_named_once_beside_the_postal_address(part: str, address: str) -> None:
    sender = {"name": "Halcyon", "email": "news@example.org", "postal_address": address}
    footer = _render("announcement", part, sender=sender, advertisement=False).split("at any time.")[1]
    assert footer.count("Halcyon") == 1


def test_the_reminder_says_so_in_its_subject() -> None:
    assert _render("survey_reminder", "subject.txt") == "Reminder: Hello & welcome"


@pytest.mark.parametrize("kind", KINDS)
def test_subjects_are_one_line_that_a_header_can_carry(kind: str) -> None:
    subject = _render(kind, "subject.txt")
    assert "\n" not in subject.strip()
    assert str(SMTP.header_factory("Subject", subject.strip())) == subject.strip()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["body.html", "body.txt"])
def test_placeholders_of_translated_sentences_are_all_filled(kind: str, part: str) -> None:
    mail = _render(kind, part)
    visible = re.sub(r"<style.*?</style>|<!--.*?-->", "", mail, flags=re.DOTALL)
    assert not re.search(r"\{\w+\}", visible)
