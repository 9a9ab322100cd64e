"""What a campaign's content gives its template: fields that it drops, marks that nobody fills, nothing at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from campaigns.domain.checks import Finding, error, warning
from core.language import gettext as _

WORDS = ("headline", "intro", "body", "sections")
"""What a reader reads; a mail of the shipped templates needs one of them."""

_FIELD = re.compile(r"\bcontent\.([A-Za-z_]\w*)")
_PART = re.compile(r"\bsection\.([A-Za-z_]\w*)")
_MARKS = ("{{", "{%")


def fields_read(*sources: str) -> frozenset[str]:
    """The content fields that template sources read, and those of a section as `sections.<name>`."""
    text = "\n".join(sources)
    return frozenset(_FIELD.findall(text)) | {f"sections.{name}" for name in _PART.findall(text)}


def about_content(content: Mapping[str, Any], read: frozenset[str], *, needs_words: bool) -> Iterator[Finding]:
    """Judge the content given to a template that reads these fields.

    `needs_words` is true for a template that has nothing to say of its own.
    """
    told = _("The template has no place for this; it is not sent.")
    raw = _("Variables are not filled in here: {{ and {% are sent as they are written.")
    parts = any(name.startswith("sections.") for name in read)  # a team's own template may call a section otherwise
    for place, value in _leaves(content):
        top = place.split(".", maxsplit=1)[0]
        if top not in read or (parts and place.startswith("sections.") and place not in read):
            yield warning(f"content.{place}", told, _like(place, read))
        if isinstance(value, str) and any(mark in value for mark in _MARKS):
            yield warning(f"content.{place}", raw, _("Write a template of your own for that."))
    if needs_words and not any(content.get(word) for word in WORDS):
        fields = ", ".join(WORDS)
        yield error("content", _("There is nothing to read: give at least one of {fields}.").format(fields=fields))


def _leaves(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each field and its value; those of sections once for each section."""
    for name, value in content.items():
        parts: Iterable[Any] = value if isinstance(value, list) else ()
        sections = [part for part in parts if isinstance(part, Mapping)]
        if not sections:
            yield name, value
        for part in sections:
            yield from ((f"{name}.{inner}", each) for inner, each in part.items())


def _like(place: str, read: frozenset[str]) -> str:
    close = get_close_matches(place, read, 1)
    return _("Did you mean “{field}”?").format(field=close[0]) if close else ""
