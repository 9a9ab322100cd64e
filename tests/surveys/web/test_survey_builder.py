"""The builder over the real application and without a script: rows, previews, test runs, translations, versions."""

import json
import re

import pytest

from core.operators import Role
from surveys.domain.show_rules import Op, Rule
from surveys.domain.survey_files import read_survey, write_survey
from surveys.services.apply_survey import apply_survey
from surveys.storage.surveys import drafted, get_survey, open_survey
from tests.campaigns.scenes import add_reader
from tests.conftest import NOON
from tests.forms import fields
from tests.surveys.domain.sample_surveys import trip
from tests.surveys.domain.whole_surveys import WHOLE
from tests.surveys.survey_scenes import counted
from tests.web import sign_in

HOME = "/console/surveys"


@pytest.fixture
def database_url(sqlite_url):
    """One kind is enough: the same statements are asked of both in the tests of the console."""
    return sqlite_url


@pytest.fixture
def editor(client, database):
    sign_in(client, database, Role.EDITOR)
    return client


def kept(database, number: int = 1):
    with database.reading() as session:
        return drafted(session, get_survey(session, number))


@pytest.fixture
def home(database) -> str:
    with database.writing() as session:
        return f"{HOME}/{apply_survey(session, trip(), at=NOON).survey.id}"


@pytest.fixture
def whole(database) -> str:
    with database.writing() as session:
        return f"{HOME}/{apply_survey(session, read_survey(WHOLE), at=NOON).survey.id}"


def test_rows_move_come_and_go_without_a_script_and_nothing_is_kept_before_saving(editor, database, home):
    address = f"{home}/edit/how"
    form = fields(editor.get(address).text)
    moved = editor.post(address, data=form | {"do": "down choices 1"})
    assert moved.status_code == 200
    assert 'id="down-choices-1"' in moved.text
    assert re.search(r'value="down choices 1"[^>]*autofocus', moved.text)
    assert kept(database) == trip()
    again = fields(moved.text)
    assert again["choices"] == ["2", "1", "3", "4"]
    assert again["seen"] == form["seen"]
    more = fields(editor.post(address, data=again | {"do": "more choices"}).text)
    more |= {"choices-5-label": ["By boat"], "choices-5-exclusive": ["1"]}
    fewer = fields(editor.post(address, data=more | {"do": "drop choices 2"}).text)
    assert editor.post(address, data=fewer).status_code == 303
    choices = kept(database).by_name["how"].choices
    assert [(each.name, each.label, each.exclusive) for each in choices] == [
        ("train", "Train", False),
        ("foot", "On foot", False),
        ("by_boat", "By boat", True),
    ]


def test_everything_a_survey_can_say_is_the_same_after_every_form(editor, database, whole):
    survey = kept(database)
    questions = [f"edit/{each.name}" for page in survey.pages for each in page.questions]
    for path in (*questions, *(f"pages/{page.name}" for page in survey.pages), "head", "translations"):
        form = fields(editor.get(f"{whole}/{path}").text)
        assert editor.post(f"{whole}/{path}", data=form).status_code == 303, path
    assert kept(database) == survey


def test_a_condition_within_a_row_is_chosen_from_menus_without_a_script(editor, database, home):
    """A choice, a jump after its own page, and a quota over the whole survey."""
    for path, row in (("edit/how", "choices-1-show_if"), ("pages/start", "jump-1-when"), ("head", "quota-1-when")):
        address = f"{home}/{path}"
        start = fields(editor.get(address).text)
        menus = editor.post(address, data=start | {"do": f"rule {row.replace('-', ' ')}"}).text
        chosen = fields(menus) | {f"{row}-rule_0": ["went"], "do": "draw"}
        drawn = editor.post(address, data=chosen).text
        assert "quota" not in row or 'one" open><summary>Quotas' in drawn
        assert f'name="{row}-value_0"' in drawn
        form = fields(drawn) | {f"{row}-op_0": ["is"], f"{row}-value_0": ["yes"]}
        form |= {"jump-1-to": ["details"]} if "jump" in row else {}
        if "quota" in row:
            form |= {"quota-1-name": ["full"], "quota-1-limit": ["5"], "quota-1-end": ["enough"]}
            form |= {"end-1-name": ["enough"], "end-1-text": ["Enough."]}
        assert "“Did you go?” is “Yes”" in drawn, path
        again = editor.post(address, data=form | {"do": "draw"}).text
        assert "“Did you go?” is “Yes”" in again, path
        assert editor.post(address, data=fields(again)).status_code == 303, path
    survey = kept(database)
    rule = Rule("went", Op.IS, "yes")
    assert survey.by_name["how"].choices[0].show_if == survey.pages[0].jumps[0].when == survey.quotas[0].when == rule


