"""Whoever reads the numbers of rows finds no times of neighbours around anybody's answers kept apart (G14)."""

from typing import Any

import pytest

from surveys.domain.anonymity import Anonymity
from surveys.services.unlink_answers import unlink
from surveys.storage.surveys import close_survey
from tests.surveys.pressing import press
from tests.surveys.services.test_release_answers import LATER, Asked, trip
from tests.surveys.spying import Row, dump, numbered
from tests.surveys.survey_scenes import invitations, invited, opened

STEADY = """
name = "steady"
title = "Every day"
[[page]]
name = "all"
[[page.question]]
name = "day"
kind = "text"
text = "How was it?"
"""
ASKED = 10


def answered_by_turns(house: Asked, mode: Anonymity) -> list[Row]:
    """The database after people answered this survey and, each between two others, one that tells times."""
    hidden = house.ask(mode)[:ASKED]
    with house.database.writing() as session:
        steady = opened(session, STEADY)
        invited(session, steady)
        timed = [each.id for each in invitations(session) if each.survey_id == steady.id]
    for number, neighbour in zip(hidden, timed, strict=False):
        house.answer(number, words=f"no {hidden.index(number)}")
        with house.database.writing() as session:
            assert press(session, neighbour, "all", {"day": ["good"]}, at=LATER).stored
    rows: list[Row] = house.ask_all(dump)
    return rows


@pytest.mark.parametrize("mode", [Anonymity.CONFIDENTIAL, Anonymity.ANONYMOUS])
def test_g14_no_number_of_an_answer_kept_apart_stands_between_those_of_neighbours(
    database: Any, keyring: Any, mode: Anonymity
):
    house = Asked(database, keyring)
    rows = answered_by_turns(house, mode)
    survey = house.ask_all(lambda session: trip(session).id)
    responses = numbered(rows, "response")
    apart = {number for number, row in responses.items() if row.get("survey_id") == survey}
    timed = sorted(set(responses) - apart)
    assert (len(apart), len(timed)) == (ASKED, ASKED)
    assert timed == list(range(timed[0], timed[0] + ASKED)), "the row of numbers has no gaps"
    for table, own in (("response", "id"), ("answer", "response_id")):
        known = numbered(rows, table)
        hidden = [number for number, row in known.items() if row.get(own) in apart]
        others = [number for number, row in known.items() if row.get(own) not in apart]
        assert not any(min(others) <= number <= max(others) for number in hidden), table
        assert others == [] or sorted(others) == list(range(min(others), max(others) + 1)), table
    people = [n for n, row in numbered(rows, "invitation").items() if row.get("contact_id")]
    nobody = [n for n, row in numbered(rows, "invitation").items() if not row.get("contact_id")]
    assert len(nobody) == ASKED
    assert max(nobody) < -1 < min(people)
    in_order = [f"no {place}" for place in range(ASKED)]
    for place in ("response_id", "hidden_rowid"):
        told = told_by(rows, place)
        assert len(told) in {0, ASKED}
        assert told not in (in_order, in_order[::-1]), place


def test_g14_once_unlinked_no_place_and_no_transaction_tells_in_which_order_people_answered(
    database: Any, keyring: Any
):
    house = Asked(database, keyring)
    answered_by_turns(house, Anonymity.CONFIDENTIAL)
    with database.writing() as session:
        survey = trip(session)
        close_survey(session, survey, LATER)
        assert unlink(session, survey, at=LATER) == ASKED
        pseudonyms = {each.id for each in invitations(session) if not each.contact_id}
    rows = house.ask_all(dump)
    reasons = [row for row in rows if row.get("question") == "reason"]
    apart = {row.get("response_id") for row in reasons}
    own = [row for row in rows if row.table == "response" and row.get("id") in apart]
    own += [row for row in rows if row.table == "answer" and row.get("response_id") in apart]
    own += [row for row in rows if row.table == "invitation" and row.get("id") in pseudonyms]
    assert len({dict(row.hidden).get("hidden_xmin") for row in own}) == 1
    told = [row.get("text") for row in sorted(reasons, key=place_of)]
    in_order = [f"no {place}" for place in range(ASKED)]
    assert told not in (in_order, in_order[::-1])


def place_of(row: Row) -> tuple[int, ...]:
    """Where a row lies: PostgreSQL's page and line, or SQLite's number."""
    hidden = dict(row.hidden)
    place = hidden.get("hidden_ctid") or f"({hidden['hidden_rowid']},0)"
    return tuple(int(each) for each in place.strip("()").split(","))


def told_by(rows: list[Row], place: str) -> list[Any]:
    """What the hidden people wrote, in the order of these numbers."""
    known = [(dict(row.values) | dict(row.hidden), row) for row in rows if row.get("question") == "reason"]
    found = sorted((numbers[place], row.get("text")) for numbers, row in known if numbers.get(place) is not None)
    return [text for _, text in found]
