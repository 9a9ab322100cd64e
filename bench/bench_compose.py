"""Mails composed a second on one core: pressed, by hand, and by the standard library's EmailMessage, in one run."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from itertools import count
from typing import Any

from campaigns.mail.contexts import Letterhead
from campaigns.mail.editions import Edition
from campaigns.mail.shipped import Sources
from contacts.storage.contacts import Contact
from core.tokens import Keyring

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LINKS = {f"https://www.example.org/products/{number}?from=news": number for number in range(1, 11)}
PROSE = "Ein Absatz mit Umlauten – schön, groß, übermütig – und genug Wörtern für mehrere Zeilen im Brief. "
SECTION = (
    '<h2>{title}</h2>\n<p style="margin:0 0 16px;color:#333333">{prose}</p>\n<p><a href="{url}">Read more</a></p>\n'
)
FOOT = (
    '<p><a href="{{ unsubscribe_url }}">Unsubscribe</a> · <a href="{{ preferences_url }}">Choose</a></p>\n'
    "<p>{{ sender.postal_address }}</p></body></html>\n"
)
HEAD = (
    '<html><body style="font-family:sans-serif">\n'
    "<p>Hello {{ contact.given_name }},</p>\n<p>{{ contact.name }}: news</p>\n"
)
TEXT_HEAD = "Hello {{ contact.given_name }},\n\nnews for {{ contact.name }}\n\n"
TEXT_FOOT = "\nUnsubscribe: {{ unsubscribe_url }}\nChoose: {{ preferences_url }}\n{{ sender.postal_address }}\n"
LOOP = (
    "{% for section in content.sections %}{% if section.title %}<h2>{{ section.title }}</h2>\n{% endif %}"
    '<p style="margin:0 0 16px;color:#333333">{{ section.text }}</p>\n'
    '{% if loop.last and contact.locale == "de" %}<p>Ende</p>{% endif %}'
    '<p><a href="{{ section.url }}">Read more</a></p>\n{% endfor %}'
)
TEXT_LOOP = (
    "{% for section in content.sections %}{% if section.title %}{{ section.title }}\n\n{% endif %}"
    "{{ section.text }}\n{{ section.url }}\n\n{% endfor %}"
)


@dataclass
class Said:
    """What the mailing says."""

    title: str = "November"
    topic: str = "announcements"
    subject: str = "News for {{ contact.given_name }}"
    preheader: str = "Just a line"
    content: dict[str, Any] = field(default_factory=dict)
    sender_name: str = ""
    sender_email: str = ""
    reply_to: str = ""


def edition(html: str, text: str, content: dict[str, Any]) -> Edition:
    """A mailing of these templates with ten tracked links."""
    head = Letterhead(
        "https://mail.example.org", "Example Software", "news@example.org", "", "12 Kestrel Row, Bristol",
        "https://www.example.org/privacy", "stop@example.org", one_click_topic=True, language="de",
    )  # fmt: skip
    keyring = Keyring(["a secret for the benchmark, long enough"])
    words = Said(content=content)
    return Edition(7, words, Sources(words.subject, html, text), head, keyring, 3, None, LINKS, "c1:m7:news:heedful")


def names_only() -> Edition:
    """Ten sections written out, with holes for names and ways out."""
    sections = "".join(SECTION.format(title="Neues", prose=PROSE * 2, url=url) for url in LINKS)
    text = "".join(f"Neues\n\n{PROSE * 2}\n{url}\n\n" for url in LINKS)
    return edition(HEAD + sections + FOOT, TEXT_HEAD + text + TEXT_FOOT, {})


def with_logic() -> Edition:
    """The same mail from a loop over the content, with conditions."""
    sections = [{"title": "Neues", "text": PROSE * 2, "url": url} for url in LINKS]
    return edition(HEAD + LOOP + FOOT, TEXT_HEAD + TEXT_LOOP + TEXT_FOOT, {"sections": sections})


def people(most: int = 200) -> list[Contact]:
    """People with names of their own."""
    return [
        Contact(
            address=f"person{number}@example.com", address_key=number.to_bytes(32, "big"), given_name=f"Zoë{number}",
            family_name="Müller", locale="de", time_zone="UTC", source="purchase", attributes={},
        )
        for number in range(most)
    ]  # fmt: skip


def standard(issue: Edition, person: Contact) -> bytes:
    """What EmailMessage makes of the same words, without rendering them."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "Example Software <news@example.org>"
    message["To"] = f"{person.name} <{person.address}>"
    message["Subject"] = f"News for {person.given_name}"
    message["Date"] = AT
    message.set_content(issue.templates.text, cte="quoted-printable")
    message.add_alternative(issue.templates.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def rate(compose_one: Callable[[int, Contact], object], seconds: float = 2.0) -> float:
    """Messages a second of processor time: what one core does that is not shared."""
    numbers, everybody = count(1_000_000), people()
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        for person in everybody:
            compose_one(next(numbers), person)
        done += len(everybody)
    return done / spent


def main() -> None:
    """Print one line of figures."""
    plain, logic = names_only(), with_logic()
    assert plain.press
    assert logic.press
    press, press_logic = plain.press, logic.press
    rates = {
        "messages_per_second": rate(lambda number, who: press.write(who, number, None, tracked=True, at=AT)),
        "with_loops_and_conditions": rate(
            lambda number, who: press_logic.write(who, number, None, tracked=True, at=AT)
        ),
        "by_hand": rate(lambda number, who: plain.write_by_hand(who, number, None, tracked=True, at=AT)),
        "by_hand_with_loops": rate(lambda number, who: logic.write_by_hand(who, number, None, tracked=True, at=AT)),
        "standard_library": rate(lambda _, who: standard(plain, who)),
    }
    size = len(press.write(people(1)[0], 1_000_000, None, tracked=True, at=AT).message)
    figures = {"bench": "compose", "bytes": size, "tracked_links": len(LINKS)}
    print(json.dumps(figures | {name: round(value) for name, value in rates.items()}))


if __name__ == "__main__":
    main()
