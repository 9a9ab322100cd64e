"""What is said of all rows at once is held to what holds for a row."""

from datetime import timedelta

import pytest

from contacts.domain.rows import Defaults
from contacts.domain.sound_defaults import require_sound
from core.errors import BadInput
from tests.conftest import NOON

TOPICS = frozenset({"updates", "offers"})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Defaults(source_at=NOON + timedelta(days=2)), "source_time"),
        (Defaults(consents=("updates", "nosuch")), "consents"),
        (Defaults(consents=("everything",)), "consents"),
        (Defaults(consents=("sharing:",)), "consents"),
        (Defaults(opt_outs=("nosuch",)), "scope"),
    ],
)
def test_a_time_to_come_and_a_topic_or_scope_that_is_none_are_refused(wrong: Defaults, field: str):
    with pytest.raises(BadInput) as refused:
        require_sound(wrong, TOPICS, NOON)
    assert refused.value.field == field


def test_what_is_sound_passes():
    require_sound(Defaults(), TOPICS, NOON)
    consents = ("updates", "tracking", "sharing:acme")
    require_sound(Defaults(source_at=NOON, consents=consents, opt_outs=("offers", "partner:acme")), TOPICS, NOON)
