"""What was gathered of another program's survey as one table of ours: pages split, conditions and texts told."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.language import gettext as _
from surveys.domain.expressions.lexing import LONGEST
from surveys.domain.foreign.assembling import Assembly, ForeignPage, ForeignQuestion, Theirs, longest
from surveys.domain.foreign.carried import Carried, Names
from surveys.domain.foreign.conditions_read import Const, Node, NotCarried, Ref, Several
from surveys.domain.foreign.conditions_told import Target, told
from surveys.domain.foreign.pipes import piped
from surveys.domain.foreign.plain_words import plain_words
from surveys.domain.foreign.sound_tables import drop_misfits, is_language, sound_question, text_paths


def finished(everything: Assembly, name: str, title: str) -> Carried:
    """All of it as one table, with conditions and repeated answers told in our expressions."""
    return _Finishing(everything).carried(name, title)


class _Finishing:
    def __init__(self, everything: Assembly) -> None:
        self.all, self.report = everything, everything.report
        self.places: dict[str, str] = {}  # of questions and pages, as notes name them
        self.earlier: dict[str, set[str]] = {}  # by question or page: what is asked before it
        self.theirs: dict[str, str] = {}  # conditions as they were written, by our words for them
        self.asked: set[str] = set()
        """What is asked before the page that is being finished."""

    def carried(self, name: str, title: str) -> Carried:
        self._keep_sound()
        pages = [page for each in self.all.pages for page in self._split(each) if page["question"]]
        self.earlier["thanks"] = set(self.asked)
        title = title or plain_words(name)[:200] or self.all.program
        table: dict[str, Any] = {
            "name": Names().of(name or title, fallback="survey"),
            "title": title,
            "language": self._language(),
            **{key: self._piped_value(value, key, key, _("survey")) for key, value in self.all.head.items() if value},
            "page": pages,
        }
        drop_misfits(table, self._note_misfit)
        if translations := dict(self._translations(table)):
            table["translations"] = translations
        return Carried(table, self.all.program, tuple(self.report.notes))

    def _language(self) -> str:
        if is_language(self.all.language):
            return self.all.language
        message = _("“{tag}” is no language that is known here; English stands for it.")
        self.report.note(_("survey"), message.format(tag=self.all.language[:40]))
        return "en"

    def _translations(self, table: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
        own, paths = table["language"], text_paths(table)
        for tag, words in self.all.translations.items():
            if is_language(tag) and tag != own:
                yield tag, {path: self._piped(text, path, path, "") for path, text in words.items() if path in paths}
            else:
                message = _("“{tag}” is no other language that is known here; its words were left out.")
                self.report.note(_("survey"), message.format(tag=tag[:40]))

    def _keep_sound(self) -> None:
        """Leave out what our rules refuse, and give another name to what exports could not tell apart."""
        columns: set[str] = set()
        for page in self.all.pages:
            page.questions = [question for question in page.questions if self._is_sound(question, columns)]

    def _is_sound(self, question: ForeignQuestion, columns: set[str]) -> bool:
        made, why = sound_question(question.table)
        while made is not None and not columns.isdisjoint(column.name for column in made.columns()):
            self._rename(question)
            made, why = sound_question(question.table)
        if made is None:
            self._forget(question.table["name"])
            self.report.note(question.place, _("It was left out: {why}").format(why=why))
            return False
        columns.update(column.name for column in made.columns())
        return True

    def _forget(self, name: str) -> None:
        for theirs, target in list(self.all.targets.items()):
            if target.words.partition(".")[0] == name:
                del self.all.targets[theirs]

    def _rename(self, question: ForeignQuestion) -> None:
        old = question.table["name"]
        new = question.table["name"] = self.all.names.free(old[:36])
        for theirs, target in self.all.targets.items():
            head, dot, row = target.words.partition(".")
            if head == old:
                self.all.targets[theirs] = replace(target, words=f"{new}{dot}{row}")
        for tag, words in self.all.translations.items():
            moved = {f"{new}.{path.removeprefix(f'{old}.')}" if path.startswith(f"{old}.") else path: text
                     for path, text in words.items()}  # fmt: skip
            self.all.translations[tag] = moved

    def _split(self, page: ForeignPage) -> Iterator[dict[str, Any]]:
        """The page, and a further one wherever a question looks at one before it on the same page."""
        current, here = self._page(page), set[str]()
        files = False
        for question in page.questions:
            condition, looks = self._told_all(question.conditions, question.place, self.asked | here)
            file = question.table["kind"] == "file"
            if looks & here or (files and file):
                yield current
                current, here, files = self._next(current, page), self._asked_now(here), False
            current["question"].append(self._question(question, condition))
            here.add(question.table["name"])
            files = files or file
        yield current
        self._asked_now(here)

    def _asked_now(self, here: set[str]) -> set[str]:
        """A page is over; on the next one nothing was asked yet."""
        self.asked = self.asked | here
        return set()

    def _next(self, current: Mapping[str, Any], page: ForeignPage) -> dict[str, Any]:
        name = self.all.names.of(page.table["name"], fallback="page")
        self.places[f"page:{name}"] = page.place
        return {**current, "name": name, "question": []}

    def _question(self, question: ForeignQuestion, condition: str) -> dict[str, Any]:
        name = question.table["name"]
        self.places[name], self.earlier[name] = question.place, set(self.asked)
        return self._all_piped(question.table, name, question.place) | ({"show_if": condition} if condition else {})

    def _page(self, page: ForeignPage) -> dict[str, Any]:
        owner = f"page:{page.table['name']}"
        condition, _looks = self._told_all(page.conditions, page.place, self.asked)
        self.places[owner], self.earlier[owner] = page.place, set(self.asked)
        table = self._all_piped(page.table, owner, page.place)
        return {**table, **({"show_if": condition} if condition else {}), "question": []}

    def _all_piped(self, table: Mapping[str, Any], owner: str, place: str) -> dict[str, Any]:
        """A table whose texts say answers in our way."""
        return {key: self._piped_value(value, f"{owner}.{key}", owner, place) for key, value in table.items()}

    def _piped_value(self, value: Any, path: str, owner: str, place: str) -> Any:
        if isinstance(value, list):
            return [{**each, "label": self._piped(each["label"], f"{path}.label", owner, place)} for each in value]
        return value if not isinstance(value, str) else self._piped(value, path, owner, place)

    def _piped(self, words: str, path: str, owner: str, place: str) -> str:
        """Words with our expressions; where they would be too long, with an ellipsis for each."""
        owner = owner if owner in self.earlier else path.split(".", maxsplit=1)[0]
        known = self.earlier.get(owner, set())
        found = piped(words, self.all.targets.get, known, self.report if place else None, place)
        if len(found) > longest(path):
            found = piped(words, self.all.targets.get, (), None, "")[: longest(path)]
        return found

    def _told_all(self, conditions: tuple[Theirs, ...], place: str, asked: set[str]) -> tuple[str, set[str]]:
        """Our words for several conditions that must all hold; one that cannot be carried takes no other along."""
        found = [self._told(each, place, asked) for each in conditions]
        kept = [words for words, _looks in found if words]
        joined = kept[0] if len(kept) == 1 else " and ".join(f"({words})" for words in kept)
        self.theirs[joined] = " and ".join(_shown(each) for each in conditions)
        if len(joined) > LONGEST:
            self._note_left_out(place, self.theirs[joined], _("it is too long"))
            return "", set()
        return joined, {name for _words, looks in found for name in looks}

    def _told(self, condition: Theirs, place: str, asked: set[str]) -> tuple[str, set[str]]:
        """Our words for a condition, and the questions that it looks at; a note where it cannot be carried."""
        looks: set[str] = set()

        def resolve(name: str) -> Target | None:
            target = self.all.targets.get(name)
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
        self._note_left_out(place, _shown(condition), why)
        return "", set()

    def _note_misfit(self, owner: str, condition: str, why: str) -> None:
        self._note_left_out(self.places[owner], self.theirs.get(condition, condition), why)

    def _note_left_out(self, place: str, condition: str, why: str) -> None:
        message = _("The condition “{condition}” was left out: {why}.")
        self.report.note(place, message.format(condition=condition[:200], why=why.rstrip(".")))


def _shown(condition: Theirs) -> str:
    """A condition as a note quotes it."""
    return condition if isinstance(condition, str) else _written(condition)


def _written(node: Node) -> str:
    if isinstance(node, Ref):
        return node.name
    if isinstance(node, Const):
        return str(node.value)
    parts = ", ".join(_written(part) for part in node.parts)
    return f"[{parts}]" if isinstance(node, Several) else f"{node.name}({parts})"
