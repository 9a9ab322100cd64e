"""All expressions of one survey, each compiled once and kept; for the path, which is walked at every press."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

from surveys.domain.expressions.compiling import compiled
from surveys.domain.expressions.known_names import Known
from surveys.domain.expressions.parsing import parsed
from surveys.domain.expressions.sights import Run, Sight
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.trees import Name, Node, inside
from surveys.domain.expressions.value_types import TEXT, Meaning, Type
from surveys.domain.piping import Piped, piped
from surveys.domain.questions import Question
from surveys.domain.show_rules import Judge


class Worked(Protocol):
    """A value that is worked out."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def formula(self) -> str:
        """The expression."""


class Logic:
    """What the expressions of a survey mean.

    An expression that means nothing (a definition that was never checked) is false, or says nothing: it never raises.
    Computed values get their types at once, each after those that it needs, so that threads share nothing half made.
    """

    def __init__(self, questions: Sequence[Question], computed: Sequence[Worked], arms: Sequence[str]) -> None:
        self.formulas: Mapping[str, str] = {each.name: each.formula for each in computed}
        self._meanings: dict[str, Meaning | None] = {}
        self._pipes: dict[str, Piped | None] = {}
        types: dict[str, Type] = {}
        self.known = Known({each.name: each for each in questions}, types, arms)
        for name in (needed for each in self.formulas for needed in self.needs(each)):
            if name not in types:
                meaning = self.meaning(self.formulas[name])
                types[name] = meaning.type if meaning else TEXT

    def meaning(self, text: str) -> Meaning | None:
        """What an expression means; None where it means nothing."""
        if text not in self._meanings:
            try:
                self._meanings[text] = compiled(text, self.known)
            except Slip:
                self._meanings[text] = None
        return self._meanings[text]

    def judge(self, sight: Sight) -> Judge:
        """What decides the expressions of conditions for one person."""
        return lambda text: (meaning := self.meaning(text)) is not None and meaning.run(sight) is True

    def said(self, text: str, sight: Sight) -> str:
        """A text with what it repeats; one that repeats what means nothing stays as it is written."""
        if "{{" not in text:
            return text
        if text not in self._pipes:
            try:
                self._pipes[text] = piped(text, lambda inner: compiled(inner, self.known))
            except Slip:
                self._pipes[text] = None
        pieces = self._pipes[text]
        return text if pieces is None else pieces.said(sight)

    @cached_property
    def plans(self) -> Mapping[str, tuple[tuple[str, Run], ...]]:
        """For each computed value what must be worked out, itself last; one that needs itself is nothing."""
        return {name: tuple((each, self._run_of(each)) for each in self.needs(name)) for name in self.formulas}

    def _run_of(self, name: str) -> Run:
        meaning = self.meaning(self.formulas[name])
        return meaning.run if meaning else lambda _sight: None

    def needs(self, name: str) -> list[str]:
        """The computed values that one needs, each after those that it needs itself, and itself last."""
        order: list[str] = []
        waiting = [(name, False)]
        begun: set[str] = set()
        while waiting:
            each, done = waiting.pop()
            if done:
                order.append(each)
            elif each not in begun:
                begun.add(each)
                waiting.append((each, True))
                waiting += [(needed, False) for needed in self.named_in(self.formulas[each]) if needed in self.formulas]
        return order

    def named_in(self, text: str) -> list[str]:
        """The names that an expression uses, in their order."""
        try:
            return names_in(parsed(text))
        except Slip:
            return []


def names_in(node: Node) -> list[str]:
    """The names used in a tree, in their order."""
    own = [node.name] if isinstance(node, Name) else []
    return own + [name for part in inside(node) for name in names_in(part)]
