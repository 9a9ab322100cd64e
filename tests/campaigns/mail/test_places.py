"""Where links may be found once and for all, and where the press gives way to writing by hand."""

from typing import Any

import pytest

from campaigns.mail import html_places
from campaigns.mail.editions import Edition
from campaigns.mail.flows import Unusual
from campaigns.mail.presses import Press
from tests.campaigns.mail.pressing import AT, edition, essence, person, refuse_difference, written

ONE = "https://www.example.org/one"
LINK = f'<a href="{ONE}">one</a>'
LIST: dict[str, Any] = {"list": [{"url": ONE}, {"url": "https://other.example.org"}]}


def issue_of(html: str, text: str = "Hi", **content: Any) -> Edition:
    return edition("S", html, text, links={ONE: 9}, content={"url": ONE, **content})


PRESSED = [
    LINK + "{{ contact.given_name }}",
    '<a href="{{ content.url }}">constant</a>',
    '<a href="https://www.example.org/{{ contact.attributes.x }}">depends on the person</a>',
    f'<p style="{{% if contact.given_name %}}a{{% endif %}}">{LINK}',
    f'<p{{% if contact.given_name %}} class="a"{{% endif %}}>{LINK}',
    f'<a class="{{{{ contact.given_name }}}}" href="{ONE}">',
    f"{{% for each in contact.attributes.list %}}{LINK}{{{{ each }}}}{{% endfor %}}",
    f'<!--[if mso]><v:rect href="{ONE}" title="{{{{ contact.given_name }}}}">x<![endif]-->',
    f"<!-- for {{{{ contact.given_name }}}}, --><title>{{{{ contact.given_name }}}}</title>{LINK}",
    "{% set caught %}" + LINK + "{{ contact.given_name }}{% endset %}<p>{{ caught }}</p>",
    "{{ contact.attributes.markdown | markdown }}",
    '<a href="{{ unsubscribe_url }}" title="{{ preferences_url }}">{{ personal_url }}{{ unsubscribe_url }}</a>' + LINK,
    '{% for each in contact.attributes.list %}<a href="{{ preferences_url }}">{{ each }}</a>{% endfor %}' + LINK,
    '{% set unsubscribe_url = contact.given_name %}<p title="{{ unsubscribe_url }}">{{ unsubscribe_url }}</p>' + LINK,
]
BY_HAND = [
    "<a href={{ contact.given_name }}>unquoted</a>",
    '<a href="{% if contact.given_name %}' + ONE + '{% endif %}">a statement within an address</a>',
    "<{{ contact.given_name }}>",
    "</{{ contact.given_name }}>",
    "<p {{ contact.given_name }}>",
    "<p class=x{{ contact.given_name }}>",
    '<a {% if contact.given_name %}href="x"{% endif %} href="y">',
    f"{{% for each in contact.attributes.list %}}{LINK}<style>{{% endfor %}}",
    '{% if contact.given_name %}<p title="{% endif %}">',
    "<!--{{ contact.given_name }}>-->",
    "<!--[if {{ contact.given_name }}]>x<![endif]-->",
    "<p{% if contact.given_name %}re{% endif %}>",
    "<p class={% if contact.given_name %}'a'{% endif %}>",
    "{% filter upper %}{{ contact.given_name }}{% endfilter %}",
    "\ue000{{ contact.given_name }}",
]
WHO = [
    person(list=["a", "b"], markdown=f"[x]({ONE}) <{ONE}>", x="one"),
    person("-->", list=[], markdown="x", x=""),
    person('x="', list=["<"], markdown="`<a href=x>`", x="\r"),
]


@pytest.mark.parametrize("html", PRESSED)
def test_what_can_be_found_once_is_pressed(html):
    issue = issue_of(html, **LIST)
    assert Press(issue).write(WHO[0], 1, 1, tracked=True, at=AT)
    for who in WHO:
        refuse_difference(issue, who)
        refuse_difference(issue, who, tracked=False)


@pytest.mark.parametrize("html", BY_HAND)
def test_what_could_change_what_is_a_tag_is_written_by_hand(html):
    issue = issue_of(html, **LIST)
    with pytest.raises(Unusual):
        Press(issue)
    for who in WHO:
        refuse_difference(issue, who)


@pytest.mark.parametrize(
    ("text", "clicks"),
    [
        (f"See {ONE}.", 1),
        (f"See <{ONE}>{{{{ contact.given_name }}}}", 1),
        (f"See {ONE}/{{{{ contact.given_name }}}}", 0),
        ("{{ content.url }}", 1),
        ("{% if contact.given_name %}{{ content.url }}{% endif %}\n", 1),
        ("{% for each in contact.attributes.list %}({{ content.url }}) {% endfor %}\n", 2),
        (f"{{% if contact.given_name %}}{ONE}{{% endif %}} and", 1),
        ("{{ contact.attributes.url }}", 1),
        ("Go: https://www.example.org/{{ contact.attributes.x }}, now", 1),
        ("{{ unsubscribe_url }} {{ preferences_url }}", 0),
    ],
)
def test_addresses_in_a_text_are_found_as_a_reader_would(text, clicks):
    issue = issue_of("<p>x</p>", text)
    who = person(list=["a", "b"], url=ONE, x="one")
    message = Press(issue).write(who, 1, 1, tracked=True, at=AT).message
    assert message.count(b"/c/") == clicks
    refuse_difference(issue, who)


@pytest.mark.parametrize(
    "text", [f"{ONE}{{% if contact.given_name %}}x{{% endif %}}", f"x{{% if contact.given_name %}}{ONE}{{% endif %}}"]
)
def test_an_address_that_may_go_on_beyond_a_statement_is_left_to_the_hand(text):
    issue = issue_of("<p>x</p>", text)
    with pytest.raises(Unusual):
        Press(issue)
    refuse_difference(issue, person())
    refuse_difference(issue, person(""))


def test_markup_with_a_link_cut_in_two_is_left_to_the_hand():
    issue = issue_of("{% set caught %}" + LINK + "{{ contact.address }}{% endset %}<p>{{ caught[:20] }}</p>")
    assert issue.press
    with pytest.raises(Unusual):
        issue.press.write(person(), 1, 1, tracked=True, at=AT)
    refuse_difference(issue, person())


def test_without_the_rule_that_a_statement_ends_where_it_began_links_would_be_wrong(monkeypatch):
    monkeypatch.setattr(html_places, "_refuse_changes", lambda *_: None)
    issue = issue_of(f"{{% for each in contact.attributes.list %}}{LINK}<style>{{% endfor %}}")
    who = person(list=["a", "b"])
    assert issue.press
    fast, slow = written(issue, who, tracked=True), written(issue, who, tracked=True, by_hand=True)
    assert not isinstance(fast, str)
    assert not isinstance(slow, str)
    assert essence(fast.message) != essence(slow.message)
