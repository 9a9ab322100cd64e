from datetime import UTC, datetime

import pytest

from campaigns.domain.likelihoods import Ending, Traces, ending, probably_arrived

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("traces", "end", "arrived"),
    [
        (Traces(composed=True, permitted_at=AT, lived_on=False), Ending.UNANSWERED, True),
        (Traces(composed=False, permitted_at=AT, lived_on=True), Ending.SENDER_LIVED_ON, True),
        (Traces(composed=False, permitted_at=AT, lived_on=False), Ending.SENDER_GONE, False),
        (Traces(composed=False, permitted_at=None, lived_on=False), Ending.NEVER_ASKED, False),
    ],
)
def test_g6_what_is_known_about_the_end_says_whether_it_probably_arrived(traces, end, arrived):
    assert ending(traces) is end
    assert probably_arrived(end) is arrived
