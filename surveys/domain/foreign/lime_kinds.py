"""The question types of LimeSurvey, one letter each, as tables of ours; what has no like here is told by None."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import NONE, OTHER
from surveys.domain.foreign.assembling import Assembly
from surveys.domain.foreign.conditions_told import Sort, Target
from surveys.domain.foreign.lime_structure import LimeAnswer, LimeQuestion

Table = dict[str, Any]
_INCREASE = (("I", "Increase"), ("S", "Same"), ("D", "Decrease"))
_CERTAIN = (("Y", "Yes"), ("N", "No"), ("U", "Uncertain"))


class Telling:
    """One question being told: its name here, and what conditions may ask of it."""

    def __init__(self, everything: Assembly, question: LimeQuestion, place: str) -> None:
        self.all, self.question, self.place = everything, question, place
        self.name = everything.name(question.code or f"question {question.number}", place)

    def words(self, said: Mapping[str, str], path: str) -> str:
        """A text in all its languages, under our path."""
        return self.all.words(said, f"{self.name}.{path}", self.place)

    def listed(self, given: Sequence[LimeAnswer], key: str, *reserved: str) -> tuple[list[Table], dict[str, str]]:
        """Answers or parts as ours, with our names for their codes."""
        pairs: list[tuple[str, object]] = [(each.code, each.said) for each in given[:200]]
        return self.all.choices(pairs, self.name, key, self.place, reserved=reserved)

    def asked(self, sort: Sort, names: Mapping[str, str] | None = None) -> None:
        """Let conditions ask about it."""
        self.all.ask(self.question.code, Target(sort, self.name, names or {}))

    def row_asked(self, code: str, sort: Sort, row: str, names: Mapping[str, str] | None = None) -> None:
        """Let conditions ask about one row."""
        self.all.ask(f"{self.question.code}_{code}", Target(sort, f"{self.name}.{row}", names or {}))


def told_kind(telling: Telling) -> Table | None:
    """The question as a table of ours; None where there is no like."""
    teller = KINDS.get(telling.question.kind)
    own = teller(telling) if teller else None
    if own is None:
        return None
    question = telling.question
    table: Table = {
        "name": telling.name,
        "text": telling.words(question.said, "text") or question.code or telling.name,
    } | own
    if hint := telling.words(question.help, "hint"):
        table["hint"] = hint
    if question.required and own["kind"] != "statement":
        table["required"] = True
    return table


def _one(telling: Telling) -> Table | None:
    made, names = telling.listed(telling.question.answers, "choices", OTHER)
    if not made:
        return None
    telling.asked(Sort.ONE, names | {"-oth-": OTHER})
    table: Table = {"kind": "single", "choices": made}
    if telling.question.other:
        table["other"] = _other(telling)
    if telling.question.kind == "!":
        table["dropdown"] = True
    if telling.question.kind == "O":
        telling.all.report.note(telling.place, _("The field for a comment was left out."))
    return table | _random(telling, "random_order")


def _several(telling: Telling) -> Table | None:
    made, names = telling.listed(telling.question.parts, "choices", OTHER, NONE)
    if not made:
        return None
    telling.asked(Sort.SET, names)
    for theirs, ours in names.items():
        code = f"{telling.question.code}_{theirs}"
        telling.all.ask(code, Target(Sort.MEMBER, telling.name, {}, ours))
    table: Table = {"kind": "multiple", "choices": made}
    exclusive = {names.get(code) for code in telling.question.attributes.get("exclude_all_others", "").split(";")}
    for each in made:
        if each["name"] in exclusive:
            each["exclusive"] = True
    for key, theirs in (("least", "min_answers"), ("most", "max_answers")):
        if (number := telling.question.attributes.get(theirs, "")).isdecimal() and int(number[:4]):
            table[key] = min(int(number[:4]), len(made))
    if telling.question.other:
        table["other"] = _other(telling)
    if telling.question.kind == "P":
        telling.all.report.note(telling.place, _("The fields for comments were left out."))
    return table | _random(telling, "random_order")


def _other(telling: Telling) -> str:
    words = telling.question.attributes.get("other_replace_text", "")
    return telling.words({"": words}, "other") or _("Other")


def _random(telling: Telling, key: str) -> Table:
    return {"shuffle": True} if telling.question.attributes.get(key) == "1" else {}


def _truth(telling: Telling) -> Table:
    telling.asked(Sort.TRUTH)
    return {"kind": "yes_no"}


def _gender(telling: Telling) -> Table:
    made, names = telling.listed(
        [LimeAnswer("F", {"": _("Female")}), LimeAnswer("M", {"": _("Male")})], "choices", OTHER
    )
    telling.asked(Sort.ONE, names)
    return {"kind": "single", "choices": made}


def _five(telling: Telling) -> Table:
    telling.asked(Sort.NUMBER)
    return {"kind": "rating", "highest": 5}


def _number(telling: Telling) -> Table:
    telling.asked(Sort.NUMBER)
    attributes, table = telling.question.attributes, {"kind": "number"}
    found: Table = dict(table)
    for key, theirs in (("least", "min_num_value_n"), ("most", "max_num_value_n")):
        if _is_number(attributes.get(theirs, "")):
            found[key] = float(attributes[theirs])
    if attributes.get("num_value_int_only") == "1":
        found["integer"] = True
    return found


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", text) is not None


def _text(telling: Telling) -> Table:
    telling.asked(Sort.TEXT)
    return {"kind": "text" if telling.question.kind == "S" else "long_text"}


def _date(telling: Telling) -> Table:
    telling.asked(Sort.DATE)
    return {"kind": "date"}


def _statement(telling: Telling) -> Table | None:
    return {"kind": "statement"} if telling.question.said else None


def _file(_telling: Telling) -> Table:
    return {"kind": "file"}


def _ranking(telling: Telling) -> Table | None:
    made, _names = telling.listed(telling.question.answers or telling.question.parts, "choices")
    return {"kind": "ranking", "choices": made} if made else None


def _fields(kind: str, sort: Sort) -> "Teller":
    """Several fields, one a part."""

    def tell(telling: Telling) -> Table | None:
        rows, names = telling.listed([each for each in telling.question.parts if not each.scale], "rows")
        columns = [each for each in telling.question.parts if each.scale == 1]
        label = {"": telling.question.code or "…"}
        across, _columns = telling.listed(columns or [LimeAnswer("words", label)], "across")
        if not columns:
            for theirs, ours in names.items():
                telling.row_asked(theirs, sort, ours)
        return {"kind": kind, "rows": rows, "across": across} if rows else None

    return tell


def _array(answers: Sequence[LimeAnswer] = ()) -> "Teller":
    """Rows on a scale: the question's own answers, or those of its type."""

    def tell(telling: Telling) -> Table | None:
        rows, row_names = telling.listed([each for each in telling.question.parts if not each.scale], "rows")
        points = list(answers) or [each for each in telling.question.answers if not each.scale]
        scale, names = telling.listed(points, "scale", "na")
        if telling.question.kind == "H":
            telling.all.report.note(telling.place, _("The array by column stands row by row."))
        for theirs, ours in row_names.items():
            telling.row_asked(theirs, Sort.ONE, ours, names)
        return (
            {"kind": "matrix", "rows": rows, "scale": scale} | _random(telling, "random_order")
            if rows and scale
            else None
        )

    return tell


def _points(highest: int) -> list[LimeAnswer]:
    return [LimeAnswer(str(number), {"": str(number)}) for number in range(1, highest + 1)]


def _worded(pairs: Sequence[tuple[str, str]]) -> list[LimeAnswer]:
    return [LimeAnswer(code, {"": words}) for code, words in pairs]


Teller = Callable[[Telling], Table | None]
KINDS: Mapping[str, Teller] = {
    "L": _one,
    "!": _one,
    "O": _one,
    "M": _several,
    "P": _several,
    "Y": _truth,
    "G": _gender,
    "5": _five,
    "N": _number,
    "S": _text,
    "T": _text,
    "U": _text,
    "D": _date,
    "X": _statement,
    "|": _file,
    "R": _ranking,
    "Q": _fields("matrix_text", Sort.TEXT),
    ";": _fields("matrix_text", Sort.TEXT),
    "K": _fields("matrix_number", Sort.NUMBER),
    ":": _fields("matrix_number", Sort.NUMBER),
    "F": _array(),
    "H": _array(),
    "A": _array(_points(5)),
    "B": _array(_points(10)),
    "C": _array(_worded(_CERTAIN)),
    "E": _array(_worded(_INCREASE)),
}
