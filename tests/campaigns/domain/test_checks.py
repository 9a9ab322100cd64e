from dataclasses import replace

import pytest

from campaigns.domain.checks import (
    CLIPPED_AT,
    Circumstances,
    Finding,
    Severity,
    Specimen,
    check,
    is_https_or_loopback,
    passes,
)

LEAVE = "https://mail.example.org/u/abc"
PERSONAL = "https://mail.example.org/s/xyz"
CIRCUMSTANCES = Circumstances(
    base_url="https://mail.example.org",
    postal_address="Example Ltd, 1 High Street, London",
    sender_email="news@example.org",
    advertises=True,
    researches=False,
)
FOOTER = "Example Ltd\n1 High Street\nLondon. This is an advertisement."
MAIL = Specimen(
    subject="New this spring",
    preheader="Faster and quieter",
    html=f'<p>Hello <a href="https://example.org/new">look</a></p><p>{FOOTER} <a href="{LEAVE}">Unsubscribe</a></p>',
    text=f"Hello https://example.org/new\n{FOOTER}\n{LEAVE}",
    unsubscribe_url=LEAVE,
    text_links=("https://example.org/new", LEAVE),
)


def test_a_campaign_with_everything_in_place_passes_without_a_word():
    assert check(CIRCUMSTANCES, [MAIL, MAIL]) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"base_url": "http://mail.example.org"}, "base_url"),
        ({"postal_address": " "}, "postal_address"),
        ({"sender_email": ""}, "sender"),
    ],
)
def test_g20_a_campaign_that_lacks_a_duty_cannot_be_scheduled(change, where):
    findings = check(replace(CIRCUMSTANCES, **change), [MAIL])
    assert where in {finding.where for finding in findings if finding.severity is Severity.ERROR}
    assert not passes(findings)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"html": MAIL.html.replace(LEAVE, "https://example.org/")}, "no visible unsubscribe link"),
        ({"html": MAIL.html.replace("Unsubscribe", "")}, "no visible unsubscribe link"),
        ({"html": f'<div style="display:none">{MAIL.html}</div>'}, "no visible unsubscribe link"),
        ({"text": MAIL.text.replace(LEAVE, "")}, "The text part has no unsubscribe link."),
        ({"html": MAIL.html.replace("High Street", "")}, "html part does not show the postal address"),
        ({"text": MAIL.text.replace("High Street", "")}, "text part does not show the postal address"),
        ({"html": MAIL.html.replace("an advertisement", "mail")}, "html part does not say that it is advertising"),
        ({"text": MAIL.text.replace("an advertisement", "mail")}, "text part does not say that it is advertising"),
    ],
)
def test_g20_a_mail_that_lacks_a_duty_cannot_be_scheduled(change, sentence):
    findings = check(CIRCUMSTANCES, [replace(MAIL, **change)])
    assert any(sentence in finding.sentence for finding in findings)
    assert not passes(findings)


def test_g20_research_need_not_say_that_it_is_advertising():
    plain = replace(
        MAIL,
        html=MAIL.html.replace("This is an advertisement", ""),
        text=MAIL.text.replace("This is an advertisement", ""),
    )
    assert check(replace(CIRCUMSTANCES, advertises=False, researches=True), [plain]) == []


@pytest.mark.parametrize("word", ["Werbung", "Anzeige", "Publicité", "広告"])
def test_the_advertising_line_may_be_in_other_languages(word):
    other = replace(
        MAIL,
        html=MAIL.html.replace("This is an advertisement", word),
        text=MAIL.text.replace("This is an advertisement", word),
    )
    assert check(CIRCUMSTANCES, [other]) == []