def test_a_question_is_tried_out_before_it_is_saved(editor, database, home):
    address = f"{home}/edit/more"
    form = fields(editor.get(address).text) | {"text": ["What else?"], "rule_0": ["went"], "op_0": ["is"]}
    tried = editor.post(f"{address}/try", data=form | {"value_0": ["yes"]}, headers={"hx-request": "true"})
    assert "What else?" in tried.text
    assert "“Did you go?” is “Yes”" in tried.text
    assert "srcdoc=" in tried.text
    alone = editor.post(f"{address}/try", data=form | {"value_0": ["yes"]})
    assert "frame-ancestors 'self'" in alone.headers["content-security-policy"]
    assert "What else?" in alone.text
    wrong = editor.post(f"{address}/try", data=form | {"value_0": ["never"]})
    assert "“went” has no answer “never”" in wrong.text
    drawn = editor.post(address, data=form | {"do": "draw", "value_0": ["yes"]})
    assert "Shown only if “Did you go?” is “Yes”" in drawn.text
    unsaid = editor.post(address, data=form | {"do": "draw", "rule_0": ["score"], "op_0": ["less"], "value_0": [""]})
    assert "Shown only if" not in unsaid.text
    assert "What else?" not in editor.get(f"{address}/shown").text
    assert kept(database) == trip()


def test_the_order_is_changed_anywhere_in_one_press_and_the_place_is_kept(editor, database, home):
    choosing = editor.get(f"{home}/edit?moving=more").text
    assert 'value="put more start"' in choosing
    csrf = fields(choosing)["csrf"][0]
    for act in ("put reason trip how", "copy score", "page_remove details", "page_down start", "nonsense", "up"):
        answer = editor.post(f"{home}/edit", data={"csrf": csrf, "act": act})
        assert answer.status_code in {303, 404, 422}, act
    names = [question.name for page in kept(database).pages for question in page.questions]
    assert names[:4] == ["went", "reason", "how", "score"]
    moved = editor.post(f"{home}/edit", data={"csrf": csrf, "act": "down score"})
    assert moved.headers["location"].endswith("/edit?at=down+score")
    page = editor.get(moved.headers["location"]).text
    assert re.search(r'id="down-score" autofocus', page)


def test_questions_are_added_one_after_the_other_where_they_belong(editor, database, home):
    form = fields(editor.get(f"{home}/edit/went").text) | {"then": ["add"]}
    order = editor.get(editor.post(f"{home}/edit/went", data=form).headers["location"]).text
    assert '<option value="start went" selected>' in order
    assert re.search(r'id="f-kind"[^>]*autofocus', order)
    place = {"csrf": form["csrf"], "act": "add", "kind": "text", "page": "start went"}
    assert editor.post(f"{home}/edit", data=place).headers["location"].endswith("/edit/question_10")
    kind = {"csrf": form["csrf"], "act": "kind question_10", "kind": "rating"}
    assert editor.post(f"{home}/edit", data=kind).headers["location"].endswith("/edit/question_10")
    editor.post(f"{home}/edit", data={"csrf": form["csrf"], "act": "break question_10 start"})
    page = kept(database).pages[1]
    assert [(each.name, each.kind) for each in page.questions] == [("question_10", "rating")]


def test_a_wording_is_changed_where_it_stands(editor, database, home):
    address = f"{home}/edit/went/wording"
    form = fields(editor.get(address).text) | {"csrf": fields(editor.get(f"{home}/edit").text)["csrf"]}
    empty = editor.post(address, data=form | {"text": [""]})
    assert (empty.status_code, "“text” is missing" in empty.text) == (422, True)
    told = editor.post(address, data={**form, "text": ["Did you travel?"], "required": []})
    assert "Did you travel?" in told.text
    assert "needs an answer" not in told.text
    assert editor.post(address, data=form).status_code == 409
    assert kept(database).by_name["went"].required is False
    statement = fields(editor.get(f"{home}/edit/told/wording").text) | {"csrf": form["csrf"]}
    assert editor.post(f"{home}/edit/told/wording", data=statement).status_code == 200


def test_g14_a_test_run_takes_the_way_of_its_answers_and_stores_nothing(editor, database, home):
    with database.writing() as session:
        add_reader(session, "ann@example.org", "research")
        before = counted(session)
    address = f"{home}/run"
    form = fields(editor.get(address).text)
    assert editor.post(address, data=form | {"address": "bob@example.org"}).status_code == 422
    assert editor.post(address, data=form | {"address": "nonsense"}).status_code == 422
    page = editor.post(address, data=form | {"address": "ann@example.org"})
    assert "ann@example.org" not in page.url.path
    refused = editor.post(address, data=fields(page.text) | {"_go": "next"})
    assert (refused.status_code, "Please choose an answer." in refused.text) == (422, True)
    second = editor.post(address, data=fields(page.text) | {"went": ["no"], "_go": "next"})
    assert "Why not?" in second.text
    assert "shown only if “Did you go?” is not “No”" in second.text
    back = editor.post(address, data=fields(second.text) | {"reason": ["Ill"], "_go": "back"})
    third = editor.post(address, data=fields(back.text) | {"went": ["yes"], "_go": "next"})
    assert "reason" in third.text.partition("no longer count")[2]
    form = fields(third.text) | {"score": ["9"], "_go": ["next"]}
    for _page in range(3):
        page = editor.post(address, data=form)
        form = {**fields(page.text), "_go": ["next"]}
    assert "The end" in page.text
    number = '{"score": [{"row": "", "value": "", "number": "x", "text": 1}]}'
    for wrong in ("[", "[1]", '{"went": 3}', '{"went": [{"row": 1}]}', number):
        assert editor.post(address, data=fields(second.text) | {"_answers": [wrong]}).status_code in {200, 422}
    with database.reading() as session:
        assert counted(session) == before


