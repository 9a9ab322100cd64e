"""XLSForms (the survey, choices and settings sheets of ODK, KoBo and Enketo) as tables of ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from babel import Locale

from core.errors import BadInput
from core.language import gettext as _
from surveys.domain.foreign.assembling import Assembly, ForeignPage, ForeignQuestion
from surveys.domain.foreign.carried import Carried
from surveys.domain.foreign.finishing import finished
from surveys.domain.foreign.form_sheets_read import Sheet, sheets_of
from surveys.domain.foreign.xlsform_faults import Form, faults_of
from surveys.domain.foreign.xlsform_kinds import KINDS, Row, Telling
from surveys.domain.foreign.xlsform_structure import is_disabled
from surveys.domain.foreign.xlsform_words import Type, known_headings, type_of

PROGRAM = "XLSForm"
_LANGUAGE = re.compile(r"(?P<key>[a-z_ ]+)::?\s*(?P<name>[^()]*)(?:\((?P<tag>[A-Za-z-]{2,11})\))?\s*")
_LEFT_OUT = frozenset({"default", "read_only", "choice_filter", "trigger", "constraint_message"})
_UNASKED = frozenset({"silent", "calculate", "setting"})
_TRUE = frozenset({"yes", "true", "true()", "1"})


def read_xlsform(content: bytes) -> Carried:
    """The survey of an XLSForm workbook; what makes it no valid XLSForm is noted first.

    Raises:
        BadInput: it is no workbook, or has no survey sheet with types and names.
    """
    sheets = sheets_of(content, ("survey", "choices", "settings"))
    rows, twice = known_headings(sheets.get("survey", []))
    choices, twice_more = known_headings(sheets.get("choices", []))
    settings = sheets.get("settings", [])
    if not rows or not any(row.get("type") for row in rows):
        remedy = _("An XLSForm has a sheet “survey” with the columns type, name and label.")
        raise BadInput(_("This workbook is no XLSForm."), remedy=remedy)
    reader = _Reader(rows, choices, settings)
    form = Form(rows, choices, settings[0] if settings else {}, [*twice, *twice_more])
    reader.all.report.notes.extend(faults_of(form))
    return reader.carried()


@dataclass
class _Group:
    """A group that is open: its conditions, and whether it is a page of its own."""

    conditions: tuple[str, ...]
    page: ForeignPage | None = None


@dataclass
class _Reader:
    rows: Sheet
    choices: Sheet
    settings: Sheet
    open: list[_Group] = field(default_factory=list)

    def __post_init__(self) -> None:
        said = self.settings[0] if self.settings else {}
        self.title, self.form = said.get("form_title", ""), said.get("form_id", "") or said.get("id_string", "")
        self.default = said.get("default_language", "")
        self.tags = _tags([*self.rows[:1], *self.choices[:1]], self.default)
        self.all = Assembly(PROGRAM, self.tags.get(self.default) or next(iter(self.tags.values()), "en"))
        self.page: ForeignPage | None = None

    def carried(self) -> Carried:
        """The whole survey."""
        lists: dict[str, list[tuple[str, object]]] = {}
        for row in self.choices:
            lists.setdefault(row.get("list_name", ""), []).append((row.get("name", ""), self.said(row, "label")))
        for row in self.rows:
            self._row(row, lists)
        for key in ("style", "submission_url", "instance_name", "public_key"):
            if self.settings and self.settings[0].get(key):
                self.all.report.note(_("settings"), _("“{key}” was left out.").format(key=key))
        return finished(self.all, self.form or self.title, self.all.words(self.title, "title", _("settings")))

    def _row(self, row: Row, lists: Mapping[str, list[tuple[str, object]]]) -> None:
        written = " ".join(row.get("type", "").split())
        place = _("row {number}").format(number=row["#"])
        kind = type_of(written) or type_of(written.lower()) or Type("")
        if not written or is_disabled(row):
            return
        if kind.word in _UNASKED:
            self.all.report.note(place, _("“{kind}” is not asked of people, and was left out.").format(kind=written))
        elif kind.word == "begin":
            self._open(row, kind.about, place)
        elif kind.word == "end":
            self._close()
        else:
            self._question(row, kind, place, lists)

    def _open(self, row: Row, sort: str, place: str) -> None:
        if sort != "group":
            self.all.report.note(
                place, _("What was repeated is asked once; a page can be repeated for each answer here.")
            )
        conditions = (*(self.open[-1].conditions if self.open else ()), *_conditions(row))
        page = self._begin(row.get("name", ""), place, self.said(row, "label")) if not self.open else None
        self.open.append(_Group(conditions, page))

    def _close(self) -> None:
        if self.open:
            self.open.pop()
        if not self.open:
            self.page = None

    def _begin(self, theirs: str, place: str, title: object) -> ForeignPage:
        name = self.all.names.of(f"page {theirs or len(self.all.pages) + 1}", fallback="page")
        words = self.all.words(title, f"page:{name}.title", place)
        self.page = ForeignPage({"name": name, **({"title": words} if words else {})}, place)
        self.all.pages.append(self.page)
        return self.page

    def _question(self, row: Row, kind: Type, place: str, lists: Mapping[str, list[tuple[str, object]]]) -> None:
        teller = KINDS.get(kind.word)
        theirs = row.get("name") or f"row {row['#']}"
        telling = Telling(self.all, row, theirs, place, self.said, lists.get(kind.about, []), kind.other)
        table = teller(telling) if teller else None
        if table is None:
            message = _("There is no question of kind “{kind}” here; it was left out.")
            self.all.report.note(place, message.format(kind=row["type"]))
            return
        table = {"name": telling.name, "text": telling.words("label", "text") or theirs, **table}
        if hint := telling.words("hint", "hint"):
            table["hint"] = hint
        if row.get("required", "").lower() in _TRUE and table["kind"] != "statement":
            table["required"] = True
        self._note_rest(row, place)
        conditions = (*(self.open[-1].conditions if self.open else ()), *_conditions(row))
        page = self.page or self._begin("", place, "")
        page.questions.append(ForeignQuestion(table, place, conditions))

    def _note_rest(self, row: Row, place: str) -> None:
        for key, value in row.items():
            plain = key.partition("::")[0].partition(":")[0].strip()
            if value and plain in _LEFT_OUT:
                self.all.report.note(place, _("“{key}” was left out.").format(key=key))

    def said(self, row: Row, key: str) -> object:
        """A text of a row, in each language that the sheet has."""
        found: dict[str, str] = {"": row[key]} if row.get(key) else {}
        for heading, text in row.items():
            match = _LANGUAGE.fullmatch(heading)
            if match and match["key"].strip() == key and text:
                found[self.tags.get(match["name"].strip(), "")] = text
        return found if len(found) > 1 or "" not in found else found[""]


def _conditions(row: Row) -> tuple[str, ...]:
    return (row["relevant"],) if row.get("relevant") else ()


def _tags(rows: list[Mapping[str, str]], default: str) -> dict[str, str]:
    """The language tag of each name that stands behind two colons; one without a tag is numbered among the unknown."""
    found: dict[str, str] = {}
    for heading in (heading for row in rows for heading in row):
        match = _LANGUAGE.fullmatch(heading)
        if match and match["key"].strip() in {"label", "hint"} and match["name"].strip():
            name = match["name"].strip()
            found.setdefault(name, match["tag"] or _guessed(name))
    return dict(sorted(found.items(), key=lambda item: item[0] != default))


def _guessed(name: str) -> str:
    """A tag for a language that is named in English and has none; the name itself where nothing is called that."""
    return next((tag for tag, words in Locale("en").languages.items() if words.lower() == name.lower()), name)
