"""Templates put together at random from awkward pieces: what is pressed is what is written by hand.

HEEDFUL_PRESS_TEMPLATES says how many are tried; the default is kept small.
"""

import os
import random
from contextlib import suppress

import pytest
from jinja2 import TemplateError

from campaigns.mail.editions import Edition
from campaigns.mail.flows import Unusual
from contacts.storage.contacts import Contact
from core.errors import BadInput
from tests.campaigns.mail.pressing import AT, edition, person, refuse_difference

TEMPLATES = int(os.environ.get("HEEDFUL_PRESS_TEMPLATES", "60"))
ROUNDS = 6
ONE, TWO, OLD = "https://www.example.org/one", "https://www.example.org/two?a=1&b=2", "http://www.example.org/old"
LINKS = {ONE: 1, TWO: 200, OLD: 3, "https://www.example.org/p/Maya": 4}
CONTENT = {
    "url": ONE,
    "markdown": f"Text **bold** [link]({ONE}) and <{TWO}>",
    "words": "a & <b>",
    "day": "2026-11-23",
    "number": 1234.5,
    "list": [
        {"url": ONE, "title": "One"},
        {"url": "https://other.example.org", "title": ""},
        {"url": TWO, "title": "T"},
    ],
}
EXPRESSIONS = (
    "contact.given_name", "contact.family_name|default('x')", "content.url", "content.markdown|markdown",
    "content.words", "unsubscribe_url", "preferences_url", "personal_url", "contact.attributes.x|default('')",
    "contact.address", "'a<b'", "'x' if contact.given_name else 'y'", "',' if not contact.given_name|default('')",
    "caught", "content.list[0].title", "5", "content.words ~ contact.address",
    "content.day|date", "_('Unsubscribe')", "kept|default('none')", "each.title|default('-')",
    "content.nope|default('no')", "[each.url|default('x'), contact.address]|join(' ')", "sender.postal_address",
    "content.number|number", "loop.index|default(0)",
)  # fmt: skip
FIXED = (ONE, TWO, OLD, "https://www.example.org/p/", "text", "\n", " ", ".", "From me\n", "é=", "  \n", "")
IN_HTML = (
    '<a href="', '">', "<a href='", "'>", "</a>", "<p>", "</p>", '<p style="', '" class=x', "<td ", "<!-- ", " -->",
    "<!--[if mso]>", "<![endif]-->", "<title>", "</title>", "<style>", "</style>", "<", "</", "-->", ">", '"', "'",
    " href=", ' href="', '<v:rect href="', '"/>', "http", "https://", "://", "/p/", '<area href="', "&amp;", "-", "]",
    "<pre>", "</pre>", "<br>", "<ul><li>", "<li>", "</ul>", '<img alt="{{ content.words }}">', "<div hidden>", "</div>",
    '<p style="display:none{{ contact.address }}">', "<table><tr><td>", "</td><td>", "</td></tr></table>", "\u200b",
    "&am", "p;", '<a href="mailto:{{ contact.address }}">', "<h1>", "</h1>",
    f'<a href="{ONE}">', f"<a href='{TWO}'>", '<a href="{{ content.url }}">', '<a href="{{ unsubscribe_url }}">',
    '<a href="https://www.example.org/p/{{ contact.given_name }}">',
    f'<a class="{{{{ content.words }}}}" href="{ONE}">',
    '<p{% if contact.given_name %} class="a"{% endif %}>', "<!-- {{ contact.given_name }} x -->",
    '<!--[if mso]><v:rect href="{{ content.url }}">{{ content.words }} x<![endif]-->',
)  # fmt: skip
IN_TEXT = (
    "https://",
    "http",
    "s://",
    ":",
    "/p/",
    "<",
    ">",
    "(",
    ")",
    ".",
    ",",
    "\n",
    " ",
    "!",
    "http:",
    "//www.example.org/one",
)
VALUES = (
    "", "Maya", "Jörg", "://x", ONE, "s://www.example.org/one", "\r", "\na", "x" * 200, "<b>", '"', "--", "-", "!",
    "a b", ".x", "From ", "=", "[if mso]", "ttps://www.example.org/one", "😀", f"a href={ONE}",
)  # fmt: skip
AROUND = (
    ("{% if contact.given_name %}", "{% endif %}"), ("{% if contact.attributes.x %}", "{% else %}", "{% endif %}"),
    ("{% for each in content.list %}", "{{ each.url }}", "{% endfor %}"), ("{% set caught %}", "{% endset %}"),
    ("{% for each in content.list %}", '<a href="{{ each.url }}">', "{% if loop.last %}", "{% endif %}{% endfor %}"),
    ("{% if content.words %}", "{% else %}", "{% endif %}"), ("{% for each in [] %}", "{% else %}", "{% endfor %}"),
    ("{% for each in content.list %}", "{{ loop.index }}{% if contact.given_name and each.title %}",
     "{% endif %}{% endfor %}"),
    ("{% for e in content.list %}{% for f in content.list %}", "{{ loop.revindex }}{{ e.title ~ contact.address }}",
     "{{ f.url }}{% endfor %}{{ loop.last }}{% endfor %}"),
    ("{% set kept = content.words %}", "{{ kept }}"), ("{% if contact.given_name %}{% set kept = 5 %}{% endif %}", ""),
    ("{% for each in [contact.address, content.url] %}", "{{ each }}{% set kept = each %}{% endfor %}"),
    ("{% for each in content.list if each.title %}", "{{ loop.first }}{% endfor %}"),
    ("{% for each in content.list %}{% set each = contact.address %}", "{{ each }}{% endfor %}"),
    ("{% trans who=contact.given_name|default('x') %}Hi {{ who }}", "{% endtrans %}"),
    ("{% if content.nope is defined %}", "{% elif content.words == 'a & <b>' %}", "{% else %}", "{% endif %}"),
    ("{% for each in content.list %}{{ loop.cycle('a', 'b') }}", "{% endfor %}"),
    ("{% with y = content.url %}", "{{ y }}", "{% endwith %}"), ("{% set z = contact.given_name %}", ""),
)  # fmt: skip


