"""The messages of each day are counted for all senders together."""

from datetime import date, timedelta

from campaigns.domain.rations import WHOLE
from campaigns.storage.warm_ups import count_on, forget_days, open_day, taken_on

DAY = date(2026, 11, 23)
LOTS = [("one", WHOLE), ("one", "gmail")]


def test_days_are_counted_apart_and_what_came_back_is_taken_off(database):
    for more in (5, 7, -2):
        with database.writing() as session:
            open_day(session, LOTS, DAY)
            count_on(session, {(LOTS[0], DAY): more})
    with database.writing() as session:
        assert open_day(session, LOTS, DAY) == {LOTS[0]: 10, LOTS[1]: 0}
        assert open_day(session, LOTS[:1], DAY + timedelta(days=1)) == {LOTS[0]: 0}
        count_on(session, {})
    with database.reading() as session:
        assert taken_on(session, DAY) == {LOTS[0]: 10, LOTS[1]: 0}


def test_days_long_past_are_forgotten(database):
    with database.writing() as session:
        open_day(session, LOTS, DAY)
        forget_days(session, DAY + timedelta(days=1))
        assert taken_on(session, DAY) == {}
