"""Setting a limit: how often mail of a scope may come at most, and at which hours not."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from contacts.domain.limit_words import Cap
from contacts.domain.quiet_hours import QuietHours, minutes_left
from contacts.domain.scopes import EVERYTHING, MARKETING, PARTNERS, RESEARCH, covering, covers
from contacts.storage.frequencies import Frequency, all_frequencies, set_frequency
from contacts.storage.topics import all_topic_names
from core.errors import BadInput, NotFound

LEAST_MINUTES = 60
"""What must be left of a day for each topic, so that no mail waits for ever."""
GROUPS = (EVERYTHING, MARKETING, PARTNERS, RESEARCH)


def limit_scope(
    session: Session, scope: str, *, cap: Cap | None, quiet: QuietHours | None, at: datetime, operator: str = ""
) -> Frequency:
    """Set a scope's cap and quiet hours from now on; what was judged before stays as it was judged.

    Raises:
        NotFound: neither a topic nor a group of topics.
        BadInput: with the quiet hours above and below, less than an hour of the day would be left for some topic.
    """
    topics = all_topic_names(session)
    if scope not in {*GROUPS, *topics}:
        raise NotFound(f"There is no topic, and no group of topics, “{scope}”.")
    quiet_of = {each: rule.quiet_hours for each, rule in all_frequencies(session, at=at).items()} | {scope: quiet}
    for topic in (each for each in {scope, *topics} if quiet and covers(scope, each)):
        _require_minutes(topic, quiet_of)
    return set_frequency(session, scope, cap=cap, quiet=quiet, at=at, operator=operator)


def _require_minutes(topic: str, quiet_of: Mapping[str, QuietHours | None]) -> None:
    rules = [hours for each in covering(topic) if (hours := quiet_of.get(each))]
    if minutes_left(rules) < LEAST_MINUTES:
        raise BadInput(
            f"With the other quiet hours that hold for “{topic}”, less than an hour of the day would be left.",
            field="quiet",
            remedy="Shorten one of them.",
        )
