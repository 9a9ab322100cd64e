"""The console's survey pages over the real application: written, opened, asked, read, without a script."""

import re

import pytest
from starlette.testclient import TestClient

from core.database import Database
from core.operators import Role
from surveys.domain.survey_files import write_survey
from surveys.services.apply_survey import apply_survey
from surveys.storage.surveys import drafted, find_survey, list_surveys, published
from tests.conftest import NOON
from tests.forms import fields
from tests.surveys.domain.sample_surveys import BRANCHING, trip
from tests.surveys.survey_scenes import STRAIGHT, answer, invitations, invited, opened, people
from tests.web import csrf, sign_in

HOME = "/console/surveys"


@pytest.fixture
def editor(client, database):
    sign_in(client, database, Role.EDITOR)
    return client


@pytest.fixture
def survey(database):
    with database.writing() as session:
        return apply_survey(session, trip(), at=NOON).survey.id


@pytest.fixture
def answered(database):
    with database.writing() as session:
        found = opened(session)
        people(session, 3)
        invited(session, found)
        first, second, _third = invitations(session)
        answer(session, first)
        answer(session, second, *STRAIGHT[:3], ("end", {"more": ["<b>bold</b>"]}))
        return found.id


def post(client: TestClient, path: str, **fields: str):
    seen = re.search(r'name="seen" value="(\w+)"', client.get(path).text)
    return client.post(path, data={"csrf": csrf(client, HOME), "seen": seen[1] if seen else "", **fields})


def draft(database: Database):
    with database.reading() as session:
        return drafted(session, list_surveys(session)[0])


def test_a_survey_begins_with_a_title_a_file_or_a_text(editor, database):
    assert post(editor, HOME, title="How was it?").headers["location"].endswith("/edit?said=added")
    assert post(editor, HOME, text=BRANCHING).status_code == 303
    file = {"file": ("s.toml", BRANCHING.replace('name = "trip"\ntitle', 'name = "other"\ntitle').encode())}
    assert editor.post(HOME, data={"csrf": csrf(editor, HOME)}, files=file).status_code == 303
    with database.reading() as session:
        assert [each.name for each in list_surveys(session)] == ["other", "trip", "how_was_it"]
    page = editor.get(HOME)
    assert "How was it?" in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Give it a title"),
        ({"text": 'name = "x"\ntitle = "X"'}, "There is no page"),
        ({"text": "name = "}, "line 1: This is not TOML"),
        ({"text": BRANCHING}, "There is a survey named “trip” already"),
    ],
)
def test_what_cannot_be_a_survey_is_told_and_kept_in_the_form(editor, database, survey, fields, said):
    answer = post(editor, HOME, **fields)
    assert (answer.status_code, said in answer.text) == (422, True)
    with database.reading() as session:
        assert len(list_surveys(session)) == 1


def test_opening_closing_and_publishing(editor, database, survey):
    page = f"{HOME}/{survey}"
    assert "Not open yet" in editor.get(page).text
    assert post(editor, f"{page}/open").headers["location"].endswith("said=opened")
    post(editor, f"{page}/head", title="The trip", language="en")
    assert "Publish the changes" in editor.get(page).text
    with database.reading() as session:
        assert published(session, find_survey(session, "trip")).title == "Your trip"
    post(editor, f"{page}/publish")
    assert "Publish the changes" not in editor.get(page).text
    post(editor, f"{page}/close")
    with database.reading() as session:
        found = find_survey(session, "trip")
        assert (found.state, found.version, found.title) == ("closed", 2, "The trip")


