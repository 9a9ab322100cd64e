"""A survey as a value: pages of questions in order; what a file says, a version keeps and a form shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from surveys.domain.cells import Answers
from surveys.domain.questions import Question
from surveys.domain.show_rules import Condition, holds


@dataclass(frozen=True, kw_only=True)
class Page:
    """Questions asked together; `name` is stable and stands in the address of the page."""

    name: str
    title: str = ""
    text: str = ""
    show_if: Condition | None = None
    questions: tuple[Question, ...]

    def shown(self, answers: Answers) -> bool:
        """Say whether these earlier answers let the page be shown."""
        return holds(self.show_if, answers)


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A whole questionnaire.

    `sponsor` is who wants to know, `purpose` what the answers are for, `minutes` how long it takes (0: not said).
    """

    name: str
    title: str
    language: str = "en"
    sponsor: str = ""
    purpose: str = ""
    minutes: int = 0
    intro: str = ""
    thanks: str = ""
    pages: tuple[Page, ...]

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for page in self.pages:
            yield from page.questions

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        """Questions by their names."""
        return {question.name: question for question in self.questions()}
