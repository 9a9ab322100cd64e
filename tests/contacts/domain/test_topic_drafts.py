"""What a topic may be called, and what may be said of it."""

import pytest

from contacts.domain.topic_drafts import TopicWords, read_topic_name
from core.errors import BadInput


def test_words_are_put_on_one_line_and_card_numbers_masked():
    read = TopicWords.read("  Events\n and fairs ", "Call 4111 1111 1111 1111")
    assert read.title == "Events and fairs"
    assert "4111 1111 1111 1111" not in read.description


@pytest.mark.parametrize(
    ("title", "description", "field"), [(" ", "", "title"), ("x" * 201, "", "title"), ("x", "y" * 501, "description")]
)
def test_words_that_are_missing_or_too_many_name_their_field(title, description, field):
    with pytest.raises(BadInput) as wrong:
        TopicWords.read(title, description)
    assert wrong.value.field == field


@pytest.mark.parametrize("name", ["marketing:events", "research:music-2026", " RESEARCH:Music "])
def test_names_below_marketing_and_research_can_be_added(name):
    assert read_topic_name(name) == name.strip().lower()


@pytest.mark.parametrize("name", ["", "marketing", "offers", "partner:acme", "marketing:", "research:a b", "x" * 80])
def test_other_names_cannot(name):
    with pytest.raises(BadInput, match="cannot be the name"):
        read_topic_name(name)


def test_words_may_be_as_long_as_their_limits_and_a_description_may_be_missing():
    assert TopicWords.read("x" * 200, "y" * 500) == TopicWords("x" * 200, "y" * 500)
    assert TopicWords.read("Events") == TopicWords("Events") == TopicWords("Events", "")
