"""Pages asked once for each thing found before: unrolled into pages of their own, each shown if its thing was found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from surveys.domain.cells import NONE, Choice
from surveys.domain.expressions.name_swaps import swapped
from surveys.domain.piping import with_pipes, with_words
from surveys.domain.question_texts import list_fields, lists_of, reworded
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, Formula, Group, Op, Rule

if TYPE_CHECKING:
    from surveys.domain.definitions import Loop, Page

MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a loop: the name and label of its thing, and when it is gone through."""

    name: str
    label: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an unrolled page comes from: the page as written, and which round of which loop it is."""

    page: str
    loop: "Loop | None" = None
    round: str = ""


@dataclass(frozen=True)
class Unrolled:
    """All pages with loops written out, and where each comes from by its name."""

    pages: tuple["Page", ...]
    origins: Mapping[str, Origin]
    rounds: Mapping["Loop", tuple[Round, ...]] = field(default_factory=dict)


def unrolled(pages: Sequence["Page"]) -> Unrolled:
    """The pages with each loop written out; neighbouring pages of the same loop go together, round by round."""
    asked: dict[str, Question] = {}
    found: list[Page] = []
    origins: dict[str, Origin] = {}
    gone: dict[Loop, tuple[Round, ...]] = {}
    for loop, group in groupby(pages, key=lambda page: page.repeat):
        together = list(group)
        if loop is None:
            found += together
            origins |= {page.name: Origin(page.name) for page in together}
        elif loop.over in asked:
            gone[loop] = tuple(rounds(loop, asked[loop.over]))
            for each in gone[loop]:
                written = _round(together, each)
                found += written
                origins |= {
                    page.name: Origin(former.name, loop, each.name)
                    for page, former in zip(written, together, strict=True)
                }
        asked |= {question.name: question for page in together for question in page.questions}
    return Unrolled(tuple(found), origins, gone)


def rounds(loop: "Loop", over: Question) -> Iterator[Round]:
    """What a loop may go through, in the order of the definition; how many of them a person does is counted later."""
    if over.rule_rows():
        listed = {each.name: each for key in list_fields(type(over)) for each in getattr(over, key)}
        named = [each for each in listed.values() if each.name in over.rule_rows()]
        yield from (
            Round(each.name, each.label, Rule(over.name, Op.ANSWERED, row=each.name)) for each in named[:MOST_ROUNDS]
        )
    elif over.operands() is not None:
        op = Op.HAS if Op.HAS in over.ops else Op.IS
        offered: tuple[Choice, ...] = getattr(over, "offered", ())
        taken = [each for each in offered if each.name != NONE and not each.exclusive]
        yield from (Round(each.name, each.label, Rule(over.name, op, each.name)) for each in taken[:MOST_ROUNDS])
    elif Op.GREATER in over.ops:
        bound = getattr(over, "most", None) if loop.random else loop.most
        most = max(0, min(MOST_ROUNDS if bound is None else int(bound), MOST_ROUNDS))
        yield from (Round(str(n), str(n), Rule(over.name, Op.GREATER, n - 0.5)) for n in range(1, most + 1))


def _round(pages: Sequence["Page"], each: Round) -> list["Page"]:
    names = {question.name: f"{question.name}_{each.name}" for page in pages for question in page.questions}
    places = {page.name: f"{page.name}_{each.name}" for page in pages}
    swap = _Swap(names, places, each)
    return [swap.page(page) for page in pages]


@dataclass(frozen=True, slots=True)
class _Swap:
    """Everything on a page under the names of one round."""

    names: Mapping[str, str]
    places: Mapping[str, str]
    round: Round

    def page(self, page: "Page") -> "Page":
        own = self.condition(page.show_if)
        return replace(
            page,
            name=self.places[page.name],
            title=self.text(page.title),
            text=self.text(page.text),
            show_if=self.round.when if own is None else Group(every=True, parts=(self.round.when, own)),
            repeat=None,
            jumps=tuple(
                replace(jump, to=self.places.get(jump.to, jump.to), when=self.condition(jump.when))
                for jump in page.jumps
            ),
            questions=tuple(self.question(question) for question in page.questions),
        )

    def question(self, question: Question) -> Question:
        worded = reworded(question, lambda _path, text: self.text(text))
        lists: dict[str, Any] = {
            key: tuple(replace(each, show_if=self.condition(each.show_if)) for each in choices)
            for key, choices in lists_of(worded)
            if any(each.show_if for each in choices)
        }
        return replace(worded, name=self.names[question.name], show_if=self.condition(question.show_if), **lists)

    def condition(self, condition: Condition | None) -> Condition | None:
        if isinstance(condition, Group):
            parts = (self.condition(part) for part in condition.parts)
            return replace(condition, parts=tuple(part for part in parts if part is not None))
        if isinstance(condition, Rule):
            return replace(condition, question=self.names.get(condition.question, condition.question))
        return condition and Formula(self.expression(condition.text))

    def expression(self, text: str) -> str:
        """The thing of this round stands as a text in place of “item”."""
        return swapped(text, {**self.names, "item": f'"{self.round.name}"'})

    def text(self, text: str) -> str:
        """The label of this round's thing is said in place of “item”."""
        text = with_words(text, "item", self.round.label)
        return with_pipes(
            text, lambda inner: f'"{_quoted(self.round.label)}"' if inner == "item" else self.expression(inner)
        )


def _quoted(label: str) -> str:
    return label.replace("\\", "").replace('"', "'")
