"""A survey put together from another program's parts: names, words, translations, and pages split where asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.language import gettext as _
from surveys.domain.choice_names import free_name, name_from
from surveys.domain.definition_tables import LABELS, LONGEST_LABEL, LONGEST_TEXT
from surveys.domain.foreign.carried import Carried, ChoiceNames, Names, Report
from surveys.domain.foreign.conditions_read import Const, Node, NotCarried, Ref, Several
from surveys.domain.foreign.conditions_told import Target, told
from surveys.domain.foreign.pipes import piped
from surveys.domain.foreign.plain_words import plain_words

Theirs = str | Node
"""A condition of the other program: as text, or as a tree where it is kept in parts."""
RESERVED = ("contact", "arm", "language", "item", "end")


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
    """What one file becomes, piece by piece."""

    def __init__(self, program: str, language: str = "en") -> None:
        self.program, self.language = program, language
        self.report = Report()
        self.names = Names(RESERVED)
        self.pages: list[ForeignPage] = []
        self.targets: dict[str, Target] = {}
        self.head: dict[str, Any] = {}
        self._translations: dict[str, dict[str, str]] = {}
        self._earlier: dict[str, set[str]] = {}  # by question or page: what is asked before it

    def words(self, said: object, path: str, place: str) -> str:
        """A text in the survey's own language; those in others are kept as translations of that path."""
        key = path.rpartition(".")[2]
        most = LONGEST_LABEL if key in LABELS or ".choices." in path or ".rows." in path else LONGEST_TEXT
        if not isinstance(said, Mapping):
            return self._fitting(plain_words(said), most, place)
        own = next((said[tag] for tag in ("", "default", self.language) if said.get(tag)), "")
        for tag, text in said.items():
            words = self._fitting(plain_words(text), most, place)
            if tag not in {"", "default", self.language} and words:
                self._translations.setdefault(str(tag), {})[path] = words
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
                self.report.note(place, _("“{value}” is there twice; once is enough.").format(value=value))
                continue
            ours[value] = names.of(value)
            label = self.words(said, f"{name}.{key}.{ours[value]}", place)[:LONGEST_LABEL]
            made.append({"name": ours[value], "label": label or value or ours[value]})
        return made, ours

    def finished(self, name: str, title: str) -> Carried:
        """All of it as one table, with conditions told in our expressions."""
        pages = [page for each in self.pages for page in self._split(each)]
        kept = [page for page in pages if page["question"]]
        table: dict[str, Any] = {
            "name": survey_name(name or title),
            "title": title or name or self.program,
            "language": self.language,
        }
        table |= {**{key: value for key, value in self.head.items() if value}, "page": kept}
        translations = {
            tag: {path: self._piped(text, path) for path, text in words.items()}
            for tag, words in self._translations.items()
            if tag != self.language
        }
        if translations:
            table["translations"] = translations
        return Carried(table, self.program, tuple(self.report.notes))

    def _split(self, page: ForeignPage) -> Iterator[dict[str, Any]]:
        """The page, and a further one wherever a question looks at one before it on the same page."""
        asked_before = {
            question.table["name"] for each in self.pages[: self.pages.index(page)] for question in each.questions
        }
        here: set[str] = set()
        current = self._page(page, asked_before)
        number = 1
        for question in page.questions:
            condition, looks = self._told_all(question.conditions, question.place, asked_before | here)
            if looks & here:
                yield current
                number += 1
                asked_before |= here
                here = set()
                own = page.table["name"]
                current = {**current, "name": self.names.of(f"{own} {number}", fallback="page"), "question": []}
            self._earlier[question.table["name"]] = set(asked_before)
            told_table = self._all_piped(question.table, question.table["name"], question.place)
            current["question"].append({**told_table, **({"show_if": condition} if condition else {})})
            here.add(question.table["name"])
        yield current

    def _page(self, page: ForeignPage, asked: set[str]) -> dict[str, Any]:
        condition, _looks = self._told_all(page.conditions, page.place, asked)
        self._earlier[f"page:{page.table['name']}"] = set(asked)
        table = self._all_piped(page.table, f"page:{page.table['name']}", page.place)
        return {**table, **({"show_if": condition} if condition else {}), "question": []}

    def _all_piped(self, table: Mapping[str, Any], owner: str, place: str) -> dict[str, Any]:
        """A table whose texts say answers in our way."""
        return {key: self._pipe_into(value, key, owner, place) for key, value in table.items()}

    def _pipe_into(self, value: Any, key: str, owner: str, place: str) -> Any:
        if isinstance(value, list):
            return [{**each, "label": self._piped(each["label"], owner, place)} for each in value]
        return self._piped(value, owner, place) if isinstance(value, str) and key not in {"name", "kind"} else value

    def _piped(self, words: str, path: str, place: str = "") -> str:
        owner = path if path in self._earlier else path.split(".", maxsplit=1)[0]
        return piped(words, self.targets.get, self._earlier.get(owner, set()), self.report if place else None, place)

    def _told_all(self, conditions: tuple[Theirs, ...], place: str, asked: set[str]) -> tuple[str, set[str]]:
        """Our words for several conditions that must all hold; one that cannot be carried takes no other along."""
        found = [self._told(each, place, asked) for each in conditions if each != ""]
        kept = [words for words, _looks in found if words]
        joined = kept[0] if len(kept) == 1 else " and ".join(f"({words})" for words in kept)
        return joined, {name for _words, looks in found for name in looks}

    def _told(self, condition: Theirs, place: str, asked: set[str]) -> tuple[str, set[str]]:
        """Our words for a condition, and the questions that it looks at; a note where it cannot be carried."""
        looks: set[str] = set()

        def resolve(name: str) -> Target | None:
            target = self.targets.get(name)
            if target is not None:
                looks.add(target.words.partition(".")[0])
            return target

        try:
            words, why = told(condition, resolve), ""
        except NotCarried as reason:
            words, why = "", str(reason)
        if not why and looks - asked:
            why = _("it looks at a question that is asked later")
        if not why:
            return words, looks
        message = _("The condition “{condition}” was left out: {why}.")
        self.report.note(place, message.format(condition=_shown(condition), why=why))
        return "", set()


def _shown(condition: Theirs) -> str:
    """A condition as a note quotes it."""
    if isinstance(condition, str):
        return condition[:200]
    return _written(condition)[:200]


def _written(node: Node) -> str:
    if isinstance(node, Ref):
        return node.name
    if isinstance(node, Const):
        return str(node.value)
    parts = ", ".join(_written(part) for part in node.parts)
    return f"[{parts}]" if isinstance(node, Several) else f"{node.name}({parts})"


def survey_name(words: str) -> str:
    """A survey's name from its title or its file."""
    return free_name(name_from(words)[:50], ())
