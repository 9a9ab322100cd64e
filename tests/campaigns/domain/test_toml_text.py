import tomllib
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.toml_text import line_of, read_toml, refuse_unknown, write_toml
from core.errors import BadInput

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
LEAVES = st.one_of(
    WORDS,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.datetimes(),
    st.dates(),
    st.times(),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=12
)


@given(st.dictionaries(WORDS, VALUES, max_size=5))
def test_what_is_written_reads_back_the_same(values):
    assert tomllib.loads(write_toml(values)) == values


def test_what_a_person_would_write_is_written():
    values = {"name": "spring", "body": 'one\ntwo "x"\n', "sender": {"name": "Ann"}, "nothing": None, "tags": ["a"]}
    assert write_toml(values) == (
        'name = "spring"\nbody = """\none\ntwo \\"x\\"\n"""\ntags = ["a"]\n\n[sender]\nname = "Ann"\n'
    )


@pytest.mark.parametrize(
    "value",
    [float("inf"), float("-inf"), 1e16, 1e-7, 2.0, date(2026, 12, 1), time(9, 0), datetime(2026, 12, 1, 9), {}, [None]],
)
def test_odd_values_survive(value):
    assert tomllib.loads(write_toml({"value": value}))["value"] == ([] if value == [None] else value)


def test_not_a_number_is_written():
    assert write_toml({"value": float("nan")}) == "value = nan\n"


def test_a_broken_line_is_named():
    with pytest.raises(BadInput) as refused:
        read_toml('name = "a"\ntitle = \n')
    assert refused.value.line == 2


def test_an_unfinished_file_is_told_at_its_last_line():
    with pytest.raises(BadInput) as refused:
        read_toml('name = "a"\ntext = """\nnever ends')
    assert refused.value.line == 3


TEXT = 'name = "a"\n"topic" = "updates"\n\n[sender]\nname = "b"\n[a.b]\nc = 1\n'


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 1),
        (("topic",), 2),
        (("sender",), 4),
        (("sender", "name"), 5),
        (("a", "b", "c"), 7),
        (("title",), None),
    ],
)
def test_a_key_is_found_by_its_line(path, line):
    assert line_of(TEXT, *path) == line


def test_an_unknown_key_is_answered_with_the_nearest():
    with pytest.raises(BadInput) as refused:
        refuse_unknown(["nmae"], ["name", "email"], '[sender]\nnmae = "x"', "sender")
    assert (refused.value.field, refused.value.line) == ("sender.nmae", 2)
    assert refused.value.remedy == "Did you mean “name”?"


def test_a_key_like_no_other_is_answered_with_all():
    with pytest.raises(BadInput, match="Known keys: email, name"):
        refuse_unknown(["zzz"], ["name", "email"], "")


def test_known_keys_pass():
    refuse_unknown(["name"], ["name"], "")


def test_a_file_that_goes_down_for_ever_is_refused_in_a_sentence():
    with pytest.raises(BadInput, match="too many levels"):
        read_toml("x = " + "[" * 20_000 + "]" * 20_000)
