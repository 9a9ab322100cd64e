"""The kinds of questions of SurveyJS as tables of ours; what has no like here is told by None."""

from collections.abc import Callable, Mapping
from typing import Any

from core.language import gettext as _
from surveys.domain.cells import NONE, OTHER
from surveys.domain.foreign.assembling import Assembly
from surveys.domain.foreign.conditions_read import NotCarried
from surveys.domain.foreign.conditions_told import Sort, Target, told

Element = Mapping[str, Any]
Table = dict[str, Any]
TOP = 10
"""The highest point of our scales."""


class Telling:
    """One element being told: its table so far, and what conditions may ask of it."""

    def __init__(self, everything: Assembly, element: Element, theirs: str, place: str) -> None:
        self.all, self.element, self.theirs, self.place = everything, element, theirs, place
        self.name = everything.name(theirs, place)

    def words(self, key: str, path: str) -> str:
        """A text of the element, under our path."""
        return self.all.words(self.element.get(key), f"{self.name}.{path}", self.place)

    def listed(self, key: str, ours: str, *, reserved: tuple[str, ...] = ()) -> tuple[list[Table], dict[str, str]]:
        """A list of the element as ours, with our names for its values."""
        given = [(_value(each), _said(each)) for each in _many(self.element.get(key))]
        made, names = self.all.choices(given, self.name, ours, self.place, reserved=reserved)
        for table, each in zip(made, _unique(_many(self.element.get(key))), strict=False):
            self._conditional(table, each)
        return made, names

    def _conditional(self, table: Table, each: object) -> None:
        condition = each.get("visibleIf") if isinstance(each, Mapping) else None
        if not condition:
            return
        try:
            table["show_if"] = told(str(condition), self.all.targets.get)
        except NotCarried as why:
            message = _("The condition of “{label}” was left out: {why}.")
            self.all.report.note(self.place, message.format(label=table["label"], why=why))

    def asked(self, sort: Sort, names: Mapping[str, str] | None = None, row: str = "", their_row: str = "") -> None:
        """Let conditions ask about it, or about one of its rows."""
        theirs = f"{self.theirs}.{their_row}" if their_row else self.theirs
        self.all.ask(theirs, Target(sort, f"{self.name}.{row}" if row else self.name, names or {}))


def told_kind(everything: Assembly, element: Element, theirs: str, place: str) -> Table | None:
    """The question as a table of ours; None where there is no like."""
    teller = KINDS.get(str(element.get("type") or "text"))
    if teller is None:
        return None
    telling = Telling(everything, element, theirs, place)
    own = teller(telling)
    if own is None:
        return None
    title = telling.words("title", "text") or theirs
    table: Table = {"name": telling.name, "text": title} | own
    if hint := telling.words("description", "hint"):
        table["hint"] = hint
    if element.get("isRequired") is True and own["kind"] != "statement":
        table["required"] = True
    return table


def _many(given: object) -> list[Any]:
    return given[:200] if isinstance(given, list) else []


def _unique(given: list[Any]) -> list[Any]:
    seen: dict[str, Any] = {}
    for each in given:
        seen.setdefault(_value(each), each)
    return list(seen.values())


def _value(each: object) -> str:
    """The value of a choice; `item3` and 3 are written as they stand."""
    value = each.get("value", each.get("name", "")) if isinstance(each, Mapping) else each
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return value if isinstance(value, str) else ""


def _said(each: object) -> object:
    if not isinstance(each, Mapping):
        return _value(each)
    return each.get("text") or each.get("title") or _value(each)


def _choices(telling: Telling) -> tuple[Table, dict[str, str]]:
    """Choices with “other” and “none”, and our names for all of them."""
    made, names = telling.listed("choices", "choices", reserved=(OTHER, NONE, "none_of_them"))
    if telling.element.get("choicesByUrl"):
        telling.all.report.note(telling.place, _("Choices from the network were left out."))
    table: Table = {"choices": made or [{"name": "first", "label": "–"}]}
    if telling.element.get("showOtherItem") or telling.element.get("hasOther"):
        table["other"] = telling.words("otherText", "other") or _("Other")
        names["other"] = OTHER
    if telling.element.get("choicesOrder") == "random":
        table["shuffle"] = True
    if refused := (
        telling.element.get("showRefuseItem") and (telling.words("refuseText", "refusal") or _("Rather not"))
    ):
        table["refusal"] = refused
    return table, names


def _single(telling: Telling) -> Table:
    table, names = _choices(telling)
    if telling.element.get("showNoneItem") or telling.element.get("hasNone"):
        label = telling.words("noneText", "choices.none_of_them") or _("None")
        table["choices"].append({"name": "none_of_them", "label": label})
        names["none"] = "none_of_them"
    telling.asked(Sort.ONE, names)
    return {"kind": "single", **table, **({"dropdown": True} if telling.element.get("type") == "dropdown" else {})}


def _multiple(telling: Telling) -> Table:
    table, names = _choices(telling)
    if telling.element.get("showNoneItem") or telling.element.get("hasNone"):
        table["none"] = telling.words("noneText", "none") or _("None")
        names["none"] = NONE
    for key, theirs in (("least", "minSelectedChoices"), ("most", "maxSelectedChoices")):
        if _whole(telling.element.get(theirs)):
            table[key] = min(_whole(telling.element.get(theirs)), len(table["choices"]))
    telling.asked(Sort.SET, names)
    return {"kind": "multiple", **table, **({"required": True} if "least" in table else {})}  # none is too few there


