"""A question as one person sees it: the choices and rows that are shown, in their order, with the texts piped."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from surveys.domain.cells import Cells, Choice, is_refused
from surveys.domain.kinds.multiple_choice import MultipleChoice
from surveys.domain.piping import any_pipe
from surveys.domain.question_texts import lists_of, reworded, text_fields
from surveys.domain.questions import Question
from surveys.domain.randomising import shuffled
from surveys.domain.show_rules import Condition


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a question differs from person to person: lists with conditions, lists shuffled, texts that repeat."""

    filtered: tuple[str, ...] = ()
    shuffled: tuple[str, ...] = ()
    pipes: bool = False

    @property
    def plain(self) -> bool:
        """Say whether everybody sees the same."""
        return not (self.filtered or self.shuffled or self.pipes)


def shape_of(question: Question) -> Shape:
    """The shape of a question."""
    lists = list(lists_of(question))
    texts = [getattr(question, key) for key in text_fields(type(question))]
    texts += [each.label for _key, choices in lists for each in choices]
    return Shape(
        tuple(key for key, choices in lists if any(each.show_if for each in choices)),
        tuple(question.lists) if question.shuffle else (),
        any_pipe(texts),
    )


def shaped(
    question: Question, shape: Shape, seed: int, met: Callable[[Condition | None], bool], said: Callable[[str], str]
) -> Question | None:
    """The question for one person; None where nothing is left of one of its lists."""
    changed: dict[str, Any] = {}
    for key in dict.fromkeys((*shape.shuffled, *shape.filtered)):
        listed: tuple[Choice, ...] = getattr(question, key)
        ordered = shuffled(seed, f"{question.name}.{key}", listed, _fixed) if key in shape.shuffled else listed
        changed[key] = tuple(each for each in ordered if met(each.show_if))
        if not changed[key]:
            return None
    if isinstance(question, MultipleChoice) and "choices" in changed:
        changed["least"] = min(question.least, len(changed["choices"]) + bool(question.other))
    own = replace(question, **changed) if changed else question
    return reworded(own, lambda _path, text: said(text)) if shape.pipes else own


def _fixed(choice: Choice) -> bool:
    return choice.fixed


def still_possible(question: Question, cells: Cells) -> Cells:
    """What is left of an earlier answer in this person's question, as if the rest had not been posted."""
    rows, names = question.rule_rows(), question.operands()
    kept = tuple(
        cell
        for cell in cells
        if (not rows or not cell.row or cell.row in rows)
        and (names is None or not cell.value or cell.value in names or (question.refusal and is_refused(cells)))
    )
    reading = question.read(question.fields(kept)) if kept else None
    return reading.cells if reading and not reading.faults else kept
