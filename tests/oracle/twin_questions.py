"""Questions that Heedful and SurveyJS both have: their definitions, looks at them, and answers, right and wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.oracle.twin_conditions import Look, Looker, answered, compared, members, one_of

SIGNS = ("==", "!=", "<", "<=", ">", ">=")
NAMES = ("ash", "birch", "cedar", "elm", "fir")
WORDS = ("rain", "sun and rain", "a long grey winter", "naïve", "2 degrees")


@dataclass(frozen=True)
class Post:
    """One answer: our form fields, their value, and their words beside “other”."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    value: Any = None
    comment: str | None = None


Answering = Callable[[Random], Post]


@dataclass(frozen=True)
class Twin:
    """One question in both forms; `wrong` draws an answer that neither may take."""

    name: str
    ours: dict[str, Any]
    theirs: dict[str, Any]
    right: Answering
    wrong: Answering
    looks: tuple[Looker, ...] = ()
    choices: tuple[str, ...] = ()
    number: bool = False


def listed(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Our choices of these names."""
    return [{"name": name, "label": name} for name in names]


def single(draw: Random, name: str) -> Twin:
    """One of several, with “other” and “rather not” now and then."""
    names = tuple(draw.sample(NAMES, draw.randint(2, 4)))
    other, refusal = draw.random() < 0.25, draw.random() < 0.25
    ours = {"kind": "single", "choices": listed(names)} | ({"other": "Else"} if other else {})
    theirs: dict[str, Any] = {
        "type": draw.choice(["radiogroup", "dropdown", "buttongroup"][: 2 if other or refusal else 3])
    }
    theirs |= {"showOtherItem": True} if other else {}
    theirs |= {"showRefuseItem": True} if refusal else {}
    posts = [Post({name: [each]}, each) for each in names]
    posts += [Post({name: ["other"], f"{name}-other": ["so"]}, "other", "so")] if other else []
    posts += [Post({f"{name}-refused": ["1"]}, "refused")] if refusal else []
    wrong = [Post({name: ["zebra"]}, "zebra")]
    wrong += [Post({name: ["other"], f"{name}-other": [blank]}, "other", blank) for blank in ("", "  ") if other]
    known = (*names, "other") if other else names
    return Twin(
        name,
        ours | ({"refusal": "Rather not"} if refusal else {}),
        theirs,
        lambda draw: draw.choice(posts),
        lambda draw: draw.choice(wrong),
        (
            lambda draw: compared(draw, name, draw.choice(["==", "!="]), draw.choice(known)),
            lambda draw: one_of(draw, name, known),
            lambda draw: answered(draw, name),
        ),
        names,
    )


def multiple(draw: Random, name: str) -> Twin:
    """Several of several, with limits and “none” now and then."""
    names = tuple(draw.sample(NAMES, draw.randint(3, 5)))
    none = draw.random() < 0.25
    least = draw.choice([0, 0, 2])
    most = draw.choice([0, 0, max(2, least)])
    ours: dict[str, Any] = {"kind": "multiple", "choices": listed(names)} | ({"none": "None"} if none else {})
    ours |= {key: value for key, value in (("least", least), ("most", most)) if value}
    if least:
        ours["required"] = True
    theirs: dict[str, Any] = {"type": draw.choice(["checkbox", "tagbox"])}
    theirs |= {"showNoneItem": True} if none else {}
    theirs |= {"minSelectedChoices": least} if least else {}
    theirs |= {"maxSelectedChoices": most, "validators": [{"type": "answercount", "maxCount": most}]} if most else {}

    def taken(draw: Random, count: int) -> Post:
        chosen = draw.sample(names, count)
        return Post({name: chosen}, chosen)

    def right(draw: Random) -> Post:
        if none and draw.random() < 0.2:
            return Post({name: ["none"]}, ["none"])
        return taken(draw, draw.randint(max(least, 1), most or len(names)))

    def wrong(draw: Random) -> Post:
        counts = ([1] if least else []) + ([most + 1] if most else [])
        return taken(draw, draw.choice(counts)) if counts else Post({name: [names[0], "zebra"]}, [names[0], "zebra"])

    known = (*names, "none") if none else names
    looks = (lambda draw: members(draw, name, known), lambda draw: answered(draw, name))
    return Twin(name, ours, theirs, right, wrong, looks, () if least or most else names)


def yes_no(_draw: Random, name: str) -> Twin:
    """Yes or no."""
    return Twin(
        name,
        {"kind": "yes_no"},
        {"type": "boolean"},
        lambda draw: draw.choice([Post({name: ["yes"]}, True), Post({name: ["no"]}, False)]),
        lambda _draw: Post(),
        (
            lambda draw: compared(draw, name, draw.choice(["==", "!="]), draw.choice(["yes", "no"]), truth=True),
            lambda draw: answered(draw, name),
        ),
    )


def figures(name: str, values: tuple[float, ...]) -> tuple[Looker, ...]:
    """Looks at a number."""
    return (
        lambda draw: compared(draw, name, draw.choice(SIGNS), draw.choice(values)),
        lambda draw: compared(draw, name, draw.choice(SIGNS), draw.choice(values)),
        lambda draw: one_of(draw, name, values) if draw.random() < 0.3 else answered(draw, name),
    )


def rating(draw: Random, name: str) -> Twin:
    """One to some number, or nought to ten."""
    top = draw.choice([3, 5, 7, 10, 0])
    ours = {"kind": "rating", "highest": top} if top else {"kind": "nps"}
    theirs = {"type": "rating", "rateMax": top} if top else {"type": "rating", "rateMin": 0, "rateMax": 10}
    values = tuple(float(each) for each in (range(1, top + 1) if top else range(11)))
    return Twin(
        name,
        ours,
        theirs,
        lambda draw: number_post(name, draw.choice(values)),
        lambda draw: number_post(name, draw.choice([values[0] - 1, values[-1] + 1])),
        figures(name, values),
        number=True,
    )


def number_post(name: str, value: float) -> Post:
    """A number as it is written."""
    return Post({name: [f"{value:g}"]}, int(value) if value == int(value) else value)


def number(draw: Random, name: str) -> Twin:
    """A number within limits, whole or by steps."""
    least, most = draw.choice([None, 0, -3]), draw.choice([None, 6, 12])
    step = draw.choice([None, None, 0.5, 1])
    whole = step == 1
    ours: dict[str, Any] = {"kind": "number"} | ({"integer": True} if whole else {"step": step} if step else {})
    ours |= {key: value for key, value in (("least", least), ("most", most)) if value is not None}
    theirs = {"type": "text", "inputType": "number"} | ({"step": step} if step else {})
    theirs |= {key: value for key, value in (("min", least), ("max", most)) if value is not None}
    values = tuple(each / 2 for each in range(-6 if least is None else 2 * least, 13, 2 if whole else 1))
    beyond = ([least - 1] if least is not None else []) + ([most + 1] if most else []) + ([2.25] if step else [])
    wrong = [number_post(name, each) for each in beyond] + [Post({name: ["many"]}, "many")]
    return Twin(
        name,
        ours,
        theirs,
        lambda draw: number_post(name, draw.choice(values)),
        lambda draw: draw.choice(wrong),
        figures(name, values),
        number=True,
    )


def words(draw: Random, name: str) -> Twin:
    """A line or more of words, of some length at most."""
    longest = draw.choice([0, 8, 20])
    long = draw.random() < 0.3
    ours = {"kind": "long_text" if long else "text"} | ({"longest": longest} if longest else {})
    theirs: dict[str, Any] = {"type": "comment" if long else "text"}
    theirs |= {"maxLength": longest, "validators": [{"type": "text", "maxLength": longest}]} if longest else {}
    fitting = [each for each in WORDS if not longest or len(each) <= longest]
    tight = ["x" * longest] if longest else []

    def post(written: str) -> Post:
        return Post({name: [written]}, written)

    return Twin(
        name,
        ours,
        theirs,
        lambda draw: post(draw.choice(fitting + tight)),
        lambda _draw: post("x" * (longest + 1)) if longest else Post(),
        (
            lambda draw: replace(compared(draw, name, draw.choice(["==", "!="]), draw.choice(WORDS)), rule=None),
            lambda _draw: Look(f"contains({name}, 'ain')", f"{{{name}}} contains 'ain'"),
            lambda draw: answered(draw, name),
        ),
    )


def matrix(draw: Random, name: str) -> Twin:
    """Rows judged on one scale."""
    rows = tuple(draw.sample(NAMES, draw.randint(2, 3)))
    scale = ("bad", "fair", "good")[: draw.randint(2, 3)]

    def post(judged: dict[str, str]) -> Post:
        return Post({f"{name}-{row}": [point] for row, point in judged.items()}, judged)

    return Twin(
        name,
        {"kind": "matrix", "rows": listed(rows), "scale": listed(scale)},
        {"type": "matrix", "columns": list(scale)},
        lambda draw: post({row: draw.choice(scale) for row in rows}),
        lambda draw: post({rows[0]: "zebra"} | {row: draw.choice(scale) for row in rows[1:]}),
        (
            lambda draw: compared(draw, f"{name}.{draw.choice(rows)}", draw.choice(["==", "!="]), draw.choice(scale)),
            lambda draw: answered(draw, f"{name}.{draw.choice(rows)}"),
            lambda draw: answered(draw, name),
        ),
        rows,
    )


def statement(_draw: Random, name: str) -> Twin:
    """Words between questions."""
    return Twin(
        name, {"kind": "statement"}, {"type": "html", "html": "Read this."}, lambda _d: Post(), lambda _d: Post()
    )


KINDS = (single, single, multiple, multiple, yes_no, rating, number, words, matrix, statement)
