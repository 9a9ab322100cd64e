"""Words of open texts by language, and quotes without names."""

import pytest

from surveys.domain.quotes import quote_lines, quoted
from surveys.domain.word_counts import MOST, count_words, words_in


def test_words_that_say_nothing_are_left_out_in_each_language():
    assert words_in("The food was GOOD, the train’s good", "en") == {"food", "good", "train's"}
    assert words_in("Das Essen war sehr gut", "de-AT") == {"essen", "gut"}
    assert words_in("Le repas était très bon", "fr_CA") == {"repas", "bon"}
    assert words_in("La comida muy buena", "es") == {"comida", "buena"}
    assert words_in("write to ann@example.org or www.example.org", "en") == {"write"}
    assert words_in("the food", "xx") == {"the", "food"}
    assert words_in("電車 was late", "en") == {"電車", "late"}
    assert words_in("もっと", "ja") == {"もっ", "っと"}


def test_words_are_counted_by_people_and_language():
    found = count_words([("en", "good good food"), ("en", "food"), ("de", "gut")])
    assert [(each.language, each.texts, each.words) for each in found] == [
        ("en", 2, (("food", 2), ("good", 1))),
        ("de", 1, (("gut", 1),)),
    ]
    assert count_words([("en", "food"), ("en", "food good")], least=2)[0].words == (("food", 2),)
    assert (
        len(count_words([("en", " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(99)))])[0].words)
        == MOST
    )


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Write to ann.lee@example.org, please", "Write to [address] please"),
        ("See https://example.org/ann and www.example.org", "See [link] and [link]"),
        ("Call +49 30 123 4567 or 030/1234567", "Call [number] or [number]"),
        ("I am Ann Lee-Smith, ANN!", "I am [name] Lee-Smith, [name]!"),
        ("Ask @annlee", "Ask [name]"),
        ("In 2026 I paid 12.50 for 3 of 10", "In 2026 I paid 12.50 for 3 of 10"),
        ("Annual fees in Leeds", "Annual fees in Leeds"),
        ("4111 1111 1111 1111", "•••• •••• •••• ••••"),
    ],
)
def test_quotes_have_no_traces_of_who_wrote_them(text, without):
    found = quoted(text, ("Ann", "Lee X"))
    assert "4111" not in found
    if "•" not in without:
        assert found == without.replace("Lee-Smith", "[name]-Smith")


def test_quotes_go_into_a_file_that_runs_nothing():
    lines = list(quote_lines([("=SUM(A1)", "en", "Food; Price")]))
    assert lines[0].startswith("\ufeffquote,language,codes")
    assert lines[1] == '\'=SUM(A1),en,"Food; Price"\r\n'
