"""Two windows with the same piece of a survey: the second save never silently undoes the first."""

from collections.abc import Callable

import pytest

from core.operators import Role
from surveys.domain.definitions import Survey
from surveys.services.apply_survey import apply_survey
from surveys.storage.surveys import drafted, find_survey
from tests.conftest import NOON
from tests.forms import fields
from tests.surveys.domain.sample_surveys import trip
from tests.web import sign_in

SAID = "Somebody changed this meanwhile"
Read = Callable[[Survey], str]
FORMS: list[tuple[str, str, Read]] = [
    ("/head", "title", lambda survey: survey.title),
    ("/edit/went", "text", lambda survey: survey.by_name["went"].text),
    ("/pages/trip", "title", lambda survey: survey.pages[2].title),
]


@pytest.fixture
def editor(client, database):
    sign_in(client, database, Role.EDITOR)
    return client


@pytest.fixture
def home(database) -> str:
    with database.writing() as session:
        return f"/console/surveys/{apply_survey(session, trip(), at=NOON).survey.id}"


def kept(database) -> Survey:
    with database.reading() as session:
        return drafted(session, find_survey(session, "trip"))


def opened(editor, address: str) -> dict[str, list[str]]:
    """The form as a browser sends it."""
    return fields(editor.get(address).text)


@pytest.mark.parametrize(("path", "name", "read"), FORMS)
def test_the_second_of_two_windows_is_told_loses_nothing_and_saves_knowingly(
    editor, database, home, path: str, name: str, read: Read
):
    address = home + path
    first, second = opened(editor, address), opened(editor, address)
    assert editor.post(address, data=first | {name: "From the first"}).status_code == 303
    refused = editor.post(address, data=second | {name: "From the second"})
    assert refused.status_code == 409
    assert SAID in refused.text
    assert f'href="{address}" target="_blank"' in refused.text
    assert "From the second" in refused.text
    assert read(kept(database)) == "From the first"
    assert editor.post(address, data=fields(refused.text)).status_code == 303
    assert read(kept(database)) == "From the second"


def test_a_file_that_was_opened_before_another_change_is_not_put_in_its_place(editor, database, home):
    address = f"{home}/file"
    form = opened(editor, address)
    question = opened(editor, f"{home}/edit/went")
    editor.post(f"{home}/edit/went", data=question | {"text": "From the first"})
    refused = editor.post(address, data=form)
    assert (refused.status_code, SAID in refused.text) == (409, True)
    assert kept(database).by_name["went"].text == "From the first"
    assert editor.post(address, data=fields(refused.text)).status_code == 303
    assert kept(database) == trip()


def test_windows_with_different_questions_do_not_hinder_each_other(editor, database, home):
    one, other = opened(editor, f"{home}/edit/went"), opened(editor, f"{home}/edit/how")
    assert editor.post(f"{home}/edit/went", data=one | {"text": "One"}).status_code == 303
    assert editor.post(f"{home}/edit/how", data=other | {"text": "Other"}).status_code == 303
    assert (kept(database).by_name["went"].text, kept(database).by_name["how"].text) == ("One", "Other")
