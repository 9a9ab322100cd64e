"""The texts of a question that people read, and the lists of things that have labels; for piping and translations."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, TypeVar

from surveys.domain.cells import Choice
from surveys.domain.questions import Question

Q = TypeVar("Q", bound=Question)
NO_WORDS = frozenset({"name", "kind", "image", "types", "earliest", "latest"})
"""Fields that are written with letters and are no words."""


@lru_cache(maxsize=64)
def text_fields(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a class that are words for people."""
    return tuple(each.name for each in fields(kind) if each.type is str and each.name not in NO_WORDS)


@lru_cache(maxsize=64)
def list_fields(kind: type[Question]) -> tuple[str, ...]:
    """The fields of a kind that are lists of choices, rows or columns."""
    return tuple(each.name for each in fields(kind) if each.type == tuple[Choice, ...])


def lists_of(question: Question) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    """The lists of a question, by the names of their fields."""
    for key in list_fields(type(question)):
        yield key, getattr(question, key)


def reworded(question: Q, change: Callable[[str, str], str]) -> Q:
    """The question with its texts changed; `change` is given each path within the question, and the text."""
    changed: dict[str, Any] = {}
    for key in text_fields(type(question)):
        text = getattr(question, key)
        if text and (now := change(key, text)) != text:
            changed[key] = now
    for key, choices in lists_of(question):
        now_all = tuple(_relabelled(each, change(f"{key}.{each.name}", each.label)) for each in choices)
        if now_all != choices:
            changed[key] = now_all
    return replace(question, **changed) if changed else question


def _relabelled(choice: Choice, label: str) -> Choice:
    return choice if label == choice.label else replace(choice, label=label)
