"""The clock's own acts: the ledger's end is written where logs are kept, and verify reads it there."""

import logging
import threading

import time_machine

from contacts.domain.anchors import read_anchors
from contacts.services.verify_ledger import verify_ledger
from core.logs import ForPeople, JsonLines
from scheduler import Clock, keep_time
from tests.conftest import NOON
from tests.contacts.people import add_permitted
from tests.oracle.estates import until


def test_g18_the_ledgers_end_is_logged_as_an_anchor_that_verify_reads(database, settings, pepper, caplog):
    with database.writing() as session:
        add_permitted(session, pepper, "ann@example.org", "offers", at=NOON)
    with caplog.at_level(logging.INFO, "heedful.clock"):
        Clock(settings, database, lambda: NOON).anchor_the_ledger()
    [told] = [each for each in caplog.records if each.message == "the ledger's end"]
    for form in (ForPeople(), JsonLines()):
        anchors = read_anchors(form.format(told))
        with database.reading() as session:
            assert verify_ledger(session, anchors).fault is None
        assert [each.events for each in anchors] == [1]


def test_the_clock_goes_on_ticking_when_the_machines_clock_is_set_back_an_hour(database, settings, monkeypatch):
    ticked: list[int] = []
    monkeypatch.setattr(Clock, "launch_due", lambda _: ticked.append(1))
    ended = threading.Event()
    with time_machine.travel(NOON) as time:
        clock = threading.Thread(target=keep_time, args=(settings, database, ended))
        clock.start()
        try:
            until(lambda: bool(ticked), "the first tick")
            time.shift(-3600)
            before = len(ticked)
            until(lambda: len(ticked) > before + 1, "ticks after the clock was set back", 20)
        finally:
            ended.set()
            clock.join(20)
