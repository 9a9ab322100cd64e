"""Rows at their borders: apostrophes, topics of a column, clocks that differ, uneven rows."""

from datetime import timedelta

from contacts.domain.columns import map_columns
from contacts.domain.policy import Source
from contacts.domain.rows import ContactRow, Defaults, RowReader
from tests.contacts.domain.test_rows import AT, GIVEN, SINCE, TOPICS, read, rejected, restricted


def test_an_apostrophe_that_was_put_before_a_cell_is_taken_back():
    row = read("email,first name,last name", ["a@example.org", "'=Ann", "O'Neill"])
    assert (row.given_name, row.family_name) == ("=Ann", "O'Neill")
    assert read("email,first name", ["a@example.org", "Ann"]).given_name == "Ann"


def test_a_column_of_one_topic_takes_no_other_and_an_added_one_must_be_known():
    assert rejected("email,n", ["a@example.org", "updates"], n="consents.research").field == "n"
    for words in ("updates, partner:new", "updates, sharing:!!", "updates, marketing"):
        assert rejected("email,topics", ["a@example.org", words]).field == "topics"
    assert read("email,topics", ["a@example.org", "updates, partner:acme"]).consents == ("updates", "partner:acme")


def test_a_moment_may_lie_a_day_ahead_for_clocks_differ():
    for seconds, taken in ((3600, True), (86_400, True), (86_401, False)):
        written = (AT + timedelta(seconds=seconds)).isoformat()
        found = read("email,signup date", ["a@example.org", written])
        assert isinstance(found, ContactRow) is taken, seconds


def test_an_empty_cell_of_source_or_time_leaves_what_holds_for_all():
    row = read("email,source,signup date", ["a@example.org", " ", " "])
    assert (row.source, row.source_at) == (Source.PURCHASE, SINCE)


def test_an_address_that_is_not_in_the_first_column_is_found_in_an_uneven_row():
    stopped = Defaults(opt_outs=("research",))
    assert restricted("name,email,opt-out", ["Ann", "j@example.org"], stopped).opt_outs == ("research",)


def test_a_table_is_no_suppression_list_unless_it_is_said():
    columns = ["email"]
    reader = RowReader(columns, map_columns(columns, {}), at=AT, topics=TOPICS, defaults=GIVEN)
    row = reader.read(1, ["a@example.org"])
    assert isinstance(row, ContactRow)
    assert row.opt_outs == ()
