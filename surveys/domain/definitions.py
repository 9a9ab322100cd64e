"""A survey as a value: pages of questions in order; what a file says, a version keeps and a form shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from surveys.domain.computed_values import ComputedValue
from surveys.domain.expression_logic import Logic
from surveys.domain.loops import Unrolled, unrolled
from surveys.domain.piping import any_pipe
from surveys.domain.questions import Question
from surveys.domain.shaping import Shape, shape_of
from surveys.domain.show_rules import Condition
from surveys.domain.themes import packed

FINISH = "end"
"""Where a jump leads that ends the survey as its last page does."""


@dataclass(frozen=True, slots=True)
class Jump:
    """After its page, where `when` holds, go on at the page or end named `to` instead of the next page."""

    to: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Ask a page once for each thing that an earlier question found, at most `most` times.

    `over` names a question: each choice taken, each row answered, or 1, 2, 3 … up to the number given. Where more
    was found, the first ones are gone through; with `random` those that the response's seed decides.
    """

    over: str
    most: int = 10
    random: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """A way to end other than by the last page; `screened_out` says that the person was not meant to be asked."""

    name: str
    text: str
    screened_out: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """How many responses for which `when` holds may be completed; the next one finishes at the end named `end`."""

    name: str
    limit: int
    end: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """One of several treatments between which people are divided by chance, in proportion to `weight`."""

    name: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Computed:
    """A value worked out from answers by an expression, for conditions and texts; `label` names it in exports."""

    name: str
    formula: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Questions asked together; `name` is stable and stands in the address of the page.

    Neighbouring pages of one `block` stay together; `shuffle` asks the questions in an order of each person's own.
    """

    name: str
    title: str = ""
    text: str = ""
    show_if: Condition | None = None
    block: str = ""
    shuffle: bool = False
    repeat: Loop | None = None
    jumps: tuple[Jump, ...] = ()
    questions: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A whole questionnaire.

    `sponsor` is who wants to know, `purpose` what the answers are for, `minutes` how long it takes (0: not said).
    `shuffle_blocks` names the blocks that exchange places; `translations` has for each further language the words of
    each text by its path; `review` shows all answers before they are sent, `receipt` offers them afterwards.
    """

    name: str
    title: str
    language: str = "en"
    sponsor: str = ""
    purpose: str = ""
    minutes: int = 0
    intro: str = ""
    thanks: str = ""
    review: bool = False
    receipt: bool = False
    shuffle_blocks: tuple[str, ...] = ()
    theme: Mapping[str, str] = field(default_factory=dict)
    arms: tuple[Arm, ...] = ()
    computed: tuple[Computed, ...] = ()
    ends: tuple[End, ...] = ()
    quotas: tuple[Quota, ...] = ()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pages: tuple[Page, ...]

    def questions(self) -> Iterator[Question]:
        """Every question in order, those of a loop once for each round, then the computed values."""
        yield from self.asked_questions()
        yield from (ComputedValue(name=each.name, text=each.label or each.name) for each in self.computed)

    def asked_questions(self) -> Iterator[Question]:
        """Every question that stands on a page, in order, those of a loop once for each round."""
        for page in self.unrolled.pages:
            yield from page.questions

    @cached_property
    def unrolled(self) -> Unrolled:
        """The pages with loops written out."""
        return unrolled(self.pages)

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        """Questions by their names, those within loops also by the names they are written under."""
        written = {question.name: question for page in self.pages for question in page.questions}
        return {**written, **{question.name: question for question in self.questions()}}

    @cached_property
    def colours(self) -> str:
        """The theme as a part of an address; empty where the survey has none."""
        return packed(self.theme)

    @cached_property
    def ends_by_name(self) -> Mapping[str, End]:
        """Ends by their names."""
        return {end.name: end for end in self.ends}

    @cached_property
    def spoken(self) -> dict[str, "Survey"]:
        """This survey in other languages, as far as anybody asked for them."""
        return {}

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """What of each question differs from person to person."""
        return {question.name: shape_of(question) for question in self.asked_questions()}

    @cached_property
    def same_for_all(self) -> frozenset[str]:
        """The pages that everybody who comes to them sees alike."""
        return frozenset(page.name for page in self.unrolled.pages if self._alike(page))

    def _alike(self, page: Page) -> bool:
        asked = all(each.show_if is None and self.shapes[each.name].plain for each in page.questions)
        unlike = page.show_if or page.shuffle or self.unrolled.origins[page.name].loop or not page.questions
        return asked and not unlike and not any_pipe((page.title, page.text))

    @cached_property
    def stretches(self) -> tuple[tuple[str, tuple[Page, ...]], ...]:
        """The pages in stretches that stay together: those of a block that exchanges places, and those between."""
        pages = self.unrolled.pages
        grouped = groupby(pages, key=lambda page: page.block if page.block in self.shuffle_blocks else "")
        return tuple((block, tuple(group)) for block, group in grouped)

    @cached_property
    def logic(self) -> Logic:
        """Its expressions, compiled once."""
        return Logic(list(self.asked_questions()), self.computed, tuple(arm.name for arm in self.arms))