@pytest.mark.parametrize(
    ("change", "sentence", "severity"),
    [
        ({"subject": " "}, "The subject is empty.", Severity.ERROR),
        ({"subject": "x" * 151}, "The subject is longer", Severity.WARNING),
        ({"html": ""}, "The HTML part has no words.", Severity.ERROR),
        ({"text": "\n"}, "The text part is empty.", Severity.ERROR),
        ({"preheader": ""}, "There is no preheader.", Severity.WARNING),
        ({"html": MAIL.html + '<img src="https://example.org/a.png">'}, "1 pictures have no", Severity.WARNING),
        ({"html": MAIL.html + "<script>x()</script><Form></Form>"}, "block <form>, <script>.", Severity.WARNING),
        ({"html": MAIL.html + "<iframe></iframe>"}, "drop or block <iframe>.", Severity.WARNING),
        ({"html": MAIL.html + "<object></object><embed>"}, "drop or block <embed>, <object>.", Severity.WARNING),
        ({"html": MAIL.html + "<!--" + "x" * CLIPPED_AT + "-->"}, "larger than 102 KB", Severity.WARNING),
        ({"html": MAIL.html + '<a href="/shop">x</a>'}, "“/shop” is relative", Severity.ERROR),
        ({"html": MAIL.html + '<a href="https://">x</a>'}, "“https://” is malformed", Severity.ERROR),
        ({"html": MAIL.html + '<a href="http://example.org">x</a>'}, "is not encrypted", Severity.WARNING),
        ({"text_links": ("http://example.org/",)}, "is not encrypted", Severity.WARNING),
    ],
)
def test_each_fault_of_a_mail_is_told(change, sentence, severity):
    findings = check(CIRCUMSTANCES, [replace(MAIL, **change)])
    assert [finding.severity for finding in findings if sentence in finding.sentence] == [severity]


def test_an_invitation_sells_nothing():
    selling = replace(MAIL, text=MAIL.text + " Now 20 % off!")
    findings = check(replace(CIRCUMSTANCES, researches=True), [selling])
    assert findings == [
        Finding(
            Severity.WARNING,
            "text",
            "An invitation to a survey sells nothing, but this one says “20 % off”.",
            "Leave offers out of research mail.",
        )
    ]


@pytest.mark.parametrize(
    "words",
    ["Jetzt kaufen", "mit Rabatt", "remise de 10 €", "Achetez maintenant", "un descuento", "compre agora", "uno sconto",
     "met korting", "kup teraz", "خصم خاص"],
)  # fmt: skip
def test_an_invitation_sells_nothing_in_any_language_that_we_speak(words):
    selling = replace(MAIL, text=f"{MAIL.text} {words}")
    (finding,) = check(replace(CIRCUMSTANCES, researches=True), [selling])
    assert "sells nothing" in finding.sentence


def test_a_personal_mailing_must_carry_its_personal_link():
    personal = replace(CIRCUMSTANCES, personal=True)
    bare = replace(MAIL, personal_url=PERSONAL)
    assert [finding.where for finding in check(personal, [bare])] == ["html", "text"]
    whole = replace(bare, html=MAIL.html + f'<a href="{PERSONAL}">Begin</a>', text=f"{MAIL.text} {PERSONAL}")
    assert check(personal, [whole]) == []


@pytest.mark.parametrize("carried", ["Ann@example.com", "ann%40example.com", "ann@example.com"])
def test_p25_no_link_to_another_site_carries_an_address(carried):
    html = f'{MAIL.html}<a href="https://shop.example.org/?who={carried}">x</a>'
    findings = check(CIRCUMSTANCES, [replace(MAIL, html=html, address="ann@example.com")])
    assert [finding.sentence for finding in findings] == ["A link to another site carries the contact's address."]
    assert "ann" not in str(findings).casefold().replace("cannot", "")


def test_errors_come_first_and_a_repeated_finding_is_told_once():
    poor = replace(MAIL, preheader="", subject="")
    findings = check(CIRCUMSTANCES, [poor, poor])
    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://mail.example.org", True),
        ("http://127.0.0.1:8025", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://mail.example.org", False),
        ("mail.example.org", False),
        ("https://", False),
    ],
)
def test_p16_links_are_encrypted_unless_they_stay_on_this_machine(url, fine):
    assert is_https_or_loopback(url) is fine
