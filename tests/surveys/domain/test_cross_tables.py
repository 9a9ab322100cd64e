"""Crosstabs of packed answers: plain, weighted, with several answers, and of anonymous ones with cells hidden."""

from typing import Any

import pytest

from core.errors import BadInput
from surveys.domain.answer_counts import Selected, count, cross
from surveys.domain.cross_tables import FEW, OF_ALL, cross_table
from surveys.domain.cross_variables import read_variables, variables_of
from surveys.domain.crosstab_facts import table_facts
from surveys.domain.packed_answers import sheet_of
from surveys.domain.statistics.column_letters import Rules
from tests.surveys.domain.every_kind import every_kind
from tests.surveys.domain.sample_surveys import trip

NAMES = trip().by_name


def selected(responses: list[dict[str, Any]], classes: list[int] | None = None) -> list[Selected]:
    """These responses, packed."""
    cells = []
    for number, given in enumerate(responses):
        for written, answer in given.items():
            question, _colon, row = written.partition(":")
            for each in answer if isinstance(answer, list) else [answer]:
                name, figure = (each, None) if isinstance(each, str) else ("", float(each))
                cells.append((number, question, row, name, figure))
    return [Selected(sheet_of(range(len(responses)), cells), None, classes)]


def table(rows: str, banner: str, given: list[Selected], weights=(1.0,), *, veiled: bool = False):
    """The table of these variables."""
    pair = (read_variables([rows], NAMES)[0], read_variables([banner], NAMES)[0])
    found = cross(given, pair[0].key, pair[1].key, weights)
    return cross_table(pair, found, Rules(minimum_base=5), first=2, veiled=veiled)


def test_a_table_has_the_headings_of_its_questions_and_is_tested():
    given = selected([{"went": "yes", "score": 9}] * 30 + [{"went": "no", "score": 2}] * 30 + [{"went": "yes"}])
    made = table("went", "score", given)
    assert [heading.label for heading in made.headings] == ["Yes", "No", "In a way"]
    assert [each.letter for each in made.table.columns][:2] == ["C", "D"]
    assert made.table.association is not None
    assert made.table.base.count == 60
    assert made.means is None
    turned = table("score", "went", given)
    assert turned.means is not None
    assert [each.moments.mean for each in turned.means.columns] == [9.0, 2.0, None]
    facts = table_facts(turned)
    assert (facts["rows"], facts["banner"], facts["columns"][0]["base"]["count"]) == ("score", "went", 30)


def test_weights_count_through_and_several_answers_are_counted_by_people():
    given = selected([{"went": "yes", "how": ["car", "foot"]}, {"went": "no", "how": ["car"]}], [0, 1])
    made = table("how", "went", given, (3.0, 1.0))
    car, foot = made.table.rows[1], made.table.rows[2]
    assert (car.total.mass.weight, foot.total.mass.weight, made.table.base.weight) == (4.0, 3.0, 4.0)
    assert foot.cells[0].column_share == 1.0
    assert made.table.association is None
    turned = table("went", "how", given, (3.0, 1.0))
    assert turned.table.base.count == 2
    counts = count(given, (3.0, 1.0))
    assert counts.base("how").weight == 4.0
    assert [(each.value, each.count) for each in counts.frequencies("how")] == [("car", 4.0), ("foot", 3.0)]
    numbers = table("score", "how", selected([{"score": 3, "how": ["car", "foot"]}, {"score": 4, "how": ["car"]}]))
    assert numbers.means is not None
    assert numbers.means.total.mass.count == 2


def test_a_number_with_many_values_is_told_by_its_means_alone():
    made = table("nights", "went", selected([{"nights": each / 2, "went": "yes"} for each in range(60)]))
    assert made.headings == ()
    assert made.means is not None
    assert made.means.columns[0].moments.mean == 14.75
    few = table("nights", "went", selected([{"nights": 2, "went": "yes"}, {"nights": 10, "went": "Ω"}]))
    assert [heading.name for heading in few.headings] == ["2", "10"]
    assert few.table.columns[-1].heading.label == "Ω"


def test_g14_small_lines_stand_together_and_small_cells_are_hidden():
    people = (
        [("yes", 9)] * 30 + [("no", 9)] * 20 + [("yes", 8)] * 20 + [("no", 8)] * 2 + [("yes", 1)] * 3 + [("no", 2)] * 3
    )
    made = table("score", "went", selected([{"went": went, "score": score} for went, score in people]), veiled=True)
    assert made.headings[-1].name == FEW
    assert made.headings[-1].label == "few each: 1, 2"
    assert made.hidden
    assert made.table.association is None
    assert not OF_ALL & set(made.table.formulas)
    shown = table_facts(made)["cells"]
    assert sum(cell is None for row in shown for cell in row["cells"]) == len(made.hidden)
    assert made.means is not None
    assert all(each.moments.mass.count != 2 for each in made.means.columns)
    whole = table(
        "score", "went", selected([{"went": "yes", "score": 9}] * 9 + [{"went": "no", "score": 8}] * 9), veiled=True
    )
    assert not whole.hidden
    tiny = table("score", "went", selected([{"went": "yes", "score": 9}] * 2), veiled=True)
    assert tiny.hidden


def test_what_can_stand_in_a_table():
    written = [each.written for question in NAMES.values() for each in variables_of(question)]
    assert {"went", "score", "judged:food", "how", "nights"} <= set(written)
    assert not {"more", "reason", "told", "judged"} & set(written)
    assert read_variables(["judged:food", "judged:food"], NAMES)[0].label == "How were these? – Food"
    for question in every_kind().by_name.values():
        for each in variables_of(question):
            assert len({heading.name for heading in each.headings(["x"])}) >= 1
    with pytest.raises(BadInput, match="no question whose answers form groups"):
        read_variables(["more"], NAMES)
