"""The names that an expression may use, and what each of them means; made once from a survey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from core.language import gettext as _
from surveys.domain.cells import OTHER
from surveys.domain.expressions.reading_cells import reader, type_of, words_reader
from surveys.domain.expressions.slips import Slip
from surveys.domain.expressions.trees import Name
from surveys.domain.expressions.value_types import FIELD, TEXT, Meaning, Sort, Type
from surveys.domain.questions import Question

RESERVED = frozenset({"contact", "arm", "language", "item"})
"""Names with a meaning of their own, which questions and computed values therefore cannot have."""


@dataclass(frozen=True)
class Known:
    """What can be named: questions, computed values by their types, arms."""

    questions: Mapping[str, Question] = field(default_factory=dict)
    computed: Mapping[str, Type] = field(default_factory=dict)
    arms: Sequence[str] = ()

    def meaning(self, node: Name) -> Meaning:
        """What a name stands for.

        Raises:
            Slip: nothing is called that.
        """
        question = self.questions.get(node.name)
        if question is not None:
            return _of_question(node, question)
        if node.name == "contact":
            return _contact(node)
        if node.part:
            raise self._unknown(node)
        if node.name in self.computed:
            name = node.name
            return Meaning(self.computed[name], lambda sight: sight.work_out(name), question=name)
        if node.name == "arm" and self.arms:
            return Meaning(Type(Sort.CHOICE, {arm: arm for arm in self.arms}), lambda sight: sight.arm or None)
        if node.name == "language":
            return Meaning(TEXT, lambda sight: sight.language or None)
        raise self._unknown(node)

    def _unknown(self, node: Name) -> Slip:
        known = [*self.questions, *self.computed, "contact", "language", *(["arm"] if self.arms else [])]
        near = get_close_matches(node.name, known, n=1)
        remedy = _("Did you mean “{near}”?").format(near=near[0]) if near else _("Put texts into quotes.")
        return Slip(node.at, _("Nothing is called “{name}” here.").format(name=node.spelled), remedy)


def _contact(node: Name) -> Meaning:
    part = node.part
    if not part:
        raise Slip(node.at, _("“contact” needs the name of a field."), _("Write contact.country, for example."))
    return Meaning(FIELD, lambda sight: sight.contact.get(part), question=f"contact.{part}")


def _of_question(node: Name, question: Question) -> Meaning:
    kind = type_of(question)
    if kind is None:
        raise Slip(node.at, _("“{name}” is never answered.").format(name=node.name), _("Name a question."))
    if not node.part:
        return Meaning(kind, reader(question, kind), question=node.name)
    if node.part == OTHER and kind.other:
        return Meaning(TEXT, words_reader(question), question=node.name, row=OTHER)
    if kind.each is None or node.part not in kind.rows:
        rows = ", ".join(kind.rows) or _("none")
        message = _("“{name}” has no row “{row}”.").format(name=node.name, row=node.part)
        raise Slip(node.at, message, _("Rows: {names}.").format(names=rows))
    return Meaning(kind.each, reader(question, kind.each, node.part), question=node.name, row=node.part)
