"""XLSForms drawn by number, good ones and ones with all sorts of faults, as workbooks for two judges."""

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.surveys.domain.foreign.foreign_samples import xlsform

Form = dict[str, list[dict[str, Any]]]
Edit = Callable[[Form], Any]

GOOD: Form = {
    "survey": [
        {"type": "select_one yn", "name": "went", "label": "Did you go?", "required": "yes"},
        {"type": "begin group", "name": "about", "label": "About it", "relevant": "${went} = 'y'"},
        {"type": "select_multiple foods", "name": "likes", "label": "What did you like?"},
        {"type": "integer", "name": "age", "hint": "In years", "constraint": ". >= 0 and . < 121"},
        {"type": "end group"},
        {"type": "begin repeat", "name": "child", "label": "Each child"},
        {"type": "text", "name": "called", "label": "Its name?"},
        {"type": "end repeat"},
        {"type": "range", "name": "how", "label": "How much?", "parameters": "start=0 end=10 step=2"},
        {"type": "calculate", "name": "double", "calculation": "${age} * 2"},
        {"type": "note", "name": "end", "label": "Thanks at ${age}!"},
    ],
    "choices": [
        {"list_name": "yn", "name": "y", "label": "Yes"}, {"list_name": "yn", "name": "n", "label": "No"},
        {"list_name": "foods", "name": "a", "label": "Apple"}, {"list_name": "foods", "name": "b", "label": "Bread"},
    ],
    "settings": [{"form_title": "Farm", "form_id": "farm"}],
}  # fmt: skip


def row(at: int, **changed: object) -> Edit:
    """Change cells of a row of the survey; None takes one away."""
    return lambda form: form["survey"][at % len(form["survey"])].update(changed)


def more(*rows: dict[str, Any], at: int = 99) -> Edit:
    """Put rows into the survey, at its end or before that row."""
    return lambda form: form["survey"].__setitem__(slice(at, at), deepcopy(list(rows)))


def choice(at: int, **changed: object) -> Edit:
    """Change cells of a row of choices."""
    return lambda form: form["choices"][at].update(changed)


def setting(**changed: object) -> Edit:
    """Change settings; their sheet comes back where it was taken away."""
    return lambda form: form.update(
        settings=[{"form_id": "farm"} | each | changed for each in form["settings"] or [{}]]
    )


def without(sheet: str, at: int | None = None) -> Edit:
    """Take away a row, or all of them."""
    return lambda form: form[sheet].clear() if at is None else form[sheet].pop(at % len(form[sheet]))


def ask(kind: str, name: str | None = "", label: str | None = "Say?", **cells: object) -> Edit:
    """One further question at the end, under a name of its own if none is told."""

    def asks(form: Form) -> None:
        named = f"more_{len(form['survey'])}" if name == "" else name
        form["survey"].append({"type": kind, "name": named, "label": label, **cells})

    return asks


def both(*edits: Edit) -> Edit:
    """Several edits as one."""
    return lambda form: [edit(form) for edit in edits]


def headed(**others: str) -> Edit:
    """The survey with other headings."""
    return lambda form: form.update(
        survey=[{others.get(key, key): each[key] for key in each} for each in form["survey"]]
    )


