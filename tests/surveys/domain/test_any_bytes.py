"""Whatever is posted for any kind of question: it is refused, or it can be stored, exported and posted again."""

from dataclasses import replace
from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from core.cards import mask_card_numbers
from surveys.domain.kinds.file_upload import FileUpload
from surveys.domain.questions import Question
from surveys.domain.tallies import Frequency
from tests.surveys.domain.every_kind import answer_to, every_kind

QUESTIONS = [replace(each, refusal="–" if each.answerable else "") for each in every_kind().questions()]
LIKELY = ("", "1", "2", "3", "undo", "export", "other", "none", "na", "refused", "agreed", "yes", "50", "0.5", "-1")
STRANGE = (
    "1e400", "NaN", "\x00", "\ud800", "=1+1", "4111 1111 1111 1111", "2026-02-29", "2026-11-23", "24:00", "x" * 5000,
    "٣", "ann@example.org", "a" * 40 + ".1.x", "!size",
)  # fmt: skip
values = st.one_of(st.sampled_from(LIKELY), st.sampled_from(STRANGE), st.text(max_size=20))


@st.composite
def posts(draw: st.DrawFn) -> tuple[Question, dict[str, list[str]]]:
    """A question, and anything in its fields, right ones among them."""
    question = draw(st.sampled_from(QUESTIONS))
    right = answer_to(question.name)
    known = [*right, question.name, question.refusal_field, f"{question.name}-other", f"{question.name}-set"]
    known += [question.carrier] if isinstance(question, FileUpload) else []
    names = draw(st.lists(st.sampled_from(known), max_size=8))
    strange = {name: draw(st.lists(values, max_size=3)) for name in names}
    return question, {**(right if draw(st.booleans()) else {}), **strange}


@settings(max_examples=250, deadline=None)
@given(posts())
def test_no_posted_bytes_make_an_answer_that_the_definition_does_not_allow(drawn):
    question, posted = drawn
    reading = question.read(posted)
    assert not (reading.faults and reading.cells)
    for fault in reading.faults:
        assert fault.said()
        assert fault.field.split("-")[0] == question.name
    places = [(cell.row, cell.value) for cell in reading.cells]
    assert len(set(places)) == len(places)
    for cell in reading.cells:
        assert len(cell.row) <= 40
        assert len(cell.value) <= 40
        assert cell.number is None or isfinite(cell.number)
        assert cell.text is None or (cell.text == mask_card_numbers(cell.text) and "\x00" not in cell.text)
    assert question.read(question.fields(reading.cells)).cells == reading.cells
    assert len(question.export(reading.cells)) == len(question.columns())
    counted = [Frequency(cell.row, cell.value, cell.number, 1) for cell in reading.cells]
    assert question.tally(counted, 1).base in {0, 1}
