"""A survey put together from another program's parts: names, words, translations, what conditions may ask about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.language import gettext as _
from surveys.domain.definition_tables import LABELS, LONGEST_LABEL, LONGEST_TEXT
from surveys.domain.expressions.known_names import RESERVED
from surveys.domain.expressions.lexing import WORDS
from surveys.domain.foreign.carried import ChoiceNames, Names, Report
from surveys.domain.foreign.conditions_read import Node
from surveys.domain.foreign.conditions_told import Target
from surveys.domain.foreign.plain_words import plain_words

Theirs = str | Node
"""A condition of the other program: as text, or as a tree where it is kept in parts."""


@dataclass
class ForeignQuestion:
    """A question as a table of ours; `conditions` are the other program's, its own and those of what it stands in."""

    table: dict[str, Any]
    place: str
    conditions: tuple[Theirs, ...] = ()


@dataclass
class ForeignPage:
    """Questions asked together, with the other program's conditions."""

    table: dict[str, Any]
    place: str
    conditions: tuple[Theirs, ...] = ()
    questions: list[ForeignQuestion] = field(default_factory=list)


class Assembly:
    """What one file becomes, piece by piece; `finishing` makes a survey of it."""

    def __init__(self, program: str, language: str = "en") -> None:
        self.program, self.language = program, language
        self.report = Report()
        self.names = Names(RESERVED | WORDS | {"end"})
        self.pages: list[ForeignPage] = []
        self.targets: dict[str, Target] = {}
        self.head: dict[str, Any] = {}
        self.translations: dict[str, dict[str, str]] = {}
        self._questions: set[str] = set()

    def name(self, theirs: str, place: str) -> str:
        """Our name for a question."""
        ours = self.names.of(theirs)
        if theirs in self._questions:
            message = _("There is another question of that name; this one is “{name}” here.")
            self.report.note(place, message.format(name=ours))
        self._questions.add(theirs)
        return ours

    def ask(self, theirs: str, target: Target) -> None:
        """Let conditions ask about something; of two things of one name, about the first."""
        if self.targets.get(theirs) is None:
            self.targets[theirs] = target

    def words(self, said: object, path: str, place: str) -> str:
        """A text in the survey's own language; those in others are kept as translations of that path."""
        most = longest(path)
        if not isinstance(said, Mapping):
            return self._fitting(plain_words(said), most, place)
        own = next((said[tag] for tag in ("", "default", self.language) if said.get(tag)), "")
        for tag, text in said.items():
            words = self._fitting(plain_words(text), most, place)
            if tag not in {"", "default", self.language} and words:
                self.translations.setdefault(str(tag), {})[path] = words
        return self._fitting(plain_words(own), most, place)

    def _fitting(self, words: str, most: int, place: str) -> str:
        if len(words) <= most:
            return words
        self.report.note(place, _("A text of more than {most} characters was cut.").format(most=most))
        return words[: most - 1].rstrip() + "…"

    def choices(
        self, given: list[tuple[str, object]], name: str, key: str, place: str, *, reserved: tuple[str, ...] = ()
    ) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """Choices or rows from their (value, words), and our names for the values."""
        names, made = ChoiceNames(reserved), []
        ours: dict[str, str] = {}
        for value, said in given:
            if value in ours:
                self.report.note(place, _("“{value}” is there twice; once is enough.").format(value=value[:80]))
                continue
            ours[value] = names.of(value)
            label = self.words(said, f"{name}.{key}.{ours[value]}", place)
            made.append({"name": ours[value], "label": label or plain_words(value)[:LONGEST_LABEL] or ours[value]})
        return made, ours


def longest(path: str) -> int:
    """How many characters a text may have, by its path."""
    parts = path.split(".")
    within_a_list = len(parts) > 2  # noqa: PLR2004 - question, list, name
    return LONGEST_LABEL if parts[-1] in LABELS or within_a_list else LONGEST_TEXT
