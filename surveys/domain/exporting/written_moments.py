"""Days and moments as answers write them (ISO 8601), as numbers since the day from which a format counts."""

from datetime import UTC, date, datetime

DAY_SECONDS = 86_400


def day_in(written: str) -> date:
    """The day."""
    return date.fromisoformat(written)


def moment_in(written: str) -> datetime:
    """The moment; one without a zone, as people write it, is taken as it stands, as if it were UTC."""
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def days_since(epoch: date, written: str) -> int:
    """How many days after the epoch the day is."""
    return (day_in(written) - epoch).days


def seconds_since(epoch: date, written: str) -> float:
    """How many seconds after the beginning of the epoch the moment is."""
    beginning = datetime(epoch.year, epoch.month, epoch.day, tzinfo=UTC)
    return (moment_in(written) - beginning).total_seconds()
