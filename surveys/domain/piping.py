"""Texts that repeat what is known of the person: “You said {{ went }}.”; an expression stands within the braces."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from surveys.domain.expressions.sights import Run, Sight
from surveys.domain.expressions.speaking import said
from surveys.domain.expressions.value_types import Meaning, Type

_PIPE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piped:
    """A text in pieces: words, and values to be said between them."""

    pieces: tuple[str | tuple[Run, Type], ...]

    def said(self, sight: Sight) -> str:
        """The text as this person reads it; what is not known is left out."""
        return "".join(each if isinstance(each, str) else said(each[0](sight), each[1]) for each in self.pieces)


def pipes_in(text: str) -> list[str]:
    """The expressions within a text."""
    return [found.strip() for found in _PIPE.findall(text)] if "{{" in text else []


def piped(text: str, compiled: Callable[[str], Meaning]) -> Piped | None:
    """The text in pieces; None where it repeats nothing.

    Raises:
        Slip: an expression in it cannot be taken.
    """
    if not pipes_in(text):
        return None
    pieces: list[str | tuple[Run, Type]] = []
    for place, part in enumerate(_PIPE.split(text)):
        if place % 2:
            meaning = compiled(part.strip())
            pieces.append((meaning.run, meaning.type))
        elif part:
            pieces.append(part)
    return Piped(tuple(pieces))


def with_pipes(text: str, change: Callable[[str], str]) -> str:
    """The text with each of its expressions changed."""
    return _PIPE.sub(lambda found: "{{ " + change(found[1].strip()) + " }}", text) if "{{" in text else text


def with_words(text: str, name: str, words: str) -> str:
    """The text with `{{ name }}` said in these words; as it was where they could open an expression themselves."""
    if "{" in words or "}" in words:
        return text
    return _PIPE.sub(lambda found: words if found[1].strip() == name else found[0], text)


def any_pipe(texts: Sequence[str]) -> bool:
    """Say whether any of these texts repeats something."""
    return any("{{" in text for text in texts)
