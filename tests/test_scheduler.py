"""The clock's own acts: the ledger's end is written where logs are kept, and verify reads it there."""

import logging

from contacts.domain.anchors import read_anchors
from contacts.services.verify_ledger import verify_ledger
from core.logs import ForPeople, JsonLines
from scheduler import Clock
from tests.conftest import NOON
from tests.contacts.people import add_permitted


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
