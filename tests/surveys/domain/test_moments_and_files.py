"""Days, times and files as answers: what is taken, what is refused, how old somebody is, what a file is judged by."""

from datetime import date

import pytest

from surveys.domain.cells import Cell, Choice
from surveys.domain.definition_faults import BadDefinition
from surveys.domain.kinds.file_upload import MEGABYTE, FileUpload, files_fit, pretended
from surveys.domain.kinds.moment_entry import DateEntry, DateTimeEntry, TimeEntry
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.kinds.single_choice import SingleChoice
from surveys.domain.kinds.text_entry import ShortText
from surveys.domain.survey_files import survey_of
from surveys.domain.tallies import Frequency
from tests.surveys.domain.sound_files import sound

DAY = DateEntry(name="q", text="?", earliest="2026-01-01", latest="2026-12-31", required=True)
BIRTH = DateEntry(name="q", text="?", birth=True)
CLOCK = TimeEntry(name="q", text="?")
BOTH = DateTimeEntry(name="q", text="?")
PDF = sound("pdf")
FILE = FileUpload(name="q", text="?", required=True, types="pdf png text wav", megabytes=1)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("question", "written", "kept"),
    [
        (DAY, "2026-11-23", "2026-11-23"),
        (CLOCK, "09:05", "09:05"),
        (CLOCK, "09:05:00", "09:05"),
        (BOTH, "2026-11-23 09:05", "2026-11-23T09:05"),
        (BOTH, "2026-11-23T09:05:00", "2026-11-23T09:05"),
    ],
)
def test_a_moment_is_kept_as_the_browser_posts_it(question, written, kept):
    assert question.read({"q": [written]}).cells == (Cell(value=kept),)


@pytest.mark.parametrize(
    ("question", "written", "said"),
    [
        (DAY, [], "Please fill this in."),
        (DAY, ["23.11.2026"], "Please write it like this: 2026-11-23."),
        (DAY, ["2026-02-30"], "Please write it like this: 2026-11-23."),
        (DAY, ["٢٠٢٦-11-23"], "Please write it like this: 2026-11-23."),
        (DAY, ["2026-11-23", "2026-11-24"], "Please write it like this: 2026-11-23."),
        (DAY, ["2025-12-31"], "Please choose 2026-01-01 or later."),
        (DAY, ["2027-01-01"], "Please choose 2026-12-31 or earlier."),
        (CLOCK, ["24:00"], "Please write it like this: 14:30."),
        (BOTH, ["2026-11-23T25:00"], "Please write it like this: 2026-11-23T14:30."),
    ],
)
def test_a_moment_that_is_none_is_asked_again(question, written, said):
    (fault,) = question.read({"q": written}).faults
    assert fault.said() == said


def test_many_days_are_counted_by_month_or_year():
    days = [Frequency("", f"2026-{month:02}-{day:02}", None, 1) for month in (1, 2) for day in range(1, 9)]
    assert [(share.name, share.count) for share in BIRTH.tally(days, 16).shares] == [("2026-01", 8), ("2026-02", 8)]
    years = [Frequency("", f"{year}-{month:02}-01", None, 1) for year in range(1990, 2010) for month in (1, 2)]
    assert len(BIRTH.tally(years, 40).shares) == 20
    assert BIRTH.tally([], 0).shares == ()
    assert [share.name for share in BIRTH.tally(days[:2], 2).shares] == ["2026-01-01", "2026-01-02"]


def test_g13_an_answer_says_how_old_somebody_can_be_at_most():
    for born, age in (("2010-11-23", 16), ("2010-11-24", 15)):
        assert BIRTH.oldest((Cell(value=born),), TODAY) == age
    assert DAY.oldest((Cell(value="2026-11-23"),), TODAY) is None
    assert BIRTH.oldest((), TODAY) is None
    years = NumberEntry(name="q", text="?", age=True)
    assert years.oldest((Cell(number=12.9),), TODAY) == 12
    assert years.oldest((), TODAY) is None
    assert NumberEntry(name="q", text="?").oldest((Cell(number=12.0),), TODAY) is None
    grades = (Choice("g5", "Grade 5", score=11), Choice("left", "Left school"))
    school = SingleChoice(name="q", text="?", choices=grades, age=True)
    assert school.oldest((Cell(value="g5"),), TODAY) == 11
    assert school.oldest((Cell(value="left"),), TODAY) is None
    assert ShortText(name="q", text="?").oldest((Cell(text="7"),), TODAY) is None


@pytest.mark.parametrize(
    ("name", "content", "reference"),
    [
        ("C:\\papers\\a b.pdf", PDF, "a b.pdf"),
        ("../x.png", sound("png"), "x.png"),
        ("", "Ünïcode\n".encode(), "file.txt"),
        ("\u202egnp.pdf", PDF, "gnp.pdf"),
        ("run.png.hta", sound("png"), "run.png.hta.png"),
        ("4111 1111 1111 1111.wav", sound("wav"), "**** **** **** 1111.wav"),
    ],
)
def test_a_file_is_known_by_its_bytes_and_named_without_folders_after_its_type(name, content, reference):
    posted = FILE.reference(name, content)
    reading = FILE.read({FILE.carrier: [posted]})
    (cell,) = reading.cells
    assert (cell.text, cell.number, len(cell.value)) == (reference, len(content), 40)
    assert FILE.read(FILE.fields(reading.cells)) == reading
    assert FILE.export(reading.cells) == (reference, len(content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (bytes(MEGABYTE + 1), "The file is too large: at most 1 MB."),
        (b"MZ\x90\x00", "This is not a file of these types: pdf, png, text, wav."),
        (b"RIFF\x00\x00\x00\x00AVI ", "This is not a file of these types: pdf, png, text, wav."),
    ],
)
def test_a_file_of_another_kind_or_size_is_refused(content, said):
    (fault,) = FILE.read({FILE.carrier: [FILE.reference("a.pdf", content)]}).faults
    assert fault.said() == said


def test_in_a_test_run_the_name_of_a_file_stands_for_it():
    posted = pretended([FILE, ShortText(name="t", text="?")], {"q-file": ["a.pdf"], "t": ["x"]})
    assert FILE.read(posted).cells[0].text == "a.pdf"
    assert posted["t"] == ["x"]
    assert pretended([FILE], {}) == {}
    gone = pretended([FILE], {"q-away": ["1"]})
    assert FILE.read(FILE.carried(gone, FILE.read(posted).cells)).cells == ()


def test_a_page_takes_no_more_files_than_can_be_sent_together():
    assert files_fit([FILE, ShortText(name="t", text="?"), *[FILE] * 3])
    assert not files_fit([FILE] * 5)
    assert not files_fit([FileUpload(name="q", text="?")] * 2)
    page = {"name": "p", "question": [{"name": f"f{at}", "kind": "file", "text": "?"} for at in range(2)]}
    with pytest.raises(BadDefinition, match="Its files are more than one page can take"):
        survey_of({"name": "s", "title": "T", "page": [page]})


def test_no_form_can_name_a_file_that_it_did_not_send():
    reference = FILE.reference("a.pdf", PDF)
    assert FILE.carrier.startswith("_")  # what comes from outside under such a name is never read
    assert FILE.read({"q": [reference], "q-file": [reference]}).cells == ()
    (fault,) = FILE.read({FILE.carrier: ["nonsense"]}).faults
    assert fault.said() == "Please add the file again."
    assert FileUpload(name="q", text="?", types="jpeg,text").accept == ".jpg,.jpeg,.txt,.csv,.log,.md"
