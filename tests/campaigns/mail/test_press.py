"""What the press writes is what is written by hand, decoded byte for byte: shipped templates, real mails, attacks."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from campaigns.mail.editions import PRESS_FROM, Edition
from campaigns.mail.shipped import Sources, kinds, shipped
from campaigns.mail.specimens import destinations
from contacts.storage.contacts import Contact
from tests.campaigns.mail.pressing import AT, HEAD, edition, parsed, person, refuse_difference, written
from tests.campaigns.test_email_templates import CONTENT

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "mail-templates"
MAILS = sorted(CORPUS.glob("*/*.html"))
ONE = "https://www.example.org/one"
PEOPLE = [
    person(),
    person("", ""),
    person("Jörg=", "Müller = Söhne"),
    person("😀" * 30, "Wolfeschlegelsteinhausen" * 12),
    person(".hidden", "From me"),
    person("<b>&\"'</b>", "\u202eevil\u202c \u2067אב\u2069"),
    person(ONE, "https://www.example.org/look?a=1&b=2"),
    person("{{ 7 * 7 }}", "{% raw %}"),
]


def tracked(sources: Sources, people: list[Contact], **content: object) -> Edition:
    plain = edition(sources.subject, sources.html, sources.text, content=content)
    urls = plain.urls(bytes(32), 1)
    found = destinations(plain.words, sources, people, HEAD, urls, at=AT)
    return replace(plain, links={url: number for number, url in enumerate(found, 100)})


@pytest.mark.parametrize("kind", kinds())
def test_shipped_templates_are_pressed_for_everybody(kind):
    issue = tracked(shipped(kind), PEOPLE[:3], **CONTENT)
    assert issue.press
    for who in PEOPLE:
        issue.press.write(who, 1234, 5, tracked=True, at=AT)
        refuse_difference(issue, who)
        refuse_difference(issue, who, tracked=False)


def _opened(path: Path) -> tuple[str, set[str]]:
    opened = re.sub(r"\{\{[#^][^}]*\}\}", "{% if contact.given_name %}", path.read_bytes().decode())
    source = re.sub(r"\{\{/[^}]*\}\}", "{% endif %}", opened)
    names = set(re.findall(r"\{\{\s*(\w+)\s*\}\}", source))
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", r"{{ contact.attributes.\1 }}", source), names


@pytest.mark.skipif(not MAILS, reason="the mail corpus is not here: ../shared/corpus/mail-templates")
@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_real_mails_are_pressed_as_they_are_written_by_hand(path):
    html, names = _opened(path)
    values = {name: f"https://a.example/{name}?x&y" if name.endswith("url") else f"{name} ä=" for name in names}
    text = path.with_suffix(".txt")
    source = _opened(text)[0] if text.exists() else "Hello {{ contact.given_name }}\n{{ content.url }}.\n"
    people = [person(each.given_name, each.family_name, **values) for each in PEOPLE[2:5]]
    issue = tracked(Sources("Hi {{ contact.given_name }}", html, source), people, url=ONE)
    assert issue.links
    assert issue.press
    for who in people:
        issue.press.write(who, 1234, 5, tracked=True, at=AT)
        refuse_difference(issue, who)
    refuse_difference(issue, person())


@pytest.mark.parametrize("kind", kinds())
def test_a_text_retold_from_the_html_is_the_same(kind):
    sources = shipped(kind)
    issue = tracked(replace(sources, text=""), PEOPLE[:3], **CONTENT)
    assert issue.press
    for who in PEOPLE[1:4]:
        refuse_difference(issue, who)
        refuse_difference(issue, who, tracked=False)


def test_what_a_contact_lacks_fails_its_message_in_the_words_of_the_straightforward_way():
    issue = edition("Hi", "<p>\n{{ contact.given_name }}</p>", "Hi")
    assert written(issue, person(""), tracked=True) == (
        "html: Line 2: this contact has no “contact.given_name”, and the template gives no default for it."
    )
    refuse_difference(issue, person(""))
    refuse_difference(issue, person())


@pytest.mark.parametrize(
    "evil",
    [
        "{{ keyring }}",
        "{% for i in range(99999) %}x{% endfor %}",
        "<script>",
        "a\r\nBcc: eve@example.org",
        "\r\n.\r\n",
        "\0",
    ],
)
def test_a_value_is_never_a_template_nor_markup_nor_a_header(evil):
    issue = edition("S", "<p>{{ contact.attributes.x }}</p>", "{{ contact.attributes.x }}")
    who = person(x=evil)
    assert issue.press
    refuse_difference(issue, who)
    message = parsed(issue.press.write(who, 1, 1, tracked=True, at=AT).message)
    assert "Bcc" not in message
    assert message.get_all("To") == ["Maya Olsson <maya@example.com>"]


def test_a_value_of_a_megabyte_meets_the_budget_on_the_press_as_well():
    issue = edition("S", "<p>{{ contact.attributes.x }}</p>", "Hi")
    assert "grows beyond 1,000,000 characters" in str(written(issue, person(x="x" * 1_000_001), tracked=True))
    assert not isinstance(written(issue, person(x="ä" * 1_000_000), tracked=True), str)
    turns = "{% for each in contact.attributes.list %}{% for i in range(90) %}0123456789{{ content.long }}{% endfor %}"
    nested = edition("S", turns + "{% endfor %}", "Hi", content={"long": "x" * 90})
    assert "grows beyond" in str(written(nested, person(list=["a"] * 200), tracked=True))
    refuse_difference(nested, person(list=["a"] * 200))
    refuse_difference(nested, person(list=["a"] * 2))
    inner = "{% for a in contact.attributes.list %}{% for b in range(90000) %}{% endfor %}{% endfor %}"
    assert "turn more than 100,000 times" in str(
        written(edition("S", inner, "Hi"), person(list=["a"] * 2), tracked=True)
    )
    looping = edition("S", "{% for i in range(90000) %}{{ contact.given_name }} and so on{% endfor %}", "Hi")
    assert "grows beyond" in str(written(looping, person(), tracked=True))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("blanks \t\n<p>at the end of a line  \n", "blanks \t\nat the end  \n \t"),
        (".\n..\n.dot\nFrom me\n.{{ contact.given_name }}\n", ".\n..\nFrom me\n.{{ contact.given_name }}\n.\n"),
        ("{{ contact.given_name }}", "{{ contact.given_name }}"),
        ("a{{ contact.given_name }}.\n{{ contact.given_name }}From ", "\n\n{{ contact.given_name }}.\n"),
        ("é" * 200 + "{{ contact.given_name }}" + "=" * 100, "x" * 74 + " {{ contact.given_name }}" + "x" * 75 + " \n"),
        ("<p>" + "x" * 5000, "https://www.example.org/" + "x" * 3000),
    ],
)
def test_line_ends_blanks_dots_and_long_words_survive(html, text):
    issue = edition("S", html, text)
    assert issue.press
    for who in PEOPLE:
        refuse_difference(issue, who)


def test_one_link_in_many_messages_is_signed_for_each_of_them():
    issue = edition("S", f'<a href="{ONE}">one</a>', f"See {ONE}.", links={ONE: 9})
    assert issue.press
    first = issue.press.write(person(), 1, 1, tracked=True, at=AT).message
    second = issue.press.write(person(), 2, 1, tracked=True, at=AT).message
    tokens = [re.findall(rb"/c/([\w-]+)", message) for message in (first, second)]
    assert all(len(found) == 2 and found[0] == found[1] for found in tokens)
    assert tokens[0] != tokens[1]
    assert b"/c/" not in issue.press.write(person(), 1, 1, tracked=False, at=AT).message


def test_templates_that_cannot_be_pressed_are_written_by_hand():
    html = '<a href={{ content.url }}>unquoted</a><a href="{% if contact.given_name %}' + ONE + '{% endif %}">x</a>'
    issue = edition("S", html, "Hi", links={ONE: 9}, content={"url": ONE})
    assert issue.press is None
    message = written(issue, person(), tracked=True)
    assert not isinstance(message, str)
    assert message.message.count(b"/c/") == 2


def test_a_press_is_set_up_where_enough_messages_are_expected():
    issue = edition("S", "<p>{{ contact.given_name }}</p>", "Hi")
    for _ in range(PRESS_FROM):
        issue.expect()
        issue.write(person(), 1, None, tracked=False, at=AT)
    assert "press" not in vars(issue)
    issue.expect()
    assert vars(issue)["press"]
    assert parsed(issue.write(person(), 1, None, tracked=False, at=AT).message)["Subject"] == "S"
