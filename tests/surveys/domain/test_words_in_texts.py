"""Words that stand in place of an expression, where they open none themselves."""

import pytest

from surveys.domain.piping import with_words


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("How often do you water {{ item }}?", "Roses", "How often do you water Roses?"),
        ("{{item}} and {{ other }}", "Roses", "Roses and {{ other }}"),
        ("{{ item }}", "{{ 1 + 1 }}", "{{ item }}"),
        ("No item here", "Roses", "No item here"),
    ],
)
def test_a_name_is_said_in_words_that_can_open_no_expression(text, words, said):
    assert with_words(text, "item", words) == said
