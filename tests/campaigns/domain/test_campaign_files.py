from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.campaign_files import (
    CampaignDraft,
    DraftSender,
    check_draft,
    read_campaign,
    with_files,
    write_campaign,
)
from campaigns.domain.wishes import DraftSchedule
from core.errors import BadInput

FILE = """
name = "spring-update"
title = "Spring update"
topic = "announcements"
template = "announcement"
subject = "New: {{ campaign.title }}"
preheader = "What is new this spring"
tracking = false

[sender]
name = "Ann of Example"
email = "ann@example.org"

[content]
headline = "Hello"
features = [{ title = "Faster", url = "https://example.org/faster" }]

[audience]
match = "all"
rules = [{ field = "source", op = "is", value = "purchase" }]

[schedule]
at = "2026-12-01 09:00"
zone = "Europe/Berlin"
"""


def test_hours_rate_and_the_clock_of_each_person_are_read_and_written_back():
    told = FILE + 'timed_for = "recipient"\nhours = "mon-fri 9-17"\nhours_in = "recipient"\nrate = 600\n'
    draft = read_campaign(told)
    wished = DraftSchedule("2026-12-01 09:00", "Europe/Berlin", "recipient", "mon-fri 9-17", "recipient", "600")
    assert draft.schedule == wished
    assert read_campaign(write_campaign(draft)) == draft
    assert read_campaign(FILE + "rate = 0.5\n").schedule.rate == "0.5"


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ('hours = "at tea"', "hours", "no hours at which mail may go"),
        ('rate = "fast"', "rate", "is no rate"),
        ('timed_for = "everybody"', "timed_for", "must be “recipient”"),
        ('hours_in = "Europe/Berlin"', "hours_in", "must be “recipient”"),
        ("rate = true", "rate", "is no rate"),
    ],
)
def test_a_wish_that_means_nothing_is_refused_with_its_line(line, key, said):
    with pytest.raises(BadInput, match=said) as refused:
        read_campaign(FILE + line)
    assert (refused.value.field, refused.value.line) == (f"schedule.{key}", FILE.count("\n") + 1)


def test_a_campaign_file_is_read():
    draft = read_campaign(FILE)
    assert draft == CampaignDraft(
        name="spring-update",
        title="Spring update",
        topic="announcements",
        template="announcement",
        subject="New: {{ campaign.title }}",
        preheader="What is new this spring",
        tracking=False,
        sender=DraftSender(name="Ann of Example", email="ann@example.org"),
        content={"headline": "Hello", "features": [{"title": "Faster", "url": "https://example.org/faster"}]},
        audience={"match": "all", "rules": [{"field": "source", "op": "is", "value": "purchase"}]},
        schedule=DraftSchedule("2026-12-01 09:00", "Europe/Berlin"),
    )


def test_a_moment_may_be_written_without_quotes():
    draft = read_campaign(FILE.replace('"2026-12-01 09:00"', "2026-12-01T09:00:00"))
    assert draft.schedule.at == "2026-12-01 09:00:00"


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=40)
DRAFTS = st.builds(
    CampaignDraft,
    name=st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True),
    title=LINES.filter(str.strip),
    topic=st.sampled_from(["announcements", "research", "partner:example"]),
    template=st.sampled_from(["", "announcement"]),
    subject=LINES,
    preheader=LINES,
    html=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60),
    text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60),
    tracking=st.booleans(),
    sender=st.builds(DraftSender, name=LINES, email=LINES, reply_to=LINES),
    content=st.dictionaries(LINES, st.lists(LINES, max_size=2) | st.integers(-9, 9) | LINES, max_size=3),
    audience=st.sampled_from(
        [{}, {"segment": "customers"}, {"rules": [{"field": "attributes.plan", "op": "is", "value": "pro"}]}]
    ),
    schedule=st.builds(DraftSchedule, at=LINES, zone=LINES),
)


@given(DRAFTS)
def test_writing_and_reading_loses_nothing(draft):
    assert read_campaign(write_campaign(draft)) == draft


def test_only_what_is_told_is_written():
    assert write_campaign(CampaignDraft("a", "A", "updates")) == 'name = "a"\ntitle = "A"\ntopic = "updates"\n'


