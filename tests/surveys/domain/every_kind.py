"""A survey with every kind of question and every look of it, and what answers each; for walks."""

import base64
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from surveys.domain.definitions import Survey
from surveys.domain.survey_files import survey_of

Fields = Mapping[str, list[str]]


def picture(red: int, green: int, blue: int, size: int = 8) -> str:
    """A square of one colour as a data address."""
    rows = b"".join(b"\x00" + bytes((red, green, blue)) * size for _each in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    ]
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


def named(*labels: str, **more: Any) -> list[dict[str, Any]]:
    """Choices of these labels."""
    return [{"name": label.lower().replace(" ", "_"), "label": label, **more} for label in labels]


FEATURES = named("Undo", "Export", "Search")
PICTURES = [
    {"name": "red", "label": "Red", "image": picture(170, 30, 30)},
    {"name": "blue", "label": "Blue", "image": picture(30, 60, 170)},
]
ALONE = {"name": "nothing", "label": "Nothing of this", "exclusive": True}

TABLES: Mapping[str, tuple[dict[str, Any], Fields]] = {
    "hidden": ({}, {"": ["fair-2026"]}),
    "single": ({"choices": FEATURES, "other": "Something else"}, {"": ["export"]}),
    "dropdown": ({"kind": "single", "choices": FEATURES, "dropdown": True}, {"": ["undo"]}),
    "pictures": ({"kind": "single", "choices": PICTURES}, {"": ["blue"]}),
    "multiple": ({"choices": [*FEATURES, ALONE], "most": 2}, {"": ["undo", "search"]}),
    "several_pictures": ({"kind": "multiple", "choices": PICTURES}, {"": ["red", "blue"]}),
    "yes_no": ({"refusal": "I would rather not say"}, {"": ["no"]}),
    "ranking": ({"choices": FEATURES}, {"-undo": ["2"], "-export": ["3"], "-search": ["1"]}),
    "rating": ({"low": "Poor", "high": "Excellent"}, {"": ["4"]}),
    "stars": ({"kind": "rating", "stars": True}, {"": ["3"]}),
    "smileys": ({"kind": "rating", "smileys": True}, {"": ["5"]}),
    "nps": ({"low": "Not at all likely", "high": "Extremely likely"}, {"": ["9"]}),
    "csat": ({"smileys": True}, {"": ["4"]}),
    "ces": ({}, {"": ["6"]}),
    "slider": ({"low": "cold", "high": "hot", "unit": "°C", "most": 40}, {"": ["30"], "-set": ["1"]}),
    "matrix": (
        {"rows": FEATURES, "scale": named("Bad", "Fair", "Good"), "not_applicable": "Never used"},
        {f"-{row}": ["good"] for row in ("undo", "export", "search")},
    ),
    "matrix_multiple": (
        {"rows": FEATURES, "choices": named("Studio", "Stage", "School")},
        {f"-{row}": ["studio", "school"] for row in ("undo", "export", "search")},
    ),
    "matrix_number": (
        {"rows": FEATURES, "across": named("Hours", "Days"), "integer": True, "least": 0},
        {f"-{row}-{part}": ["7"] for row in ("undo", "export", "search") for part in ("hours", "days")},
    ),
    "matrix_text": (
        {"rows": FEATURES, "across": named("Like")},
        {f"-{row}-like": ["The speed"] for row in ("undo", "export", "search")},
    ),
    "number": ({"least": 1, "most": 99, "unit": "people"}, {"": ["12"]}),
    "sum": ({"choices": FEATURES, "unit": "points"}, {"-undo": ["50"], "-export": ["30"], "-search": ["20"]}),
    "text": ({}, {"": ["Halcyon"]}),
    "long_text": ({"hint": "A few lines are enough."}, {"": ["It works.\nEvery day."]}),
    "email": ({}, {"": ["ann@example.org"]}),
    "date": ({"earliest": "2020-01-01"}, {"": ["2026-11-23"]}),
    "time": ({}, {"": ["14:30"]}),
    "datetime": ({}, {"": ["2026-11-23T14:30"]}),
    "file": ({}, {}),
    "consent": ({"label": "I agree to this"}, {"": ["agreed"]}),
    "statement": ({"hint": "Nothing to do here."}, {}),
}
"""By name: what the question needs, and the fields that answer it, named as behind the question's own name."""


ON_A_PAGE = 5
PAGES = {f"page_{at // ON_A_PAGE}": list(TABLES)[at : at + ON_A_PAGE] for at in range(0, len(TABLES), ON_A_PAGE)}
"""The names of the questions on each page; what is hidden stands on the first, where a link brings it along."""


def every_kind(*, required: bool = True, **head: Any) -> Survey:
    """The survey, several questions on a page; each has the name of its look."""
    asked = {page: [_question(name, needed=required) for name in names] for page, names in PAGES.items()}
    pages = [{"name": page, "question": questions} for page, questions in asked.items()]
    return survey_of({"name": "every-kind", "title": "Every kind of question", **head, "page": pages})


def _question(name: str, *, needed: bool) -> dict[str, Any]:
    required = needed and name not in {"statement", "file", "hidden"}
    return {"name": name, "kind": name, "text": f"What about {name.replace('_', ' ')}?", "required": required} | TABLES[
        name
    ][0]


def answer_to(name: str) -> dict[str, list[str]]:
    """The fields that answer the question of that name."""
    return {f"{name}{field}": values for field, values in TABLES[name][1].items()}
