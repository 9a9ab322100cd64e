"""LimeSurvey's rows put together: groups, questions, their parts and answers, each with words in all languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveys.domain.foreign.lime_rows import Row

Said = dict[str, str]
"""Words by their language."""


@dataclass
class LimeAnswer:
    """An answer or a part of a question; `scale` tells the axes of a matrix apart."""

    code: str
    said: Said = field(default_factory=dict)
    scale: int = 0


@dataclass
class LimeQuestion:
    """A question with its parts, answers and attributes."""

    number: str
    code: str
    kind: str
    required: bool
    other: bool
    condition: str
    said: Said = field(default_factory=dict)
    help: Said = field(default_factory=dict)
    parts: list[LimeAnswer] = field(default_factory=list)
    answers: list[LimeAnswer] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class LimeGroup:
    """A group of questions, which LimeSurvey shows as a page."""

    number: str
    condition: str
    said: Said = field(default_factory=dict)
    about: Said = field(default_factory=dict)
    questions: list[LimeQuestion] = field(default_factory=list)


def structure_of(tables: Mapping[str, Sequence[Row]]) -> list[LimeGroup]:
    """The groups in their order, with everything that belongs to them."""
    groups = _groups(tables)
    questions: dict[str, LimeQuestion] = {}
    for row in _ordered(tables.get("questions", ()), "question_order"):
        if row.get("parent_qid", "0") in {"", "0"}:
            _take_question(row, groups, questions)
    for row in tables.get("question_l10ns", ()):
        if row.get("qid") in questions:
            _say_question(questions[row["qid"]], row)
    parts = _take_parts(tables, questions)
    for row in tables.get("question_l10ns", ()):
        if row.get("qid") in parts:
            _say(parts[row["qid"]].said, row, "question")
    _take_answers(tables, questions)
    for row in tables.get("question_attributes", ()):
        if row.get("qid") in questions and row.get("value"):
            questions[row["qid"]].attributes[row.get("attribute", "")] = row["value"]
    return list(groups.values())


def _groups(tables: Mapping[str, Sequence[Row]]) -> dict[str, LimeGroup]:
    found: dict[str, LimeGroup] = {}
    for row in _ordered(tables.get("groups", ()), "group_order"):
        number = row.get("gid", "")
        group = found.setdefault(number, LimeGroup(number, _condition(row.get("grelevance", ""))))
        _say(group.said, row, "group_name")
        _say(group.about, row, "description")
    for row in tables.get("group_l10ns", ()):
        if row.get("gid") in found:
            _say(found[row["gid"]].said, row, "group_name")
            _say(found[row["gid"]].about, row, "description")
    return found


def _take_question(row: Row, groups: dict[str, LimeGroup], questions: dict[str, LimeQuestion]) -> None:
    number = row.get("qid", "")
    if number not in questions:
        questions[number] = LimeQuestion(
            number,
            row.get("title", ""),
            row.get("type", ""),
            required=row.get("mandatory") in {"Y", "S"},
            other=row.get("other") == "Y",
            condition=_condition(row.get("relevance", "")),
        )
        group = groups.setdefault(row.get("gid", ""), LimeGroup(row.get("gid", ""), ""))
        group.questions.append(questions[number])
    _say_question(questions[number], row)


def _say_question(question: LimeQuestion, row: Row) -> None:
    _say(question.said, row, "question")
    _say(question.help, row, "help")


def _take_parts(tables: Mapping[str, Sequence[Row]], questions: Mapping[str, LimeQuestion]) -> dict[str, LimeAnswer]:
    """The sub-questions by their numbers; older files keep them among the questions."""
    found: dict[str, LimeAnswer] = {}
    rows = [*tables.get("subquestions", ()), *tables.get("questions", ())]
    for row in _ordered(rows, "question_order"):
        parent = questions.get(row.get("parent_qid", ""))
        if parent is None:
            continue
        number = row.get("qid", "")
        if number not in found:
            found[number] = LimeAnswer(row.get("title", ""), scale=_whole(row.get("scale_id", "")))
            parent.parts.append(found[number])
        _say(found[number].said, row, "question")
    return found


def _take_answers(tables: Mapping[str, Sequence[Row]], questions: Mapping[str, LimeQuestion]) -> None:
    numbered: dict[str, LimeAnswer] = {}
    found: dict[tuple[str, str, int], LimeAnswer] = {}
    for row in _ordered(tables.get("answers", ()), "sortorder"):
        question = questions.get(row.get("qid", ""))
        if question is None:
            continue
        key = (row["qid"], row.get("code", ""), _whole(row.get("scale_id", "")))
        if key not in found:
            found[key] = LimeAnswer(key[1], scale=key[2])
            question.answers.append(found[key])
        numbered[row.get("aid", "")] = found[key]
        _say(found[key].said, row, "answer")
    for row in tables.get("answer_l10ns", ()):
        if row.get("aid") in numbered:
            _say(numbered[row["aid"]].said, row, "answer")


def _ordered(rows: Sequence[Row], key: str) -> list[Row]:
    return sorted(rows, key=lambda row: _whole(row.get(key, "")))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else 0


def _say(said: Said, row: Row, key: str) -> None:
    if row.get(key):
        said[row.get("language", "")] = row[key]


def _condition(text: str) -> str:
    """A relevance; what is always true is none."""
    return "" if text.strip() in {"", "1", "0"} else text
