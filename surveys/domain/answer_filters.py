"""Which responses are looked at: conditions on answers and on what is known of a response, as values; for all results.

A condition is written `went=yes|other`, `judged:food=good`, `score>=7`, `more=*` (answered), `more!=*` (not answered),
`@version=2`, `@language=de`, `@day>=2026-11-01`, `@segment=Customers`: in addresses, in the API and on the terminal.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.cells import REFUSED
from surveys.domain.packed_answers import Parts, Sheet, both
from surveys.domain.questions import Question
from surveys.domain.show_rules import Op

WRITTEN = re.compile(r"(@?[a-z][a-z0-9_]{0,39})(?::([a-z0-9][a-z0-9_]{0,39}))?\s*(!=|>=|<=|=)\s*(.{1,200})", re.DOTALL)
ANYTHING = "*"
SEGMENT = "segment"


class Known(StrEnum):
    """What is known of a response besides its answers."""

    VERSION = "version"
    LANGUAGE = "language"
    DAY = "day"


class Compare(StrEnum):
    """How an answer is compared."""

    IS = "="
    IS_NOT = "!="
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; `known` says that `name` is a fact of the response rather than a question."""

    name: str
    compare: Compare
    values: tuple[str, ...]
    row: str = ""
    known: bool = False

    def __str__(self) -> str:
        """As it is written."""
        row = f":{self.row}" if self.row else ""
        return f"{'@' if self.known else ''}{self.name}{row}{self.compare.value}{'|'.join(self.values)}"

    def passes(self, parts: Parts) -> bool:
        """Say whether one answer satisfies it."""
        if self.compare is Compare.IS:
            return any(self._equal(value, number) for value, number in parts)
        if self.compare is Compare.IS_NOT:
            return not any(self._equal(value, number) for value, number in parts)
        return any(self._beyond(value, number) for value, number in parts)

    def _equal(self, value: str, number: float | None) -> bool:
        if self.values == (ANYTHING,):
            return True
        return value in self.values if value else number is not None and number in map(_figure, self.values)

    def _beyond(self, value: str, number: float | None) -> bool:
        upwards = self.compare is Compare.AT_LEAST
        if self.known:
            return value >= self.values[0] if upwards else value <= self.values[0]
        limit = _figure(self.values[0])
        if number is None or limit is None:
            return False
        return number >= limit if upwards else number <= limit


@dataclass(frozen=True, slots=True)
class AnswerFilter:
    """Conditions that all must hold; none of them lets every response through."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def questions(self) -> frozenset[str]:
        """The questions it looks at."""
        return frozenset(term.name for term in self.terms if not term.known)

    @property
    def segments(self) -> frozenset[str]:
        """The segments it names."""
        return frozenset(name for term in self.terms if _of_segment(term) for name in term.values)

    def without(self, term: Term) -> "AnswerFilter":
        """The same without this condition."""
        return AnswerFilter(tuple(each for each in self.terms if each != term))

    def mask(self, sheet: Sheet, members: Mapping[str, frozenset[int]]) -> bytes | None:
        """A 1 for each response that passes; None where all do. `members` has each named segment's responses."""
        return both([_mask(term, sheet, members) for term in self.terms])


def _mask(term: Term, sheet: Sheet, members: Mapping[str, frozenset[int]]) -> bytes:
    if _of_segment(term):
        wanted = frozenset[int]().union(*(members[name] for name in term.values))
        inside = term.compare is Compare.IS
        return bytes((number in wanted) is inside for number in sheet.ids)
    if term.known:
        return sheet.column("", term.name).mask(term.passes)
    if not term.row and term.values == (ANYTHING,):
        answered = term.compare is Compare.IS
        return bytes(bool(given) is answered for given in sheet.given(term.name))
    return sheet.column(term.name, term.row).mask(term.passes)


def _of_segment(term: Term) -> bool:
    return term.known and term.name == SEGMENT


