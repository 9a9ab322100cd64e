"""What a campaign's content gives its template: fields that it drops, marks that nobody fills, nothing at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from campaigns.domain.checks import Finding, error, warning
from core.language import gettext as _
from core.language import is_language, spoken

WORDS = ("headline", "intro", "body", "sections")
"""What a reader reads; a mail of the shipped templates needs one of them."""

NUMBERS = frozenset({"code", "minutes", "price", "version"})
"""The fields of the shipped templates that may be given as a number; all others are text."""

LANGUAGE = "language"
"""The field that says what the content is written in; the words around it follow."""

_SECTIONS = "sections"
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
        if top not in read | {LANGUAGE} or (parts and place.startswith("sections.") and place not in read):
            yield error(f"content.{place}", told, _like(place, read))
        if isinstance(value, str) and any(mark in value for mark in _MARKS):
            yield error(f"content.{place}", raw, _("Write a template of your own for that."))
    if needs_words and not any(content.get(word) for word in WORDS):
        fields = ", ".join(WORDS)
        yield error("content", _("There is nothing to read: give at least one of {fields}.").format(fields=fields))


def about_language(content: Mapping[str, Any]) -> Iterator[Finding]:
    """Judge the language that the content says it is in."""
    tag = content.get(LANGUAGE, "")
    if tag and not (isinstance(tag, str) and is_language(tag)):
        told = _("“{tag}” is no language.").format(tag=tag)
        yield error(f"content.{LANGUAGE}", told, _("Write it as in de, or pt-BR."))
    elif tag and not spoken(tag, ""):
        told = _("The words around yours, such as how to leave, are in English: there is no catalogue of “{tag}”.")
        yield warning(f"content.{LANGUAGE}", told.format(tag=tag))


def about_kinds(content: Mapping[str, Any], read: frozenset[str]) -> Iterator[Finding]:
    """Judge whether a shipped template that reads these fields can write what they are; each field is named once."""
    sections = content.get(_SECTIONS, [])
    if not is_list_of_tables(sections):
        sections = []
        if _SECTIONS in read:
            each = _("Begin each section with a line [[content.sections]].")
            yield error(f"content.{_SECTIONS}", _("“content.sections” must be a list of tables."), each)
    given = [(name, value) for name, value in content.items() if name != _SECTIONS]
    given += [(f"{_SECTIONS}.{name}", value) for part in sections for name, value in part.items()]
    wrong = dict.fromkeys(place for place, value in given if place in read and not _is_writable(place, value))
    for place in wrong:
        told = _("“content.{field}” must be text.").format(field=place)
        yield error(f"content.{place}", told, _('Write it between quotation marks: "…".'))


def is_list_of_tables(value: object) -> bool:
    """Whether it is what a template may go through as its sections."""
    return isinstance(value, list) and all(isinstance(part, Mapping) for part in value)


def _is_writable(place: str, value: object) -> bool:
    if place in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return True
    return isinstance(value, str)


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
