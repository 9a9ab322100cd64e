"""The console's exports over the real application: every format, the codebook, results; and what nobody may have."""

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from core.operators import Role
from surveys.domain.anonymity import Anonymity
from surveys.services.apply_survey import apply_survey
from surveys.services.choose_anonymity import choose_anonymity
from surveys.services.export_answers import Format
from surveys.storage.answer_tables import AnonymousAnswer, AnonymousResponse
from tests.conftest import NOON
from tests.surveys.domain.sample_surveys import trip
from tests.surveys.survey_scenes import STRAIGHT, answer, invitations, invited, opened, people
from tests.web import sign_in

HOME = "/console/surveys"
TOLD = ("end", {"more": ["write to ann@example.org"]})


def lines(book: CalamineWorkbook, sheet: str) -> list[list[Any]]:
    return [list(line) for line in book.get_sheet_by_name(sheet).to_python()]


@pytest.fixture
def export(database):
    with database.writing() as session:
        survey = opened(session)
        people(session, 2)
        invited(session, survey)
        first, second = invitations(session)
        answer(session, first)
        answer(session, second, *STRAIGHT[:3], TOLD)
        return f"{HOME}/{survey.id}/export"


def test_an_analyst_gets_every_format_with_addresses_masked_and_files_that_open(client, database, export):
    sign_in(client, database, Role.ANALYST)
    assert "With the addresses" not in client.get(export).text
    for form in Format:
        found = client.get(f"{export}/file", params={"format": form})
        assert (found.status_code, f'filename="trip-answers.{form}"') == (
            200, found.headers["content-disposition"].removeprefix("attachment; "),
        )  # fmt: skip
        assert b"ann@example.org" not in found.content
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{export}/file?format=xlsx").content))
    assert "a•••@e•••.org" in str(lines(book, "Answers"))
    assert client.get(f"{export}/file?people=1").status_code == 409
    assert "Your role does not reach that far" in client.get(f"{export}/file?people=1").text
    assert "There is no such format" in client.get(f"{export}/file?format=pdf").text


def test_p1_an_editor_gets_the_addresses_of_an_identified_survey_and_only_when_asked(client, database, export):
    sign_in(client, database, Role.EDITOR)
    assert "With the addresses" in client.get(export).text
    assert "person0@example.org" not in client.get(f"{export}/file").text
    found = client.get(f"{export}/file?format=json&people=1").json()
    assert [each["values"]["email"] for each in found["responses"]] == ["person0@example.org", "person1@example.org"]


def test_the_codebook_is_read_and_taken_and_results_are_a_workbook(client, database, export):
    sign_in(client, database, Role.ANALYST)
    page = client.get(f"{export}/codebook")
    assert "How were these? – Food" in page.text
    assert "<code>$how</code>" in page.text
    assert "style=" not in page.text
    assert client.get(f"{export}/codebook?as=csv").text.splitlines()[1].startswith("response,Response,number")
    results = client.get(f"{export}/results?where=score>=7")
    book = CalamineWorkbook.from_filelike(io.BytesIO(results.content))
    assert book.sheet_names == ["Overview", "Counts", "Figures"]
    assert ["Completed", 2.0] in lines(book, "Overview")
    counts = lines(book, "Counts")
    assert ["went", "Did you go?", "", "yes", "Yes", 2.0, 1.0] in [line[:7] for line in counts]
    figures = {line[0] + line[2]: line for line in lines(book, "Figures")}
    assert (figures["score"][3], figures["score"][6], figures["score"][11]) == (2.0, 9.0, 100.0)
    assert figures["judgedFood"][3] == 1.0
    assert client.get(f"{export}/results?where=nonsense").status_code == 303


def test_g14_an_anonymous_export_has_days_random_numbers_and_no_way_to_ask_for_names(client, database):
    with database.writing() as session:
        survey = opened(session)
        choose_anonymity(session, survey, Anonymity.ANONYMOUS, None, at=NOON)
        rows = [{"survey_id": survey.id, "version": 1, "completed_at": NOON, "id": each} for each in (-7, 2**40)]
        session.add_all(AnonymousResponse(**row) for row in rows)
        session.flush()
        session.add(AnonymousAnswer(response_id=-7, question="went", row="", value="yes"))
        export = f"{HOME}/{survey.id}/export"
    sign_in(client, database, Role.ADMIN)
    assert "no export names anybody" in client.get(export).text
    found = client.get(f"{export}/file?format=json").json()
    one, two = found["responses"]
    assert (one["values"]["went"], one["values"]["completed_at"]) == ("yes", NOON.date().isoformat())
    assert two["missing"]["went"] == "not answered"
    assert not {"started_at", "email"} & {*one["values"], *one["missing"]}
    refused = client.get(f"{export}/file?people=1")
    assert (refused.status_code, "name nobody" in refused.text) == (409, True)


def test_a_survey_that_was_never_published_says_so(client, database):
    with database.writing() as session:
        export = f"{HOME}/{apply_survey(session, trip(), at=NOON).survey.id}/export"
    sign_in(client, database, Role.ANALYST)
    for path in ("/file", "/codebook"):
        assert "not been published" in client.get(export + path).text
