"""A mail says which language it is in, and its fixed words are in it: on the press and by hand."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from tests.campaigns.mail.pressing import AT, HEAD, edition, person

HTML = '<html lang="{{ language }}"><p>{{ _("Unsubscribe") }} {{ content.body }}</p></html>'


@pytest.mark.parametrize(
    ("house", "content", "language"),
    [("en", {}, "en"), ("de", {}, "de"), ("en", {"language": "de"}, "de"), ("de", {"language": "en"}, "en")],
)
@pytest.mark.parametrize("pressed", [False, True])
def test_a_mail_is_in_the_language_of_its_content_and_else_of_the_house(house, content, language, pressed):
    made = edition(html=HTML, text="-", content={"body": "x", **content}, head=replace(HEAD, language=house))
    assert made.press is not None
    write = made.press.write if pressed else made.write_by_hand
    written = write(person(), 1, None, tracked=False, at=AT)
    mail = message_from_bytes(written.message, policy=policy.default)
    body = mail.get_body(("html",))
    assert body is not None
    html = body.get_content()
    assert mail["Content-Language"] == language
    assert f'lang="{language}"' in html
    assert ("Unsubscribe" in html) is (language == "en")


def test_a_house_without_a_name_is_called_by_its_domain():
    made = edition(text="We have your address from {{ sender.name }}.", head=replace(HEAD, sender_name=""))
    assert b"from example.org." in made.write_by_hand(person(), 1, None, tracked=False, at=AT).message
