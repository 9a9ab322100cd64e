"""The judges look at the same house that the journeys walk through."""

from tests.journeys.conftest import house

__all__ = ["house"]
