"""A survey in other languages: which texts there are to translate, and the survey with the words of one language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from surveys.domain.definitions import Page, Survey
from surveys.domain.question_texts import lists_of, reworded, text_fields

HEAD = ("title", "sponsor", "purpose", "intro", "thanks")


@dataclass(frozen=True, slots=True)
class Translatable:
    """One text: where it stands, and its words in the survey's own language."""

    path: str
    words: str


def texts_of(survey: Survey) -> Iterator[Translatable]:
    """Every text of a survey that people read, in the order in which they read it."""
    for key in HEAD:
        yield from _given(key, getattr(survey, key))
    for page in survey.pages:
        yield from _given(f"page:{page.name}.title", page.title)
        yield from _given(f"page:{page.name}.text", page.text)
        for question in page.questions:
            for key in text_fields(type(question)):
                yield from _given(f"{question.name}.{key}", getattr(question, key))
            for key, choices in lists_of(question):
                for each in choices:
                    yield from _given(f"{question.name}.{key}.{each.name}", each.label)
    for end in survey.ends:
        yield from _given(f"end:{end.name}.text", end.text)


def _given(path: str, words: str) -> Iterator[Translatable]:
    if words:
        yield Translatable(path, words)


def languages_of(survey: Survey) -> tuple[str, ...]:
    """The languages in which a survey can be read, its own first."""
    return (survey.language, *(each for each in survey.translations if each != survey.language))


def in_language(survey: Survey, language: str) -> Survey:
    """The survey in the words of that language, or of its main language (de for de-AT); else as it is.

    Where a translation lacks a text, the original stands. Each language is made once and kept with the survey.
    """
    if not language or language == survey.language or not survey.translations:
        return survey
    found = next((tag for tag in (language, language.partition("-")[0]) if tag in survey.translations), None)
    if found is None:
        return survey
    if found not in survey.spoken:
        survey.spoken[found] = _translated(survey, found)
    return survey.spoken[found]


def _translated(survey: Survey, language: str) -> Survey:
    words = survey.translations[language]

    def change(path: str, text: str) -> str:
        return words.get(path) or text

    head: dict[str, Any] = {key: change(key, getattr(survey, key)) for key in HEAD}
    ends = tuple(replace(end, text=change(f"end:{end.name}.text", end.text)) for end in survey.ends)
    pages = tuple(_page(page, change) for page in survey.pages)
    return replace(survey, **head, language=language, ends=ends, pages=pages)


def _page(page: Page, change: Callable[[str, str], str]) -> Page:
    def within(name: str) -> Callable[[str, str], str]:
        return lambda path, text: change(f"{name}.{path}", text)

    return replace(
        page,
        title=change(f"page:{page.name}.title", page.title),
        text=change(f"page:{page.name}.text", page.text),
        questions=tuple(reworded(question, within(question.name)) for question in page.questions),
    )
