"""Limits are set for topics and groups of them, and leave an hour of every day."""

from datetime import datetime, timedelta

import pytest

from contacts.domain.quiet_hours import QuietHours
from contacts.services.limit_scope import limit_scope
from contacts.storage.frequencies import all_frequencies, frequencies_for
from core.errors import BadInput, NotFound

NIGHT = QuietHours(21 * 60, 8 * 60)
DAYLIGHT = QuietHours(8 * 60, 20 * 60 + 30)


def test_the_last_word_counts_and_the_ones_before_are_kept(database, noon: datetime):
    with database.writing() as session:
        limit_scope(session, "offers", cap=(4, 30), quiet=NIGHT, at=noon, operator="kim@example.org")
        limit_scope(session, "offers", cap=None, quiet=NIGHT, at=noon + timedelta(hours=1))
        limit_scope(session, "everything", cap=(8, 30), quiet=None, at=noon)
        rules = {rule.scope: rule for rule in frequencies_for(session, "offers", at=noon + timedelta(hours=2))}
        assert (rules["offers"].cap_count, rules["offers"].quiet_hours) == (None, NIGHT)
        assert (rules["everything"].cap_count, rules["everything"].cap_days) == (8, 30)
        assert all_frequencies(session, at=noon)["offers"].cap_count == 4


@pytest.mark.parametrize("scope", ["nothing", "tracking", "sharing", "confirmation", "marketing:unknown", ""])
def test_what_is_no_topic_and_no_group_has_no_limit(database, noon: datetime, scope: str):
    with database.writing() as session, pytest.raises(NotFound):
        limit_scope(session, scope, cap=(1, 1), quiet=None, at=noon)


@pytest.mark.parametrize(
    ("first", "second"), [("everything", "offers"), ("offers", "everything"), ("marketing", "offers")]
)
def test_quiet_hours_that_leave_no_hour_of_a_day_are_refused(database, noon: datetime, first: str, second: str):
    with database.writing() as session:
        limit_scope(session, first, cap=None, quiet=NIGHT, at=noon)
        with pytest.raises(BadInput, match="less than an hour"):
            limit_scope(session, second, cap=None, quiet=DAYLIGHT, at=noon)
        limit_scope(session, "research", cap=None, quiet=None, at=noon)
        limit_scope(session, first, cap=None, quiet=None, at=noon)
        limit_scope(session, second, cap=None, quiet=DAYLIGHT, at=noon)
