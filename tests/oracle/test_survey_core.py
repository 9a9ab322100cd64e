"""Branching and validation as the npm package survey-core does them, for thousands of people who answer.

Surveys that both programs can express are drawn by number, and people walk through them page by page in both: the same
pages and questions are shown, the same choices and rows offered, the same answers refused, the same data kept.
survey-core runs in Node (survey_core_walk.mjs); where Node or npm do not answer, this is skipped.
`HEEDFUL_TEST_ORACLE_SURVEYS=1000` draws more surveys, `HEEDFUL_TEST_ORACLE_FIRST=77` begins with number 77.

Where the two differ by design, and what is done here about it:
- survey-core drops some answers without a word: a choice or number that is not offered, a word in a field for numbers.
  Heedful refuses them; the walk in Node calls refused what is not among the choices that survey-core shows.
- Answers off the path count for nothing in Heedful. In survey-core they count until they are cleared; the walk posts
  only what is shown, and Heedful gets the hidden answers as well, for the path must not change by them.
- Two answers that are both missing are equal, and less or equal, in survey-core, and a missing number counts nought in
  a sum; nothing of the kind is true in Heedful. Looks at two answers first ask whether both are there.
- Texts are compared letter by letter in Heedful; survey-core is told to do so (`comparator.caseSensitive`).
- survey-core keeps outer spaces and counts UTF-16 units, Heedful neither: no text here has either.
- `minSelectedChoices` makes an answer required in survey-core; such questions are required here too.
- survey-core counts steps from nought, Heedful from the least number: here every least number is a whole step.
- survey-core checks neither `maxSelectedChoices` nor `maxLength` itself (its form prevents them): validators do.
- An exclusive “none” clears other choices in survey-core and is refused beside them in Heedful; never posted together.
- A list of which no choice is left hides its question in Heedful: `hideIfChoicesEmpty`, `hideIfRowsEmpty`; where
  “other” or “none” stand beside it, one choice is always shown.
- Jumps, loops, quotas, chance and ends of one's own have no like in SurveyJS.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from surveys.domain.answering import Go, advance
from surveys.domain.branching import Stop, path
from surveys.domain.cells import Answers, Cells
from surveys.domain.definitions import Survey
from surveys.domain.foreign.surveyjs_files import read_surveyjs
from surveys.domain.survey_files import survey_of
from tests.oracle.survey_core import judged
from tests.oracle.twin_surveys import Person, Twins, twins

SURVEYS = int(os.environ.get("HEEDFUL_TEST_ORACLE_SURVEYS", "30"))
FIRST = int(os.environ.get("HEEDFUL_TEST_ORACLE_FIRST", "1"))
PEOPLE = 8


@dataclass
class Walk:
    """What one person met; `data` as survey-core keeps it."""

    pages: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    offered: dict[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    complete: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def walked(survey: Survey, person: Person) -> tuple[Walk, Answers]:
    """Lead a person through a survey of ours, mending on each page what was refused."""
    walk, answers = Walk(), dict[str, Cells]()
    page = path(survey, answers).stops[0].name
    while page:
        stop = path(survey, answers).stop(page)
        assert stop is not None
        walk.pages.append(page)
        walk.asked += [question.name for question in stop.questions]
        walk.offered |= {question.name: offered(question) for question in stop.questions}
        step = advance(survey, answers, page, posted(stop, person, first=True), Go.NEXT)
        wrong = {fault.field.split("-")[0] for fault in step.faults}
        walk.refused += [question.name for question in stop.questions if question.name in wrong]
        if step.faults:
            step = advance(survey, answers, page, posted(stop, person, first=False), Go.NEXT)
        assert not step.faults
        page, answers = step.page, dict(step.answers)
        walk.complete = step.complete
    walk.data = {key: value for name in answers for key, value in told(survey, name, answers[name]).items()}
    return walk, answers


def posted(stop: Stop, person: Person, *, first: bool) -> dict[str, list[str]]:
    """The fields of a page: all first posts, or for each question the first that is taken."""
    fields: dict[str, list[str]] = {}
    for question in stop.questions:
        posts = person.get(question.name, [])
        taken = posts[:1] if first else [post for post in posts if not question.read(post.fields).faults]
        fields |= dict(taken[0].fields) if taken else {}
    return fields


def offered(question: Any) -> dict[str, list[str]]:
    """The choices, numbers or rows as survey-core tells them."""
    if question.kind == "matrix":
        return {"rows": [row.name for row in question.rows]}
    if question.kind in {"rating", "nps"}:
        return {"choices": list(question.numbers)}
    if question.kind in {"single", "multiple"}:
        refused = ["refused"] if question.refusal else []
        return {"choices": sorted([each.name for each in question.offered] + refused)}
    return {}


def told(survey: Survey, name: str, cells: Cells) -> dict[str, Any]:
    """An answer of ours as survey-core keeps it."""
    kind = survey.by_name[name].kind
    if kind == "matrix":
        return {name: {cell.row: cell.value for cell in cells}}
    if kind == "multiple":
        return {name: sorted(cell.value for cell in cells)}
    if kind in {"rating", "nps", "number"}:
        return {name: cells[0].number}
    if kind in {"text", "long_text"}:
        return {name: cells[0].text}
    if kind == "yes_no":
        return {name: cells[0].value == "yes"}
    words = {f"{name}-Comment": cells[0].text} if cells[0].text else {}
    return {name: cells[0].value, **words}


def tidy(theirs: dict[str, Any]) -> Walk:
    """What survey-core told, with sets in an order of ours."""
    walk = Walk(**theirs)
    walk.offered = {
        name: {key: names if key == "rows" else sorted(names) for key, names in lists.items() if key != "columns"}
        for name, lists in walk.offered.items()
    }
    walk.data = {name: sorted(each) if isinstance(each, list) else each for name, each in walk.data.items()}
    return walk


def drawn() -> Iterator[tuple[Twins, list[Walk]]]:
    """The surveys of this run, with what survey-core did with their people."""
    made = [twins(number, PEOPLE) for number in range(FIRST, FIRST + SURVEYS)]
    answers = judged(each.case for each in made)
    for each, walks in zip(made, answers, strict=True):
        yield each, [tidy(walk) for walk in walks]


def story(twin: Twins, person: Person) -> str:
    """Everything about a disagreement."""
    firsts = {name: posts[0].value for name, posts in person.items()}
    return json.dumps({"number": twin.number, "ours": twin.ours, "theirs": twin.theirs, "posted": firsts}, indent=1)


def test_people_are_shown_asked_and_refused_the_same_as_by_survey_core_and_so_after_an_import():
    """One test, so that Node is asked once; a survey that forgets its conditions is found out (negative control)."""
    met: Counter[str] = Counter()
    for twin, walks in drawn():
        survey, imported = survey_of(twin.ours), carried(twin)
        forgetful = survey_of(without_conditions(twin.ours))
        for person, theirs in zip(twin.people, walks, strict=True):
            ours, answers = walked(survey, person)
            assert ours == theirs, story(twin, person)
            hidden = {name: cells for name, cells in everything(survey, person).items() if name not in ours.asked}
            road = path(survey, {**hidden, **answers})
            assert [each.name for stop in road.stops for each in stop.questions] == ours.asked, story(twin, person)
            if imported:
                assert replace(walked(imported, person)[0], pages=theirs.pages) == theirs, story(twin, person)
            met.update(people=1, refused=len(ours.refused), asked=len(ours.asked), hidden=len(hidden))
            met.update(imported=imported is not None, forgotten=asked_at_once(forgetful) != theirs.asked)
    print(dict(met))
    assert met["refused"] > met["people"] / 4
    assert min(met["hidden"], met["imported"], met["forgotten"]) > met["people"] / 2


def carried(twin: Twins) -> Survey | None:
    """What the import makes of it; None where its report says that a condition was left out."""
    found = read_surveyjs(twin.theirs)
    notes = [str(note) for note in found.notes]
    assert all("was left out" in note for note in notes), notes
    return None if any("condition" in note.lower() for note in notes) else survey_of(found.table)


def without_conditions(table: dict[str, Any]) -> dict[str, Any]:
    """The same survey, all of whose questions and pages are shown."""
    pages = [
        {**page, "show_if": "", "question": [{**each, "show_if": ""} for each in page["question"]]}
        for page in table["page"]
    ]
    return {**table, "page": pages}


def asked_at_once(survey: Survey) -> list[str]:
    """What is asked of somebody who has answered nothing."""
    return [question.name for stop in path(survey, {}).stops for question in stop.questions]


def everything(survey: Survey, person: Person) -> dict[str, Cells]:
    """An answer to every question, shown or not."""
    readings = {
        question.name: [question.read(post.fields) for post in person.get(question.name, [])]
        for question in survey.asked_questions()
    }
    right = {name: [each.cells for each in found if each.cells] for name, found in readings.items()}
    return {name: found[0] for name, found in right.items() if found}
