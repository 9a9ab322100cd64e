"""The rows of an XLSForm one by one: types, names, lists of choices, and what begins and ends."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from core.language import gettext as _
from surveys.domain.foreign.xlsform_parameters import parameter_faults
from surveys.domain.foreign.xlsform_words import Type, is_name, type_of

Row = Mapping[str, str]
_YES = frozenset({"yes", "Yes", "YES", "true", "True", "TRUE", "true()"})
_UNSEEN = frozenset({"calculate", "silent", "begin"})
_SAID = frozenset({"label", "hint", "image", "audio", "video"})
_FILES = (".xml", ".csv", ".geojson")


def place_of(row: Row) -> str:
    """Where a row of the survey sheet stands, as notes say it."""
    return _("row {number}").format(number=row["#"])


def is_disabled(row: Row) -> bool:
    """Whether a row is switched off."""
    return row.get("disabled", "") in _YES


class Structure:
    """One walk through the rows; afterwards, how often each name is there."""

    def __init__(self, lists: Mapping[str, Sequence[Row]], root: str) -> None:
        self.lists, self.root = lists, root
        self.named: Counter[str] = Counter()
        self.questions: set[str] = set()
        self.repeats: set[str] = set()
        self._open: list[tuple[str, Row, set[str]]] = [("", {}, {"meta"})]

    def judged(self, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
        """The faults of all rows, each with its place."""
        for row in rows:
            if not is_disabled(row):
                yield from ((place_of(row), why) for why in self._row(row))
        for sort, row, _names in self._open[1:]:
            yield place_of(row), _("This {sort} is never ended.").format(sort=sort)

    def _row(self, row: Row) -> Iterator[str]:
        written = " ".join(row.get("type", "").split())
        kind = type_of(written)
        if not written:
            if row.get("name") or any(heading.partition("::")[0] == "label" for heading in row):
                yield _("A question has no type.")
        elif kind is None:
            yield _("There is no type “{kind}”.").format(kind=written[:80])
        elif kind.word == "end":
            yield from self._end(kind)
        elif kind.word != "setting":
            yield from self._named(row, kind)
            yield from self._element(row, kind, written)

    def _named(self, row: Row, kind: Type) -> Iterator[str]:
        name = row.get("name", "") or ("audit" if row.get("type") == "audit" else "")
        if not name and kind.word == "note":
            return
        taken = self._open[-1][2]
        if not name:
            yield _("A question or group has no name.")
        elif not is_name(name):
            yield _("“{name}” cannot be a name: letters, digits, “_”, “-” and “.” can.").format(name=name[:80])
        elif name in taken:
            yield _("“{name}” is there twice, or is kept for other things.").format(name=name[:80])
        taken.add(name)
        self.named[name] += 1

    def _element(self, row: Row, kind: Type, written: str) -> Iterator[str]:
        if kind.word == "begin":
            yield from self._begin(row, kind)
            return
        self.questions.add(row.get("name", ""))
        yield from self._words(row, kind)
        yield from self._list(row, kind)
        yield from parameter_faults(kind.word if kind.about else written, row.get("parameters", ""))
        if written == "audit" and row.get("name", "audit") != "audit":
            yield _("An audit is called “audit”.")
        if kind.word == "calculate" and not (row.get("calculation") or "(" in row.get("default", "")):
            yield _("A calculation is missing.")

    def _begin(self, row: Row, kind: Type) -> Iterator[str]:
        name = row.get("name", "")
        if kind.about == "repeat":
            if name in self.repeats or name == self.root:
                yield _("“{name}” cannot be the name of this repeat as well.").format(name=name[:80])
            self.repeats.add(name)
        if kind.about == "loop" and kind.over not in self.lists:
            yield _("There is no list “{name}” of choices.").format(name=kind.over[:80])
        elif kind.about == "loop" and not all(is_name(each.get("name", "")) for each in self.lists[kind.over]):
            yield _("What is looped over has names of letters, digits, “_”, “-” and “.”.")
        self._open.append((kind.about, row, {"meta"}))

    def _end(self, kind: Type) -> Iterator[str]:
        if self._open[-1][0] != kind.about:
            yield _("A {sort} is ended that was not the last to begin.").format(sort=kind.about)
        else:
            self._open.pop()

    def _words(self, row: Row, kind: Type) -> Iterator[str]:
        """Whatever is shown says something."""
        said = any(heading.partition("::")[0] in _SAID for heading in row)
        worked_out = row.get("calculation") or row.get("trigger")
        if kind.word not in _UNSEEN and not said and not worked_out:
            yield _("There is neither a label nor a hint.")

    def _list(self, row: Row, kind: Type) -> Iterator[str]:
        """The list of choices is there, and can be had."""
        if not kind.about or kind.word in {"osm", "select_one_external"}:
            return
        if kind.word.endswith("_from_file"):
            if kind.about.count(".") != 1 or not kind.about.endswith(_FILES):
                yield _("“{name}” is no file of choices.").format(name=kind.about[:80])
            return
        if kind.about.endswith(_FILES) or kind.about.startswith("${"):
            return
        if kind.about not in self.lists:
            yield _("There is no list “{name}” of choices.").format(name=kind.about[:80])
        elif kind.word == "select_multiple" and any(" " in each.get("name", "") for each in self.lists[kind.about]):
            yield _("Of several answers, none has a space in its name.")
        if kind.other and row.get("choice_filter"):
            yield _("“or_other” and a choice filter do not go together.")
