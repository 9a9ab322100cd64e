"""Moments: the hour of a judgement and hours before it, as values, or as names of a statement that is kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, literal

from core.database import Moment


class Hour:
    """The moment at which something is judged, as a value in the statement."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> BindParameter[Any]:
        """The moment."""
        return literal(self.at, Moment)

    def before(self, days: int) -> BindParameter[Any]:
        """So many days before it."""
        return literal(self.at - timedelta(days=days), Moment)


class NamedHour(Hour):
    """The same as names, so that one statement serves every moment."""

    def __init__(self) -> None:
        self.days: set[int] = set()

    def now(self) -> BindParameter[Any]:
        """The moment that is given as `now`."""
        return bindparam("now", type_=Moment)

    def before(self, days: int) -> BindParameter[Any]:
        """The moment that is given as `before_<days>`."""
        self.days.add(days)
        return bindparam(f"before_{days}", type_=Moment)

    @property
    def names(self) -> list[str]:
        """What is to be given."""
        return ["now", *(f"before_{days}" for days in self.days)]

    def given(self, at: datetime) -> dict[str, datetime]:
        """The values of the names."""
        return {"now": at} | {f"before_{days}": at - timedelta(days=days) for days in self.days}
