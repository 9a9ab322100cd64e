"""The types of XLSForm as tables of ours; what has no like here is told by None."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import NONE, OTHER
from surveys.domain.foreign.assembling import Assembly
from surveys.domain.foreign.conditions_told import Sort, Target
from surveys.domain.kinds.consent import AGREED

Row = Mapping[str, str]
Table = dict[str, Any]
_LEAST = re.compile(r"\.\s*(?P<sign>>=?|<=?)\s*(?P<number>-?\d+(?:\.\d+)?)")


class Telling:
    """One row being told: its name here, and what conditions may ask of it."""

    def __init__(
        self,
        everything: Assembly,
        row: Row,
        theirs: str,
        place: str,
        said: Callable[[Row, str], object],
        choices: Sequence[tuple[str, object]],
        other: bool,  # noqa: FBT001 - a word behind the type
    ) -> None:
        self.all, self.row, self.theirs, self.place = everything, row, theirs, place
        self.said, self.given, self.other = said, list(choices), other
        self.name = everything.name(theirs, place)

    def words(self, key: str, path: str) -> str:
        """A text of the row, under our path."""
        return self.all.words(self.said(self.row, key), f"{self.name}.{path}", self.place)

    def choices(self, *reserved: str) -> tuple[list[Table], dict[str, str]]:
        """The choices of the row's list, and our names for their values."""
        return self.all.choices(self.given, self.name, "choices", self.place, reserved=reserved)

    def asked(self, sort: Sort, names: Mapping[str, str] | None = None) -> None:
        """Let conditions ask about it."""
        self.all.ask(self.theirs, Target(sort, self.name, names or {}))

    def limits(self) -> Table:
        """Least and most from a constraint; a note for whatever else it asks."""
        constraint = self.row.get("constraint", "")
        found: Table = {}
        for match in _LEAST.finditer(constraint):
            number, strict = float(match["number"]), "=" not in match["sign"]
            if strict:
                number += 1 if match["sign"] == ">" else -1
            found["least" if match["sign"].startswith(">") else "most"] = number
        if constraint and (_LEAST.sub("", constraint).replace("and", "").strip(" ()") or "or" in constraint.split()):
            self.note_constraint()
            return {}
        return found

    def note_constraint(self) -> None:
        """Say that a constraint was left out."""
        if self.row.get("constraint"):
            self.all.report.note(
                self.place, _("The constraint “{text}” was left out.").format(text=self.row["constraint"][:200])
            )


def _one(telling: Telling) -> Table | None:
    made, names = telling.choices(OTHER)
    telling.asked(Sort.ONE, names | ({"other": OTHER} if telling.other else {}))
    telling.note_constraint()
    shown = {"dropdown": True} if "minimal" in telling.row.get("appearance", "") else {}
    return (
        {"kind": "single", "choices": made, **shown, **({"other": _("Other")} if telling.other else {})}
        if made
        else None
    )


def _several(telling: Telling) -> Table | None:
    made, names = telling.choices(OTHER, NONE)
    telling.asked(Sort.SET, names | ({"other": OTHER} if telling.other else {}))
    telling.note_constraint()
    return {"kind": "multiple", "choices": made, **({"other": _("Other")} if telling.other else {})} if made else None


def _rank(telling: Telling) -> Table | None:
    made, _names = telling.choices()
    return {"kind": "ranking", "choices": made} if made else None


def _text(telling: Telling) -> Table:
    telling.asked(Sort.TEXT)
    telling.note_constraint()
    return {"kind": "long_text" if "multiline" in telling.row.get("appearance", "") else "text"}


def _whole(telling: Telling) -> Table:
    telling.asked(Sort.NUMBER)
    return {"kind": "number", "integer": True, **telling.limits()}


def _decimal(telling: Telling) -> Table:
    telling.asked(Sort.NUMBER)
    limits = telling.limits()
    if limits and re.search(r"[<>](?!=)", telling.row.get("constraint", "")):
        telling.note_constraint()  # more than, not at least: there is no next number
        limits = {}
    return {"kind": "number", **limits}


def _range(telling: Telling) -> Table:
    telling.asked(Sort.NUMBER)
    said = dict(re.findall(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)", telling.row.get("parameters", "")))
    least, most = float(said.get("start", 0)), float(said.get("end", 10))
    least, most = min(least, most), max(least, most)
    return {
        "kind": "slider",
        "least": least,
        "most": most if most > least else least + 1,
        "step": abs(float(said.get("step", 1))) or 1,
    }


def _moment(kind: str) -> "Teller":
    def tell(telling: Telling) -> Table:
        telling.asked(Sort.DATE if kind == "date" else Sort.TEXT)
        telling.note_constraint()
        return {"kind": kind}

    return tell


def _note(_telling: Telling) -> Table:
    return {"kind": "statement"}


def _acknowledge(telling: Telling) -> Table:
    telling.asked(Sort.ONE, {"OK": AGREED})
    return {"kind": "consent", "label": _("Yes")}


def _file(_telling: Telling) -> Table:
    return {"kind": "file"}


Teller = Callable[[Telling], Table | None]
KINDS: Mapping[str, Teller] = {
    "select_one": _one,
    "select_multiple": _several,
    "rank": _rank,
    "text": _text,
    "integer": _whole,
    "decimal": _decimal,
    "range": _range,
    "date": _moment("date"),
    "time": _moment("time"),
    "datetime": _moment("datetime"),
    "note": _note,
    "acknowledge": _acknowledge,
    "file": _file,
}
