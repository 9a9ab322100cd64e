"""Regrets: what is said when the house itself fails, to whoever looks at a page or sends one."""

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import HeedfulError, Unavailable
from core.language import noted

OUTAGES = (OperationalError, PoolTimeout)
"""What is raised where the database does not answer."""


def regret(error: Exception, *, looking: bool) -> HeedfulError:
    """The error to show for one that nobody expected; `looking`: nothing was sent that could be lost."""
    if not isinstance(error, OUTAGES):
        return HeedfulError(noted("Something went wrong on our side."), remedy=noted("Please try again."))
    said = noted("This page cannot be shown just now.") if looking else noted("We could not store this.")
    return Unavailable(said, remedy=noted("Please try again in a minute."))