def _pictures(telling: Telling) -> Table:
    telling.all.report.note(telling.place, _("Pictures from elsewhere were left out; the choices are there."))
    return _multiple(telling) if telling.element.get("multiSelect") else _single(telling)


def _boolean(telling: Telling) -> Table:
    telling.asked(Sort.TRUTH)
    table: Table = {"kind": "yes_no"}
    for key, theirs in (("yes", "labelTrue"), ("no", "labelFalse")):
        if words := telling.words(theirs, key):
            table[key] = words
    return table


def _text(telling: Telling) -> Table:
    kind = str(telling.element.get("inputType") or "text")
    if kind in {"number", "range"}:
        telling.asked(Sort.NUMBER)
        limits = (("least", "min"), ("most", "max"), ("step", "step"))
        ends = {key: _number(telling.element.get(theirs)) for key, theirs in limits}
        sound = {key: value for key, value in ends.items() if value is not None and (key != "step" or value > 0)}
        return {"kind": "number", **sound}
    if kind in {"date", "time", "datetime-local", "email"}:
        telling.asked(Sort.DATE if kind == "date" else Sort.TEXT)
        return {"kind": kind.removesuffix("-local")}
    if kind not in {"text", "tel", "url"}:
        telling.all.report.note(telling.place, _("A field for “{kind}” became one for words.").format(kind=kind))
    telling.asked(Sort.TEXT)
    return {"kind": "text", **_longest(telling, 20_000)}


def _comment(telling: Telling) -> Table:
    telling.asked(Sort.TEXT)
    return {"kind": "long_text", **_longest(telling, 20_000)}


def _longest(telling: Telling, most: int) -> Table:
    longest = _whole(telling.element.get("maxLength"))
    return {"longest": min(longest, most)} if longest else {}


def _rating(telling: Telling) -> Table:
    element = telling.element
    if element.get("rateValues"):
        made, names = telling.listed("rateValues", "choices", reserved=(OTHER,))
        telling.asked(Sort.ONE, names)
        return {"kind": "single", "choices": made}
    telling.asked(Sort.NUMBER)
    least, most = _number(element.get("rateMin")), _number(element.get("rateMax"))
    low, high = 1 if least is None else least, 5 if most is None else most
    ends = {
        key: telling.words(theirs, key)
        for key, theirs in (("low", "minRateDescription"), ("high", "maxRateDescription"))
    }
    said = {key: words for key, words in ends.items() if words}
    if (low, high) == (0, TOP):
        return {"kind": "nps", **said}
    if low == 1 and high in range(2, TOP + 1):
        shown = {"stars": "stars", "smileys": "smileys"}.get(
            str(element.get("rateType") or element.get("rateDisplayMode"))
        )
        return {"kind": "rating", "highest": int(high), **said, **({shown: True} if shown else {})}
    telling.all.report.note(
        telling.place, _("A scale from {low} to {high} became a slider.").format(low=low, high=high)
    )
    return {"kind": "slider", "least": low, "most": max(high, low + 1), "step": 1, **said}


def _slider(telling: Telling) -> Table:
    telling.asked(Sort.NUMBER)
    least, most = _number(telling.element.get("min")) or 0, _number(telling.element.get("max"))
    return {"kind": "slider", "least": least, "most": max(100 if most is None else most, least + 1)}


def _ranking(telling: Telling) -> Table:
    made, _names = telling.listed("choices", "choices")
    return {"kind": "ranking", "choices": made or [{"name": "first", "label": "–"}]}


def _matrix(telling: Telling) -> Table | None:
    rows, row_names = telling.listed("rows", "rows")
    scale, names = telling.listed("columns", "scale", reserved=("na",))
    if not rows or not scale:
        return None
    for theirs, ours in row_names.items():
        telling.asked(Sort.ONE, names, ours, theirs)
    telling.asked(Sort.ROWS)
    required = telling.element.get("isAllRowRequired") or telling.element.get("eachRowRequired")
    if telling.element.get("isRequired") and not required:
        telling.all.report.note(telling.place, _("One row was enough for an answer; here every row needs one."))
    return {"kind": "matrix", "rows": rows, "scale": scale, **({"required": True} if required else {})}


def _several_texts(telling: Telling) -> Table | None:
    rows, row_names = telling.listed("items", "rows")
    for theirs, ours in row_names.items():
        telling.asked(Sort.TEXT, None, ours, theirs)
    label = telling.words("title", "across.words") or telling.theirs
    return {"kind": "matrix_text", "rows": rows, "across": [{"name": "words", "label": label[:500]}]} if rows else None


def _html(telling: Telling) -> Table | None:
    words = telling.words("html", "text")
    return {"kind": "statement", "text": words} if words else None


def _file(telling: Telling) -> Table:
    telling.all.report.note(telling.place, _("Which files are taken is set here: PDF, PNG and JPEG of 5 MB at most."))
    return {"kind": "file"}


def _whole(given: object) -> int:
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 10**6 else 0


def _number(given: object) -> float | None:
    fits = isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 10**12
    return given if fits and isinstance(given, int | float) else None


KINDS: Mapping[str, Callable[[Telling], Table | None]] = {
    "text": _text,
    "comment": _comment,
    "radiogroup": _single,
    "buttongroup": _single,
    "dropdown": _single,
    "checkbox": _multiple,
    "tagbox": _multiple,
    "imagepicker": _pictures,
    "boolean": _boolean,
    "rating": _rating,
    "slider": _slider,
    "ranking": _ranking,
    "matrix": _matrix,
    "multipletext": _several_texts,
    "html": _html,
    "file": _file,
}
