"""Answers side by side: what is packed is what was answered, whatever the questions are."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.answer_counts import Selected, count
from surveys.domain.packed_answers import BYTE, Sheet, both, coded, either, read_columns, sheet_of, written_columns

parts = st.tuples(st.sampled_from("abc") | st.just(""), st.none() | st.integers(0, 400).map(float))
answers = st.lists(st.lists(parts, max_size=3).map(tuple), max_size=40)


@given(answers, st.data())
def test_a_column_counts_what_was_answered_and_survives_being_kept(given_answers, data):
    mask = bytes(data.draw(st.lists(st.booleans(), min_size=len(given_answers), max_size=len(given_answers))))
    column = read_columns(written_columns({"row": coded(given_answers)}))["row"]
    assert [column.seen[code] for code in column.codes] == given_answers
    assert column.counts() == Counter(each for each in given_answers if each)
    chosen = [each for each, wanted in zip(given_answers, mask, strict=True) if wanted]
    assert column.counts(mask) == Counter(each for each in chosen if each)
    assert list(column.given()) == [bool(each) for each in given_answers]
    assert column.only(mask).counts() == column.counts(mask)


def test_columns_with_many_different_answers_count_alike():
    for different in (30, 200, BYTE + 100, 70_000):
        column = coded((("", float(number)),) for number in [*range(different), 5, 5])
        kept = read_columns(written_columns({"": column}))[""]
        mask = bytes(place % 2 for place in range(different + 2))
        for each in (column, kept):
            assert each.counts()[("", 5.0),] == 3
            assert sum(each.counts(mask).values()) == mask.count(1)
            assert each.only(mask).counts() == each.counts(mask)
            assert each.mask(lambda parts: parts == (("", 5.0),)).count(1) == 3


def test_a_sheet_has_a_column_a_row_and_says_who_answered_any_of_them():
    cells = [(7, "q", "a", "good", 3.0), (7, "q", "b", "bad", 1.0), (9, "q", "b", "bad", 1.0), (9, "w", "", "x", None)]
    cells += [(9, "w", "", "y", None)]
    sheet = sheet_of([7, 8, 9], cells)
    assert (sheet.size, sheet.rows("q"), list(sheet.given("q"))) == (3, ["a", "b"], [1, 0, 1])
    assert sheet.column("w").counts() == {(("x", None), ("y", None)): 1}
    assert sheet.column("none").counts() == {}
    counts = count([Selected(sheet), Selected(sheet, bytes([0, 0, 1]))])
    assert (counts.size[0], counts.base("q").count, counts.base("w").count) == (4, 3, 2)
    assert [(each.row, each.value, each.count) for each in counts.frequencies("q")] == [
        ("a", "good", 1),
        ("b", "bad", 3),
    ]


def test_masks_join():
    assert both([]) is None
    assert both([bytes([1, 1, 0]), bytes([0, 1, 1])]) == bytes([0, 1, 0])
    assert either([bytes([1, 0, 0]), bytes([0, 1, 0])], 3) == bytes([1, 1, 0])
    assert (either([], 2), either([], 0)) == (bytes(2), b"")
    assert Sheet([], {}).given("q") == b""