def test_hours_and_reminders_are_set_in_the_operators_time_zone(editor, database, survey):
    page = f"{HOME}/{survey}"
    terms = {
        "opens_at": "2035-01-01T09:00",
        "closes_at": "2035-02-01T09:00",
        "most_reminders": "3",
        "reminder_days": "7",
    }
    assert post(editor, f"{page}/terms", **terms).status_code == 303
    assert 'value="2035-01-01T09:00"' in editor.get(page).text
    far = {"closes_at": "9999-12-31T23:59"}
    assert "closes_at: " in post(editor, f"{page}/terms", **{**terms, **far}).text
    for wrong in ({"closes_at": "2034-01-01T09:00"}, far, {"most_reminders": "99"}, {"opens_at": "never"}):
        assert post(editor, f"{page}/terms", **{**terms, **wrong}).status_code == 409
    with database.reading() as session:
        found = find_survey(session, "trip")
        assert found.opens_at is not None
        assert (found.most_reminders, found.reminder_days, found.opens_at.year) == (3, 7, 2035)


def test_pages_and_questions_are_added_moved_and_removed_by_plain_forms(editor, database, survey):
    edit = f"{HOME}/{survey}/edit"
    for given in (
        {"act": "add", "page": "", "kind": "nps"},
        {"act": "add", "page": "start", "kind": "matrix"},
        {"act": "up question_11"},
        {"act": "page_up page_6"},
        {"act": "remove told"},
    ):
        assert post(editor, edit, **given).status_code == 303
    survey_now = draft(database)
    assert [page.name for page in survey_now.pages][-2:] == ["page_6", "end"]
    assert [question.name for question in survey_now.pages[0].questions] == ["question_11", "went"]
    text = editor.get(edit).text
    assert "Shown only if “Did you go?” is “No”" in text
    for given in ({"act": "remove went"}, {"act": "fly"}, {"act": "add", "kind": "x"}):
        assert post(editor, edit, **given).status_code == 422
    assert draft(database) == survey_now


def test_a_question_is_edited_with_its_choices_and_its_rules(editor, database, survey):
    form = f"{HOME}/{survey}/edit/how"
    page = editor.get(form)
    form_now = fields(page.text)
    assert [form_now[f"choices-{key}-label"] for key in form_now["choices"]] == [["Train"], ["Car"], ["On foot"], [""]]
    given = {
        "name": "how",
        "text": "How?",
        "choices-lines": "car = By car\nBy bus\ntrain = Train",
        "least": "0",
        "most": "2",
    }
    given |= {"rule_0": "went", "op_0": "is", "value_0": "yes", "rule_1": "went", "op_1": "answered", "match": "any"}
    assert post(editor, form, **given).status_code == 303
    question = draft(database).by_name["how"]
    assert [choice.name for choice in question.choices] == ["car", "by_bus", "train"]
    assert (question.text, question.other, question.most, question.show_if.every) == ("How?", "", 2, False)
    wrong = post(editor, form, **{**given, "value_0": "never", "text": "Changed?"})
    assert (wrong.status_code, "“went” has no answer “never”" in wrong.text, "Changed?" in wrong.text) == (
        422,
        True,
        True,
    )
    nights = {"name": "nights", "text": "Nights?", "least": "0", "most": "9,5", "rule_0": "score", "op_0": "greater"}
    assert post(editor, f"{HOME}/{survey}/edit/nights", **nights, value_0="7").status_code == 303
    number = draft(database).by_name["nights"]
    assert (number.least, number.most, number.integer, number.show_if.value) == (0.0, 9.5, False, 7.0)


def test_saving_a_form_unchanged_changes_nothing(editor, database, survey):
    paths = [*(f"edit/{each.name}" for each in trip().questions()), *(f"pages/{each.name}" for each in trip().pages)]
    for path in (*paths, "head", "file"):
        address = f"{HOME}/{survey}/{path}"
        assert editor.post(address, data=fields(editor.get(address).text)).status_code == 303
    assert draft(database) == trip()