def _figure(written: str) -> float | None:
    try:
        found = float(written.replace(",", "."))
    except ValueError:
        return None
    return found if isfinite(found) else None


def read_filter(
    written: Iterable[str], questions: Mapping[str, Question], *, segments: bool = True, newest: int = 1
) -> AnswerFilter:
    """A filter from its conditions as they are written, those that could never hold refused.

    Args:
        written: the conditions.
        questions: all that was ever asked, by name.
        segments: whether those may be told apart.
        newest: the number of the newest version.

    Raises:
        BadInput: naming the condition that means nothing here.
    """
    tidy = [each.strip() for each in written if each.strip()]
    return AnswerFilter(tuple(dict.fromkeys(_term(each, questions, newest, segments=segments) for each in tidy)))


def _term(written: str, questions: Mapping[str, Question], newest: int, *, segments: bool) -> Term:
    found = WRITTEN.fullmatch(written)
    if found is None:
        raise _refused(written, _("Write it as question=answer, question>=number, or @version, @language, @day."))
    name, row, sign, value = found.groups()
    values = tuple(part.strip() for part in value.split("|") if part.strip())
    term = Term(name.removeprefix("@"), Compare(sign), values, row or "", known=name.startswith("@"))
    problem = _wrong_fact(term, newest, segments=segments) if term.known else _wrong_question(term, questions)
    if not values or problem:
        raise _refused(written, problem or _("Say what it is compared with."))
    return term


def _wrong_fact(term: Term, newest: int, *, segments: bool) -> str:
    ordered = term.compare in {Compare.AT_LEAST, Compare.AT_MOST}
    if term.name == SEGMENT:
        allowed = _("Segments cannot be told apart: nobody knows who gave these answers.")
        return allowed if not segments else _("A segment is compared with = or !=.") if ordered else ""
    if term.name not in set(Known):
        return _("Known of a response are @version, @language, @day and @segment.")
    if term.name == Known.DAY and not all(_is_day(value) for value in term.values):
        return _("Write a day as 2026-11-23.")
    if ordered and term.name != Known.DAY:
        return _("Only days and numbers can be compared with >= or <=.")
    if term.name == Known.VERSION and not all(_is_version(value, newest) for value in term.values):
        return _("Versions are numbered from 1 to {newest}.").format(newest=newest)
    return ""


def _is_version(written: str, newest: int) -> bool:
    return len(written) <= len(str(newest)) and written in map(str, range(1, newest + 1))


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _wrong_question(term: Term, questions: Mapping[str, Question]) -> str:
    question = questions.get(term.name)
    if question is None:
        return _("There is no question “{name}”.").format(name=term.name)
    if term.row and term.row not in {row.name for row in getattr(question, "rows", ())}:
        return _("It has no row “{row}”.").format(row=term.row)
    if term.compare in {Compare.AT_LEAST, Compare.AT_MOST} and _figure(term.values[0] if term.values else "") is None:
        return _("Only numbers can be compared with >= or <=.")
    return "" if term.values == (ANYTHING,) else _wrong_answer(term, question)


def _wrong_answer(term: Term, question: Question) -> str:
    """What is wrong with an answer that this question cannot have; words are anything."""
    exact = [] if term.compare in {Compare.AT_LEAST, Compare.AT_MOST} else list(term.values)
    names = question.operands()
    known = {*(names or ()), *([REFUSED] if question.refusal else ())}
    strange = [value for value in exact if value not in known]
    if names is None:
        countable = Op.GREATER in question.ops
        strange = [value for value in strange if countable and _figure(value) is None]
        return _("Its answers are numbers.") if strange else ""
    message = _("It has no answer “{value}”. Answers: {names}.")
    return message.format(value=strange[0], names=", ".join(sorted(known))) if strange else ""


def _refused(written: str, remedy: str) -> BadInput:
    return BadInput(
        _("The filter “{written}” means nothing here.").format(written=written), field="where", remedy=remedy
    )