OPEN, SHUT = {"type": "begin group", "name": "extra"}, {"type": "end group"}
EDITS: dict[str, tuple[bool, Edit]] = {
    "nothing": (True, both()),
    "unknown type": (False, ask("telepathy")),
    "type in capitals": (False, ask("Text")),
    "type of old": (True, both(ask("q string"), ask("add select one prompt using yn", "two"))),
    "select without list": (False, ask("select_one")),
    "select of a missing list": (False, ask("select_one colours")),
    "select with a word too many": (False, ask("select_one yn please")),
    "rank of a missing list": (False, ask("rank colours")),
    "no choices": (False, without("choices")),
    "or other": (True, ask("select_one yn or_other")),
    "or other, filtered": (False, ask("select_one yn or_other", choice_filter="name = ${went}")),
    "choices in a file": (True, ask("select_one_from_file towns.csv")),
    "choices in a file of words": (False, ask("select_one_from_file towns.txt")),
    "choices of a repeat": (True, ask("select_one ${child}")),
    "name twice": (False, more({"type": "text", "name": "went", "label": "Again"})),
    "name twice, apart": (True, more({"type": "text", "name": "called", "label": "Again"})),
    "name twice, apart, referred to": (False, more({"type": "text", "name": "age", "label": "Again"})),
    "name twice but for capitals": (True, ask("text", "WENT")),
    "name with a space": (False, ask("text", "one two")),
    "name with a digit first": (False, ask("text", "1st")),
    "name with signs": (True, ask("text", "_a-b.c")),
    "name in other letters": (True, ask("text", "größe")),
    "name kept back": (False, ask("text", "meta")),
    "no name": (False, ask("text", None)),
    "note without name": (True, ask("note", None)),
    "group without name": (False, row(1, name=None)),
    "group without label": (True, row(1, label=None)),
    "no label": (False, ask("text", label=None)),
    "picture for a label": (True, ask("text", label=None, **{"media::image": "a.png"})),
    "worked out, no label": (True, ask("integer", label=None, calculation="1 + 1")),
    "no type": (False, more({"name": "lost"})),
    "no type, label alone": (False, more({"label": "Lost"})),
    "a remark": (True, more({"hint": "for the team"})),
    "reference to nobody": (False, ask("text", relevant="${nobody} = 1")),
    "reference to nobody in words": (False, ask("text", label="Dear ${nobody}")),
    "reference to nobody in a choice": (False, choice(0, label="${nobody}")),
    "reference to nobody in settings": (False, setting(instance_name="${nobody}")),
    "reference to a group": (True, ask("text", label="${about}")),
    "reference with a space": (False, ask("text", label="${ went }")),
    "reference not closed": (False, ask("text", label="Dear ${went")),
    "reference to the last": (True, ask("text", default="${last-saved#went}")),
    "reference to the form": (True, ask("text", label="Code ${instanceID}")),
    "broken expression": (True, ask("text", relevant="${went} = (")),
    "group not closed": (False, without("survey", 4)),
    "group closed twice": (False, more(SHUT)),
    "group closed as a repeat": (False, row(4, type="end repeat")),
    "groups within groups": (True, both(more(OPEN, SHUT, SHUT), more({**OPEN, "name": "outer"}, at=11))),
    "repeat twice": (False, more({"type": "begin repeat", "name": "child"}, {"type": "end repeat"})),
    "repeat twice, apart": (False, more(OPEN, {"type": "begin repeat", "name": "child"}, {"type": "end_repeat"}, SHUT)),
    "repeat called as the form": (False, row(5, name="data")),
    "loop over a list": (True, more({"type": "begin loop over foods", "name": "l"}, {"type": "end loop"})),
    "loop over nothing": (False, more({"type": "begin loop over x", "name": "l"}, {"type": "end loop"})),
    "loop over words": (
        False,
        both(choice(2, name="rye bread"), more({"type": "begin loop over foods", "name": "l"}, {"type": "end loop"})),
    ),
    "reference to a form without number": (
        False,
        both(ask("text", label="Code ${instanceID}"), setting(omit_instanceID="yes")),
    ),
    "picture in French": (True, ask("text", label=None, **{"media::image::French (fr)": "a.png"})),
    "calculation missing": (False, ask("calculate", label=None)),
    "choice without name": (False, choice(1, name=None)),
    "choice without label": (True, choice(1, label=None)),
    "choice twice": (False, choice(1, name="y")),
    "choice twice, allowed": (True, both(choice(1, name="y"), setting(allow_choice_duplicates="yes"))),
    "choice without list": (True, choice(2, list_name=None)),
    "choice with a space, of one": (True, choice(1, name="not at all")),
    "choice with a space, of several": (False, choice(3, name="rye bread")),
    "headings of old": (True, headed(relevant="relevance", label="caption", name="tag", type="command")),
    "headings with capitals": (True, headed(label="Label", name="NAME", required="Required")),
    "heading twice": (False, ask("text", relevance="1", **{"bind::relevant": "1"})),
    "heading nobody knows": (True, ask("text", colour="red")),
    "parameters without values": (False, ask("text", parameters="rows")),
    "parameters nobody knows": (False, ask("text", parameters="lines=3")),
    "parameters for text": (True, ask("text", parameters="rows=3")),
    "rows that are no number": (False, ask("text", parameters="rows=many")),
    "range without a step": (False, row(8, parameters="start=0 end=10 step=0")),
    "range with a giant step": (False, row(8, parameters="start=0 end=10 step=11")),
    "range of words": (False, row(8, parameters="start=few end=10")),
    "range with ticks between": (False, row(8, parameters="start=0 end=10 step=2 tick_interval=3")),
    "range with ticks": (True, row(8, parameters="start=0 end=10 step=2 tick_interval=4 placeholder=6")),
    "range with a hint outside": (False, row(8, parameters="start=0 end=10 step=2 placeholder=12")),
    "random order": (True, ask("select_one yn", parameters="randomize=true seed=7")),
    "random order, perhaps": (False, ask("select_one yn", parameters="randomize=perhaps")),
    "seed alone": (False, ask("select_one yn", parameters="seed=7")),
    "switched off": (True, ask("telepathy", disabled="yes")),
    "set off by a question": (True, ask("calculate", label=None, calculation="1", trigger="${went}")),
    "set off by nobody": (False, ask("calculate", label=None, calculation="1", trigger="${nobody}")),
    "form with a bad name": (False, setting(name="my form")),
    "when and who": (True, both(ask("start", "s", None), ask("audit", None, None), ask("hidden", "h", None))),
    "audit by another name": (False, ask("audit", "watch", None)),
    "places and sounds": (True, both(ask("geopoint", "g"), ask("audio", "a"), ask("barcode", "b"), ask("file", "f"))),
    "sheet with another name": (True, lambda form: form.update({"Survey": form.pop("survey")})),
    "no settings": (True, without("settings")),
}  # fmt: skip


_ALONE = frozenset(
    {"sheet with another name", "headings of old", "headings with capitals", "no choices", "no settings"}
)


def edited(*names: str) -> bytes:
    """The good form after these edits, as a workbook."""
    form = deepcopy(GOOD)
    for name in names:
        EDITS[name][1](form)
    sheets = {name.lower(): _sheet(rows) for name, rows in form.items()}
    return xlsform(sheets["survey"], sheets["choices"], sheets["settings"])


def drawn(number: int) -> tuple[str, ...]:
    """Some edits by number; names of sheets and headings stay as the other edits know them."""
    chance = random.Random(number)
    right = [name for name, (valid, _edit) in EDITS.items() if valid and name not in _ALONE]
    wrong = [name for name, (valid, _edit) in EDITS.items() if not valid and name not in _ALONE]
    return tuple(chance.sample(right, chance.randint(1, 4)) + chance.sample(wrong, chance.choice((0, 0, 1, 2))))


def _sheet(rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Rows under all of their headings; a cell without a text stays empty."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(heading) for heading in headings] for row in rows)] if rows else []
