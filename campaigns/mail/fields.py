"""The variables of a template, which know their names and say what is missing, for the sandbox and the press."""

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined

from campaigns.mail import unknowns


class Fields(dict[str, Any]):
    """A group of variables that knows its own name: `contact`, `content.sections`."""

    __slots__ = ("path",)

    def __init__(self, path: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.path = path


class Missing(StrictUndefined):
    """A variable that is not there: any use is an error that says so, but for `default` and `is defined`."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        hint: Any = self._undefined_hint
        if callable(hint):
            return str(hint())
        return hint or unknowns.said(str(self._undefined_name), ())


class Empty(Missing):
    """A field that others fill and this contact does not: false in an `if`, an error where it is written."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # the one thing in which it is less strict
        return False


def fields_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """Give the groups among the variables their names."""
    return {name: Fields(name, value) if isinstance(value, dict) else value for name, value in context.items()}
