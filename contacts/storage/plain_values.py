"""Plain values: what a table keeps, as JSON knows it, for what is handed out to a person or a program."""

from datetime import date
from typing import Any


def plain(value: Any) -> Any:
    """A value as JSON knows it: moments in UTC, ISO 8601."""
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
