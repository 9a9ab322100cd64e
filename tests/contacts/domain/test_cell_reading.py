"""Single cells of a table: what is read of each, at the borders of what it may hold."""

import json

import pytest

from contacts.domain.cell_reading import (
    clean,
    read_attribute,
    read_attributes,
    read_locale,
    read_names,
    read_source,
    read_time_zone,
)
from contacts.domain.policy import Source
from core.errors import BadInput


def test_a_text_is_cleaned_and_may_be_as_long_as_the_limit():
    assert clean("") == ""
    assert clean("  a \t b\n") == "a b"
    assert clean("e\u0301\u202e\x00") == "é"
    assert clean("a\x7fb") == "ab"
    assert clean("e\u0301") == "é"
    assert clean("4111 1111 1111 1111") == "**** **** **** 1111"
    assert clean("x" * 1000) == "x" * 1000
    assert clean("abc", 3) == "abc"
    for text, longest in (("x" * 1001, 1000), ("abcd", 3)):
        with pytest.raises(BadInput, match=f"longer than {longest} characters"):
            clean(text, longest)


@pytest.mark.parametrize(
    ("text", "tag"),
    [(" de ", "de"), ("pt_BR", "pt-BR"), ("zh-hant", "zh-Hant"), ("en_GB.UTF-8", "en-GB"), ("", ""), ("ja.x", "ja")],
)
def test_a_language_is_a_tag(text, tag):
    assert read_locale(text) == tag


@pytest.mark.parametrize("text", ["german!", "xx-yy-zz", "Klingon", "qqq"])
def test_what_is_no_language_is_refused(text):
    with pytest.raises(BadInput, match="no language"):
        read_locale(text)


def test_a_time_zone_is_known_by_its_name():
    assert read_time_zone(" europe/berlin ") == "Europe/Berlin"
    assert read_time_zone("america/new york") == "America/New_York"
    assert read_time_zone(" ") == ""
    with pytest.raises(BadInput, match="no time zone"):
        read_time_zone("Mars/Olympus")


def test_a_source_is_one_of_six_however_it_is_spelt():
    assert [read_source(each.value) for each in Source] == list(Source)
    assert read_source("  Mailing - List ") is Source.MAILING_LIST
    with pytest.raises(BadInput) as caught:
        read_source("bought")
    assert caught.value.remedy == "Sources are: " + ", ".join(Source) + "."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lovelace, Ada", ("Ada", "Lovelace")), ("Ada Lovelace", ("Ada Lovelace", "")), (" ,Ada", ("Ada", "")),
        ("Ada, ", ("Ada", "")), (", ", ("", "")), ("A, B, C", ("B, C", "A")),
    ],
)  # fmt: skip
def test_a_full_name_is_parted_by_its_first_comma(text, names):
    assert read_names(text) == names


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("-15", -15), ("9" * 15, int("9" * 15)), ("9" * 16, "9" * 16), ("00", "00"), ("0.5", 0.5),
        ("123456789.123456", 123456789.123456), ("1.1234567", "1.1234567"), ("1234567890.1", "1234567890.1"),
        ("TRUE", True), ("False", False), (" yes ", "yes"), ("-0.0", -0.0), (".5", ".5"),
    ],
)  # fmt: skip
def test_an_attribute_is_a_number_a_truth_or_a_text(text, value):
    found = read_attribute(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["[1]", "{broken", "7", "null", "[" * 100_000])
def test_attributes_are_a_json_object(text):
    with pytest.raises(BadInput, match="no JSON object"):
        read_attributes(text)


def test_attributes_may_be_as_many_as_the_limit_and_what_is_empty_does_not_count():
    many = {f"k{number}": 1 for number in range(200)}
    assert read_attributes(json.dumps(many | {"none": None, "empty": "", "list": []})) == many
    with pytest.raises(BadInput, match="more than 200"):
        read_attributes(json.dumps(many | {"more": 0}))
    assert read_attributes("  ") == {}


def test_what_is_nested_is_laid_flat_down_to_the_fourth_floor():
    assert read_attributes('{"a": {"b": {"c": {"d": 1}}}}') == {"a_b_c_d": 1}
    assert read_attributes('{"a": {"b": {"c": {"d": {"e": 1}}}}}') == {"a_b_c_d": '{"e": 1}'}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (["a", 1, 2.5], "a, 1, 2.5"), ([[1]], "[[1]]"), (["a", None], '["a", null]'), (True, True), (7, 7), (2.5, 2.5),
        (" a  b ", "a b"), (999999999999999, 999999999999999), (10**15, "1" + "0" * 15), (-(10**15), "-1" + "0" * 15),
        (1e300, "1e+300"), (4111111111111111, "************1111"), (411111111111111.0, 411111111111111.0),
        (378282246310005, "***********0005"),
    ],
)  # fmt: skip
def test_p8_each_kind_of_value_is_kept_as_it_may_be(value, kept):
    found = read_attributes(json.dumps({"x": value}))["x"]
    assert (found, type(found)) == (kept, type(kept))