def test_a_test_run_speaks_the_language_that_is_chosen_and_ends_early_where_the_survey_does(editor, whole):
    address = f"{whole}/run"
    form = fields(editor.get(address).text)
    page = editor.post(address, data=form | {"_language": "de"})
    assert "Wie viele Fahrten?" in page.text
    assert "Gruppe: " in page.text
    end = editor.post(address, data=fields(page.text) | {"rides": ["0"], "_go": "next"})
    assert "zählt als ausgeschieden" in end.text
    assert "You ride too rarely for us." in end.text


def test_a_survey_is_translated_text_by_text(editor, database, home):
    address = f"{home}/translations"
    assert "Only in English so far" in editor.get(address).text
    table = editor.get(f"{address}?language=de").text
    assert "Did you go?" in table
    form = fields(table) | {"went.text": ["Sind Sie gefahren?"], "went.choices.no": ["Nein"]}
    assert editor.post(address, data=form).status_code == 303
    words = kept(database).translations["de"]
    assert words == {"went.text": "Sind Sie gefahren?", "went.choices.no": "Nein"}
    assert "to do" in editor.get(address).text
    assert editor.post(address, data=form).status_code == 409
    for tag in ("xx-yy-zz-nonsense", "en"):
        refused = editor.post(address, data=form | {"_language": [tag]})
        assert refused.status_code == 422
        assert "Sind Sie gefahren?" in refused.text
    out = fields(editor.get(address).text) | {"_act": "remove"}
    assert editor.post(address, data=out).status_code == 303
    assert kept(database) == trip()


def test_versions_are_told_apart_and_an_earlier_one_can_be_gone_on_from(editor, database, home):
    with database.writing() as session:
        open_survey(session, get_survey(session, 1), NOON)
    form = fields(editor.get(f"{home}/edit/went").text) | {"text": ["Did you travel?"]}
    editor.post(f"{home}/edit/went", data=form)
    page = editor.get(f"{home}/versions").text
    assert "draft, not published" in page
    assert "Did you travel?" in page
    assert editor.get(f"{home}/versions/1").text == write_survey(trip())
    assert editor.get(f"{home}/versions/9").status_code == 404
    csrf = fields(page)["csrf"][0]
    assert editor.post(f"{home}/versions", data={"csrf": csrf, "number": "1"}).status_code == 303
    assert kept(database) == trip()
    assert "The same as the version before" in editor.get(f"{home}/versions").text
    assert editor.post(f"{home}/versions", data={"csrf": csrf, "number": "x"}).status_code == 404


def test_a_draft_that_nobody_could_answer_waits_to_be_published(editor, database, home):
    assert "Before it can be published" not in editor.get(f"{home}/ready").text
    csrf = fields(editor.get(f"{home}/edit").text)["csrf"][0]
    form = fields(editor.get(f"{home}/pages/why_not").text)
    form |= {"match": ["all"], "rule_1": ["went"], "op_1": ["is"], "value_1": ["yes"]}
    assert editor.post(f"{home}/pages/why_not", data=form).status_code == 303
    assert "why_not" in editor.get(f"{home}/ready").text
    assert editor.post(f"{home}/publish", data={"csrf": csrf}).status_code == 422


@pytest.mark.parametrize("name", ["satisfaction", "nps", "product_feedback", "post_purchase", "feature_priorities"])
def test_a_survey_begins_from_a_template_and_can_be_published_as_it_is(editor, database, name):
    form = fields(editor.get(HOME).text)
    begun = editor.post(HOME, data=form | {"template": [name], "title": ["Our own"]})
    home = begun.headers["location"].partition("/edit")[0]
    assert (kept(database).name, kept(database).title) == ("our_own", "Our own")
    for page in kept(database).pages:
        assert editor.get(f"{home}/preview/form?page={page.name}").status_code == 200
    assert editor.post(f"{home}/publish", data={"csrf": form["csrf"][0]}).status_code == 303
    assert editor.post(HOME, data=form | {"template": ["gone"], "title": ["x"]}).status_code == 422


def test_a_survey_goes_out_and_comes_in_as_json(editor, database, whole):
    text = editor.get(f"{whole}/file?as=json").text
    assert json.loads(text)["title"] == "All of it"
    form = fields(editor.get(f"{whole}/file").text)
    changed = text.replace('"All of it"', '"Most of it"')
    files = {"file": ("whole.json", changed.encode())}
    assert editor.post(f"{whole}/file", data=form, files=files).status_code == 303
    assert kept(database).title == "Most of it"