def test_a_page_is_edited_and_the_file_goes_in_and_out(editor, database, survey):
    page = f"{HOME}/{survey}/pages/trip"
    assert "went" in editor.get(page).text
    rule = {"rule_0": "went", "op_0": "is", "value_0": "yes"}
    assert post(editor, page, title="On the way", text="Well.", **rule).status_code == 303
    assert draft(database).pages[2].title == "On the way"
    assert post(editor, page, rule_0="score", op_0="less", value_0="3").status_code == 422
    file = editor.get(f"{HOME}/{survey}/file?as=file")
    assert file.text == write_survey(draft(database))
    changed = file.text.replace("On the way", "Under way")
    assert post(editor, f"{HOME}/{survey}/file", text=changed).status_code == 303
    assert draft(database).pages[2].title == "Under way"
    for wrong in ("nonsense", file.text.replace('name = "trip"\ntitle', 'name = "else"\ntitle')):
        assert post(editor, f"{HOME}/{survey}/file", text=wrong).status_code == 422
    assert editor.get(f"{HOME}/{survey}/file").status_code == 200


@pytest.mark.parametrize("path", ["/edit/none", "/pages/none", "/preview?page=none", "/answers/none"])
def test_what_is_not_there_is_not_found(editor, survey, path):
    assert editor.get(f"{HOME}/{survey}{path}").status_code in {404, 422}
    assert editor.get(f"{HOME}/99999").status_code == 404


def test_the_preview_shows_every_page_and_stores_nothing(editor, database, survey):
    for page in trip().pages:
        framed = f"/preview/form?page={page.name}"
        assert framed in editor.get(f"{HOME}/{survey}/preview?page={page.name}").text
        shown = editor.get(f"{HOME}/{survey}{framed}")
        assert shown.status_code == 200
        assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
        assert all(question.text in shown.text for question in page.questions)
        assert '<form method="post"' not in shown.text
    assert "This page is shown only if" in editor.get(f"{HOME}/{survey}/preview/form?page=why_not").text


def test_inviting_begins_a_campaign_and_goes_on_with_it(editor, database, answered):
    page = f"{HOME}/{answered}/invite"
    assert "Begin a reminder" in editor.get(page).text
    first = post(editor, page, purpose="invite", subject="Tell us more")
    assert first.headers["location"].startswith("/console/campaigns/")
    assert post(editor, page, purpose="invite", subject="x").headers["location"] == first.headers["location"]
    assert editor.get(first.headers["location"]).status_code == 200
    assert post(editor, page, purpose="remind", subject="").status_code == 303
    post(editor, f"{HOME}/{answered}/close")
    assert post(editor, page, purpose="invite", subject="x").status_code == 303
    assert "The survey is not open" in editor.get(page).text


def test_nobody_is_reminded_before_anybody_was_invited(editor, survey):
    answer = post(editor, f"{HOME}/{survey}/invite", purpose="remind")
    assert (answer.status_code, "Nobody was invited" in answer.text) == (409, True)


def test_results_have_charts_with_titles_and_tables_and_no_inline_style(client, database, answered):
    sign_in(client, database, Role.ANALYST)
    page = client.get(f"{HOME}/{answered}")
    assert page.status_code == 200
    assert page.text.count('<div class="chart ') == 6
    assert 'role="img" aria-label="Would you recommend it?"' in page.text
    assert "NPS 100.0" in page.text
    assert page.text.count("<table>") >= 6
    assert "style=" not in page.text
    assert "66.7" in page.text
    assert "Publish" not in page.text
    assert client.post(f"{HOME}/{answered}/close", data={"csrf": "x"}).status_code == 403


def test_open_texts_are_shown_escaped_and_exported(client, database, answered):
    sign_in(client, database, Role.ANALYST)
    texts = client.get(f"{HOME}/{answered}/answers/more")
    assert "&lt;b&gt;bold&lt;/b&gt;" in texts.text
    assert "person0" not in texts.text
    export = client.get(f"{HOME}/{answered}/answers.csv")
    assert export.headers["content-type"].startswith("text/csv")
    assert 'filename="trip-answers.csv"' in export.headers["content-disposition"]
    assert "'=all good" in export.text
    assert len(export.text.splitlines()) == 3


def test_only_operators_come_here_and_analysts_change_nothing(client, database, survey):
    assert client.get(f"{HOME}/{survey}").status_code == 303
    sign_in(client, database, Role.ANALYST)
    for path in ("/edit", "/file", "/invite", "/edit/went"):
        assert client.get(f"{HOME}/{survey}{path}").status_code == 403