@pytest.mark.parametrize(
    ("change", "field", "line", "words"),
    [
        (("subject =", "subjct ="), "subjct", 6, "Did you mean “subject”"),
        (('title = "Spring update"\n', ""), "title", None, "is missing"),
        (('title = "Spring update"', 'title = " "'), "title", 3, "is missing"),
        (('"Spring update"', "7"), "title", 3, "must be text"),
        (("tracking = false", 'tracking = "no"'), "tracking", 8, "must be true or false"),
        (("[sender]", "[sendr]"), "sendr", 10, "Did you mean “sender”"),
        (("email =", "mail ="), "sender.mail", 12, "Did you mean “email”"),
        (('"ann@example.org"', "1"), "sender.email", 12, "must be text"),
        (('"spring-update"', '"Spring Update"'), "name", 2, "small letters"),
        (('"spring-update"', f'"{"a" * 81}"'), "name", 2, "small letters"),
        (('"Spring update"', '"Spring\\nupdate"'), "title", 3, "one line"),
        (('"What is new this spring"', '"a\\rb"'), "preheader", 7, "one line"),
        (('"Spring update"', '"Spring\\u0000"'), "title", 3, r"place 7 \(U\+0000\)"),
        (('"New: {{ campaign.title }}"', '"a\\u001b[2J"'), "subject", 6, r"control character at place 2 \(U\+001B\)"),
        (('"Ann of Example"', '"Ann\\u0085"'), "sender.name", 11, r"U\+0085"),
        (("[content]", '[content]\nrelay = "mx1"'), "content.relay", 15, "above the line"),
        (("[content]", '[content]\ntext = "x"'), "content.text", 15, "above the line"),
        (('subject = "New', f'subject = "{"x" * 256}'), "subject", 6, "at most 255"),
        (("tracking = false", 'html = "a\\u0000"'), "html", 8, "the character NUL"),
        (("[content]", f"[content]\nlarge = {10**400}"), "content.large", 15, "beyond 64 bits"),
        (("tracking = false", 'html = "a"\nhtml_file = "b"'), "html", 8, "Keep one of them"),
        (("tracking = false", "tracking = nope"), None, 8, "This is not TOML"),
        (("match =", "mtch ="), "audience.mtch", 19, "not known here"),
        (('"all"', '"none"'), "audience.match", 19, "all of its rules or any"),
        (('"is"', '"was"'), "audience.rules[0].op", 18, "no such operation"),
        (('match = "all"', 'segment = "customers"'), "audience", 18, "not both"),
        (('match = "all"', "segment = 1"), "audience", 18, "not both"),
    ],
)
def test_each_mistake_is_named_by_key_and_line(change, field, line, words):
    changed = FILE.replace(*change)
    with pytest.raises(BadInput, match=words) as refused:
        read_campaign(changed)
    assert (refused.value.field, refused.value.line) == (field, line)


def test_a_word_that_the_mail_uses_is_content_whatever_it_is_called():
    used = FILE.replace("[content]", '[content]\nrelay = "race"').replace("campaign.title", "content.relay")
    assert read_campaign(used).content["relay"] == "race"
    named = FILE.replace("tracking = false", 'html_file = "a.html"').replace("[content]", '[content]\ntext = "x"')
    assert read_campaign(named).content["text"] == "x"
    assert read_campaign(FILE.replace("[content]", '[content]\ntitle = "x"')).content["title"] == "x"
    with pytest.raises(BadInput, match="above the line"):
        read_campaign(FILE.replace("tracking = false\n", "").replace("[content]", '[content]\ntracking = "yes"'))


def test_a_table_that_is_a_word_is_refused():
    with pytest.raises(BadInput, match="Begin it with a line"):
        read_campaign('name = "a"\ntitle = "A"\ntopic = "updates"\ncontent = "x"\n')


def test_the_files_that_a_draft_names_are_put_into_it():
    draft = CampaignDraft("a", "A", "updates", html_file="body.html", text_file="body.txt")
    filled = with_files(draft, lambda path: f"<{path}>")
    assert filled == replace(draft, html="<body.html>", text="<body.txt>", html_file="", text_file="")
    assert with_files(filled, lambda path: path) == filled


def test_a_draft_of_a_form_is_checked_without_a_file():
    with pytest.raises(BadInput) as refused:
        check_draft(CampaignDraft("-", "A", "updates"))
    assert refused.value.line is None