def body(chance: random.Random, pieces: tuple[str, ...], most: int, depth: int = 0) -> str:
    said = ""
    for _ in range(chance.randrange(most)):
        kind = chance.random()
        if kind < 0.3:
            said += f"{{{{ {chance.choice(EXPRESSIONS)} }}}}"
        elif kind < 0.85 or depth > 1:
            said += chance.choice(pieces if kind < 0.7 else FIXED)
        else:
            around = chance.choice(AROUND)
            if "trans" in around[0]:  # takes no statements
                said += around[0] + "".join(around[1:])
                continue
            said += around[0] + "".join(body(chance, pieces, 4, depth + 1) + each for each in around[1:])
    return said


def invented(chance: random.Random) -> Edition:
    caught = f'{{% set caught %}}<a href="{ONE}">c</a>{{% endset %}}'
    html, text = caught + body(chance, IN_HTML, 12), caught + body(chance, IN_TEXT, 10)
    text = text if chance.random() < 0.6 else ""  # retold from the HTML
    return edition("For {{ contact.given_name|default('you') }}", html, text, links=LINKS, content=CONTENT)


def invented_person(chance: random.Random) -> Contact:
    return person(chance.choice(VALUES), chance.choice(VALUES), x=chance.choice(VALUES))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_is_pressed_is_what_is_written_by_hand(seed):
    chance = random.Random(seed)
    pressed = 0
    for _ in range(TEMPLATES // ROUNDS):
        issue = invented(chance)
        for who in (invented_person(chance) for _ in range(3)):
            tracked = chance.random() < 0.8
            with suppress(Unusual, BadInput, TemplateError):  # then the same is written by hand, or said
                pressed += issue.press is not None and bool(issue.press.write(who, 1234, 5, tracked=tracked, at=AT))
            refuse_difference(issue, who, tracked=tracked)
    assert pressed
